"""Training for the matrix: sessions in every state, with absences, material, scans and sheets."""

from datetime import timedelta

from sqlalchemy import select

from lms.assessment.service import rows
from lms.cohorts.models import (
    Attendance,
    Cohort,
    Enrolment,
    TrainingMaterial,
    TrainingScan,
    TrainingSession,
    TrainingSheet,
    TrainingTrainer,
)
from lms.cohorts.rules import EnrolmentState
from lms.cohorts.training.rules import Attended, Noting, TrainingState
from lms.core import clock
from lms.core.files import StoredFile
from tests.policy.seeded.things import Thing

TOKEN = "seeded-training-sheet-"
COHORTS = ("Coachs, Oujda 2026", "Animateurs, Kaolack 2026")


def things(session):
    """Sessions, what is noted of each trainee, papers, with the facts from the raw rows."""
    where = {
        key: {"cohort": key, "country": country}
        for key, country in session.execute(select(Cohort.id, Cohort.country_code))
    }
    of_case = {
        key: {"owner": person, **where[cohort]}
        for key, person, cohort in session.execute(
            select(Enrolment.id, Enrolment.person_id, Enrolment.cohort_id)
        )
    }
    facts = {}
    for row in session.scalars(select(TrainingSession).order_by(TrainingSession.id)).unique():
        facts[row.id] = where[row.cohort_id]
        keys = {"token": row.sheet_token, "batch_id": row.id}
        yield Thing("training", row, state=row.state.value, keys=keys, **facts[row.id])
    counted = set()
    for row in session.scalars(select(Attendance).order_by(Attendance.id)).unique():
        yield Thing("attendance", row, state=row.mark.value, **of_case[row.enrolment_id])
        keys = {"enrolment_id": row.enrolment_id, "session_id": row.session_id}
        found = rows.find_ledger_training(session, row.enrolment_id, row.session_id)
        if found is not None and row.enrolment_id not in counted:
            counted.add(row.enrolment_id)
            yield Thing("ledger training", found, keys=keys, **of_case[row.enrolment_id])
    for kind, model in (("training material", TrainingMaterial), ("training scan", TrainingScan)):
        for row in session.scalars(select(model).order_by(model.id)).unique():
            yield Thing(kind, row, **facts[row.session_id])


def add(session, file: StoredFile):
    """In two cohorts: planned, held with an absence, cancelled; with papers."""
    now = clock.now()
    for name in COHORTS:
        cohort = session.scalars(select(Cohort).where(Cohort.name == name)).one()
        trainees = session.scalars(
            select(Enrolment)
            .where(Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ENROLLED)
            .order_by(Enrolment.id)
            .limit(3)
        ).all()
        for state in TrainingState:
            _session(session, cohort, trainees, state, now, file)
    session.flush()


def _session(session, cohort, trainees, state, now, file):
    held = state is TrainingState.HELD
    made = TrainingSession(
        cohort=cohort,
        state=state,
        starts_at=now + timedelta(days=-3 if held else 3),
        minutes=420,
        halves=2,
        title="title",
        place="Centre",
        note="note",
        sheet_token=f"{TOKEN}{cohort.id}-{state}",
        created_at=now,
        held_at=now if held else None,
        cancel_reason="reason" if state is TrainingState.CANCELLED else "",
    )
    session.add(made)
    session.flush()
    teaching = session.scalars(select(TrainingTrainer)).unique().first()
    if teaching is not None:
        made.led_by.append(TrainingTrainer(person=teaching.person))
    marks = (Attended.PRESENT, Attended.EXCUSED, Attended.LATE)
    for enrolment, mark in zip(trainees, marks, strict=True):
        session.add(
            Attendance(
                session=made,
                enrolment=enrolment,
                mark=mark if held else Attended.EXPECTED,
                noted_by=Noting.LIST if held else None,
                noted_at=now if held else None,
                reason="ill" if held and mark is Attended.EXCUSED else "",
                announcement="ill",
                announced_at=now,
                halves=2 if held and mark is not Attended.EXCUSED else 0,
            )
        )
    session.add(TrainingMaterial(session=made, title="material", file=file, added_at=now))
    session.add(TrainingScan(session=made, sha256=file.sha256, file=file, filed_at=now))
    session.add(
        TrainingSheet(session=made, language="fr", fingerprint="x", file=file, printed_at=now)
    )
