"""Exercises: written, handed in, marked by a trainer, handed in again."""
