"""Quizzes: start, answer, check, submit, learn from the result."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.labels import refusal_text
from lms.curriculum.release import Release
from lms.curriculum.service import release as load_release
from lms.learning import rules, service
from lms.learning.forms import AttemptForm, read_answers
from lms.learning.models import QuizAttempt
from lms.learning.outline import module_row, written_modules
from lms.learning.records import Record, record
from lms.learning.routes.blueprint import bp, place_of, step_url
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, wants_json, writing


@bp.get("/learn/<uuid:enrolment_id>/<module>/quiz")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def quiz(enrolment: Enrolment, module: str) -> str:
    """How the quiz works, and all attempts so far."""
    release, found, place, known = place_of(enrolment, module)
    done = record(db.session, enrolment).done
    return render_template(
        "learning/quiz.html",
        enrolment=enrolment,
        module=known,
        row=module_row(release, place, written_modules(release, found), done),
        attempts=service.attempts_of(db.session, enrolment.id, known.slug),
        needed=rules.needed_right(known.quiz.draw, known.quiz.pass_percent),
        own=can(Action.LEARN, enrolment),
        active=service.is_active(enrolment),
        days=rules.ATTEMPT_TIME.days,
        percent=rules.percent,
    )


@bp.post("/learn/<uuid:enrolment_id>/<module>/quiz")
@guard(Action.LEARN, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def start(enrolment: Enrolment, module: str) -> Response:
    """Draw the questions of a new attempt, or go on with the open one."""
    known = place_of(enrolment, module)[3]
    with writing() as session:
        attempt = service.start_attempt(session, current_actor(), enrolment, known, clock.now())
        address = url_for("learning.attempt", attempt_id=attempt.id)
    return redirect(address, 303)  # type: ignore[return-value]


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
    release = load_release(db.session, attempt.release_id)
    form = AttemptForm()
    answers = read_answers(request.form, service.asked(release, attempt))
    attempt_id = attempt.id
    try:
        with writing() as session:
            now = clock.now()
            service.save_answers(session, attempt, answers, form.seen_version, now)
            version = attempt.version
    except Refusal as refusal:
        return _not_saved(attempt, answers, refusal)
    if wants_json():
        return jsonify(version=version, saved=format_datetime(now, "HH:mm"))
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
    address = _quiz_url(attempt)
    with writing() as session:
        service.abandon(session, current_actor(), attempt, clock.now())
    return redirect(address, 303)


@bp.get("/learn/attempts/<uuid:attempt_id>/result")
@guard(Action.ATTEMPT_VIEW, attempt=service.find_attempt)
def result(attempt: QuizAttempt) -> Any:
    """Score, and what each question teaches."""
    if attempt.state in rules.OPEN:
        return redirect(url_for("learning.attempt", attempt_id=attempt.id))
    if attempt.score is None:
        return redirect(_quiz_url(attempt))
    release = load_release(db.session, attempt.release_id)
    asked = service.asked(release, attempt)
    known = release.content.modules[attempt.module]
    one = record(db.session, attempt.enrolment)
    wrong = {q.lesson for q, _d in asked if not rules.is_right(q, attempt.answers.get(q.id, {}))}
    return render_template(
        "learning/result.html",
        attempt=attempt,
        module=known,
        asked=_shown(release, attempt, attempt.answers),
        is_right=rules.is_right,
        percent=rules.percent(attempt.score, attempt.out_of),
        needed=rules.needed_right(attempt.out_of, known.quiz.pass_percent),
        reread=[lesson for lesson in release.lessons(known.slug) if lesson.id in wrong],
        completed=rules.is_completed(known, one.done),
        next_url=_next_url(attempt.enrolment, one),
        own=can(Action.ATTEMPT_WORK, attempt),
        active=service.is_active(attempt.enrolment),
    )


def _next_url(enrolment: Enrolment, one: Record) -> str:
    release, found = service.release_of(db.session, enrolment)
    step = rules.resume(written_modules(release, found), one.done, one.last_read)
    return step_url(enrolment, step)


def _form(attempt: QuizAttempt, answers: Mapping[str, Any], note: str = "") -> str:
    """The attempt's form, showing `answers`; `note` says why they are not saved."""
    release = load_release(db.session, attempt.release_id)
    form = AttemptForm(formdata=None, version=str(attempt.version))
    return render_template(
        "learning/attempt.html",
        attempt=attempt,
        form=form,
        module=release.content.modules[attempt.module],
        asked=_shown(release, attempt, answers),
        due_at=rules.due_at(attempt.started_at),
        is_due=rules.is_due(attempt.started_at, clock.now()),
        note=note,
        is_answered=rules.is_answered,
    )


def _check(attempt: QuizAttempt, *, changed: bool = False) -> str:
    release = load_release(db.session, attempt.release_id)
    asked = _shown(release, attempt, attempt.answers)
    missing = [row for row in asked if not rules.is_answered(row["question"], row["given"])]
    return render_template(
        "learning/check.html",
        attempt=attempt,
        form=AttemptForm(formdata=None, version=str(attempt.version)),
        module=release.content.modules[attempt.module],
        asked=asked,
        missing=missing,
        changed=changed,
        is_due=rules.is_due(attempt.started_at, clock.now()),
    )


def _shown(
    release: Release, attempt: QuizAttempt, answers: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Each question with its answers in the order shown, and what was given."""
    rows = []
    for number, (question, drawn) in enumerate(service.asked(release, attempt), start=1):
        known = {answer.id: answer for answer in question.answers}
        rows.append(
            {
                "number": number,
                "question": question,
                "answers": [known[name] for name in drawn.answers],
                "given": answers.get(question.id, {}),
            }
        )
    return rows


def _not_saved(attempt: QuizAttempt, answers: Mapping[str, Any], refusal: Refusal) -> Any:
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
    return _form(attempt, attempt.answers, refusal_text(refusal)), 409


def _not_yet(attempt: QuizAttempt) -> str:
    return render_template("learning/not_yet.html", attempt=attempt)


def _result_url(attempt: QuizAttempt) -> str:
    return url_for("learning.result", attempt_id=attempt.id)


def _quiz_url(attempt: QuizAttempt) -> str:
    return url_for("learning.quiz", enrolment_id=attempt.enrolment_id, module=attempt.module)
