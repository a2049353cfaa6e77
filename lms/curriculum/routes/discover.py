"""Open to all, without an account: what territorial coaching is, and the awareness day."""

from typing import Any

from flask import abort, render_template

from lms.core import clock
from lms.core.i18n import current_language
from lms.curriculum.forms import SlipForm
from lms.curriculum.markdown import among
from lms.curriculum.release import Release
from lms.curriculum.routes.blueprint import bp, current
from lms.curriculum.rules import Discover, Lesson
from lms.policy.actions import Action
from lms.policy.guard import guard


def _opened() -> tuple[Release, Discover, list[Lesson]]:
    release = current()
    discover = release.content.discover
    if discover is None:
        abort(404)
    return release, discover, [release.content.lessons[key] for key in discover.lessons]


@bp.get("/discover")
@guard(Action.PUBLIC_READ)
def discover() -> str:
    """What can be read, and the agenda of the awareness day (D1 to D3)."""
    release, found, lessons = _opened()
    return render_template(
        "curriculum/discover.html", release=release, discover=found, lessons=lessons
    )


@bp.get("/discover/<module>/<lesson>")
@guard(Action.PUBLIC_READ)
def discover_lesson(module: str, lesson: str) -> str:
    """A lesson for everybody; its links lead to others that are, and nowhere else."""
    release, found, lessons = _opened()
    key = f"{module}/{lesson}"
    if key not in found.lessons:
        abort(404)
    number = found.lessons.index(key)
    known = lessons[number]
    return render_template(
        "curriculum/discover_lesson.html",
        discover=found,
        lessons=lessons,
        lesson=known,
        html=among(release.text(known.html, current_language()), found.lessons),
        number=number + 1,
        previous=lessons[number - 1] if number else None,
        following=lessons[number + 1] if number + 1 < len(lessons) else None,
    )


@bp.get("/discover/print")
@guard(Action.PUBLIC_READ)
def discover_printed() -> str:
    """The agenda of the awareness day, for paper."""
    _release, found, _lessons = _opened()
    return render_template("curriculum/agenda.html", discover=found)


@bp.get("/discover/attendance")
@guard(Action.PUBLIC_READ)
def ask_slip() -> str:
    """Who was there, where and when."""
    _opened()
    return render_template("curriculum/slip_form.html", form=SlipForm(held_on=clock.now().date()))


@bp.post("/discover/attendance")
@guard(Action.PUBLIC_READ)
def slip() -> Any:
    """The slip, ready to print: no certificate, and nothing of it is kept."""
    _opened()
    form = SlipForm()
    if not form.validate_on_submit():
        return render_template("curriculum/slip_form.html", form=form), 422
    return render_template("curriculum/slip.html", form=form)
