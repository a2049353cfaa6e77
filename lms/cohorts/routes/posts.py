"""One post: changing and deleting one's own, reporting, hiding; discussions on top, closed."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lms.cohorts.discussion import moderation, service
from lms.cohorts.discussion.forms import HideForm, PostForm, ReportForm
from lms.cohorts.discussion.rules import may_still_edit
from lms.cohorts.models import DiscussionPost, DiscussionThread
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


def _edit_page(form: PostForm, post: DiscussionPost) -> str:
    return render_template("cohorts/discussion/edit.html", form=form, post=post)


@bp.get("/cohorts/posts/<uuid:post_id>/edit")
@guard(Action.POST_EDIT, view=Action.DISCUSSION_JOIN, post=service.find_post)
def edit_post(post: DiscussionPost) -> str:
    """One's own words once more: not those that are hidden, nor after half an hour."""
    locked = post.thread.locked_at is not None
    if not may_still_edit(post.state, post.created_at, now(), locked=locked):
        raise Refusal("post_edit_over")
    data = {"title": post.thread.title, "text": post.text, "version": str(post.version)}
    return _edit_page(PostForm(data=data), post)


@bp.post("/cohorts/posts/<uuid:post_id>/edit")
@guard(Action.POST_EDIT, view=Action.DISCUSSION_JOIN, post=service.find_post)
def change_post(post: DiscussionPost) -> Any:
    """Say it otherwise."""
    form, key, thread_id = PostForm(), post.id, post.thread_id
    if not form.validate_on_submit():
        return _edit_page(form, post), 422
    try:
        with writing() as session:
            found = session.get_one(DiscussionPost, key)
            title = form.title.data or found.thread.title
            service.edit(session, found, form.seen_version, title, form.text.data or "", now())
    except Refusal as refusal:
        found = db.session.get_one(DiscussionPost, key)
        form.refuse(refusal)
        form.version.data = str(found.version)
        return _edit_page(form, found), 409 if isinstance(refusal, Stale) else 422
    web.say(_("Saved."))
    return see_other("cohorts.thread", thread_id=thread_id, _anchor=f"p-{key}")


@bp.post("/cohorts/posts/<uuid:post_id>/delete")
@guard(Action.POST_EDIT, view=Action.DISCUSSION_JOIN, post=service.find_post)
def delete_post(post: DiscussionPost) -> Any:
    """Take one's own words away."""
    key, thread_id = post.id, post.thread_id
    with writing() as session:
        service.delete(session, current_actor(), session.get_one(DiscussionPost, key), now())
    web.say(_("Deleted."))
    return see_other("cohorts.thread", thread_id=thread_id)


# --- moderation ---


def _hide_page(form: HideForm, post: DiscussionPost) -> str:
    return render_template("cohorts/discussion/hide.html", form=form, post=post)


@bp.get("/cohorts/posts/<uuid:post_id>/hide")
@guard(Action.DISCUSSION_MODERATE, view=Action.DISCUSSION_JOIN, post=service.find_post)
def ask_hide_post(post: DiscussionPost) -> str:
    """What would happen; why?"""
    return _hide_page(HideForm(), post)


@bp.post("/cohorts/posts/<uuid:post_id>/hide")
@guard(Action.DISCUSSION_MODERATE, view=Action.DISCUSSION_JOIN, post=service.find_post)
def hide_post(post: DiscussionPost) -> Any:
    """Keep it from all but moderators."""
    form, key, thread_id = HideForm(), post.id, post.thread_id
    if not form.validate_on_submit():
        return _hide_page(form, post), 422
    with writing() as session:
        found = session.get_one(DiscussionPost, key)
        moderation.hide(session, current_actor(), found, form.reason.data or "", now())
    web.say(_("Hidden."), undo_url=f"/cohorts/posts/{key}/show")
    return see_other("cohorts.thread", thread_id=thread_id)


@bp.post("/cohorts/posts/<uuid:post_id>/show")
@guard(Action.DISCUSSION_MODERATE, view=Action.DISCUSSION_JOIN, post=service.find_post)
def show_post(post: DiscussionPost) -> Any:
    """Show it again."""
    key, thread_id = post.id, post.thread_id
    with writing() as session:
        moderation.show(session, current_actor(), session.get_one(DiscussionPost, key), now())
    web.say(_("Shown again."))
    return see_other("cohorts.thread", thread_id=thread_id)


@bp.post("/cohorts/discussion/<uuid:thread_id>/<any(pin, unpin, lock, unlock):act>")
@guard(Action.DISCUSSION_MODERATE, view=Action.DISCUSSION_JOIN, thread=service.find_thread)
def keep_thread(thread: DiscussionThread, act: str) -> Any:
    """Keep it on top, close it, or undo that."""
    key, on = thread.id, not act.startswith("un")
    change = moderation.pin if act.endswith("pin") else moderation.lock
    with writing() as session:
        change(session, current_actor(), session.get_one(DiscussionThread, key), now(), on=on)
    web.say(_("Saved."))
    return see_other("cohorts.thread", thread_id=key)


# --- reporting ---


def _report_page(form: ReportForm, post: DiscussionPost) -> str:
    return render_template("cohorts/discussion/report.html", form=form, post=post)


@bp.get("/cohorts/posts/<uuid:post_id>/report")
@guard(Action.POST_REPORT, view=Action.DISCUSSION_JOIN, post=service.find_post)
def ask_report(post: DiscussionPost) -> str:
    """To whom it goes; what is wrong?"""
    return _report_page(ReportForm(), post)


@bp.post("/cohorts/posts/<uuid:post_id>/report")
@guard(Action.POST_REPORT, view=Action.DISCUSSION_JOIN, post=service.find_post)
def report_post(post: DiscussionPost) -> Any:
    """Hand it to those who moderate."""
    form, key, thread_id = ReportForm(), post.id, post.thread_id
    if not form.validate_on_submit():
        return _report_page(form, post), 422
    with writing() as session:
        moderation.report(
            session,
            current_actor(),
            session.get_one(DiscussionPost, key),
            form.reason.data or "",
            now(),
            to_office=bool(form.to_office.data),
        )
    web.say(_("Reported. Those who moderate will look at it."))
    return see_other("cohorts.thread", thread_id=thread_id)
