"""Observations: what a trainer saw, and what the trainee says to it."""
