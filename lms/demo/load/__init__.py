"""Loads the demonstration by the same services that people use, dated relative to now."""
