"""Supervision: sessions planned, held and written down; timetables; what trainees think of it."""
