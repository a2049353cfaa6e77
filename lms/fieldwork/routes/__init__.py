"""Pages of supervised practice."""

from flask import Flask

from lms.fieldwork.routes import (
    attestations,
    deciding,
    entries,
    logbook,
    observations,
    placements,
    queue,
    sync,
)
from lms.fieldwork.routes.blueprint import bp

__all__ = [
    "attestations",
    "deciding",
    "entries",
    "init_app",
    "logbook",
    "observations",
    "placements",
    "queue",
    "sync",
]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
