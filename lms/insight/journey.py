"""A trainee's way through one cohort: the next step, what waits, what remains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.assessment import service as assessment
from lms.assessment.models import Dossier
from lms.assessment.rules import DossierState, Ledger
from lms.assessment.rules.forecast import Prospect
from lms.assessment.rules.turns import Party
from lms.cohorts import service as cohorts
from lms.cohorts.models import Enrolment
from lms.cohorts.rules import ENDED
from lms.core.db import AnySession
from lms.curriculum import service as curriculum
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme, RequirementKind
from lms.fieldwork import service as fieldwork
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.rules import EntryState, ObservationState
from lms.insight.rules import NextStep
from lms.learning import rules as learning
from lms.learning import service as learning_service
from lms.learning.exercises import queries as exercises
from lms.learning.models import ExerciseWork, QuizAttempt
from lms.learning.notes.records import own_record
from lms.learning.outline import written_modules
from lms.learning.quizzes import marking
from lms.learning.quizzes.rules.attempts import EXAM
from lms.policy.actor import Actor, Role

SHOWN = 5
"""Rows of each list; the list itself is one link away."""
MOST = 2
"""Enrolments under way that one page shows; hardly anyone has more than one."""


@dataclass(frozen=True)
class Journey:
    """One enrolment of a trainee."""

    enrolment: Enrolment
    release: Release
    programme: Programme
    place: learning.Step | None
    """Where to go on reading."""
    ledger: Ledger
    ahead: Prospect
    dossier: Dossier | None
    dossier_state: DossierState | None
    """What the trainee may be told of it: nothing of the outcome before its release."""
    sent_back: Sequence[PracticumEntry]
    to_countersign: Sequence[Observation]
    drafts: int
    returned: Sequence[ExerciseWork]
    """Exercises to be reworked."""
    marked: Sequence[QuizAttempt]
    """Quizzes whose open answers wait for marks, or were marked lately."""

    @property
    def next_step(self) -> NextStep:
        """What to do first."""
        if self.dossier is not None and self.dossier.turn is not Party.CANDIDATE:
            return NextStep.WAIT
        if self.dossier_state is DossierState.RETURNED:
            return NextStep.MEND_DOSSIER
        if self.ledger.is_complete:
            return NextStep.HAND_IN
        if self.place is not None:
            if self.place.exercise:
                return NextStep.EXERCISE
            return NextStep.LESSON if self.place.lesson else NextStep.QUIZ
        if self.sent_back:
            return NextStep.MEND_ENTRY
        return NextStep.EXAM if self.exam_waits else NextStep.PRACTISE

    @property
    def exam_waits(self) -> bool:
        """Whether the final exam is still to be taken, with every module completed."""
        handed_in = any(one.module == EXAM and one.to_mark for one in self.marked)
        return self._lacks(RequirementKind.EXAM) and not self.modules_wait and not handed_in

    @property
    def modules_wait(self) -> bool:
        """Whether a module is not completed: with nothing left to do, it waits for others."""
        return self._lacks(RequirementKind.MODULES)

    def _lacks(self, kind: RequirementKind) -> bool:
        return any(line.kind is kind for line in self.ledger.remaining)


@dataclass(frozen=True)
class Ways:
    """A trainee's ways: those they are on, and those on which a decision has been released."""

    journeys: Sequence[Journey]
    decided: Sequence[Dossier]


def ways(session: AnySession, actor: Actor, now: datetime) -> Ways:
    """The ways of a trainee that have not ended."""
    if actor.person_id is None or not actor.has(Role.TRAINEE):
        return Ways([], [])
    found = cohorts.enrolments_of(session, actor.person_id)
    open_ones = [one for one in found if one.state not in ENDED][:MOST]
    pairs = [(one, assessment.dossier_of(session, one.id)) for one in open_ones]
    return Ways(
        [
            _journey(session, actor, one, dossier, now)
            for one, dossier in pairs
            if not _is_over(dossier)
        ],
        [dossier for _, dossier in pairs if dossier is not None and _is_over(dossier)],
    )


def _is_over(dossier: Dossier | None) -> bool:
    return dossier is not None and dossier.state in {DossierState.NOTIFIED, DossierState.FINAL}


def _journey(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    dossier: Dossier | None,
    now: datetime,
) -> Journey:
    release = curriculum.release(session, enrolment.cohort.release_id)
    programme = release.programmes[enrolment.cohort.programme]
    entries = fieldwork.entries_visible_to(actor).where(
        PracticumEntry.enrolment_id == enrolment.id,
        PracticumEntry.state.in_([EntryState.NEEDS_INFO, EntryState.DRAFT]),
    )
    open_entries = session.scalars(entries.order_by(PracticumEntry.held_on)).all()
    shared = fieldwork.observations_visible_to(actor).where(
        Observation.enrolment_id == enrolment.id, Observation.state == ObservationState.SHARED
    )
    own = own_record(session, enrolment)
    learnt = learning_service.progress_of(session, own.record)
    counted = assessment.ledger(session, enrolment, release, learnt)
    return Journey(
        enrolment=enrolment,
        release=release,
        programme=programme,
        place=own.resume(written_modules(release, programme)),
        ledger=counted,
        ahead=assessment.ahead_of(enrolment, programme, counted, now),
        dossier=dossier,
        dossier_state=assessment.shown_state(actor, dossier) if dossier else None,
        sent_back=[e for e in open_entries if e.state is EntryState.NEEDS_INFO][:SHOWN],
        to_countersign=session.scalars(shared.order_by(Observation.id).limit(SHOWN)).all(),
        drafts=sum(e.state is EntryState.DRAFT for e in open_entries),
        returned=exercises.returned(session, enrolment.id),
        marked=marking.news_of(session, enrolment.id, now),
    )
