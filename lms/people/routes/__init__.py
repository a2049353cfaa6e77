"""Pages of people: signing in, ways in, one's own account, the list of people."""

from flask import Flask

from lms.people.routes import account, directory, person, recognition, sign_in, ways_in
from lms.people.routes.area import bp

__all__ = ["account", "directory", "init_app", "person", "sign_in", "ways_in"]


def init_app(app: Flask) -> None:
    """Register the pages, and teach Flask-Login whom a cookie belongs to."""
    recognition.init_app(app)
    app.register_blueprint(bp)
