"""Practicum entries: written, handed in, decided, amended."""
