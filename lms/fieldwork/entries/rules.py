"""Rules of a practicum entry: what it must say, hours in a day, its fingerprint."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import rfc8785

from lms.curriculum.rules import EntryLimits
from lms.fieldwork.rules import ConsentBasis, EntryEvent, EntryState, PlacementState

LIMITS = EntryLimits()
"""What holds where a release says nothing else."""
MINUTES_A_DAY = LIMITS.minutes_a_day
MAX_FILES = 5
MAX_PARTICIPANTS = 10_000
LATE_AFTER_DAYS = 7
"""From when a waiting entry is shown as late."""

EDITABLE = frozenset({EntryState.DRAFT, EntryState.NEEDS_INFO, EntryState.AMENDED})
"""States in which its author may change it."""

FILLS_A_DAY = frozenset(EntryState) - {
    EntryState.WITHDRAWN,
    EntryState.REJECTED,
    EntryState.REVOKED,
    EntryState.DELETED,
    EntryState.DRAFT,
}
"""States in which an entry's minutes take up the day that it was held on."""

DECISIONS = (EntryEvent.APPROVE, EntryEvent.ASK, EntryEvent.REJECT)
"""What a supervisor may answer."""

PRACTISING = frozenset({PlacementState.AGREED, PlacementState.RUNNING, PlacementState.ENDED})
"""States of a placement whose practice may be handed in."""


@dataclass(frozen=True)
class Fault:
    """What stands in the way of handing in: the field, and a refusal's code."""

    field: str
    code: str
    params: Mapping[str, Any] = default(default_factory=dict)


@dataclass(frozen=True)
class EntryContent:
    """What an entry says, the confidential reflection apart."""

    placement_id: UUID | None
    type: str
    form: str
    held_on: date
    minutes_direct: int
    minutes_indirect: int
    minutes_preparation: int
    role: str
    participants: Mapping[str, int]
    stakes: tuple[str, ...]
    limits: tuple[str, ...]
    purposes: tuple[str, ...]
    summary: str
    consent_basis: ConsentBasis | None
    coachees: tuple[str, ...] = ()
    """Keys of the pseudonyms of people coached."""

    @property
    def minutes(self) -> int:
        """All its minutes."""
        return self.minutes_direct + self.minutes_indirect + self.minutes_preparation


@dataclass(frozen=True)
class Circumstances:
    """What an entry is measured against when it is handed in."""

    today: date
    starts_on: date
    ends_on: date
    minutes_that_day: int
    """Minutes of the trainee's other entries of that day."""
    placement: PlacementState | None
    has_supervisor: bool
    received_on: date
    """When the entry reached the server, by the server's clock."""
    files: int = 0
    limits: EntryLimits = LIMITS


def local_date(now: datetime, zone: str) -> date:
    """The date at this moment where the cohort is."""
    return now.astimezone(ZoneInfo(zone)).date()


def minutes_left(taken: Iterable[int], cap: int = MINUTES_A_DAY) -> int:
    """How many minutes of a day may still be claimed."""
    return max(0, cap - sum(taken))


def came_in_time(held_on: date, received_on: date, today: date, days: int) -> bool:
    """Whether a piece of practice was noted within `days` of the day on which it was held.

    What counts is when the entry reached the server; what a device says of the time counts for
    nothing. An entry moved to a day after its arrival cannot have told of that day: then it is
    today that counts, so that empty drafts kept in stock open no window.
    """
    window = timedelta(days=days)
    if held_on < received_on - window:
        return False
    return held_on <= received_on or held_on >= today - window


def faults(content: EntryContent, given: Circumstances) -> list[Fault]:
    """Everything that stands in the way of handing in, in the order of the form."""
    found = [*_placement(given), *_when(content, given), *_what(content), *_time(content, given)]
    if not content.summary:
        found.append(Fault("summary", "entry_summary_missing"))
    if content.consent_basis is None:
        found.append(Fault("consent_basis", "entry_consent_missing"))
    if given.files > MAX_FILES:
        found.append(Fault("files", "entry_too_many_files", {"limit": MAX_FILES}))
    return found


def _placement(given: Circumstances) -> list[Fault]:
    if given.placement is None:
        return [Fault("placement", "placement_missing")]
    if given.placement not in PRACTISING:
        return [Fault("placement", "placement_not_agreed")]
    if not given.has_supervisor:
        return [Fault("placement", "placement_without_supervisor")]
    return []


def _when(content: EntryContent, given: Circumstances) -> list[Fault]:
    if content.held_on > given.today:
        return [Fault("held_on", "entry_in_future")]
    if not given.starts_on <= content.held_on <= given.ends_on:
        return [Fault("held_on", "entry_outside_cohort")]
    days = given.limits.backdating_days
    if not came_in_time(content.held_on, given.received_on, given.today, days):
        return [Fault("held_on", "entry_too_late", {"days": days})]
    return []


def _what(content: EntryContent) -> list[Fault]:
    found = []
    if not content.type:
        found.append(Fault("type", "entry_type_missing"))
    if not content.form:
        found.append(Fault("form", "entry_form_missing"))
    if not content.role:
        found.append(Fault("role", "entry_role_missing"))
    if content.minutes_direct and not sum(content.participants.values()):
        found.append(Fault("participants", "entry_participants_missing"))
    return found


def _time(content: EntryContent, given: Circumstances) -> list[Fault]:
    if content.minutes <= 0:
        return [Fault("minutes_direct", "entry_without_minutes")]
    cap = given.limits.minutes_a_day
    left = minutes_left([given.minutes_that_day], cap)
    if content.minutes > left:
        params = {"hours": f"{cap / 60:g}", "left": left}
        return [Fault("minutes_direct", "entry_day_full", params)]
    return []


def waiting_days(since: datetime, now: datetime, zone: str) -> int:
    """For how many days an entry has waited, as people count them: by midnights gone by."""
    return max(0, (local_date(now, zone) - local_date(since, zone)).days)


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of what was handed in, in hex."""
    return hashlib.sha256(rfc8785.dumps(dict(document))).hexdigest()


def confirmed_facts(content: EntryContent) -> dict[str, Any]:
    """What a host stands by: when, where, what, how long together, how many.

    No words, no pseudonyms; nor what happens without the host, so that a note signed on the spot
    may be completed in the evening.
    """
    return {
        "held_on": content.held_on.isoformat(),
        "placement": str(content.placement_id) if content.placement_id else None,
        "type": content.type,
        "minutes_direct": content.minutes_direct,
        "participants": {key: number for key, number in content.participants.items() if number},
    }


def facts_fingerprint(content: EntryContent) -> str:
    """What a host's signature is bound to: void once these facts read otherwise."""
    return fingerprint(confirmed_facts(content))


def needs_reason(event: EntryEvent) -> bool:
    """Whether the trainee is owed words: for everything but an approval."""
    return event is not EntryEvent.APPROVE
