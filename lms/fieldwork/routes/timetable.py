"""When sessions take place: a week at a time, one's own calendar, a trainee's, a cohort's."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, render_template, request
from flask_babel import gettext as _

from lms.cohorts.models import Cohort, Enrolment, TrainingSession
from lms.cohorts.service import find_cohort, find_enrolment, lineage
from lms.cohorts.timetable import feeds
from lms.cohorts.timetable.meetings import between
from lms.cohorts.timetable.people import enrolled
from lms.cohorts.timetable.rules import week_of
from lms.cohorts.timetable.words import local_day
from lms.cohorts.training import queries as training
from lms.core import web
from lms.core.db import db
from lms.core.paging import paginate
from lms.fieldwork import timetable as timetables
from lms.fieldwork.models import SupervisionSession
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.supervision import feeds as supervision_feeds
from lms.fieldwork.supervision import queries
from lms.fieldwork.supervision.evaluation import service as evaluation
from lms.fieldwork.supervision.service import find_session
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing

CALENDAR = "text/calendar; charset=utf-8"
AHEAD = timedelta(days=400)
SHOWN = 10
"""Planned sessions above the earlier ones; the timetable has them all."""
MOST = 100
"""Sessions of one week that one page shows."""


def _asked_week(today: date) -> tuple[date, date]:
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        day = today
    return week_of(day if date(2000, 1, 1) <= day <= date(2200, 1, 1) else today)


@bp.get("/practice/timetable")
@guard(Action.HOME)
def timetable() -> str:
    """Training and sessions of a week, one's own or those of the cohorts that one follows."""
    actor, session = current_actor(), db.session
    zone = ZoneInfo(actor.time_zone or "UTC")
    today = now().astimezone(zone).date()
    monday, end = _asked_week(today)
    # those who follow a cohort see all its sessions, or their own alone
    follows = can(Action.COHORT_LIST)
    only_own = bool(request.args.get("mine")) or not follows
    mine_only = queries.own(actor) if only_own else queries.sessions_visible_to(actor)
    taught = training.own(actor) if only_own else training.sessions_visible_to(actor)
    # a cohort's Monday may begin on another continent's Sunday
    start = datetime.combine(monday, time(), UTC) - timedelta(hours=14)
    until = datetime.combine(end, time(), UTC) + timedelta(hours=14)
    both: list[TrainingSession | SupervisionSession] = [
        *between(session, taught, start, until, MOST + 1),
        *between(session, mine_only, start, until, MOST + 1),
    ]
    found = sorted(
        (meeting for meeting in both if monday <= local_day(meeting) < end),
        key=lambda each: (local_day(each), each.starts_at),
    )
    shown = found[:MOST]
    return render_template(
        "fieldwork/supervision/timetable.html",
        days=[(day, list(of_day)) for day, of_day in groupby(shown, key=local_day)],
        more=len(found) > MOST,
        monday=monday,
        sunday=end - timedelta(days=1),
        today=today,
        previous=monday - timedelta(days=7),
        next=end,
        only_own=only_own,
        follows=follows,
        feed=feeds.feed_of(session, actor),
        supervises=queries.cohorts_supervised(session, actor),
        is_training=lambda each: isinstance(each, TrainingSession),
    )


# --- calendars ---


@bp.post("/practice/timetable/feed")
@guard(Action.HOME)
def make_feed() -> Any:
    """A secret address for one's calendar, shown once; an earlier one stops working."""
    with writing() as session:
        token = feeds.make_feed(session, current_actor(), now())
    base = current_app.config["SETTINGS"].base_url
    page = render_template(
        "fieldwork/supervision/feed.html",
        url=f"{base}/calendar/{token}.ics",
        subscribe=f"webcal://{base.partition('//')[2]}/calendar/{token}.ics",
    )
    return Response(page, headers={"Referrer-Policy": "no-referrer"})


@bp.post("/practice/timetable/feed/end")
@guard(Action.HOME)
def end_feed() -> Any:
    """Calendars learn nothing more."""
    with writing() as session:
        feeds.end_feed(session, current_actor())
    web.say(_("The address no longer works."))
    return see_other("fieldwork.timetable")


@bp.get("/calendar/<token>.ics")
@guard(Action.PUBLIC_READ)
def calendar_feed(token: str) -> Response:
    """A person's training and sessions, for their calendar: without names, topics or links."""
    person = feeds.holder(db.session, token[:64])
    if person is None:
        abort(404)
    base = current_app.config["SETTINGS"].base_url
    answer = Response(timetables.feed(db.session, person, base, now()), content_type=CALENDAR)
    answer.headers["Content-Disposition"] = 'inline; filename="timetable.ics"'
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.get("/practice/supervision/<uuid:session_id>/session.ics")
@guard(Action.SUPERVISION_VIEW, meeting=find_session)
def supervision_file(meeting: SupervisionSession) -> Response:
    """One session, to be put into a calendar."""
    base = current_app.config["SETTINGS"].base_url
    answer = Response(supervision_feeds.single(meeting, base), content_type=CALENDAR)
    answer.headers["Content-Disposition"] = 'attachment; filename="supervision.ics"'
    return answer


# --- one trainee's sessions, one cohort's ---


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


@bp.get("/practice/<uuid:enrolment_id>/supervision")
@guard(Action.PRACTICE_VIEW, enrolment=find_enrolment)
def supervision_of_enrolment(enrolment: Enrolment) -> str:
    """A trainee's sessions, what they come to, and what is to be done."""
    actor, session = current_actor(), db.session
    whole = lineage(session, [enrolment.id])
    visible = queries.sessions_visible_to(actor).where(queries.with_any_of(whole))
    page = paginate(
        session,
        visible.where(SupervisionSession.starts_at < now()),
        SupervisionSession.id,
        SupervisionSession.starts_at,
        read_sort=_instant,
        newest_first=True,
    )
    own = can(Action.SUPERVISION_EVALUATE, enrolment)
    return render_template(
        "fieldwork/supervision/of_enrolment.html",
        enrolment=enrolment,
        cohort=enrolment.cohort,
        own=own,
        page=page,
        coming=between(session, visible, now(), now() + AHEAD, SHOWN),
        share=queries.shares(session, [enrolment.id])[enrolment.id],
        actions=queries.open_actions(session, actor) if own else [],
        evaluable=evaluation.evaluable(session, enrolment, now()) if own else [],
        may_plan=can(Action.SUPERVISION_PLAN, enrolment.cohort),
    )


@bp.get("/practice/cohorts/<uuid:cohort_id>/supervision")
@guard(Action.COHORT_PROGRESS, view=Action.COHORT_VIEW, cohort=find_cohort)
def supervision_of_cohort(cohort: Cohort) -> str:
    """A cohort's sessions, and what each trainee has had of them."""
    actor, session = current_actor(), db.session
    visible = queries.sessions_visible_to(actor).where(SupervisionSession.cohort_id == cohort.id)
    page = paginate(
        session,
        visible.where(SupervisionSession.starts_at < now()),
        SupervisionSession.id,
        SupervisionSession.starts_at,
        read_sort=_instant,
        newest_first=True,
    )
    trainees = enrolled(session, cohort.id)
    return render_template(
        "fieldwork/supervision/of_cohort.html",
        cohort=cohort,
        page=page,
        coming=between(session, visible, now(), now() + AHEAD, SHOWN),
        trainees=trainees,
        shares=queries.shares(session, [one.id for one in trainees]),
        may_plan=can(Action.SUPERVISION_PLAN, cohort),
    )
