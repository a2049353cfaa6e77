"""A quiz or the final exam: how it works, and starting it."""

from typing import Any

from flask import Response, abort, redirect, render_template, url_for

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import clock
from lms.core.db import db
from lms.learning import rules as completing
from lms.learning.outline import module_row, written_modules
from lms.learning.quizzes import extra, service
from lms.learning.quizzes.papers import Paper, exam_of, paper_of
from lms.learning.quizzes.rules import attempts as rules
from lms.learning.quizzes.rules.scoring import needed, percent
from lms.learning.records import record
from lms.learning.routes.blueprint import bp, place_of
from lms.learning.service import is_active, release_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/learn/<uuid:enrolment_id>/<module>/quiz")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def quiz(enrolment: Enrolment, module: str) -> str:
    """How the quiz works, and all attempts so far."""
    release, found, place, known = place_of(enrolment, module)
    done = record(db.session, enrolment).done
    row = module_row(release, place, written_modules(release, found), done)
    paper = paper_of(release, found, known.slug)
    return render_template("learning/quiz.html", module=known, row=row, **_about(enrolment, paper))


@bp.post("/learn/<uuid:enrolment_id>/<module>/quiz")
@guard(Action.LEARN, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def start(enrolment: Enrolment, module: str) -> Response:
    """Draw the questions of a new attempt, or go on with the open one."""
    release, found, _place, known = place_of(enrolment, module)
    return _start(enrolment, paper_of(release, found, known.slug))


@bp.get("/learn/<uuid:enrolment_id>/exam")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def exam(enrolment: Enrolment) -> str:
    """How the final exam works, what comes before it, and all attempts so far."""
    release, found = release_of(db.session, enrolment)
    paper = exam_of(release, found)
    if paper is None:
        abort(404)
    done = record(db.session, enrolment).done
    modules = written_modules(release, found)
    return render_template(
        "learning/exam.html",
        programme=found,
        waits_for=[module for module in modules if not completing.is_completed(module, done)],
        is_passed=rules.EXAM in done.passed,
        **_about(enrolment, paper),
    )


@bp.post("/learn/<uuid:enrolment_id>/exam")
@guard(Action.LEARN, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def start_exam(enrolment: Enrolment) -> Response:
    """Draw the questions of a new attempt, or go on with the open one."""
    release, found = release_of(db.session, enrolment)
    return _start(enrolment, exam_of(release, found))


def _start(enrolment: Enrolment, paper: Paper | None) -> Response:
    if paper is None:
        abort(404)
    with writing() as session:
        attempt = service.start_attempt(session, current_actor(), enrolment, paper, clock.now())
        address = url_for("learning.attempt", attempt_id=attempt.id)
    return redirect(address, 303)  # type: ignore[return-value]


def _about(enrolment: Enrolment, paper: Paper | None) -> dict[str, Any]:
    """What both pages tell of a quiz."""
    if paper is None:
        abort(404)
    now = clock.now()
    timed = paper.quiz.minutes > 0
    return {
        "enrolment": enrolment,
        "paper": paper,
        "attempts": service.attempts_of(db.session, enrolment.id, paper.key),
        "needed": needed(paper.quiz.draw, paper.quiz.pass_percent),
        "chances": service.chances_of(db.session, enrolment, paper),
        "extra_percent": extra.percent_of(db.session, enrolment.id) if timed else 0,
        "own": can(Action.LEARN, enrolment),
        "active": is_active(enrolment),
        "days": rules.ATTEMPT_TIME.days,
        "percent": percent,
        "now": now,
    }
