"""Work on exercises for the matrix: written, waiting, marked, with files; what teams have said."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.curriculum import service as curriculum
from lms.demo.personas import BY_KEY
from lms.learning.activities.rules import Circle, Side
from lms.learning.exercises.rules import WorkState
from lms.learning.models import (
    ContributionLine,
    ExerciseFile,
    ExerciseVersion,
    ExerciseWork,
    TeamRound,
    ValueList,
)
from lms.people.models import Person
from tests.policy.seeded.things import Thing, case_facts

NOW = datetime.now(UTC)
DRAFT, WAITING, MARKED, DECIDED = "c3-x1", "c4-x1", "c5-x1", "c6-x1"


def things(session):
    """Work, versions, files, lists of values, lines: facts from the raw rows."""
    of_case = case_facts(session)
    facts = {}
    for work in _rows(session, ExerciseWork):
        facts[work.id] = of_case[work.enrolment_id] | {"state": work.state.value}
        yield Thing("work", work, handed_in=work.state.value != "draft", **facts[work.id])
    for version in _rows(session, ExerciseVersion):
        told = version.decision is not None
        yield Thing("work version", version, handed_in=told, **facts[version.work_id])
    for file in _rows(session, ExerciseFile):
        gone = file.removed_at is not None and file.handed_in_number is None
        seen = file.handed_in_number is not None
        yield Thing("work file", file, handed_in=seen, deleted=gone, **facts[file.work_id])
    for row in _rows(session, ValueList):
        yield Thing("values", row, **of_case[row.enrolment_id])
    for row in _rows(session, ContributionLine):
        gone = row.removed_at is not None
        yield Thing("line", row, deleted=gone, **of_case[row.enrolment_id])


def _rows(session, model):
    return session.scalars(select(model).order_by(model.id)).unique()


def add(session, stored):
    """A draft, work that waits, work being marked and work returned, with files, for three."""
    release = curriculum.current_release(session)
    people = {one.email: one for one in session.scalars(select(Person))}
    trainer = people[BY_KEY["trainer"].email]
    wanted = [BY_KEY["trainee"].email, "ma00002@demo.example", BY_KEY["facilitator"].email]
    for email in wanted:
        of_person = select(Enrolment).where(Enrolment.person_id == people[email].id)
        enrolment = session.scalars(of_person).first()
        for key in (DRAFT, WAITING, MARKED, DECIDED):
            known = select(ExerciseWork).where(
                ExerciseWork.enrolment_id == enrolment.id, ExerciseWork.exercise == key
            )
            if session.scalars(known).first() is None:
                _work(session, enrolment, key, release.id, stored, trainer)
        one = TeamRound(
            cohort_id=enrolment.cohort_id, exercise=f"seeded {enrolment.id}", opened_at=NOW
        )
        session.add(one)
        session.add(
            ContributionLine(
                round=one, enrolment=enrolment, side=Side.ADDED, circle=Circle.TEAM,
                text="line", created_at=NOW,
            )
        )  # fmt: skip
    session.flush()


def _work(session, enrolment, key, release_id, stored, trainer):
    state = {
        DRAFT: WorkState.DRAFT,
        WAITING: WorkState.HANDED_IN,
        MARKED: WorkState.LOOKED_AT,
        DECIDED: WorkState.RETURNED,
    }[key]
    is_draft, is_decided = key == DRAFT, key == DECIDED
    work = ExerciseWork(
        enrolment=enrolment,
        exercise=key,
        release_id=release_id,
        state=state,
        text="being written",
        number=0 if is_draft else 1,
        started_at=NOW,
        saved_at=NOW,
        handed_in_at=None if is_draft else NOW - timedelta(hours=1),
        looked_at=NOW if key == MARKED else None,
        looked_by_id=trainer.id if key == MARKED else None,
        decided_at=NOW if is_decided else None,
    )
    session.add(work)
    file = ExerciseFile(work=work, file_id=stored.id, handed_in_number=None if is_draft else 1)
    session.add_all([file, ExerciseFile(work=work, file_id=stored.id)])
    session.flush()
    if is_draft:
        return
    session.add(
        ExerciseVersion(
            work=work,
            number=1,
            text="handed in",
            files=[str(file.id)],
            release_id=release_id,
            handed_in_at=work.handed_in_at,
            marks={},
            comments={"diagnosis": "why"},
            feedback="feedback",
            decision=WorkState.RETURNED if is_decided else None,
            decided_at=work.decided_at,
            decided_by_id=trainer.id if is_decided else None,
        )
    )
