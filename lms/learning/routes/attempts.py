"""An attempt: answer, check, hand in, learn from the result."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.labels import refusal_text
from lms.learning import rules as completing
from lms.learning.models import QuizAttempt
from lms.learning.outline import written_modules
from lms.learning.quizzes import marking, service
from lms.learning.quizzes.forms import AttemptForm, read_answers
from lms.learning.quizzes.papers import Paper
from lms.learning.quizzes.rules import attempts as rules
from lms.learning.quizzes.rules import scoring
from lms.learning.quizzes.rules.scoring import Given
from lms.learning.quizzes.shown import Shown, shown
from lms.learning.records import Record, record
from lms.learning.routes.blueprint import bp, step_url
from lms.learning.service import is_active, release_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, wants_json, writing


@bp.get("/learn/attempts/<uuid:attempt_id>")
@guard(Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def attempt(attempt: QuizAttempt) -> Any:
    """The questions, with what is answered so far; the result once submitted."""
    if attempt.state not in rules.OPEN:
        return redirect(_result_url(attempt))
    if not can(Action.ATTEMPT_WORK, attempt):
        return _not_yet(attempt)
    return _form(attempt, attempt.answers)


@bp.post("/learn/attempts/<uuid:attempt_id>")
@guard(Action.ATTEMPT_WORK, view=Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def save(attempt: QuizAttempt) -> Any:
    """Keep the answers; then stay, or go and check them."""
    form = AttemptForm()
    answers = read_answers(request.form, _rows(attempt, {}))
    attempt_id = attempt.id
    try:
        with writing() as session:
            now = clock.now()
            service.save_answers(session, attempt, answers, form.seen_version, now)
            version, due = attempt.version, attempt.due_at
    except Refusal as refusal:
        return _not_saved(attempt, answers, refusal)
    if wants_json():
        left = rules.seconds_left(due, now)
        return jsonify(version=version, saved=format_datetime(now, "HH:mm"), left=left)
    if request.form.get("then") == "check":
        return redirect(url_for("learning.check", attempt_id=attempt_id), 303)
    web.say(_("Your answers are saved."))
    return redirect(url_for("learning.attempt", attempt_id=attempt_id), 303)


@bp.get("/learn/attempts/<uuid:attempt_id>/check")
@guard(Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def check(attempt: QuizAttempt) -> Any:
    """All answers on one page before they are submitted; those missing are named."""
    if attempt.state not in rules.OPEN:
        return redirect(_result_url(attempt))
    if not can(Action.ATTEMPT_WORK, attempt):
        return _not_yet(attempt)
    return _check(attempt)


@bp.post("/learn/attempts/<uuid:attempt_id>/submit")
@guard(Action.ATTEMPT_WORK, view=Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def submit(attempt: QuizAttempt) -> Any:
    """Score the answers. Pressing twice, or coming back, changes nothing."""
    form = AttemptForm()
    address = _result_url(attempt)
    try:
        with writing() as session:
            service.submit(session, current_actor(), attempt, form.seen_version, clock.now())
    except Stale:
        return _check(attempt, changed=True), 409
    return redirect(address, 303)


@bp.post("/learn/attempts/<uuid:attempt_id>/leave")
@guard(Action.ATTEMPT_WORK, view=Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def leave(attempt: QuizAttempt) -> Any:
    """Give the attempt up; a new one may be started."""
    address = quiz_url(attempt)
    with writing() as session:
        service.abandon(session, current_actor(), attempt, clock.now())
    return redirect(address, 303)


@bp.get("/learn/attempts/<uuid:attempt_id>/result")
@guard(Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def result(attempt: QuizAttempt) -> Any:
    """Score, and what each question teaches as far as it may be shown."""
    if attempt.state in rules.OPEN:
        return redirect(url_for("learning.attempt", attempt_id=attempt.id))
    if attempt.finished_at is None:
        return redirect(quiz_url(attempt))
    release, paper = service.paper_taken(db.session, attempt)
    one = record(db.session, attempt.enrolment)
    own = can(Action.ATTEMPT_WORK, attempt)
    rows = shown(service.asked(release, attempt), attempt.answers)
    opened = {row.question.id for row, _criteria in marking.open_answers(release, attempt)}
    marks = service.marks_of(db.session, attempt) if opened else {}
    levels = {name: versions[0].levels for name, versions in marks.items()}
    earned = {
        row.question.id: scoring.earned(row.question, row.given, levels.get(row.question.id))
        for row in rows
    }
    waiting = opened - set(marks)
    missed = {
        row.question.lesson
        for row in rows
        if row.question.id not in waiting and earned[row.question.id] < scoring.points(row.question)
    }
    return render_template(
        "learning/result.html",
        rows=rows,
        marks=marks,
        earned=earned,
        waiting=waiting,
        points=scoring.points,
        is_right_step=scoring.is_right_step,
        criteria_of=lambda question: marking.criteria_of(release, question),
        reviewed=not own or rules.may_review(paper.quiz.review, passed=attempt.passed),
        percent=scoring.percent(attempt.score or 0, attempt.out_of),
        needed=scoring.needed(attempt.out_of, paper.quiz.pass_percent),
        reread=_lessons(attempt, release.content.lessons, missed, paper),
        completed=paper.module is not None and completing.is_completed(paper.module, one.done),
        next_url=_next_url(attempt.enrolment, one),
        chances=service.chances_of(db.session, attempt.enrolment, paper),
        own=own,
        active=is_active(attempt.enrolment),
        now=clock.now(),
        **_place(attempt, paper),
    )


def _lessons(
    attempt: QuizAttempt, lessons: Mapping[str, Any], missed: set[str], paper: Paper
) -> list[tuple[Any, str]]:
    """The lessons to read again, in order, each with the module through which it is reached."""
    release, programme = release_of(db.session, attempt.enrolment)
    modules = [paper.module] if paper.module else written_modules(release, programme)
    homes: dict[str, str] = {}
    for module in modules:
        for name in module.lessons:
            homes.setdefault(name, module.slug)
    return [(lessons[name], home) for name, home in homes.items() if name in missed]


def _next_url(enrolment: Enrolment, one: Record) -> str:
    release, found = release_of(db.session, enrolment)
    step = completing.resume(written_modules(release, found), one.done, one.last_read)
    return step_url(enrolment, step)


def _rows(attempt: QuizAttempt, answers: Mapping[str, Given]) -> list[Shown]:
    release, _paper = service.paper_taken(db.session, attempt)
    return shown(service.asked(release, attempt), answers)


def _place(attempt: QuizAttempt, paper: Paper) -> dict[str, Any]:
    return {"attempt": attempt, "paper": paper, "quiz_url": quiz_url(attempt)}


def _form(
    attempt: QuizAttempt, answers: Mapping[str, Given], note: str = "", *, lost: bool = False
) -> str:
    """The attempt's form, showing `answers`; `note` says why they are not saved.

    lost: they came too late, so that they are shown only for whoever typed them.
    """
    _release, paper = service.paper_taken(db.session, attempt)
    now = clock.now()
    return render_template(
        "learning/attempt.html",
        form=AttemptForm(formdata=None, version=str(attempt.version)),
        rows=_rows(attempt, answers),
        left=rules.seconds_left(attempt.due_at, now) if attempt.minutes else None,
        is_due=rules.is_due(attempt.due_at, now),
        note=note,
        lost=lost,
        lengths=scoring.LENGTHS,
        **_place(attempt, paper),
    )


def _check(attempt: QuizAttempt, *, changed: bool = False) -> str:
    _release, paper = service.paper_taken(db.session, attempt)
    rows = _rows(attempt, attempt.answers)
    now = clock.now()
    return render_template(
        "learning/check.html",
        form=AttemptForm(formdata=None, version=str(attempt.version)),
        rows=rows,
        missing=[row for row in rows if not row.is_answered],
        changed=changed,
        left=rules.seconds_left(attempt.due_at, now) if attempt.minutes else None,
        is_due=rules.is_due(attempt.due_at, now),
        **_place(attempt, paper),
    )


def _not_saved(attempt: QuizAttempt, answers: Mapping[str, Given], refusal: Refusal) -> Any:
    """Say why, and lose nothing: the page comes back with what was just typed."""
    closed = attempt.state not in rules.OPEN
    if wants_json():
        stale = _(
            "Not saved: these answers were changed in another window. Press “Save” to compare."
        )
        text = stale if isinstance(refusal, Stale) else refusal_text(refusal)
        answer = jsonify(message=text, closed=closed)
        answer.status_code = 409
        return answer
    if closed:
        web.say(refusal_text(refusal), "warn")
        return redirect(_result_url(attempt), 303)
    if isinstance(refusal, Stale):
        note = _(
            "Meanwhile these answers were saved from another window or device. Below is what you "
            "have just entered here, not yet saved: look through it, then save again."
        )
        return _form(attempt, answers, note), 409
    return _form(attempt, answers, refusal_text(refusal), lost=True), 409


def _not_yet(attempt: QuizAttempt) -> str:
    return render_template("learning/not_yet.html", attempt=attempt, quiz_url=quiz_url(attempt))


def _result_url(attempt: QuizAttempt) -> str:
    return url_for("learning.result", attempt_id=attempt.id)


def quiz_url(attempt: QuizAttempt) -> str:
    """The page of the quiz or exam that an attempt is at."""
    if attempt.module == rules.EXAM:
        return url_for("learning.exam", enrolment_id=attempt.enrolment_id)
    return url_for("learning.quiz", enrolment_id=attempt.enrolment_id, module=attempt.module)
