"""An application with a few routes of its own: what every page gets, tried without any room."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template_string
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from lms.core import i18n, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.policy.actions import Action
from lms.policy.actor import Actor
from lms.policy.guard import can, guard, writing

HOME = "https://coaching.example"
HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
PEOPLE: dict[str, Actor] = {}
"""Who a cookie's token belongs to."""
THINGS: dict[int, Any] = {}
"""What the routes load; kept apart from any database."""


@dataclass(frozen=True)
class User:
    """Whom Flask-Login finds."""

    actor: Actor
    is_authenticated: bool = field(default=True, init=False)

    @property
    def id(self) -> Any:
        return self.actor.person_id


def find(_session: Any, number: int) -> Any:
    return THINGS.get(number)


def load(token: str) -> User | None:
    if token == "database-down":
        raise OperationalError("SELECT", {}, Exception("no database"))
    return User(PEOPLE[token]) if token in PEOPLE else None


class Client(FlaskClient):
    """A browser at the public address; `who` is the token in its cookie."""

    def __init__(self, app: Flask, who: str = "") -> None:
        super().__init__(app, app.response_class, use_cookies=True)
        if who:
            with self.session_transaction(base_url=HOME) as cookie:
                cookie["_user_id"] = who

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", HOME)
        kwargs.setdefault("headers", HTML)
        return super().open(*args, **kwargs)


def toy(app: Flask) -> Flask:
    """Give an application that has not served anything yet these routes and people."""
    bp = Blueprint("toy", __name__, url_prefix="/toy")
    _pages(bp)
    _things(bp)
    app.register_blueprint(bp)
    app.login_manager.user_loader(load)
    app.testing = False
    return app


def _pages(bp: Blueprint) -> None:
    @bp.get("/open")
    @guard(Action.PUBLIC_READ)
    def open_page():
        return f"{i18n.current_language()} {i18n.direction(i18n.current_language())}"

    @bp.get("/page")
    @guard(Action.PUBLIC_READ)
    def page():
        return render_template_string('{% extends "base.html" %}{% block main %}main{% endblock %}')

    @bp.post("/say")
    @guard(Action.PUBLIC_READ)
    def say():
        web.say("Gardé <b>ici</b>")
        return redirect("/toy/page", 303)

    @bp.route("/abort/<int:code>", methods=["GET", "POST"])
    @guard(Action.PUBLIC_READ)
    def stop(code: int):
        abort(code)

    @bp.route("/raise/<what>", methods=["GET", "POST"])
    @guard(Action.PUBLIC_READ)
    def fault(what: str):
        raise {
            "fault": ZeroDivisionError("a secret inside"),
            "stale": StaleDataError("1 row expected"),
            "busy": OperationalError("SELECT", {}, Exception("locked")),
            "full": PoolTimeout("QueuePool limit"),
            "throttled": Refusal("throttled", minutes=7),
            "large": Refusal("file_too_large", limit=10),
        }.get(what) or Refusal(what)


def _things(bp: Blueprint) -> None:
    @bp.get("/thing/<int:number>")
    @guard(Action.ENTRY_VIEW, thing=find)
    def thing(thing: Any):
        return f"{thing.name} {can(Action.ENTRY_DECIDE, thing)} {can('entry:edit', thing)}"

    @bp.get("/thing/<int:number>/edit")
    @guard(Action.ENTRY_EDIT, thing=find)
    def edit(thing: Any):
        return thing.name

    @bp.post("/thing/<int:number>/decide")
    @guard(Action.ENTRY_DECIDE, view=Action.ENTRY_VIEW, thing=find)
    def decide(thing: Any):
        if thing.meanwhile is not None:
            thing.meanwhile()
        with writing() as session:
            assert session is db.session
            thing.decided = True
        return "decided"

    @bp.get("/outbox")
    @guard(Action.OUTBOX_VIEW)
    def outbox():
        return "outbox"
