"""Pages of a programme and its lessons, of search and one's notes, and of quizzes."""

from flask import Flask

from lms.learning.routes import (
    activities,
    attempts,
    exercises,
    lessons,
    marking,
    notes,
    open_answers,
    questions,
    quizzes,
    search,
    statistics,
)
from lms.learning.routes.blueprint import bp, zone_name

__all__ = [
    "activities",
    "attempts",
    "exercises",
    "init_app",
    "lessons",
    "marking",
    "notes",
    "open_answers",
    "questions",
    "quizzes",
    "search",
    "statistics",
]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.jinja_env.filters["zone_name"] = zone_name
    app.register_blueprint(bp)
