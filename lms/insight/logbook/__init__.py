"""The logbook on paper and as a table: what counts, who signed it, and its fingerprints."""
