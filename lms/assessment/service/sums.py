"""What the ledgers of any number of trainees come to, added up by the database: no rows.

A constant number of queries, and one row a trainee and table: a cohort of a thousand is told
within a second. `tests/assessment/test_standing.py` holds this to what the ledgers say.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
)

from lms.assessment.rules.standing import Standings, Sums, Tally, from_tallies, window_start
from lms.cohorts import service as cohorts
from lms.cohorts.training.counting import DAYS
from lms.core.db import AnySession
from lms.curriculum.release import Release
from lms.curriculum.rules import Measure, Programme, Requirement, RequirementKind
from lms.fieldwork import service as fieldwork
from lms.fieldwork.models import (
    Attestation,
    Observation,
    Placement,
    PracticumEntry,
    SupervisionPresence,
    SupervisionSession,
)
from lms.fieldwork.rules import (
    COUNTS,
    EntryState,
    ObservationState,
    PresenceState,
    SupervisionKind,
    SupervisionState,
)
from lms.learning import service as learning

_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_SINCE: BindParameter[date] = bindparam("since")
_FROM: BindParameter[datetime] = bindparam("from_instant")
_KINDS = frozenset({RequirementKind.PRACTICE_MINUTES, RequirementKind.ACTIVITY})

Tallies = dict[UUID, dict[str, Tally]]


def standings_of(
    session: AnySession,
    enrolment_ids: Collection[UUID],
    release: Release,
    programme: Programme,
    zone: str,
    today: date,
) -> dict[UUID, Standings]:
    """The figures of each enrolment's ledger. Their cohorts are pinned to `release`.

    zone: the cohort's, in which a day begins.
    """
    keys = list(enrolment_ids)
    if not keys:
        return {}
    whole = cohorts.lineage(session, keys)
    asked = {"ids": list(whole)}
    found: Tallies = {key: {} for key in keys}
    since = window_start(today)
    _add_entries(session, release, programme, asked | {"since": since}, whole, found)
    midnight = datetime.combine(since + timedelta(days=1), time(), ZoneInfo(zone))
    _add_supervision(session, programme, asked | {"from_instant": midnight}, whole, found)
    _add_counts(session, programme, asked, whole, found)
    _add_learned(session, programme, found)
    for part, requirement, amount in session.execute(_ATTESTED, asked):
        _add(found[whole[part]], [requirement], Tally(Sums(int(amount))))
    return {key: from_tallies(programme.requirements, tallies) for key, tallies in found.items()}


def _add(tallies: dict[str, Tally], requirements: Collection[str], more: Tally) -> None:
    for requirement in requirements:
        known = tallies.get(requirement)
        tallies[requirement] = known.plus(more) if known else more


# Entries: one row an enrolment, a few columns a requirement --------------------------------------


def _add_entries(
    session: AnySession,
    release: Release,
    programme: Programme,
    asked: Mapping[str, Any],
    whole: Mapping[UUID, UUID],
    found: Tallies,
) -> None:
    needs = [need for need in programme.requirements if need.kind in _KINDS]
    if not needs:
        return
    for part, *values in session.execute(_entries(release, programme.slug), asked):
        figures = iter(values)
        for need in needs:
            width = _WIDTH[need.kind]
            tally = _tally(need, [int(next(figures) or 0) for _ in range(width)])
            _add(found[whole[part]], [need.id], tally)


_WIDTH = {RequirementKind.PRACTICE_MINUTES: 7, RequirementKind.ACTIVITY: 3}


def _tally(need: Requirement, figures: list[int]) -> Tally:
    if need.kind is RequirementKind.ACTIVITY:
        all_, recent, waiting = figures
        return Tally(Sums(all_), Sums(recent), recent, Sums(waiting))
    all_, own, recent, recent_own, rows, waiting, waiting_own = figures
    return Tally(
        Sums(all_, own=own), Sums(recent, own=recent_own), rows, Sums(waiting, own=waiting_own)
    )


_STATEMENTS: dict[tuple[str, str], Select[Any]] = {}
"""By release and programme: putting one together takes longer than running it."""


def _entries(release: Release, slug: str) -> Select[Any]:
    key = (release.id, slug)
    if key not in _STATEMENTS:
        _STATEMENTS[key] = _entries_statement(release, slug)
    return _STATEMENTS[key]


def _entries_statement(release: Release, slug: str) -> Select[Any]:
    """Flags for each entry within, their sums without: each condition is asked once."""
    families = {kind.id: kind.counts_as for kind in release.practicum.types}
    needs = [need for need in release.programmes[slug].requirements if need.kind in _KINDS]
    state, direct = PracticumEntry.state, PracticumEntry.minutes_direct
    counts = or_(*(state == each for each in sorted(COUNTS)))
    inner = (
        select(
            PracticumEntry.enrolment_id,
            direct.label("direct"),
            (direct + PracticumEntry.minutes_indirect + PracticumEntry.minutes_preparation).label(
                "total"
            ),
            _flag(counts).label("counts"),
            _flag(and_(counts, PracticumEntry.held_on > _SINCE)).label("recent"),
            _flag(state == EntryState.SUBMITTED).label("waits"),
            _flag(func.coalesce(Placement.own_institution, ~true())).label("own"),
            *(
                _flag(_fits(need, families)).label(f"fits_{turn}")
                for turn, need in enumerate(needs)
                if need.kind is RequirementKind.ACTIVITY
            ),
        )
        .outerjoin(Placement, Placement.id == PracticumEntry.placement_id)
        .where(PracticumEntry.enrolment_id.in_(_IDS), or_(counts, state == EntryState.SUBMITTED))
        .subquery()
    )
    columns: list[ColumnElement[Any]] = []
    for turn, need in enumerate(needs):
        if need.kind is RequirementKind.ACTIVITY:
            fits = inner.c[f"fits_{turn}"]
            columns += [
                func.sum(fits * flag) for flag in (inner.c.counts, inner.c.recent, inner.c.waits)
            ]
        else:
            columns += _minutes(inner, need)
    return select(inner.c.enrolment_id, *columns).group_by(inner.c.enrolment_id)


def _minutes(inner: Any, need: Requirement) -> list[ColumnElement[Any]]:
    """Elsewhere and at one's own institution: counted, recent and how many rows, waiting."""
    minutes = inner.c.direct if need.measure is Measure.DIRECT else inner.c.total
    own, counts, recent, waits = inner.c.own, inner.c.counts, inner.c.recent, inner.c.waits
    return [
        func.sum(minutes * counts * (1 - own)),
        func.sum(minutes * counts * own),
        func.sum(minutes * recent * (1 - own)),
        func.sum(minutes * recent * own),
        func.sum(recent * _flag(minutes > 0)),
        func.sum(minutes * waits * (1 - own)),
        func.sum(minutes * waits * own),
    ]


def _flag(which: ColumnElement[bool]) -> ColumnElement[int]:
    return case((which, 1), else_=0)


def _sum(which: ColumnElement[bool], amount: Any) -> ColumnElement[Any]:
    return func.sum(case((which, amount), else_=0))


def _fits(need: Requirement, families: Mapping[str, str]) -> ColumnElement[bool]:
    types = [kind for kind, family in families.items() if family in need.counts]
    types += [family for family in need.counts if family not in families]
    fits = or_(*(PracticumEntry.type == kind for kind in types))
    return (
        and_(fits, or_(*(PracticumEntry.role == role for role in need.roles)))
        if need.roles
        else fits
    )


# The other tables --------------------------------------------------------------------------------

_RECENT = SupervisionSession.starts_at >= _FROM
_ALONE = SupervisionSession.kind == SupervisionKind.INDIVIDUAL
_SUPERVISION = (
    select(
        SupervisionPresence.enrolment_id,
        _sum(_ALONE, SupervisionSession.minutes),
        _sum(~_ALONE, SupervisionSession.minutes),
        _sum(and_(_RECENT, _ALONE), SupervisionSession.minutes),
        _sum(and_(_RECENT, ~_ALONE), SupervisionSession.minutes),
        _sum(_RECENT, 1),
    )
    .join(SupervisionSession, SupervisionSession.id == SupervisionPresence.session_id)
    .where(
        SupervisionPresence.enrolment_id.in_(_IDS),
        SupervisionPresence.state == PresenceState.PRESENT,
        SupervisionSession.state == SupervisionState.HELD,
    )
    .group_by(SupervisionPresence.enrolment_id)
)
_OBSERVED = (
    select(Observation.enrolment_id, func.count())
    .where(Observation.enrolment_id.in_(_IDS), Observation.state == ObservationState.COUNTERSIGNED)
    .group_by(Observation.enrolment_id)
)
_DAYS = DAYS.subquery()
_TAUGHT = select(
    _DAYS.c.enrolment_id, _sum(_DAYS.c.held, _DAYS.c.halves), _sum(~_DAYS.c.held, _DAYS.c.halves)
).group_by(_DAYS.c.enrolment_id)
_ATTESTED = (
    select(Attestation.enrolment_id, Attestation.requirement, func.sum(Attestation.amount))
    .where(Attestation.enrolment_id.in_(_IDS), Attestation.revoked_at.is_(None))
    .group_by(Attestation.enrolment_id, Attestation.requirement)
)


def _of_kind(programme: Programme, kind: RequirementKind) -> list[str]:
    return [need.id for need in programme.requirements if need.kind is kind]


def _add_supervision(
    session: AnySession,
    programme: Programme,
    asked: Mapping[str, Any],
    whole: Mapping[UUID, UUID],
    found: Tallies,
) -> None:
    needs = _of_kind(programme, RequirementKind.SUPERVISION)
    if not needs:
        return
    for part, *values in session.execute(_SUPERVISION, asked):
        alone, together, recent, recent_together, rows = map(int, values)
        tally = Tally(
            Sums(alone=alone, together=together),
            Sums(alone=recent, together=recent_together),
            rows,
        )
        _add(found[whole[part]], needs, tally)


def _add_counts(
    session: AnySession,
    programme: Programme,
    asked: Mapping[str, Any],
    whole: Mapping[UUID, UUID],
    found: Tallies,
) -> None:
    """What is counted one by one: observations, hosts' feedback, modules."""
    if needs := _of_kind(programme, RequirementKind.OBSERVATION):
        for part, number in session.execute(_OBSERVED, asked):
            _add(found[whole[part]], needs, Tally(Sums(number)))
    if needs := _of_kind(programme, RequirementKind.TRAINING_DAYS):
        for part, halves, planned in session.execute(_TAUGHT, asked):
            _add(found[whole[part]], needs, Tally(Sums(int(halves)), waiting=Sums(int(planned))))
    if needs := _of_kind(programme, RequirementKind.HOST_FEEDBACK):
        for key, given in fieldwork.counted_host_feedbacks(session, list(found), whole).items():
            _add(found[key], needs, Tally(Sums(len(given))))


def _add_learned(session: AnySession, programme: Programme, found: Tallies) -> None:
    """Modules completed, and the exam."""
    modules = _of_kind(programme, RequirementKind.MODULES)
    exams = _of_kind(programme, RequirementKind.EXAM)
    if not modules and not exams:
        return
    written = frozenset(programme.written)
    for key, one in learning.progress(session, list(found)).items():
        _add(found[key], modules, Tally(Sums(len(one.completed & written))))
        _add(found[key], exams, Tally(Sums(int(one.exam is not None))))
