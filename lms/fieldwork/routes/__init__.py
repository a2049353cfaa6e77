"""Pages of supervised practice."""

from flask import Flask

from lms.fieldwork.routes import (
    absences,
    agreement,
    attestations,
    coachees,
    comments,
    confirm,
    deciding,
    entries,
    evaluation,
    holding,
    late,
    logbook,
    notes,
    observations,
    offline,
    outbox,
    placements,
    queue,
    reuse,
    sheets,
    signing,
    supervision,
    sync,
    timeline,
    timetable,
    writing,
)
from lms.fieldwork.routes.blueprint import bp

__all__ = [
    "absences",
    "agreement",
    "attestations",
    "coachees",
    "comments",
    "confirm",
    "deciding",
    "entries",
    "evaluation",
    "holding",
    "init_app",
    "late",
    "logbook",
    "notes",
    "observations",
    "offline",
    "outbox",
    "placements",
    "queue",
    "reuse",
    "sheets",
    "signing",
    "supervision",
    "sync",
    "timeline",
    "timetable",
    "writing",
]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
