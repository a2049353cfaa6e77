"""Placements: where trainees practise, and with whom."""
