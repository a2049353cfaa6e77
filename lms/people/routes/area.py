"""The blueprint, and what its pages share."""

from flask import Blueprint, Response, current_app, make_response, redirect, request

from lms.core import i18n
from lms.core.db import AnySession, db
from lms.core.settings import Settings
from lms.people import service
from lms.people.models import Person
from lms.people.sessions.service import Device
from lms.policy.guard import current_actor

bp = Blueprint("people", __name__)


def settings() -> Settings:
    """The installation's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def me(session: AnySession | None = None) -> Person:
    """The person signed in."""
    return (session or db.session).get_one(Person, current_actor().person_id)


def called(person: Person) -> str:
    """The person's name in the script of the page."""
    return service.called(person, i18n.current_language())


def cheap() -> bool:
    """Whether passwords may be hashed cheaply: in tests alone."""
    return current_app.testing


def see_other(url: str) -> Response:
    """Go and look there."""
    return redirect(url, 303)  # type: ignore[return-value]


def unshared(page: str, status: int = 200) -> Response:
    """A page with a secret in its address or text: its address is told to nobody."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def device() -> Device:
    """Where the request comes from, for the list of sessions."""
    return Device(request.remote_addr or "", request.user_agent.string)


def language_choices() -> list[tuple[str, str]]:
    """Languages of the installation, each in its own words."""
    return [(code, i18n.NATIVE_NAMES[code]) for code in settings().languages]
