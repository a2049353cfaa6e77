"""The demonstration's bar: change person with one click, follow a trainee in eight steps."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import current_language
from lms.core.settings import Settings
from lms.credentials.issuer import body_of
from lms.credentials.offline import ExitCode, verify_file
from lms.demo import places
from lms.demo.guide import STEPS
from lms.demo.personas import BY_KEY, PERSONAS
from lms.people.models import Person
from lms.people.routes import recognition
from lms.people.sessions import service as sessions
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

bp = Blueprint("demo", __name__)
LIMIT = 60_000
STEP = "demo_step"
"""In the cookie: the step that the visitor is on."""
DEVICE = sessions.Device(browser="demo")


def init_app(app: Flask) -> None:
    """Only a demonstration has these pages."""
    settings: Settings = app.config["SETTINGS"]
    if settings.demo:
        app.register_blueprint(bp)
        app.jinja_env.globals["demo_bar"] = demo_bar


@dataclass(frozen=True)
class Choice:
    """A persona in the bar."""

    email: str
    label: str
    current: bool


@dataclass(frozen=True)
class Link:
    """A step in the bar."""

    url: str
    label: str


@dataclass(frozen=True)
class Bar:
    """What the bar shows."""

    personas: list[Choice]
    steps: tuple[Link, ...]
    following: Link | None
    """The step after the one that the visitor is on, while they follow the guide."""


@cache
def _steps(_language: str) -> tuple[Link, ...]:
    """The steps in the language of the request, which is `_language`."""
    return tuple(
        Link(f"/demo/steps/{number}", str(step.title)) for number, step in enumerate(STEPS, start=1)
    )


@cache
def _personas(_language: str) -> tuple[tuple[str, str, str], ...]:
    """Name, address and label of each persona, likewise."""
    return tuple((f"{p.given} {p.family}", p.email, str(p.label)) for p in PERSONAS)


def demo_bar() -> Bar:
    """The bar of the page being made; asks the database nothing."""
    me, steps = current_actor().display_name, _steps(current_language())
    on = session.get(STEP) if me and request.blueprint != "demo" else None
    return Bar(
        [Choice(email, label, name == me) for name, email, label in _personas(current_language())],
        steps,
        steps[on] if isinstance(on, int) and on < len(steps) else None,
    )


@bp.post("/demo/persona")
@guard(Action.DEMO_SWITCH)
def persona() -> Any:
    """Become another persona, and go on where the form says."""
    key = request.form.get("email", "").partition("@")[0]
    if key not in BY_KEY:
        abort(404)
    with writing() as changing:
        person = changing.scalars(select(Person).where(Person.email == BY_KEY[key].email)).first()
        if person is None:
            abort(404)
        token = sessions.open_session(changing, person, clock.now(), device=DEVICE)
    recognition.sign_in(token, kept=False)
    number = request.form.get("step", "")
    if number in {str(one) for one in range(1, len(STEPS) + 1)}:
        session[STEP] = int(number)
        return redirect(STEPS[int(number) - 1].find(db.session), 303)
    return redirect(url_for("insight.home"), 303)


@bp.get("/demo")
@guard(Action.DEMO_SWITCH)
def guide() -> str:
    """All steps on one page."""
    return render_template("demo/guide.html", steps=STEPS, people=BY_KEY)


@bp.get("/demo/steps/<int:number>")
@guard(Action.DEMO_SWITCH)
def step(number: int) -> str:
    """One step: what to do and see, and the button that leads there."""
    if not 1 <= number <= len(STEPS):
        abort(404)
    found = STEPS[number - 1]
    return render_template(
        "demo/step.html",
        step=found,
        number=number,
        total=len(STEPS),
        people=BY_KEY,
    )


@bp.route("/demo/tamper", methods=["GET", "POST"])
@guard(Action.DEMO_SWITCH)
def tamper() -> Any:
    """Change one letter of a signed document and verify it."""
    certificate = places.certificate(db.session)
    if certificate is None or certificate.credential is None:
        return render_template("demo/tamper.html", certificate=None)
    text, report, changed = certificate.credential, None, None
    if request.method == "POST":
        text = request.form.get("document", "")[:LIMIT].replace("\r\n", "\n")
        if "change" in request.form:
            changed = (certificate.latin_name, misspelt(certificate.latin_name))
            text = certificate.credential.replace(*changed)
        report = verify_file(
            text.encode("utf-8", "replace"),
            body_of(current_app).public_keys,
            now=clock.now(),
        )
    return render_template(
        "demo/tamper.html",
        certificate=certificate,
        text=text,
        report=report,
        changed=changed,
        authentic=report is not None
        and report.exit_code in {ExitCode.IN_FORCE, ExitCode.NOT_CHECKED},
    )


def misspelt(name: str) -> str:
    """The name with its last letter changed into another."""
    return name[:-1] + ("e" if name[-1:] != "e" else "a")
