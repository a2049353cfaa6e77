"""The lists that may be taken along: a logbook, a cohort's ledger, a country's hours.

None holds the confidential reflection, a private note or a way to reach somebody.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from lms.assessment.service.standing import Seen
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import AnySession
from lms.core.labels import label
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme, Requirement, Unit
from lms.fieldwork import service as fieldwork
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.rules import COUNTS, EntryState
from lms.fieldwork.words import words_of
from lms.insight.country import supervision_minutes
from lms.insight.tables.writing import Cell, Column, Kind, Table
from lms.people.models import Person
from lms.policy.actor import Actor

_MINUTES = "%(title)s (min)"


def _minutes(title: str) -> Column:
    return Column(_MINUTES % {"title": title}, Kind.NUMBER, 12)


def logbook(session: AnySession, actor: Actor, enrolment: Enrolment) -> Table:
    """All entries of a trainee that were handed in and that the actor may read."""
    zone = ZoneInfo(enrolment.cohort.time_zone)
    words = words_of(session, enrolment.cohort)
    query = (
        fieldwork.entries_visible_to(actor)
        .where(
            PracticumEntry.enrolment_id.in_(cohorts.lineage(session, [enrolment.id])),
            PracticumEntry.state != EntryState.DRAFT,
        )
        .options(
            joinedload(PracticumEntry.placement),
            joinedload(PracticumEntry.decided_by),
        )
        .order_by(PracticumEntry.held_on, PracticumEntry.id)
    )
    columns = [
        Column(_("Date"), Kind.DATE, 12),
        Column(_("Activity"), width=28),
        Column(_("Role"), width=18),
        Column(_("Host"), width=32),
        Column(_("Territory"), width=20),
        Column(_("Own institution"), width=12),
        Column(_("Participants"), Kind.NUMBER, 12),
        _minutes(_("Direct time")),
        _minutes(_("Indirect time")),
        _minutes(_("Preparation")),
        _minutes(_("Total time")),
        Column(_("State"), width=18),
        Column(_("Decided by"), width=24),
        Column(_("Decided on"), Kind.DATE, 12),
        Column(_("Host confirmation"), width=24),
        Column(_("What was done"), width=60),
        Column("SHA-256", width=20),
    ]

    def rows() -> Iterator[Sequence[Cell]]:
        for entry in session.scalars(query):
            placed = entry.placement
            yield (
                entry.held_on,
                words.types[entry.type],
                words.roles[entry.role],
                placed.host if placed else "",
                placed.territory if placed else "",
                _("yes") if placed and placed.own_institution else "",
                sum(entry.participants.values()),
                entry.minutes_direct,
                entry.minutes_indirect,
                entry.minutes_preparation,
                entry.minutes_total,
                label(entry.state),
                entry.decided_by.name if entry.decided_by else "",
                entry.decided_at.astimezone(zone).date() if entry.decided_at else None,
                label(entry.host_means) if entry.host_means else "",
                entry.summary,
                entry.content_hash,
            )

    return Table(f"{_('Logbook')} {enrolment.person.name}", columns, rows())


def cohort_ledger(
    session: AnySession,
    cohort: Cohort,
    release: Release,
    programme: Programme,
    people: Sequence[Seen],
    language: str,
) -> Table:
    """Everybody's figures: counted and missing, requirement by requirement."""
    columns = [
        Column(_("Person"), width=28),
        Column(_("Name in Arabic"), width=24),
        Column(_("State"), width=14),
        Column(_("Met"), Kind.NUMBER, 8),
        Column(_("Requirements"), Kind.NUMBER, 12),
        Column(_("At risk"), width=34),
    ]
    for need in programme.requirements:
        title = _with_unit(need, release.text(need.title, language))
        columns.append(Column(title, Kind.NUMBER, 14))
        columns.append(Column(f"{title} – {_('Missing')}", Kind.NUMBER, 14))
    names = _names(session, cohort)

    def rows() -> Iterator[Sequence[Cell]]:
        for one in people:
            person, state = names[one.enrolment_id]
            figures = [
                number / 2 if line.unit is Unit.HALF_DAYS else number
                for line in one.found.lines
                for number in (line.counted, line.missing)
            ]
            yield (
                person.name,
                person.name_ar,
                label(state),
                one.found.done,
                len(one.found.lines),
                ", ".join(label(risk) for risk in one.ahead.risks),
                *figures,
            )

    return Table(f"{_('Progress')} {cohort.name}", columns, rows())


def _with_unit(need: Requirement, title: str) -> str:
    return _MINUTES % {"title": title} if need.unit is Unit.MINUTES else title


def _names(session: AnySession, cohort: Cohort) -> Mapping[UUID, tuple[Person, Any]]:
    found = session.execute(
        select(Enrolment.id, Person, Enrolment.state)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id)
    )
    return {key: (person, state) for key, person, state in found}


def country_hours(session: AnySession, code: str) -> Table:
    """Each trainee of a country with their hours, cohort by cohort; read row by row.

    Those who left stand there too, so that the table comes to what the page says.
    """
    entry, counts = PracticumEntry, PracticumEntry.state.in_(COUNTS)
    total = entry.minutes_direct + entry.minutes_indirect + entry.minutes_preparation
    sums = (
        select(
            entry.enrolment_id,
            func.sum(case((counts, 1), else_=0)).label("entries"),
            func.sum(case((counts, entry.minutes_direct), else_=0)).label("direct"),
            func.sum(case((counts, entry.minutes_indirect), else_=0)).label("indirect"),
            func.sum(case((counts, entry.minutes_preparation), else_=0)).label("preparation"),
            func.sum(case((counts, total), else_=0)).label("total"),
            func.sum(case((entry.state == EntryState.SUBMITTED, total), else_=0)).label("waiting"),
        )
        .group_by(entry.enrolment_id)
        .subquery()
    )
    held = supervision_minutes()
    query = (
        select(
            Cohort.name,
            Cohort.programme,
            Person.family_name,
            Person.given_name,
            Person.family_name_ar,
            Person.given_name_ar,
            Enrolment.state,
            sums.c.entries,
            sums.c.direct,
            sums.c.indirect,
            sums.c.preparation,
            sums.c.total,
            sums.c.waiting,
            held.c.alone,
            held.c.together,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(sums, sums.c.enrolment_id == Enrolment.id)
        .outerjoin(held, held.c.enrolment_id == Enrolment.id)
        .where(Cohort.country_code == code)
        .order_by(Cohort.starts_on, Cohort.id, Person.sort_name, Enrolment.id)
        .execution_options(yield_per=500)
    )
    columns = [
        Column(_("Cohort"), width=28),
        Column(_("Programme"), width=14),
        Column(_("Person"), width=28),
        Column(_("Name in Arabic"), width=24),
        Column(_("State"), width=14),
        Column(_("Approved entries"), Kind.NUMBER, 12),
        _minutes(_("Direct time")),
        _minutes(_("Indirect time")),
        _minutes(_("Preparation")),
        _minutes(_("Total time")),
        _minutes(_("Waiting")),
        _minutes(_("Individual supervision")),
        _minutes(_("Group supervision")),
    ]

    def rows() -> Iterator[Sequence[Cell]]:
        for name, programme, family, given, family_ar, given_ar, state, *figures in session.execute(
            query
        ):
            yield (
                name,
                programme,
                f"{given or ''} {family}".strip(),
                f"{given_ar} {family_ar}".strip(),
                label(state),
                *(int(figure or 0) for figure in figures),
            )

    return Table(f"{_('Practice')} {code}", columns, rows())
