"""The benchmark: the product beside a bare page on the same database, in one run."""
