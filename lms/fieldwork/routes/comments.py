"""Words that a supervisor uses again."""

from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _

from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import current_language
from lms.fieldwork.models import ReusableComment
from lms.fieldwork.queue import comments as service
from lms.fieldwork.queue.forms import CommentForm, comment_form
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


def _form(**data: object) -> CommentForm:
    return comment_form(current_app.config["SETTINGS"].languages, **data)


def _page(form: CommentForm, editing: ReusableComment | None = None) -> str:
    kept = service.of_person(db.session, current_actor(), current_language())
    return render_template(
        "fieldwork/queue/comments.html", form=form, comments=kept, editing=editing
    )


@bp.get("/practice/comments")
@guard(Action.PRACTICE_QUEUE)
def comments() -> str:
    """All of mine, by language, and a form for another."""
    return _page(_form(language=current_language()))


@bp.post("/practice/comments")
@guard(Action.PRACTICE_QUEUE)
def keep_comment() -> Any:
    """Keep one more."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with writing() as session:
            service.keep(
                session,
                current_actor(),
                form.new_id,
                form.language.data or "",
                form.text.data or "",
                now(),
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form), 422
    web.say(_("Kept."))
    return see_other("fieldwork.comments")


@bp.get("/practice/comments/<uuid:comment_id>")
@guard(Action.COMMENT_EDIT, comment=service.find_comment)
def comment(comment: ReusableComment) -> str:
    """The form, filled in."""
    return _page(_form(language=comment.language, text=comment.text), comment)


@bp.post("/practice/comments/<uuid:comment_id>")
@guard(Action.COMMENT_EDIT, comment=service.find_comment)
def change_comment(comment: ReusableComment) -> Any:
    """Say it otherwise."""
    form, key = _form(), comment.id
    if not form.validate_on_submit():
        return _page(form, comment), 422
    with writing() as session:
        found = session.get_one(ReusableComment, key)
        service.change(session, found, form.language.data or "", form.text.data or "")
    web.say(_("Saved."))
    return see_other("fieldwork.comments")


@bp.post("/practice/comments/<uuid:comment_id>/delete")
@guard(Action.COMMENT_EDIT, comment=service.find_comment)
def forget_comment(comment: ReusableComment) -> Any:
    """Throw it away."""
    key = comment.id
    with writing() as session:
        service.forget(session, session.get_one(ReusableComment, key))
    web.say(_("Deleted."))
    return see_other("fieldwork.comments")
