"""Keeping a place in a lesson, and notes of one's own."""

from typing import Any

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lms.cohorts.models import Enrolment
from lms.cohorts.service import enrolments_of, find_enrolment
from lms.core import clock, web
from lms.core.addresses import attachment
from lms.core.db import db
from lms.core.errors import Stale
from lms.core.i18n import current_language
from lms.curriculum.rules import Lesson
from lms.learning.models import LessonMark
from lms.learning.notes import service
from lms.learning.notes.forms import NoteForm
from lms.learning.outline import find_lesson
from lms.learning.routes.blueprint import bp, place_of, step_url
from lms.learning.service import release_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.post("/learn/<uuid:enrolment_id>/<module>/<lesson>/bookmark")
@guard(Action.LEARN, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def bookmark(enrolment: Enrolment, module: str, lesson: str) -> Any:
    """Keep this place, or no more."""
    known, address = _lesson(enrolment, module, lesson)
    keep = request.form.get("keep") == "1"
    with writing() as session:
        service.bookmark(session, enrolment, known, clock.now(), keep=keep)
    web.say(_("Bookmarked.") if keep else _("No longer bookmarked."))
    return redirect(address, 303)


@bp.post("/learn/<uuid:enrolment_id>/<module>/<lesson>/note")
@guard(Action.LEARN, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def write_note(enrolment: Enrolment, module: str, lesson: str) -> Any:
    """Keep the note of a lesson; a script asks for JSON, and asks often."""
    known, address = _lesson(enrolment, module, lesson)
    person_id = enrolment.person_id
    form = NoteForm()
    if not form.validate_on_submit():
        return _again(form, address, known, None, 422)
    try:
        with writing() as session:
            text, seen = str(form.note.data or ""), form.seen_version
            mark = service.save_note(session, enrolment, known, text, seen, clock.now())
            version = mark.version
    except Stale:
        found = service.find_mark(db.session, person_id, known)
        form.version.data = str(found.version if found else 0)
        return _again(form, address, known, found, 409)
    if web.wants_json():
        return jsonify(version=version)
    web.say(_("Note kept."))
    return redirect(f"{address}#note", 303)


@bp.get("/learn/notes")
@guard(Action.HOME)
def notes() -> str:
    """All one's notes, of all programmes; `?q=` those that hold some words."""
    asked = request.args.get("q", "")
    return render_template("learning/notes.html", rows=_rows(asked), asked=asked)


@bp.get("/learn/notes.txt")
@guard(Action.HOME)
def notes_file() -> Response:
    """The same as plain text, to take along."""
    body = render_template("learning/notes.txt", rows=_rows(""))
    answer = Response(body, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = attachment(f"{_('My notes')}.txt")
    return answer


def _lesson(enrolment: Enrolment, module: str, lesson: str) -> tuple[Lesson, str]:
    """A lesson of the programme and its page; 404 for anything else."""
    release, *_rest = place_of(enrolment, module)
    known = release.lesson(module, lesson)
    if known is None:
        abort(404)
    address = url_for("learning.lesson", enrolment_id=enrolment.id, module=module, lesson=lesson)
    return known, address


def _again(
    form: FlaskForm, address: str, lesson: Lesson, kept: LessonMark | None, status: int
) -> Any:
    """What was typed once more, beside what is kept."""
    if web.wants_json():
        return jsonify(error="stale" if status == 409 else "invalid"), status
    page = render_template(
        "learning/note.html", form=form, address=address, lesson=lesson, kept=kept
    )
    return page, status


def _rows(asked: str) -> list[tuple[LessonMark, str, str]]:
    """Notes with the title and address of their lesson, as one's programmes hold it."""
    actor = current_actor()
    found = [one for one in service.notes(db.session, actor) if can(Action.NOTE_READ, one)]
    enrolments = enrolments_of(db.session, actor.person_id) if found and actor.person_id else []
    rows = [(mark, *_place(mark, enrolments)) for mark in found]
    return [row for row in rows if service.holds(f"{row[1]} {row[0].note}", asked)]


def _place(mark: LessonMark, enrolments: list[Enrolment]) -> tuple[str, str]:
    for enrolment in enrolments:
        release, programme = release_of(db.session, enrolment)
        step = find_lesson(release, programme, mark.module, mark.lesson)
        if step is not None:
            lesson = release.content.lessons[mark.lesson_id]
            title = release.text(lesson.title, current_language())
            return title, f"{step_url(enrolment, step)}#note"
    return mark.title, ""
