"""Weekly sheets: what they list, and what their scan marks when it comes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from lms.cohorts.models import Enrolment
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.files import StoredFile
from lms.fieldwork.entries.content import content_of
from lms.fieldwork.entries.rules import facts_fingerprint
from lms.fieldwork.models import Evidence, Placement, PracticumEntry, Sheet, SheetEntry, Signature
from lms.fieldwork.rules import Means, Party
from lms.fieldwork.signing import service as signing
from lms.fieldwork.signing.rules import CONFIRMABLE
from lms.policy.actor import Actor

WEEKS = 8
"""Weeks of practice that may still be printed."""


@dataclass(frozen=True)
class Week:
    """What one sheet would list: a week's practice at one place."""

    monday: date
    placement: Placement
    entries: list[PracticumEntry]

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def minutes(self) -> int:
        """Time with the actors."""
        return sum(entry.minutes_direct for entry in self.entries)

    @property
    def confirmed(self) -> int:
        """How many of its entries the host has confirmed."""
        return sum(entry.host_means is not None for entry in self.entries)


@dataclass(frozen=True)
class Filed:
    """What a scan has marked, and what it could not."""

    marked: int
    changed: int


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def find_sheet(session: AnySession, sheet_id: UUID) -> Sheet | None:
    """A sheet by key."""
    return session.get(Sheet, sheet_id)


def find_by_token(session: AnySession, token: str) -> Sheet | None:
    """The sheet that a QR code names."""
    return session.scalar(select(Sheet).where(Sheet.token == token))


def weeks(session: AnySession, enrolment: Enrolment, monday: date | None = None) -> list[Week]:
    """Weeks with practice that a host could sign, the latest first."""
    query = (
        select(PracticumEntry)
        .where(
            PracticumEntry.enrolment_id == enrolment.id,
            PracticumEntry.state.in_(CONFIRMABLE),
            PracticumEntry.placement_id.is_not(None),
            PracticumEntry.minutes_direct > 0,
            PracticumEntry.type != "",
        )
        .options(joinedload(PracticumEntry.placement))
        .order_by(PracticumEntry.held_on, PracticumEntry.id)
    )
    if monday is not None:
        query = query.where(PracticumEntry.held_on.between(monday, monday + timedelta(days=6)))
    found = [entry for entry in session.scalars(query) if sum(entry.participants.values())]
    sort = sorted(found, key=lambda each: (monday_of(each.held_on), str(each.placement_id)))
    grouped = groupby(sort, key=lambda each: (monday_of(each.held_on), each.placement))
    every = [Week(day, place, list(entries)) for (day, place), entries in grouped if place]
    return sorted(every, key=lambda week: week.monday, reverse=True)[:WEEKS]


def sheets_of(session: AnySession, enrolment: Enrolment) -> list[Sheet]:
    """Sheets that were printed, the latest first, with their lines."""
    return list(
        session.scalars(
            select(Sheet)
            .where(Sheet.enrolment_id == enrolment.id)
            .options(selectinload(Sheet.lines).joinedload(SheetEntry.entry))
            .order_by(Sheet.printed_at.desc(), Sheet.id.desc())
            .limit(20)
        )
    )


def print_sheet(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    monday: date,
    placement_id: UUID,
    now: datetime,
) -> Sheet:
    """A sheet of a week's practice at one place; the one printed before while nothing changed."""
    week = next(
        (
            each
            for each in weeks(session, enrolment, monday_of(monday))
            if each.placement.id == placement_id
        ),
        None,
    )
    if week is None:
        raise Refusal("sheet_empty")
    lines = [(entry.id, facts_fingerprint(content_of(entry))) for entry in week.entries]
    for known in sheets_of(session, enrolment):
        same = [(line.entry_id, line.fingerprint) for line in known.lines] == lines
        if same and known.filed_at is None:
            return known
    sheet = Sheet(
        enrolment=enrolment,
        token=token_urlsafe(16),
        week=week.monday,
        placement_id=placement_id,
        printed_at=now,
        lines=[
            SheetEntry(position=place, entry_id=key, fingerprint=fingerprint)
            for place, (key, fingerprint) in enumerate(lines, start=1)
        ],
    )
    session.add(sheet)
    session.flush()
    details = {"entries": len(lines)}
    audit.record(session, actor, "sheet.print", sheet, now=now, details=details)
    return sheet


def is_unchanged(line: SheetEntry) -> bool:
    """Whether an entry still reads as it was printed, and may be confirmed."""
    entry = line.entry
    same = facts_fingerprint(content_of(entry)) == line.fingerprint
    return same and entry.state in CONFIRMABLE


def marked(lines: Iterable[SheetEntry]) -> int:
    """How many entries of a sheet stand as confirmed."""
    return sum(line.entry.host_means is not None for line in lines)


def file_sheet(
    session: AnySession,
    actor: Actor,
    sheet: Sheet,
    scan: StoredFile,
    caption: str,
    now: datetime,
) -> Filed:
    """Mark what a signed sheet confirms, its scan as evidence. The same scan files once.

    What reads otherwise than it was printed is left alone. Raises Refusal("sheet_filed_before").
    """
    session.execute(select(Sheet.id).where(Sheet.id == sheet.id).with_for_update())
    session.refresh(sheet, ["file_id", "file", "filed_at"])
    if sheet.file is not None:
        if sheet.file.sha256 != scan.sha256:
            raise Refusal("sheet_filed_before", week=sheet.week)
        number = marked(sheet.lines)
        return Filed(number, len(sheet.lines) - number)
    sheet.file, sheet.filed_at = scan, now
    signing.hold(session, [line.entry for line in sheet.lines])
    host = session.get_one(Placement, sheet.placement_id).host if sheet.placement_id else ""
    fit = [line for line in sheet.lines if is_unchanged(line)]
    for line in fit:
        session.add(
            Signature(
                enrolment=sheet.enrolment,
                entry_id=line.entry_id,
                party=Party.HOST,
                means=Means.PAPER,
                fingerprint=line.fingerprint,
                signer_name=host,
                file_id=scan.id,
                signed_at=now,
            )
        )
        session.add(Evidence(entry=line.entry, file=scan, caption=caption))
        details = {"means": Means.PAPER.value, "fingerprint": line.fingerprint}
        audit.record(session, actor, "entry.host-confirm", line.entry, now=now, details=details)
    session.flush()
    for line in fit:
        signing.refresh(session, line.entry, now)
    done = Filed(len(fit), len(sheet.lines) - len(fit))
    outcome = {"marked": done.marked, "changed": done.changed}
    audit.record(session, actor, "sheet.file", sheet, now=now, details=outcome)
    return done
