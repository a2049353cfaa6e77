"""Pages of people: signing in, ways in, one's own account, the list of people."""

from flask import Flask
from markupsafe import Markup

from lms.people.forms import zone_place
from lms.people.routes import account, directory, person, recognition, sign_in, ways_in
from lms.people.routes.area import bp, called
from lms.people.rules import shown_phone

__all__ = ["account", "directory", "init_app", "person", "sign_in", "ways_in"]


def init_app(app: Flask) -> None:
    """Register the pages, and teach Flask-Login whom a cookie belongs to."""
    recognition.init_app(app)
    app.register_blueprint(bp)
    app.jinja_env.filters.update(
        called=called, phone=shown_phone, zone_place=zone_place, plain_text=_plain_text
    )


def _plain_text(text: str) -> str:
    """For text mail: `l&#39;adresse` → `l'adresse`."""
    return Markup(text).unescape()  # noqa: S704 - it becomes a text, not a page
