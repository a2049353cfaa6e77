"""Pages of a programme and its lessons, and of quizzes."""

from flask import Flask

from lms.learning.routes import (
    activities,
    exercises,
    lessons,
    marking,
    notes,
    questions,
    quizzes,
    search,
)
from lms.learning.routes.blueprint import bp, zone_name

__all__ = [
    "activities",
    "exercises",
    "init_app",
    "lessons",
    "marking",
    "notes",
    "questions",
    "quizzes",
    "search",
]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.jinja_env.filters["zone_name"] = zone_name
    app.register_blueprint(bp)
