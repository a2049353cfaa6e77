"""Writing, changing, withdrawing announcements, and what is new to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from lms.cohorts.announcements.rules import (
    ANNOUNCEMENT_TRANSITIONS,
    AnnouncementEvent,
    AnnouncementState,
    way_back,
)
from lms.cohorts.models import Announcement, AnnouncementVisit, AnnouncementWording, Cohort
from lms.core import audit, jobs
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.search import fold
from lms.core.transitions import advance
from lms.policy.actor import Actor, Role

PUBLISH, TELL = "cohorts.publish_announcement", "cohorts.tell_announcement"


@dataclass(frozen=True)
class Words:
    """What is told."""

    title: str
    text: str


def find_announcement(session: AnySession, announcement_id: UUID) -> Announcement | None:
    """An announcement by key."""
    return session.get(Announcement, announcement_id)


def _membership(actor: Actor) -> frozenset[UUID]:
    return actor.own_cohorts


def visible_to(actor: Actor) -> Select[Announcement]:
    """Announcements that the actor may read: the same answer as the table's, as a query."""
    everybody = Announcement.state == AnnouncementState.PUBLISHED
    written: ColumnElement[bool] = or_(
        false(),
        Announcement.cohort_id.in_(actor.cohorts(Role.TRAINER)),
        Announcement.cohort_id.in_(
            select(Cohort.id).where(Cohort.country_code.in_(actor.countries))
        ),
    )
    query = select(Announcement)
    if actor.sees_everything:
        return query.where(or_(everybody, written))
    return query.where(
        or_(written, and_(everybody, Announcement.cohort_id.in_(_membership(actor))))
    )


# --- writing ---


def write(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    announcement_id: UUID,
    words: Words,
    publish_at: datetime,
    now: datetime,
) -> Announcement:
    """Tell everybody in the cohort something, now or later. The same key tells it once."""
    known = session.get(Announcement, announcement_id)
    if known is not None and known.cohort_id == cohort.id:
        return known
    if known is not None or actor.person_id is None:
        raise Refusal("not_possible")
    made = Announcement(
        id=announcement_id,
        cohort=cohort,
        author_id=actor.person_id,
        title=words.title,
        text=words.text,
        state=AnnouncementState.PLANNED,
        publish_at=publish_at,
        search_text=fold(f"{words.title} {words.text}"),
        version=1,
        created_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "announcement.write", made, now=now)
    _appear(session, actor, made, now)
    return made


def edit(
    session: AnySession,
    actor: Actor,
    announcement: Announcement,
    seen: int,
    words: Words,
    publish_at: datetime | None,
    now: datetime,
) -> None:
    """Say it otherwise; `publish_at` moves one that has not appeared.

    Once it has appeared it is marked, and what it said before is kept.
    Raises Stale where somebody else has changed it since.
    """
    if seen != announcement.version:
        raise Stale
    if announcement.state is AnnouncementState.WITHDRAWN:
        raise Refusal("announcement_withdrawn")
    waits = announcement.state is AnnouncementState.PLANNED
    moved = waits and publish_at is not None and publish_at != announcement.publish_at
    if (announcement.title, announcement.text) == (words.title, words.text) and not moved:
        return
    if not waits:
        _keep_wording(session, actor, announcement, now)
    announcement.title, announcement.text = words.title, words.text
    announcement.search_text = fold(f"{words.title} {words.text}")
    announcement.version += 1
    if not waits:
        announcement.edited_at = now
    if moved and publish_at is not None:
        announcement.publish_at = publish_at
    session.flush()
    audit.record(session, actor, "announcement.edit", announcement, now=now)
    if moved:
        _appear(session, actor, announcement, now)


def _keep_wording(
    session: AnySession, actor: Actor, announcement: Announcement, now: datetime
) -> None:
    session.add(
        AnnouncementWording(
            announcement_id=announcement.id,
            title=announcement.title,
            text=announcement.text,
            replaced_at=now,
            replaced_by=actor.display_name[:200],
        )
    )


def earlier_wordings(
    session: AnySession, announcements: Iterable[Announcement]
) -> dict[UUID, list[AnnouncementWording]]:
    """What those that were changed said before, by announcement, the latest first. One query."""
    keys = [one.id for one in announcements if one.edited_at is not None]
    found: dict[UUID, list[AnnouncementWording]] = {}
    for row in session.scalars(
        select(AnnouncementWording)
        .where(AnnouncementWording.announcement_id.in_(keys))
        .order_by(AnnouncementWording.id.desc())
    ):
        found.setdefault(row.announcement_id, []).append(row)
    return found


def withdraw(session: AnySession, actor: Actor, announcement: Announcement, now: datetime) -> None:
    """Take it back: from now on only those who write here see it. A repeat changes nothing."""
    if announcement.state is AnnouncementState.WITHDRAWN:
        return
    _advance(session, actor, announcement, AnnouncementEvent.WITHDRAW, now)


def restore(session: AnySession, actor: Actor, announcement: Announcement, now: datetime) -> None:
    """Undo a withdrawal. A repeat changes nothing."""
    if announcement.state is not AnnouncementState.WITHDRAWN:
        return
    event = way_back(was_published=announcement.published_at is not None)
    _advance(session, actor, announcement, event, now)
    _appear(session, actor, announcement, now)


def publish_due(
    session: AnySession, actor: audit.Author, announcement: Announcement, now: datetime
) -> None:
    """Publish one whose hour has come; mail follows. A repeat changes nothing."""
    due = announcement.state is AnnouncementState.PLANNED and announcement.publish_at <= now
    if due:
        announcement.published_at = now
        _advance(session, actor, announcement, AnnouncementEvent.PUBLISH, now)
        _enqueue(session, TELL, announcement, now)


def _appear(
    session: AnySession, actor: audit.Author, announcement: Announcement, now: datetime
) -> None:
    """Publish it at once, or ask the clock for it."""
    if announcement.state is not AnnouncementState.PLANNED:
        return
    if announcement.publish_at <= now:
        publish_due(session, actor, announcement, now)
    else:
        _enqueue(session, PUBLISH, announcement, now, at=announcement.publish_at)


def _enqueue(
    session: AnySession,
    name: str,
    announcement: Announcement,
    now: datetime,
    at: datetime | None = None,
) -> None:
    key = f"{announcement.id} {announcement.version} {now:%Y%m%dT%H%M%S%f}"
    payload = {"announcement": str(announcement.id)}
    jobs.enqueue(session, name, key, payload, now, run_after=at)


def _advance(
    session: AnySession,
    actor: audit.Author,
    announcement: Announcement,
    event: AnnouncementEvent,
    now: datetime,
) -> None:
    with session.no_autoflush:
        advance(session, actor, announcement, event, ANNOUNCEMENT_TRANSITIONS, now=now)
    announcement.version += 1
    session.flush()


# --- what is new ---


def seen_until(session: AnySession, actor: Actor, cohort_id: UUID) -> datetime | None:
    """Up to when the person has looked at the announcements of a cohort."""
    return session.scalar(
        select(AnnouncementVisit.seen_at).where(
            AnnouncementVisit.person_id == actor.person_id,
            AnnouncementVisit.cohort_id == cohort_id,
        )
    )


def see(session: AnySession, actor: Actor, cohort: Cohort, until: datetime) -> None:
    """Note that the person has read what had appeared up to now."""
    if actor.person_id is None:
        return
    key = {"person_id": actor.person_id, "cohort_id": cohort.id}
    visit = session.get(AnnouncementVisit, key)
    if visit is None:
        session.add(AnnouncementVisit(**key, seen_at=until))
    elif visit.seen_at < until:
        visit.seen_at = until
    session.flush()


def unread(actor: Actor) -> Select[UUID, int]:
    """How many are new to somebody, in each cohort that they belong to where any are."""
    return (
        select(Announcement.cohort_id, func.count().label("number"))
        .outerjoin(
            AnnouncementVisit,
            and_(
                AnnouncementVisit.cohort_id == Announcement.cohort_id,
                AnnouncementVisit.person_id == actor.person_id,
            ),
        )
        .where(
            Announcement.cohort_id.in_(_membership(actor)),
            Announcement.state == AnnouncementState.PUBLISHED,
            Announcement.author_id != actor.person_id,
            or_(
                AnnouncementVisit.seen_at.is_(None),
                Announcement.published_at > AnnouncementVisit.seen_at,
            ),
        )
        .group_by(Announcement.cohort_id)
    )
