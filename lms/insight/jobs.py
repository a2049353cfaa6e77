"""What the worker does for this room."""

from lms.insight.logbook import printing

__all__ = ["printing"]
