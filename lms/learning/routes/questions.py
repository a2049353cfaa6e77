"""Questions under a lesson: the cohort's list, each one, and those that wait for trainers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.forms import Form
from lms.core.paging import paginate
from lms.curriculum import service as curriculum
from lms.curriculum.rules import Lesson
from lms.learning.models import LessonQuestion, LessonReply
from lms.learning.questions import service
from lms.learning.questions.forms import QuestionForm, ReplyForm
from lms.learning.questions.rules import (
    QuestionEvent,
    QuestionState,
    days_waiting,
    may_still_edit,
)
from lms.learning.routes.blueprint import bp, place_of
from lms.learning.service import is_active
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


def _lesson(enrolment: Enrolment, module: str, name: str) -> Lesson:
    found = place_of(enrolment, module)[0].lesson(module, name)
    return found or abort(404)


def _back_to(question_id: UUID) -> Any:
    return redirect(url_for("learning.question", question_id=question_id), 303)


def lesson_of(question: LessonQuestion) -> Lesson | None:
    """The lesson asked about, in the release that the cohort follows now."""
    release = curriculum.release(db.session, question.cohort.release_id)
    return release.lesson(question.module, question.lesson)


def _list(form: QuestionForm, enrolment: Enrolment, module: str, lesson: str) -> str:
    known = _lesson(enrolment, module, lesson)
    page: Any = paginate(
        db.session,
        service.under(current_actor(), enrolment.cohort_id, known),
        LessonQuestion.id,
        LessonQuestion.asked_at,
        read_sort=datetime.fromisoformat,
        newest_first=True,
        size=20,
    )
    return render_template(
        "learning/questions/list.html",
        form=form,
        enrolment=enrolment,
        module=module,
        lesson=known,
        slug=lesson,
        page=page,
        may_ask=can(Action.QUESTION_ASK, enrolment) and is_active(enrolment),
    )


@bp.get("/learn/<uuid:enrolment_id>/<module>/<lesson>/questions")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def questions(enrolment: Enrolment, module: str, lesson: str) -> str:
    """What the cohort asks about this lesson, the newest first, and a form."""
    return _list(QuestionForm(), enrolment, module, lesson)


@bp.post("/learn/<uuid:enrolment_id>/<module>/<lesson>/questions")
@guard(Action.QUESTION_ASK, view=Action.LEARNING_VIEW, enrolment=find_enrolment)
def ask(enrolment: Enrolment, module: str, lesson: str) -> Any:
    """Ask."""
    known, form, key = _lesson(enrolment, module, lesson), QuestionForm(), enrolment.id
    if not form.validate_on_submit():
        return _list(form, enrolment, module, lesson), 422
    try:
        with writing() as session:
            found = session.get_one(Enrolment, key)
            made = service.ask(
                session, found, known, form.new_id, form.text.data or "", clock.now()
            )
            question_id = made.id
    except Refusal as refusal:
        form.refuse(refusal)
        return _list(form, db.session.get_one(Enrolment, key), module, lesson), 422
    web.say(_("Asked. You get a message as soon as somebody answers."))
    return _back_to(question_id)


@bp.get("/learn/questions")
@guard(Action.QUESTION_LIST)
def waiting_questions() -> str:
    """Those that nobody has answered, longest waiting first, of the cohorts that one trains."""
    now = clock.now()
    page: Any = paginate(
        db.session,
        service.waiting(current_actor()),
        LessonQuestion.id,
        LessonQuestion.asked_at,
        read_sort=datetime.fromisoformat,
    )
    return render_template(
        "learning/questions/waiting.html",
        page=page,
        lessons={one.id: lesson_of(one) for one in page.rows},
        days={one.id: days_waiting(one.asked_at, now) for one in page.rows},
    )


# --- one question ---


def _page(form: ReplyForm, question: LessonQuestion) -> str:
    actor, now = current_actor(), clock.now()
    replies = service.replies_to(db.session, question)
    return render_template(
        "learning/questions/question.html",
        form=form,
        question=question,
        lesson=lesson_of(question),
        replies=replies,
        may_answer=can(Action.QUESTION_ANSWER, question)
        and question.state is not QuestionState.REMOVED,
        may_settle=can(Action.QUESTION_SETTLE, question),
        removable={one.id for one in replies if can(Action.QUESTION_SETTLE, one)},
        editable={
            one.id
            for one in replies
            if one.author_id == actor.person_id
            and one.removed_at is None
            and may_still_edit(one.written_at, now)
        },
        may_edit=can(Action.QUESTION_EDIT, question)
        and question.state is not QuestionState.REMOVED
        and may_still_edit(question.asked_at, now),
    )


@bp.get("/learn/questions/<uuid:question_id>")
@guard(Action.QUESTION_VIEW, question=service.find_question)
def question(question: LessonQuestion) -> str:
    """The question, its answers, and a form for another."""
    return _page(ReplyForm(), question)


@bp.post("/learn/questions/<uuid:question_id>")
@guard(Action.QUESTION_ANSWER, view=Action.QUESTION_VIEW, question=service.find_question)
def answer(question: LessonQuestion) -> Any:
    """Answer."""
    form, key = ReplyForm(), question.id
    if not form.validate_on_submit():
        return _page(form, question), 422
    try:
        with writing() as session:
            found = session.get_one(LessonQuestion, key)
            service.answer(
                session,
                current_actor(),
                found,
                form.new_id,
                form.text.data or "",
                clock.now(),
                settles=bool(form.settles.data) and can(Action.QUESTION_SETTLE, found),
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, db.session.get_one(LessonQuestion, key)), 422
    web.say(_("Answered."))
    return _back_to(key)


@bp.post("/learn/questions/<uuid:question_id>/<any(answer, reopen, remove):event>")
@guard(Action.QUESTION_SETTLE, view=Action.QUESTION_VIEW, question=service.find_question)
def settle_question(question: LessonQuestion, event: str) -> Any:
    """Mark as answered, open again, or take away."""
    form, key = Form(), question.id
    if not form.validate_on_submit():
        raise Refusal("not_possible")
    with writing() as session:
        found = session.get_one(LessonQuestion, key)
        service.settle(session, current_actor(), found, QuestionEvent(event), clock.now())
    web.say(_("Saved."))
    return _back_to(key)


# --- one's own words once more ---


def _edit_page(form: QuestionForm | ReplyForm, question: LessonQuestion) -> str:
    return render_template("learning/questions/edit.html", form=form, question=question)


@bp.get("/learn/questions/<uuid:question_id>/edit")
@guard(Action.QUESTION_EDIT, view=Action.QUESTION_VIEW, question=service.find_question)
def edit_question(question: LessonQuestion) -> str:
    """The question, filled in."""
    data = {"text": question.text, "version": str(question.version)}
    return _edit_page(QuestionForm(data=data), question)


@bp.post("/learn/questions/<uuid:question_id>/edit")
@guard(Action.QUESTION_EDIT, view=Action.QUESTION_VIEW, question=service.find_question)
def change_question(question: LessonQuestion) -> Any:
    """Ask otherwise."""
    return _reword(QuestionForm(), question, service.edit_question)


@bp.get("/learn/answers/<uuid:reply_id>/edit")
@guard(Action.QUESTION_EDIT, view=Action.QUESTION_VIEW, reply=service.find_reply)
def edit_reply(reply: LessonReply) -> str:
    """The answer, filled in."""
    data = {"text": reply.text, "version": str(reply.version)}
    return _edit_page(ReplyForm(data=data), reply.question)


@bp.post("/learn/answers/<uuid:reply_id>/edit")
@guard(Action.QUESTION_EDIT, view=Action.QUESTION_VIEW, reply=service.find_reply)
def change_reply(reply: LessonReply) -> Any:
    """Answer otherwise."""
    return _reword(ReplyForm(), reply, service.edit_reply)


Words = TypeVar("Words", LessonQuestion, LessonReply)


def _reword(form: QuestionForm | ReplyForm, one: Words, edit: Callable[..., None]) -> Any:
    """Keep one's own words as typed now; the form once more where that is refused."""
    kind, key, question_id = type(one), one.id, _question_of(one).id
    if not form.validate_on_submit():
        return _edit_page(form, _question_of(one)), 422
    try:
        with writing() as session:
            found = session.get_one(kind, key)
            edit(session, found, form.seen_version, form.text.data or "", clock.now())
    except Refusal as refusal:
        found = db.session.get_one(kind, key)
        form.refuse(refusal)
        form.version.data = str(found.version)
        return _edit_page(form, _question_of(found)), refusal.status
    web.say(_("Saved."))
    return _back_to(question_id)


def _question_of(one: LessonQuestion | LessonReply) -> LessonQuestion:
    return one if isinstance(one, LessonQuestion) else one.question


@bp.post("/learn/answers/<uuid:reply_id>/remove")
@guard(Action.QUESTION_SETTLE, view=Action.QUESTION_VIEW, reply=service.find_reply)
def remove_reply(reply: LessonReply) -> Any:
    """Take an answer away."""
    key, question_id = reply.id, reply.question_id
    with writing() as session:
        found = session.get_one(LessonReply, key)
        service.remove_reply(session, current_actor(), found, clock.now())
    web.say(_("Deleted."))
    return _back_to(question_id)
