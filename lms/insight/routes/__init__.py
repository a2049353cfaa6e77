"""Pages that need several rooms."""

from flask import Flask

from lms.insight.navigation import nav_items
from lms.insight.routes import admin, cohort, country, home, logbook, person, public, watch
from lms.insight.routes.blueprint import bp

__all__ = ["admin", "cohort", "country", "home", "init_app", "logbook", "person", "public", "watch"]


def init_app(app: Flask) -> None:
    """Register the pages and the navigation."""
    app.register_blueprint(bp)
    app.jinja_env.globals["nav_items"] = nav_items
