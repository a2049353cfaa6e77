"""Dossiers at every step of the way, and awards of earlier years."""

from lms.demo.load.stage import Stage


def kaolack(stage: Stage) -> None:
    """Facilitators close to certification."""


def oujda_before(stage: Stage) -> None:
    """Coaches before assessors and jury."""


def awards(stage: Stage) -> None:
    """Awards of earlier years."""
