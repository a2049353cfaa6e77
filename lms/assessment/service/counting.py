"""The ledgers of any number of enrolments, with a constant number of queries."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from lms.assessment.rules.ledger import (
    AttestationFact,
    EntryFact,
    ExamFact,
    Facts,
    FeedbackFact,
    Ledger,
    ObservationFact,
    SupervisionFact,
    TrainingFact,
    evaluate,
)
from lms.cohorts import service as cohorts
from lms.cohorts.models import Enrolment
from lms.cohorts.training.counting import training_days
from lms.core.db import AnySession
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme, RequirementKind
from lms.fieldwork import service as fieldwork
from lms.fieldwork.models import Placement, PracticumEntry
from lms.fieldwork.rules import EntryState, SupervisionKind
from lms.learning import service as learning
from lms.learning.quizzes.exams import exams_passed

_HANDED_IN = (
    select(
        PracticumEntry.enrolment_id,
        PracticumEntry.id,
        PracticumEntry.type,
        PracticumEntry.role,
        PracticumEntry.held_on,
        PracticumEntry.minutes_direct,
        PracticumEntry.minutes_indirect,
        PracticumEntry.minutes_preparation,
        Placement.own_institution,
    )
    .join(Placement, Placement.id == PracticumEntry.placement_id)
    .where(
        PracticumEntry.enrolment_id.in_(bindparam("ids", expanding=True)),
        PracticumEntry.state == EntryState.SUBMITTED,
    )
)


def ledger(session: AnySession, enrolment: Enrolment, release: Release) -> Ledger:
    """What counts and what remains for one enrolment, now."""
    return ledgers(session, [enrolment], release)[enrolment.id]


def ledgers(
    session: AnySession, enrolments: Iterable[Enrolment], release: Release
) -> dict[UUID, Ledger]:
    """What counts and what remains for each enrolment, by its key.

    The enrolments' cohorts are pinned to `release`.
    """
    people = {enrolment.id: enrolment for enrolment in enrolments}
    if not people:
        return {}
    families = {kind.id: kind.counts_as for kind in release.practicum.types}
    done = learning.completed_modules(session, list(people))
    whole = cohorts.lineage(session, list(people))
    exams = exams_passed(session, list(people), whole) if _asks_for_exam(release) else {}
    approved = fieldwork.counted_entries(session, list(people), whole)
    waiting = _waiting(session, whole, families)
    seen = fieldwork.countersigned_observations(session, list(people), whole)
    taught = training_days(session, list(people), whole)
    held = fieldwork.counted_supervision(session, list(people), whole)
    thanks = fieldwork.counted_host_feedbacks(session, list(people), whole)
    paper = fieldwork.attestations(session, list(people), whole)
    found = {}
    for key, enrolment in people.items():
        programme = programme_of(release, enrolment)
        counted = [
            EntryFact(
                id=str(entry.id),
                type=entry.type,
                counts_as=families.get(entry.type, entry.type),
                role=entry.role,
                held_on=entry.held_on,
                minutes_direct=entry.minutes_direct,
                minutes_total=entry.minutes_total,
                approved=True,
                own_institution=entry.own_institution,
                content_hash=entry.content_hash,
            )
            for entry in approved.get(key, ())
        ]
        facts = Facts(
            modules=[slug for slug in programme.written if slug in done.get(key, ())],
            exams=[
                ExamFact(str(one.attempt_id), local_date(one.passed_at, enrolment))
                for one in ([exams[key]] if key in exams else ())
            ],
            entries=[*counted, *waiting.get(key, ())],
            observations=[
                ObservationFact(str(one.id), one.setting, one.observed_on)
                for one in seen.get(key, ())
            ],
            training=[
                TrainingFact(
                    str(one.id),
                    one.title,
                    local_date(one.starts_at, enrolment),
                    one.halves,
                    one.held,
                )
                for one in taught.get(key, ())
            ],
            supervision=[
                SupervisionFact(
                    str(one.id),
                    one.kind is SupervisionKind.INDIVIDUAL,
                    local_date(one.starts_at, enrolment),
                    one.minutes,
                )
                for one in held.get(key, ())
            ],
            feedback=[
                FeedbackFact(str(one.id), local_date(one.given_at, enrolment))
                for one in thanks.get(key, ())
            ],
            attestations=[
                AttestationFact(
                    str(one.id),
                    one.requirement,
                    one.amount,
                    local_date(one.attested_at, enrolment),
                    one.reason,
                )
                for one in paper.get(key, ())
            ],
        )
        found[key] = evaluate(programme.requirements, facts)
    return found


def _asks_for_exam(release: Release) -> bool:
    """Whether any programme requires its final exam: else nobody need be asked."""
    return any(
        need.kind is RequirementKind.EXAM
        for programme in release.programmes.values()
        for need in programme.requirements
    )


def programme_of(release: Release, enrolment: Enrolment) -> Programme:
    """The enrolment's programme, as the release has it."""
    return release.programmes[enrolment.cohort.programme]


def local_date(at: datetime, enrolment: Enrolment) -> date:
    """The date of an instant where the cohort is."""
    return at.astimezone(ZoneInfo(enrolment.cohort.time_zone)).date()


def _waiting(
    session: AnySession, whole: Mapping[UUID, UUID], families: Mapping[str, str]
) -> dict[UUID, list[EntryFact]]:
    """Entries handed in and not yet decided on: shown as waiting, never counted."""
    rows = session.execute(_HANDED_IN, {"ids": list(whole)})
    found: dict[UUID, list[EntryFact]] = {}
    for row in rows:
        found.setdefault(whole[row.enrolment_id], []).append(
            EntryFact(
                id=str(row.id),
                type=row.type,
                counts_as=families.get(row.type, row.type),
                role=row.role,
                held_on=row.held_on,
                minutes_direct=row.minutes_direct,
                minutes_total=row.minutes_direct + row.minutes_indirect + row.minutes_preparation,
                approved=False,
                own_institution=row.own_institution,
            )
        )
    return found
