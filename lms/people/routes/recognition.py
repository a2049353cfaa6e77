"""From cookie to person: one query, none without a cookie; a note of use after the response."""

from functools import partial
from secrets import token_hex
from typing import Any
from uuid import UUID

import flask_babel
import flask_login
from flask import Flask, Response, current_app, g, request, session
from flask.ctx import AppContext
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from lms.core import clock
from lms.core.db import db, write
from lms.people.models import Person
from lms.people.sessions import service as sessions
from lms.people.sessions.service import SignedIn


def init_app(app: Flask) -> None:
    """Teach Flask-Login whom a cookie belongs to."""
    # a cookie is sent again only when something in it has changed
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager: Any = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(_load)
    app.after_request(_remember)


def _load(token: Any) -> SignedIn | None:
    found = sessions.load(db.session, str(token), clock.now())
    if found is None:
        session.pop("_user_id", None)
    return found


def sign_in(token: str, *, kept: bool) -> None:
    """Give the browser a new cookie: nothing of the old one stays but the language."""
    language = session.get("lang")
    session.clear()
    session["_user_id"] = token
    # there from the first page on: of two pages asked for at once, neither makes one of its own
    # and voids the other's forms
    session["csrf_token"] = token_hex(20)
    session.permanent = kept
    if language:
        session["lang"] = language


def speak(language: str) -> None:
    """Remember the language that the person just chose."""
    session["lang"] = language


def speak_unless_chosen(language: str) -> None:
    """Show this page in the language of the person it is for, unless the reader chose another."""
    if "lang" not in request.args and "lang" not in session:
        g.language = language
        flask_babel.refresh()


def sign_out() -> None:
    """Empty the cookie; the language stays."""
    language = session.get("lang")
    flask_login.logout_user()
    session.clear()
    if language:
        session["lang"] = language


def signed_in() -> SignedIn | None:
    """Whoever makes this request, with their session."""
    user: Any = flask_login.current_user
    return user if user.is_authenticated else None


def _remember(response: Response) -> Response:
    """After the response: that the session is in use, and a language chosen by `?lang=`."""
    # only whom the request has asked for: static files and error pages cost no query
    user = g.get("_login_user")
    if not isinstance(user, SignedIn) or user.id is None:
        return response
    now, asked = clock.now(), request.args.get("lang", "")
    known = asked in current_app.config["SETTINGS"].languages
    language = asked if known and asked != user.actor.language else None
    if language or user.is_seen_long_ago(now):
        note = partial(_note, current_app.app_context(), user.session_id, user.id, language)
        response.call_on_close(note)
    return response


def _note(context: AppContext, session_id: UUID, person_id: UUID, language: str | None) -> None:
    with context:
        try:
            with write(db.session) as changing:
                sessions.touch(changing, session_id, clock.now())
                if language:
                    changing.execute(
                        update(Person).where(Person.id == person_id).values(language=language)
                    )
        except SQLAlchemyError:
            # the page has been delivered; the next request notes it
            current_app.logger.warning("session %s not noted as in use", session_id, exc_info=True)
