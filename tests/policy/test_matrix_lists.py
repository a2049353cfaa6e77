"""Lists: what a query finds is what the table allows, for everybody and every seeded record."""

from lms.assessment import service as assessment
from lms.cohorts import service as cohorts
from lms.cohorts.announcements import service as announcements
from lms.cohorts.discussion import listing as discussions
from lms.cohorts.discussion import moderation
from lms.cohorts.training import queries as training
from lms.credentials import service as credentials
from lms.curriculum.corrections import service as corrections
from lms.fieldwork import service as fieldwork
from lms.fieldwork.queue import absences
from lms.fieldwork.supervision import queries as supervision
from lms.insight import service as insight
from lms.learning.exercises import queries as exercises
from lms.learning.notes import service as notes
from lms.learning.questions import service as questions
from lms.people import service as people
from lms.policy import permits as asking
from lms.policy.actions import Action
from lms.policy.actor import PUBLIC
from tests.policy.seeded.things import Altered
from tests.policy.seeded.who import may

LISTS = {
    "cohort": (cohorts.visible_to, Action.COHORT_VIEW),
    "enrolment": (cohorts.enrolments_visible_to, Action.ENROLMENT_VIEW),
    "person": (people.visible_to, Action.PERSON_VIEW),
    "mark": (notes.visible_to, Action.NOTE_READ),
    "entry": (fieldwork.entries_visible_to, Action.ENTRY_VIEW),
    "observation": (fieldwork.observations_visible_to, Action.OBSERVATION_VIEW),
    "evidence": (fieldwork.evidence_visible_to, Action.EVIDENCE_VIEW),
    "placement": (fieldwork.placements_visible_to, Action.PRACTICE_VIEW),
    "supervision": (supervision.sessions_visible_to, Action.SUPERVISION_VIEW),
    "training": (training.sessions_visible_to, Action.TRAINING_VIEW),
    "announcement": (announcements.visible_to, Action.ANNOUNCEMENT_VIEW),
    "thread": (discussions.threads_visible_to, Action.DISCUSSION_JOIN),
    "post report": (moderation.reports_visible_to, Action.REPORT_SETTLE),
    "work": (exercises.visible_to, Action.EXERCISE_VIEW),
    "question": (questions.visible_to, Action.QUESTION_VIEW),
    "absence": (absences.visible_to, Action.ABSENCE_VIEW),
    "correction": (corrections.visible_to, Action.CORRECTION_VIEW),
    "dossier": (assessment.visible_to, Action.DOSSIER_VIEW),
    "certificate": (credentials.visible_to, Action.CERTIFICATE_VIEW),
}


def _ids(session, query) -> set:
    """Keys of what a list shows, without loading it."""
    model = query.column_descriptions[0]["entity"]
    return set(session.scalars(query.with_only_columns(model.id)))


def test_lists_show_what_the_table_allows(seeded_session, world):
    wrong = []
    for kind, (query, action) in LISTS.items():
        things = {t.obj.id: t for t in world.all[kind] if not isinstance(t.obj, Altered)}
        for who in world.people:
            listed = _ids(seeded_session, query(who.actor))
            allowed = {
                key
                for key, t in things.items()
                if not t.deleted and asking.permits(who.actor, action, t.obj)
            }
            name = f"{who.name} is"
            wrong += [f"{name} shown, against the table: {things[k]}" for k in listed - allowed]
            wrong += [f"{name} not shown, against it: {things[k]}" for k in allowed - listed]
    assert not wrong, "\n".join([f"{len(wrong)} differences", *wrong[:20]])


def test_waiting_cases_are_visible_cases(seeded_session, world):
    for who in world.people:
        waiting = _ids(seeded_session, assessment.waiting_for(who.actor))
        assert waiting <= _ids(seeded_session, assessment.visible_to(who.actor)), who.name


def test_trail_shows_the_countries_one_administers(seeded_session, world):
    words = "office"
    for who in world.people:
        listed = _ids(seeded_session, insight.trail_visible_to(who.actor))
        allowed = {t.obj.id for t in world.all["audit"] if may(who, words, t)}
        assert listed == allowed, who.name


def test_the_public_is_listed_nothing(seeded_session):
    for kind, (query, _) in LISTS.items():
        assert not _ids(seeded_session, query(PUBLIC)), kind
