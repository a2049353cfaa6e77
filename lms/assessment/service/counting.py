"""The ledgers of any number of enrolments, with a constant number of queries."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

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
from lms.curriculum.rules import Programme
from lms.fieldwork import service as fieldwork
from lms.fieldwork.rules import COUNTS, EntryState, SupervisionKind
from lms.learning import service as learning
from lms.learning.service import Progress

SHOWN = COUNTS | {EntryState.SUBMITTED}
"""Entries that count, and those that wait for a supervisor."""


def ledger(
    session: AnySession, enrolment: Enrolment, release: Release, learnt: Progress | None = None
) -> Ledger:
    """What counts and what remains for one enrolment, now; `learnt` where it is known already."""
    known = None if learnt is None else {enrolment.id: learnt}
    return ledgers(session, [enrolment], release, known)[enrolment.id]


def ledgers(
    session: AnySession,
    enrolments: Iterable[Enrolment],
    release: Release,
    learnt: Mapping[UUID, Progress] | None = None,
) -> dict[UUID, Ledger]:
    """What counts and what remains for each enrolment, by its key.

    The enrolments' cohorts are pinned to `release`.
    """
    people = {enrolment.id: enrolment for enrolment in enrolments}
    if not people:
        return {}
    families = {kind.id: kind.counts_as for kind in release.practicum.types}
    done = learning.progress(session, list(people)) if learnt is None else learnt
    whole = cohorts.lineage_of(session, people.values())
    entries = fieldwork.counted_entries(session, list(people), whole, SHOWN)
    seen = fieldwork.countersigned_observations(session, list(people), whole)
    taught = training_days(session, list(people), whole)
    held = fieldwork.counted_supervision(session, list(people), whole)
    thanks = fieldwork.counted_host_feedbacks(session, list(people), whole)
    paper = fieldwork.attestations(session, list(people), whole)
    found = {}
    for key, enrolment in people.items():
        programme = programme_of(release, enrolment)
        exam = done[key].exam
        facts = Facts(
            modules=[slug for slug in programme.written if slug in done[key].completed],
            exams=[ExamFact(str(exam.attempt_id), local_date(exam.passed_at, enrolment))]
            if exam
            else [],
            entries=[
                EntryFact(
                    id=str(entry.id),
                    type=entry.type,
                    counts_as=families.get(entry.type, entry.type),
                    role=entry.role,
                    held_on=entry.held_on,
                    minutes_direct=entry.minutes_direct,
                    minutes_total=entry.minutes_total,
                    approved=entry.state in COUNTS,
                    own_institution=entry.own_institution,
                    content_hash=entry.content_hash,
                )
                for entry in entries.get(key, ())
            ],
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


def programme_of(release: Release, enrolment: Enrolment) -> Programme:
    """The enrolment's programme, as the release has it."""
    return release.programmes[enrolment.cohort.programme]


def local_date(at: datetime, enrolment: Enrolment) -> date:
    """The date of an instant where the cohort is."""
    return at.astimezone(ZoneInfo(enrolment.cohort.time_zone)).date()
