"""A trainee's programme, its modules, and the lessons. A GET changes nothing."""

from collections.abc import Iterable
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import enrolments_of, find_enrolment
from lms.cohorts.training.counting import day_about
from lms.core import clock, web
from lms.core.db import db
from lms.core.i18n import current_language
from lms.curriculum.markdown import apart
from lms.curriculum.release import Release
from lms.curriculum.rules import Lesson, Module, Programme
from lms.learning import rules, service
from lms.learning.notes.records import OwnRecord, own_record
from lms.learning.notes.rules import Mark
from lms.learning.outline import find_lesson, module_row, outline, written_modules
from lms.learning.quizzes import service as quizzes
from lms.learning.records import record
from lms.learning.routes.blueprint import bp, place_of, step_url
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/learn")
@guard(Action.HOME)
def index() -> Any:
    """One's programme; a choice where there are several."""
    person_id = current_actor().person_id
    enrolments = list(enrolments_of(db.session, person_id)) if person_id else []
    if len(enrolments) == 1:
        return redirect(url_for("learning.programme", enrolment_id=enrolments[0].id))
    programmes = [service.release_of(db.session, one)[1] for one in enrolments]
    pairs = list(zip(enrolments, programmes, strict=True))
    return render_template("learning/index.html", pairs=pairs)


@bp.get("/learn/<uuid:enrolment_id>")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def programme(enrolment: Enrolment) -> str:
    """All modules, how far each is, and what comes next."""
    release, found = service.release_of(db.session, enrolment)
    own, kept = _records(enrolment)
    one = kept.record
    step = kept.resume(written_modules(release, found))
    return render_template(
        "learning/programme.html",
        enrolment=enrolment,
        programme=found,
        rows=outline(release, found, one.done),
        step=step,
        step_url=step_url(enrolment, step),
        step_module=release.module(step.module) if step else None,
        step_lesson=release.lesson(step.module, step.lesson) if step and step.lesson else None,
        attempts={a.module: a for a in reversed(quizzes.attempts_of(db.session, enrolment.id))},
        own=own,
        bookmarks=_places(release, found, kept.bookmarks),
        noted=any(mark.noted_at for mark in kept.marks.values()),
    )


def _records(enrolment: Enrolment, lesson_id: str = "") -> tuple[bool, OwnRecord]:
    """Whether the trainee asks, and what was learnt; with what they keep, for them alone."""
    if can(Action.LEARN, enrolment):
        return True, own_record(db.session, enrolment, lesson_id)
    return False, OwnRecord(record(db.session, enrolment), {})


def _places(
    release: Release, programme: Programme, lesson_ids: Iterable[str]
) -> list[tuple[Module, Lesson]]:
    """Where the programme holds the lessons, as far as it does."""
    found = []
    for home, _slash, name in (key.partition("/") for key in lesson_ids):
        step = find_lesson(release, programme, home, name)
        lesson = release.lesson(step.module, name) if step else None
        if step and lesson:
            found.append((release.content.modules[step.module], lesson))
    return found


@bp.get("/learn/<uuid:enrolment_id>/<module>")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def module(enrolment: Enrolment, module: str) -> str:
    """One module: what one learns, its lessons, its quiz."""
    release, found, place, known = place_of(enrolment, module)
    own, kept = _records(enrolment)
    one, now = kept.record, clock.now()
    modules = written_modules(release, found)
    row = module_row(release, place, modules, one.done)
    waits = own and row.missing.attend
    return render_template(
        "learning/module.html",
        enrolment=enrolment,
        programme=found,
        module=known,
        row=row,
        day=day_about(db.session, enrolment.cohort_id, known.slug, now) if waits else None,
        now=now,
        step=rules.next_in_module(known, one.done, one.last_read),
        attempts=quizzes.attempts_of(db.session, enrolment.id, known.slug),
        own=own,
        marks=kept.marks,
        active=service.is_active(enrolment),
        offline_kilobytes=_kilobytes(release, known),
    )


PAGE_BYTES = 9_000
"""Of a lesson's page without the lesson, as a phone keeps it."""


def _kilobytes(release: Release, module: Module) -> int:
    """About how much a phone keeps of a module: its lessons' text, their pages around it."""
    language = current_language()
    texts = [release.text(lesson.html, language) for lesson in release.lessons(module.slug)]
    return sum(len(text.encode()) + PAGE_BYTES for text in texts) // 1024 + 1


@bp.get("/learn/<uuid:enrolment_id>/<module>/<lesson>")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def lesson(enrolment: Enrolment, module: str, lesson: str) -> Any:
    """One lesson, with the way back and forth."""
    release, found = service.release_of(db.session, enrolment)
    known = release.lesson(module, lesson)
    place = next((p for p in found.modules if p.slug == module and not p.planned), None)
    if place is None or known is None:
        return _elsewhere(enrolment, release, module, lesson)
    own, kept = _records(enrolment, known.id)
    one, mark = kept.record, kept.marks.get(known.id, Mark(known.id))
    row = module_row(release, place, written_modules(release, found), one.done)
    if own and row.state is rules.ModuleState.LOCKED:
        return redirect(url_for("learning.module", enrolment_id=enrolment.id, module=module))
    number = next(entry.number for entry in row.lessons if entry.lesson.id == known.id)
    return render_template(
        "learning/lesson.html",
        enrolment=enrolment,
        row=row,
        lesson=known,
        number=number,
        previous=row.lessons[number - 2].lesson if number > 1 else None,
        following=row.lessons[number].lesson if number < len(row.lessons) else None,
        is_read=known.id in one.read_at,
        may_read=own and service.is_active(enrolment),
        own=own,
        marks=kept.marks,
        mark=mark,
    )


@bp.get("/learn/<uuid:enrolment_id>/<module>/print")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def printed(enrolment: Enrolment, module: str) -> Any:
    """All lessons of a module on one page, for paper."""
    release, found, place, known = place_of(enrolment, module)
    own, kept = _records(enrolment)
    row = module_row(release, place, written_modules(release, found), kept.record.done)
    if own and row.state is rules.ModuleState.LOCKED:
        return redirect(url_for("learning.module", enrolment_id=enrolment.id, module=module))
    language = current_language()
    texts = [
        (entry, apart(release.text(entry.lesson.html, language), f"l{entry.number}-"))
        for entry in row.lessons
    ]
    return render_template(
        "learning/print.html",
        enrolment=enrolment,
        programme=found,
        module=known,
        lessons=texts,
    )


@bp.post("/learn/<uuid:enrolment_id>/<module>/<lesson>")
@guard(Action.LEARN, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def read(enrolment: Enrolment, module: str, lesson: str) -> Any:
    """Read: on to what comes next."""
    release, found, _place, known_module = place_of(enrolment, module)
    known = release.lesson(module, lesson)
    if known is None:
        abort(404)
    modules = written_modules(release, found)
    with writing() as session:
        before = record(session, enrolment).done
        if rules.missing_prerequisites(known_module, modules, before):
            abort(404)
        service.mark_read(session, enrolment, known, clock.now())
        done = record(session, enrolment).done
        step = rules.next_in_module(known_module, done, known.id)
        completed = rules.is_completed(known_module, done)
        news = completed and not rules.is_completed(known_module, before)
        address = step_url(enrolment, step)
    if news:
        web.say(_("Module completed."))
    elif step is not None and step.lesson is None and known.id not in before.read:
        web.say(_("All lessons read. Now show what you know: the quiz."))
    return redirect(address, 303)


def _elsewhere(enrolment: Enrolment, release: Release, home: str, name: str) -> Any:
    """A lesson that another links to: at its place in the programme, else for reading only."""
    found = release.content.programmes[enrolment.cohort.programme]
    step = find_lesson(release, found, home, name)
    if step is not None:
        return redirect(step_url(enrolment, step))
    lesson = release.lesson(home, name)
    if lesson is None:
        abort(404)
    return render_template("learning/reading.html", enrolment=enrolment, lesson=lesson)
