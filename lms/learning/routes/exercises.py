"""A trainee's exercise: the task, what is written, what was handed in and said to it."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import clock, web
from lms.core.db import AnySession, db
from lms.core.errors import Refusal, Stale
from lms.core.sending import files, send_kept
from lms.curriculum.rules import Exercise, Module
from lms.learning import rules as learning
from lms.learning.exercises import queries, service
from lms.learning.exercises.forms import WorkForm, work_form
from lms.learning.exercises.rules import (
    EDITABLE,
    MAX_FILES,
    find_exercise,
    is_marked,
)
from lms.learning.models import ExerciseFile, ExerciseWork
from lms.learning.outline import module_row, written_modules
from lms.learning.records import record
from lms.learning.routes.blueprint import bp, place_of
from lms.learning.service import is_active
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/learn/<uuid:enrolment_id>/<module>/exercises/<exercise>")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def exercise(enrolment: Enrolment, module: str, exercise: str) -> Any:
    """The task; for the trainee, what they have written, handed in, and been told."""
    known, found = _place(enrolment, module, exercise)
    if not is_marked(found):
        return redirect(
            url_for("learning.activity", cohort_id=enrolment.cohort_id, exercise=found.id)
        )
    if can(Action.LEARN, enrolment) and _waits_for(enrolment, known):
        return redirect(url_for("learning.module", enrolment_id=enrolment.id, module=known.slug))
    work = service.work_of(db.session, enrolment.id, found.id)
    return _page(enrolment, known, found, work, _blank(work))


@bp.post("/learn/<uuid:enrolment_id>/<module>/exercises/<exercise>")
@guard(Action.LEARN, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def save_exercise(enrolment: Enrolment, module: str, exercise: str) -> Any:
    """Keep what is written, and hand it in if asked to."""
    known, found = _place(enrolment, module, exercise)
    if not is_marked(found):
        return redirect(
            url_for("learning.activity", cohort_id=enrolment.cohort_id, exercise=found.id), 303
        )
    waits_for = _waits_for(enrolment, known)
    if waits_for:
        raise Refusal("module_locked", modules=", ".join(other.code for other in waits_for))
    work = service.work_of(db.session, enrolment.id, found.id)
    form = work_form(work)
    uploads = form.checked_uploads()
    if uploads is None:
        return _page(enrolment, known, found, work, form), 422
    key = enrolment.id
    try:
        with writing() as session:
            enrolment = session.get_one(Enrolment, key)
            work = service.save(
                session,
                current_actor(),
                enrolment,
                found,
                form.seen_version,
                form.text.data or "",
                uploads,
                form.removed_ids(),
                files(),
                clock.now(),
            )
            handed_in = _hand_in(session, work, found, form)
    except Refusal as refusal:
        enrolment = db.session.get_one(Enrolment, key)
        work = service.work_of(db.session, key, found.id)
        form.refuse(refusal)
        stale = isinstance(refusal, Stale)
        if work is not None:
            form.version.data = str(work.revision)
        return _page(enrolment, known, found, work, form, stale=stale), refusal.status
    return _answer(key, known, found, form, handed_in=handed_in)


def _place(enrolment: Enrolment, module: str, exercise: str) -> tuple[Module, Exercise]:
    """An exercise of a written module of the enrolment's programme, or 404."""
    release, _programme, _at, known = place_of(enrolment, module)
    found = find_exercise(release, known, exercise)
    if found is None:
        abort(404)
    return known, found


def _waits_for(enrolment: Enrolment, module: Module) -> tuple[Module, ...]:
    """Modules that the trainee has to do first; none once this one is completed."""
    release, programme, _at, _known = place_of(enrolment, module.slug)
    modules = written_modules(release, programme)
    done = record(db.session, enrolment).done
    if learning.module_state(module, modules, done) is not learning.ModuleState.LOCKED:
        return ()
    return learning.missing_prerequisites(module, modules, done)


def _blank(work: ExerciseWork | None) -> WorkForm | None:
    return work_form(work) if work is None or work.state in EDITABLE else None


def _wants_in() -> bool:
    return request.form.get("action") == "hand_in"


def _hand_in(session: AnySession, work: ExerciseWork, found: Exercise, form: WorkForm) -> bool:
    """Hand in if asked to; what stands in the way is shown, and the draft is kept."""
    if not _wants_in():
        return False
    try:
        service.hand_in(session, current_actor(), work, found, clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def _answer(key: Any, known: Module, found: Exercise, form: WorkForm, *, handed_in: bool) -> Any:
    if _wants_in() and not handed_in:
        enrolment = db.session.get_one(Enrolment, key)
        work = service.work_of(db.session, key, found.id)
        if work is not None:
            # what was typed is kept now: the form goes on from there, its files are safe
            form.version.data = str(work.revision)
            form.removed.choices = [(str(each.id), each.file.name) for each in work.kept_files]
            form.removed.data = []
        return _page(enrolment, known, found, work, form, kept=True), 422
    if handed_in:
        web.say(_("Handed in: your trainers are told."))
    else:
        web.say(_("The draft is kept."))
    address = url_for("learning.exercise", enrolment_id=key, module=known.slug, exercise=found.id)
    return redirect(address, 303)


def _page(
    enrolment: Enrolment,
    known: Module,
    found: Exercise,
    work: ExerciseWork | None,
    form: WorkForm | None,
    *,
    stale: bool = False,
    kept: bool = False,
) -> str:
    own = can(Action.LEARN, enrolment)
    release, programme, place, _known = place_of(enrolment, known.slug)
    shown = work if work is not None and can(Action.EXERCISE_VIEW, work) else None
    done = record(db.session, enrolment).done
    return render_template(
        "learning/exercises/exercise.html",
        enrolment=enrolment,
        module=known,
        row=module_row(release, place, written_modules(release, programme), done),
        exercise=found,
        rubric=release.rubric(found.rubric),
        work=shown,
        versions=queries.versions_of(db.session, shown) if shown else [],
        form=form if own and is_active(enrolment) else None,
        own=own,
        active=is_active(enrolment),
        stale=stale,
        kept=kept,
        most=MAX_FILES,
        files_lost=form is not None and bool(form.errors) and not kept and form.brought_files,
    )


# --- what was handed in ---


@bp.post("/learn/work/<uuid:work_id>/withdraw")
@guard(Action.EXERCISE_WORK, view=Action.EXERCISE_VIEW, work=service.find_work)
def withdraw_exercise(work: ExerciseWork) -> Response:
    """Take back what nobody has begun to mark."""
    key, address = work.id, exercise_url(work)
    with writing() as session:
        service.withdraw(session, current_actor(), session.get_one(ExerciseWork, key), clock.now())
    web.say(_("Taken back: you can go on writing."))
    return redirect(address, 303)


@bp.get("/learn/exercises/files/<uuid:file_id>")
@guard(Action.EXERCISE_VIEW, kept=service.find_file)
def exercise_file(kept: ExerciseFile) -> Any:
    """A file, to be kept, never run."""
    return send_kept(kept.file)


def exercise_url(work: ExerciseWork) -> str:
    """The trainee's page of the exercise, in the first module that has it; else their programme."""
    release = queries.release_of(db.session, work)
    programme = release.content.programmes[work.enrolment.cohort.programme]
    for module in written_modules(release, programme):
        if find_exercise(release, module, work.exercise):
            return url_for(
                "learning.exercise",
                enrolment_id=work.enrolment_id,
                module=module.slug,
                exercise=work.exercise,
            )
    return url_for("learning.programme", enrolment_id=work.enrolment_id)
