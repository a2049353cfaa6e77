"""Pages of cohorts: the list, each one, its team, its people, its roster."""

from flask import Flask

from lms.cohorts import written
from lms.cohorts.routes import (
    announcements,
    attendance,
    charter,
    discussion,
    editing,
    enrolments,
    pages,
    posts,
    reports,
    roster,
    team,
    training,
    training_sheets,
)
from lms.cohorts.routes.blueprint import bp
from lms.cohorts.timetable import words

__all__ = [
    "announcements",
    "attendance",
    "charter",
    "discussion",
    "editing",
    "enrolments",
    "init_app",
    "pages",
    "posts",
    "reports",
    "roster",
    "team",
    "training",
    "training_sheets",
]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.jinja_env.filters.update(written=written.shown, excerpt=written.excerpt)
    app.register_blueprint(bp)
    for shown in (words.weekday, words.local_day, words.hours):
        app.jinja_env.filters[shown.__name__] = shown
