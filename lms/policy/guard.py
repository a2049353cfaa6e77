"""The guard of every route: load the object, ask the table, or say no in the right way.

The public is sent to sign in (401 for JSON); who may not see gets 404; who may see, not act, 403.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    has_app_context,
    jsonify,
    redirect,
    request,
    url_for,
)
from flask_login import current_user

from lms.core.db import AnySession, db, write
from lms.core.web import wants_json
from lms.policy.actions import Action
from lms.policy.actor import PUBLIC, Actor
from lms.policy.permits import open_to_all, permits

__all__ = [
    "can",
    "current_actor",
    "guard",
    "require_guards",
    "sign_in_first",
    "wants_json",
    "writing",
]

View = TypeVar("View", bound=Callable[..., Any])
Loader = Callable[..., Any]


@dataclass(frozen=True)
class Guarded:
    """What guards one route; kept on the view for the matrix test and the start-up check."""

    action: Action
    view: Action | None
    loads: str | None
    loader: Loader | None


def current_actor() -> Actor:
    """Whoever makes this request."""
    # asked many times a page: look where Flask-Login keeps it before asking Flask-Login
    user = (g.get("_login_user") if has_app_context() else None) or current_user
    if user is None or not user.is_authenticated:
        return PUBLIC
    actor: Actor = user.actor
    return actor


def can(action: Action | str, obj: Any = None) -> bool:
    """For templates: the same question that the guard asks."""
    return permits(current_actor(), Action(action), obj)


def guard(action: Action, view: Action | None = None, **loaders: Loader) -> Callable[[View], View]:
    """Let the request through only if the table allows `action` on the object loaded.

    `guard(Action.ENTRY_DECIDE, view=Action.ENTRY_VIEW, entry=find_entry)` loads `entry` with
    `find_entry(session, <the address's arguments that it names>)` and hands it to the view in
    their place; None means 404. Only one object is loaded: its parents are its attributes.
    """
    if len(loaders) > 1:
        raise TypeError("guard loads one object; reach its parents from it")
    loads, loader = next(iter(loaders.items()), (None, None))
    wanted = list(signature(loader).parameters)[1:] if loader is not None else []

    def wrap(function: View) -> View:
        @wraps(function)
        def guarded(**values: Any) -> Any:
            arguments = {name: values.pop(name) for name in wanted if name in values}

            def check() -> Any:
                obj = loader(db.session, **arguments) if loader is not None else None
                refused = refuse(action, view, obj, exists=loader is None or obj is not None)
                return obj if refused is None else _Refused(refused)

            obj = check()
            if isinstance(obj, _Refused):
                return obj.response
            g.recheck = check
            if loads is not None:
                values[loads] = obj
            return function(**values)

        guarded.__guard__ = Guarded(action, view, loads, loader)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap


@dataclass(frozen=True)
class _Refused:
    response: Any


def refuse(action: Action, view: Action | None, obj: Any, *, exists: bool = True) -> Any | None:
    """None when allowed; else the answer to give. Raises 404 and 403 as HTTP errors."""
    actor = current_actor()
    if exists and permits(actor, action, obj):
        return None
    if not actor.is_authenticated:
        return _ask_to_sign_in()
    if not exists:
        abort(404)
    if (obj is None and view is None) or (view is not None and permits(actor, view, obj)):
        abort(403)
    return abort(404)


def _ask_to_sign_in() -> Response:
    if wants_json():
        answer = jsonify(error="sign-in")
        answer.status_code = 401
        return answer
    back = request.full_path.rstrip("?") if request.method == "GET" else _page_of_the_form()
    return redirect(url_for("people.sign_in", next=back))  # type: ignore[return-value]


def _page_of_the_form() -> str | None:
    """Where a form was sent from, if that page can be asked for again: its draft waits there."""
    before, ours, place = (request.referrer or "").partition(request.host_url)
    adapter = current_app.create_url_adapter(request)
    if before or not ours or adapter is None:
        return None
    return f"/{place}" if adapter.test(place.partition("?")[0], "GET") else None


def sign_in_first() -> Response | None:
    """For a form whose token went with its session: the way in, unless it is open to all."""
    wanted = getattr(current_app.view_functions.get(request.endpoint or ""), "__guard__", None)
    if wanted is None or open_to_all(wanted.action) or current_actor().is_authenticated:
        return None
    return _ask_to_sign_in()


@contextmanager
def writing() -> Iterator[AnySession]:
    """The route's one write: begun anew, with the object loaded and guarded again inside it."""
    session: AnySession = db.session
    with write(session):
        answer = g.recheck()
        if isinstance(answer, _Refused):
            abort(401)
        yield session


def require_guards(app: Flask) -> None:
    """Refuse to start if any route lacks a guard."""
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "__guard__")
    ]
    if bare:
        names = ", ".join(sorted(set(bare)))
        raise RuntimeError(f"routes without @guard(Action.…): {names}")
