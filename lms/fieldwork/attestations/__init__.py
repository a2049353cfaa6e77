"""Attestations: what was done on paper, or has no tool yet."""
