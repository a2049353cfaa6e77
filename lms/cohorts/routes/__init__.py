"""Pages of cohorts: the list, each one, its team, its people, its roster."""

from flask import Flask

from lms.cohorts.routes import editing, enrolments, pages, roster, team
from lms.cohorts.routes.blueprint import bp

__all__ = ["editing", "enrolments", "init_app", "pages", "roster", "team"]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
