"""The charter of a cohort, and the talk among those who have accepted it."""
