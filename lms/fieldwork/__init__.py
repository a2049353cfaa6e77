"""Supervised practice: placements, entries, evidence, observations, attestations."""
