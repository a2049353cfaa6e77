"""A trainer's side of exercises: the queue, and marking one piece of work."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.cohorts.forms import VersionedReasonForm
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.labels import label
from lms.core.paging import paginate
from lms.learning.exercises import queries, service
from lms.learning.exercises.difference import Piece, difference
from lms.learning.exercises.forms import MarkForm, mark_form
from lms.learning.exercises.rules import DECIDED, DECISIONS, WAITING, WorkEvent, WorkState, faults
from lms.learning.models import ExerciseVersion, ExerciseWork
from lms.learning.routes.blueprint import bp
from lms.learning.routes.exercises import exercise_url
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/learn/exercises")
@guard(Action.EXERCISE_QUEUE)
def exercise_queue() -> str:
    """What waits to be marked, the oldest first."""
    page: Any = paginate(
        db.session,
        queries.waiting(current_actor()),
        ExerciseWork.id,
        ExerciseWork.handed_in_at,
        read_sort=datetime.fromisoformat,
    )
    return render_template(
        "learning/exercises/queue.html",
        page=page,
        exercises=queries.exercises_of(db.session, page.rows),
        number=queries.number_waiting(db.session, current_actor()),
        now=clock.now(),
    )


@bp.get("/learn/work/<uuid:work_id>")
@guard(Action.EXERCISE_VIEW, work=service.find_work)
def work(work: ExerciseWork) -> Any:
    """What was handed in, version by version; the trainee has a page of their own."""
    if can(Action.EXERCISE_WORK, work):
        return redirect(exercise_url(work))
    return work_page(work)


@bp.post("/learn/work/<uuid:work_id>/look")
@guard(Action.EXERCISE_MARK, view=Action.EXERCISE_VIEW, work=service.find_work)
def look_at_work(work: ExerciseWork) -> Any:
    """Begin to mark, or take over from a colleague."""
    key, take_over = work.id, request.form.get("take_over") == "yes"
    with writing() as session:
        found = session.get_one(ExerciseWork, key)
        service.look(session, current_actor(), found, clock.now(), take_over=take_over)
    return redirect(url_for("learning.work", work_id=key, _anchor="marking"), 303)


@bp.post("/learn/work/<uuid:work_id>/mark")
@guard(Action.EXERCISE_MARK, view=Action.EXERCISE_VIEW, work=service.find_work)
def mark_work(work: ExerciseWork) -> Any:
    """Keep the marking, accept the work, or return it."""
    key, exercise = work.id, queries.exercise_of(db.session, work)
    form = mark_form(exercise, work, None, typed=True)
    decision = _decision()
    is_valid = form.validate_on_submit()
    if is_valid and decision is not None:
        form.show_faults(faults(decision, form.marking(), exercise.criteria))
    if not is_valid or _has_errors(form):
        return work_page(work, form), 422
    seen, marking = form.seen_version, form.marking()
    try:
        with writing() as session:
            found, actor = session.get_one(ExerciseWork, key), current_actor()
            if decision is None:
                service.keep_marks(session, actor, found, exercise, seen, marking)
            else:
                now = clock.now()
                service.decide(session, actor, found, exercise, seen, decision, marking, now)
            state, who = found.state, found.enrolment.person.name
    except Refusal as refusal:
        return _again(key, form, refusal)
    if decision is None:
        web.say(_("Your marking is kept; the trainee does not see it yet."))
        return redirect(url_for("learning.work", work_id=key, _anchor="marking"), 303)
    web.say(_("%(who)s: %(state)s.", who=who, state=label(state).lower()))
    return redirect(url_for("learning.exercise_queue"), 303)


@bp.post("/learn/work/<uuid:work_id>/reopen")
@guard(Action.EXERCISE_MARK, view=Action.EXERCISE_VIEW, work=service.find_work)
def reopen_work(work: ExerciseWork) -> Any:
    """Take accepted work up again."""
    form, key = VersionedReasonForm(), work.id
    exercise = queries.exercise_of(db.session, work)
    if not form.validate_on_submit():
        return work_page(work, reason=form), 422
    try:
        with writing() as session:
            found, reason = session.get_one(ExerciseWork, key), form.reason.data or ""
            now = clock.now()
            service.reopen(
                session, current_actor(), found, exercise, form.seen_version, reason, now
            )
    except Refusal as refusal:
        found = db.session.get_one(ExerciseWork, key)
        form.refuse(refusal)
        form.version.data = str(found.revision)
        return work_page(found, reason=form), 409
    web.say(_("Open again: the trainee is told why."), "warn")
    return redirect(url_for("learning.work", work_id=key, _anchor="marking"), 303)


def _decision() -> WorkEvent | None:
    """What the button says; None keeps the marking for later."""
    wanted = request.form.get("decision", "")
    return next((event for event in DECISIONS if event.value == wanted), None)


def _has_errors(form: MarkForm) -> bool:
    rows = [*form["levels"].form, *form["comments"].form, form.feedback]
    return any(field.errors for field in rows)


def _again(key: UUID, form: MarkForm, refusal: Refusal) -> Any:
    """The page once more, with what was typed; it may have been changed by somebody else."""
    found = db.session.get_one(ExerciseWork, key)
    form.refuse(refusal)
    if not isinstance(refusal, Stale) or found.looked_by_id == current_actor().person_id:
        form.version.data = str(found.revision)
    return work_page(found, form), refusal.status


def work_page(
    work: ExerciseWork, form: MarkForm | None = None, reason: VersionedReasonForm | None = None
) -> str:
    """The page, with a form that was refused if there is one."""
    session, actor = db.session, current_actor()
    exercise, release = queries.exercise_of(session, work), queries.release_of(session, work)
    versions = queries.versions_of(session, work)
    may_mark = can(Action.EXERCISE_MARK, work)
    marks_now = work.state is WorkState.LOOKED_AT and work.looked_by_id == actor.person_id
    if form is None and may_mark and marks_now:
        form = mark_form(exercise, work, versions[0])
    if reason is None and may_mark and work.state in DECIDED and not work.is_gone_on_with:
        reason = VersionedReasonForm(formdata=None, data={"version": str(work.revision)})
    return render_template(
        "learning/exercises/work.html",
        work=work,
        enrolment=work.enrolment,
        exercise=exercise,
        rubric=release.rubric(exercise.rubric),
        versions=versions,
        files={str(file.id): file for file in work.files},
        changes=_changes(versions),
        form=form,
        reason=reason,
        may_mark=may_mark,
        may_look=may_mark and work.state in WAITING and not marks_now,
    )


def _changes(versions: Sequence[ExerciseVersion]) -> dict[int, list[Piece]]:
    """By version: what changed since the one before it."""
    found = {}
    for after, before in pairwise(versions):
        if after.text != before.text:
            found[after.number] = difference(before.text, after.text)
    return found
