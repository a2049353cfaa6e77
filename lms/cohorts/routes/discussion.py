"""A cohort's discussions: the list, each one, beginning one, replying."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.cohorts import service as cohorts
from lms.cohorts.discussion import listing, service, switch
from lms.cohorts.discussion.charter import Room, find_room, standing
from lms.cohorts.discussion.forms import PostForm, ThreadForm
from lms.cohorts.discussion.rules import may_still_edit
from lms.cohorts.models import Cohort, DiscussionPost, DiscussionThread
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.paging import paginate
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing

POSTS = 25
"""Posts on one page."""


@bp.get("/cohorts/<uuid:cohort_id>/discussion")
@guard(Action.CHARTER_ACCEPT, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def discussion(cohort: Cohort) -> Any:
    """What the cohort talks about, the liveliest on top; first the charter."""
    actor, session = current_actor(), db.session
    room = find_room(session, cohort.id)
    if not can(Action.DISCUSSION_JOIN, room):
        return redirect(url_for("cohorts.charter", cohort_id=cohort.id))
    words = request.args.get("q", "").strip()[:100]
    query = listing.of_cohort(actor, cohort.id, words)
    starts = not request.args.get("after") and not words
    pinned = listing.pinned(session, actor, cohort.id) if starts else []
    if not words:
        query = query.where(DiscussionThread.pinned_at.is_(None))
    page: Any = paginate(
        session,
        query,
        DiscussionThread.id,
        DiscussionThread.last_post_at,
        read_sort=datetime.fromisoformat,
        newest_first=True,
        size=20,
    )
    threads = [*pinned, *page.rows]
    accepted = standing(session, cohort.id, actor.person_id)
    marks = listing.marks(session, actor, threads)
    since = accepted.accepted_at if accepted else now()
    return render_template(
        "cohorts/discussion/list.html",
        cohort=cohort,
        threads=threads,
        page=page,
        words=words,
        new={
            one.id
            for one in threads
            if one.last_post_at > (((mark := marks.get(one.id)) and mark.seen_at) or since)
        },
        moderates=can(Action.DISCUSSION_MODERATE, room),
        mails=accepted is not None and accepted.mails,
    )


@bp.get("/cohorts/<uuid:cohort_id>/discussion/new")
@guard(Action.DISCUSSION_JOIN, room=find_room)
def new_thread(room: Room) -> str:
    """A blank one."""
    return render_template("cohorts/discussion/form.html", form=ThreadForm(), cohort=room.cohort)


@bp.post("/cohorts/<uuid:cohort_id>/discussion/new")
@guard(Action.DISCUSSION_JOIN, room=find_room)
def open_thread(room: Room) -> Any:
    """Begin it."""
    form, key = ThreadForm(), room.cohort.id
    if not form.validate_on_submit():
        page = render_template("cohorts/discussion/form.html", form=form, cohort=room.cohort)
        return page, 422
    try:
        with writing() as session:
            made = service.open_thread(
                session,
                current_actor(),
                session.get_one(Cohort, key),
                form.new_id,
                form.title.data or "",
                form.text.data or "",
                now(),
            )
            thread_id = made.id
    except Refusal as refusal:
        form.refuse(refusal)
        cohort = db.session.get_one(Cohort, key)
        return render_template("cohorts/discussion/form.html", form=form, cohort=cohort), 422
    return see_other("cohorts.thread", thread_id=thread_id)


def thread_page(thread: DiscussionThread, form: PostForm) -> str:
    """A discussion with its posts, from the beginning or from `?after=` on."""
    actor, session, at = current_actor(), db.session, now()
    page: Any = paginate(
        session,
        listing.posts_of(thread),
        DiscussionPost.id,
        DiscussionPost.created_at,
        read_sort=datetime.fromisoformat,
        size=POSTS,
    )
    mark = listing.marks(session, actor, [thread]).get(thread.id)
    locked = thread.locked_at is not None
    moderates = can(Action.DISCUSSION_MODERATE, thread)
    return render_template(
        "cohorts/discussion/thread.html",
        thread=thread,
        cohort=thread.cohort,
        page=page,
        form=form,
        now=at,
        seen_at=mark.seen_at if mark else None,
        mails=mark is None or mark.mails,
        takes_part=mark is not None,
        moderates=moderates,
        shows_title=bool(thread.title) and (moderates or not thread.title_hidden),
        editable={
            post.id
            for post in page.rows
            if post.author_id == actor.person_id
            and may_still_edit(post.state, post.created_at, at, locked=locked)
        },
    )


@bp.get("/cohorts/discussion/<uuid:thread_id>")
@guard(Action.DISCUSSION_JOIN, thread=service.find_thread)
def thread(thread: DiscussionThread) -> str:
    """The posts, oldest first, and a reply."""
    return thread_page(thread, PostForm(formdata=None))


@bp.get("/cohorts/discussion/<uuid:thread_id>/newest")
@guard(Action.DISCUSSION_JOIN, thread=service.find_thread)
def newest_posts(thread: DiscussionThread) -> Any:
    """Its last page."""
    return redirect(_last_page(thread), 302)


def _last_page(thread: DiscussionThread) -> str:
    before = listing.page_before(db.session, thread, POSTS)
    after = f"{before.created_at.isoformat()}~{before.id}" if before else None
    return url_for("cohorts.thread", thread_id=thread.id, after=after, _anchor="reply")


@bp.post("/cohorts/discussion/<uuid:thread_id>")
@guard(Action.DISCUSSION_JOIN, thread=service.find_thread)
def reply(thread: DiscussionThread) -> Any:
    """Say something."""
    form, key = PostForm(), thread.id
    if not form.validate_on_submit():
        return thread_page(thread, form), 422
    try:
        with writing() as session:
            found = session.get_one(DiscussionThread, key)
            made = service.reply(
                session, current_actor(), found, form.new_id, form.text.data or "", now()
            )
            address = _last_page(found).replace("#reply", f"#p-{made.id}")
    except Refusal as refusal:
        form.refuse(refusal, form.text)
        return thread_page(db.session.get_one(DiscussionThread, key), form), 422
    web.say(_("Reply sent."))
    return redirect(address, 303)


@bp.post("/cohorts/discussion/<uuid:thread_id>/seen")
@guard(Action.DISCUSSION_JOIN, thread=service.find_thread)
def see_thread(thread: DiscussionThread) -> Any:
    """It is read up to now; sent by a press, or by the page itself once it is open."""
    key = thread.id
    with writing() as session:
        listing.see(session, current_actor(), session.get_one(DiscussionThread, key), now())
    return see_other("cohorts.thread", thread_id=key)


@bp.post("/cohorts/discussion/<uuid:thread_id>/mail/<any(on, off):wish>")
@guard(Action.DISCUSSION_JOIN, thread=service.find_thread)
def thread_mail(thread: DiscussionThread, wish: str) -> Any:
    """Messages about this discussion, or none."""
    key, on = thread.id, wish == "on"
    with writing() as session:
        found = session.get_one(DiscussionThread, key)
        switch.set_one(session, current_actor(), found, on=on)
    web.say(
        _("You get a message when somebody replies here.")
        if on
        else _("No more messages about this discussion.")
    )
    return see_other("cohorts.thread", thread_id=key)


@bp.post("/cohorts/<uuid:cohort_id>/discussion/mail/<any(on, off):wish>")
@guard(Action.DISCUSSION_JOIN, room=find_room)
def discussion_mail(room: Room, wish: str) -> Any:
    """Messages about the discussions of this cohort, or none at all."""
    key, on = room.cohort.id, wish == "on"
    with writing() as session:
        switch.set_all(session, current_actor().person_id, key, on=on)
    web.say(
        _("You get messages about discussions in which you take part.")
        if on
        else _("No more messages about discussions of this cohort.")
    )
    return see_other("cohorts.discussion", cohort_id=key)
