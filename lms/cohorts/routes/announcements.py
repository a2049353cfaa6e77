"""What a cohort is told: the list, and writing, changing, withdrawing."""

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from lms.cohorts import service as cohorts
from lms.cohorts.announcements import service
from lms.cohorts.announcements.forms import AnnouncementForm, filled
from lms.cohorts.announcements.rules import AnnouncementState, hour_of
from lms.cohorts.models import Announcement, Cohort
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.cohorts.routes.pages import zone_name
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.forms import Form
from lms.core.paging import paginate
from lms.core.search import matches
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/cohorts/<uuid:cohort_id>/announcements")
@guard(Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def announcements(cohort: Cohort) -> str:
    """The newest on top, found by words; planned and withdrawn ones for those who write."""
    actor, session = current_actor(), db.session
    words = request.args.get("q", "").strip()[:100]
    query = service.visible_to(actor).where(Announcement.cohort_id == cohort.id)
    if words:
        query = query.where(matches(Announcement.search_text, words))
    page: Any = paginate(
        session,
        query,
        Announcement.id,
        Announcement.publish_at,
        read_sort=datetime.fromisoformat,
        newest_first=True,
        size=15,
    )
    belongs = can(Action.CHARTER_ACCEPT, cohort)
    may_write = can(Action.ANNOUNCEMENT_WRITE, cohort)
    seen = service.seen_until(session, actor, cohort.id) if belongs else None
    return render_template(
        "cohorts/announcements/list.html",
        cohort=cohort,
        page=page,
        words=words,
        new={
            one.id
            for one in page.rows
            if belongs and one.published and one.author_id != actor.person_id
            if seen is None or one.published_at > seen
        },
        now=now(),
        may_write=may_write,
        earlier=service.earlier_wordings(session, page.rows) if may_write else {},
    )


@bp.post("/cohorts/<uuid:cohort_id>/announcements/seen")
@guard(Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def see_announcements(cohort: Cohort) -> Any:
    """All of them are read; sent by a press, or by the page itself once it is open."""
    key, until = cohort.id, now()
    with writing() as session:
        service.see(session, current_actor(), cohort, min(_until(until), until))
    return see_other("cohorts.announcements", cohort_id=key)


def _until(latest: datetime) -> datetime:
    """When the page was made that is being marked: what came later stays new."""
    try:
        found = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        return latest
    return found if found.tzinfo is not None else latest


def _page(form: AnnouncementForm, cohort: Cohort, one: Announcement | None = None) -> str:
    return render_template(
        "cohorts/announcements/form.html",
        form=form,
        cohort=cohort,
        one=one,
        zone=zone_name(cohort.time_zone),
        waits=one is None or one.state is AnnouncementState.PLANNED,
    )


@bp.get("/cohorts/<uuid:cohort_id>/announcements/new")
@guard(Action.ANNOUNCEMENT_WRITE, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def new_announcement(cohort: Cohort) -> str:
    """A blank one."""
    return _page(AnnouncementForm(), cohort)


@bp.post("/cohorts/<uuid:cohort_id>/announcements/new")
@guard(Action.ANNOUNCEMENT_WRITE, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def write_announcement(cohort: Cohort) -> Any:
    """Tell everybody, now or at the hour given."""
    form, key = AnnouncementForm(), cohort.id
    if not form.validate_on_submit():
        return _page(form, cohort), 422
    at = now()
    try:
        hour = hour_of(form.day.data, form.at.data, cohort.time_zone, at)
        with writing() as session:
            made = service.write(
                session, current_actor(), cohort, form.new_id, form.words, hour, at
            )
            planned = made.state is AnnouncementState.PLANNED
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, db.session.get_one(Cohort, key)), refusal.status
    web.say(
        _("Planned: it appears at its hour.")
        if planned
        else _("Published. Everybody who is enrolled gets it by mail too.")
    )
    return see_other("cohorts.announcements", cohort_id=key)


@bp.get("/cohorts/announcements/<uuid:announcement_id>/edit")
@guard(
    Action.ANNOUNCEMENT_WRITE,
    view=Action.ANNOUNCEMENT_VIEW,
    announcement=service.find_announcement,
)
def edit_announcement(announcement: Announcement) -> str:
    """The form, filled in."""
    return _page(filled(announcement), announcement.cohort, announcement)


@bp.post("/cohorts/announcements/<uuid:announcement_id>/edit")
@guard(
    Action.ANNOUNCEMENT_WRITE,
    view=Action.ANNOUNCEMENT_VIEW,
    announcement=service.find_announcement,
)
def change_announcement(announcement: Announcement) -> Any:
    """Say it otherwise; mail that has gone out is not sent again."""
    form, key, cohort_id = AnnouncementForm(), announcement.id, announcement.cohort_id
    if not form.validate_on_submit():
        return _page(form, announcement.cohort, announcement), 422
    at = now()
    try:
        hour = None
        if announcement.state is AnnouncementState.PLANNED:
            hour = hour_of(form.day.data, form.at.data, announcement.cohort.time_zone, at)
        with writing() as session:
            found = session.get_one(Announcement, key)
            service.edit(session, current_actor(), found, form.seen_version, form.words, hour, at)
    except Refusal as refusal:
        form.refuse(refusal)
        found = db.session.get_one(Announcement, key)
        form.version.data = str(found.version)
        return _page(form, found.cohort, found), refusal.status
    web.say(_("Saved."))
    return see_other("cohorts.announcements", cohort_id=cohort_id)


@bp.get("/cohorts/announcements/<uuid:announcement_id>/withdraw")
@guard(
    Action.ANNOUNCEMENT_WRITE,
    view=Action.ANNOUNCEMENT_VIEW,
    announcement=service.find_announcement,
)
def ask_withdrawal(announcement: Announcement) -> Any:
    """What taking it back does, and whether that is meant."""
    if announcement.state is AnnouncementState.WITHDRAWN:
        return see_other("cohorts.announcements", cohort_id=announcement.cohort_id)
    return render_template(
        "cohorts/announcements/withdraw.html", one=announcement, cohort=announcement.cohort
    )


@bp.post("/cohorts/announcements/<uuid:announcement_id>/<any(withdraw, restore):act>")
@guard(
    Action.ANNOUNCEMENT_WRITE,
    view=Action.ANNOUNCEMENT_VIEW,
    announcement=service.find_announcement,
)
def withdraw_announcement(announcement: Announcement, act: str) -> Any:
    """Take it back, or undo that."""
    form, key, cohort_id = Form(), announcement.id, announcement.cohort_id
    if not form.validate_on_submit():
        raise Refusal("not_possible")
    change = service.withdraw if act == "withdraw" else service.restore
    with writing() as session:
        change(session, current_actor(), session.get_one(Announcement, key), now())
    undo = f"/cohorts/announcements/{key}/restore" if act == "withdraw" else ""
    web.say(
        _("Withdrawn. Mail that has gone out cannot be called back.") if undo else _("Saved."),
        undo_url=undo,
    )
    return see_other("cohorts.announcements", cohort_id=cohort_id)
