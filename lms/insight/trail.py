"""The audit trail in words."""

from enum import Enum, StrEnum

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from lms.assessment.rules import DossierState
from lms.cohorts.announcements.rules import AnnouncementState
from lms.cohorts.discussion.rules import PostState
from lms.cohorts.rules import CohortState, EnrolmentState
from lms.cohorts.training.rules import TrainingState
from lms.core.audit import AuditEntry
from lms.core.labels import has_label, label
from lms.credentials.rules import CertificateState
from lms.curriculum.corrections.rules import CorrectionState
from lms.fieldwork.rules import EntryState, ObservationState, PlacementState, SupervisionState
from lms.insight.acts import ACTS
from lms.learning.activities.rules import RoundState
from lms.learning.exercises.rules import WorkState
from lms.learning.questions.rules import QuestionState
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.policy.actor import SYSTEM

KINDS: dict[str, LazyString] = {
    "person": lazy_gettext("Person"),
    "accountsession": lazy_gettext("Session"),
    "rolegrant": lazy_gettext("Role"),
    "country": lazy_gettext("Country"),
    "centre": lazy_gettext("Centre of excellence"),
    "partnerbody": lazy_gettext("Partner body"),
    "convention": lazy_gettext("Convention"),
    "contentrelease": lazy_gettext("Content release"),
    "correction": lazy_gettext("Correction"),
    "cohort": lazy_gettext("Cohort"),
    "enrolment": lazy_gettext("Enrolment"),
    "quizattempt": lazy_gettext("Quiz attempt"),
    "exercisework": lazy_gettext("Exercise handed in"),
    "teamround": lazy_gettext("Team exercise"),
    "contributionline": lazy_gettext("Line of the contribution"),
    "extratime": lazy_gettext("Extra time"),
    "placement": lazy_gettext("Placement"),
    "practicumentry": lazy_gettext("Practice entry"),
    "observation": lazy_gettext("Observation"),
    "absence": lazy_gettext("Absence of a supervisor"),
    "attestation": lazy_gettext("Attestation"),
    "confirmationlink": lazy_gettext("Link for a host"),
    "sheet": lazy_gettext("Weekly sheet"),
    "hostfeedback": lazy_gettext("Host feedback"),
    "announcement": lazy_gettext("Announcement"),
    "charteracceptance": lazy_gettext("Confidentiality charter"),
    "discussionthread": lazy_gettext("Discussion of a cohort"),
    "discussionpost": lazy_gettext("Post in a discussion"),
    "postreport": lazy_gettext("Reported post"),
    "lessonquestion": lazy_gettext("Question under a lesson"),
    "trainingsession": lazy_gettext("Training day"),
    "attendance": lazy_gettext("Attendance"),
    "supervisionsession": lazy_gettext("Supervision session"),
    "supervisionfeedback": lazy_gettext("Evaluation of supervision"),
    "dossier": lazy_gettext("Dossier"),
    "award": lazy_gettext("Award"),
    "certificate": lazy_gettext("Certificate"),
    "doubtreport": lazy_gettext("Report of a doubtful certificate"),
}
"""Every kind of record that the trail speaks of."""

_STATES: dict[str, type[StrEnum]] = {
    "cohort": CohortState,
    "enrolment": EnrolmentState,
    "placement": PlacementState,
    "practicumentry": EntryState,
    "observation": ObservationState,
    "announcement": AnnouncementState,
    "correction": CorrectionState,
    "discussionpost": PostState,
    "lessonquestion": QuestionState,
    "trainingsession": TrainingState,
    "supervisionsession": SupervisionState,
    "dossier": DossierState,
    "certificate": CertificateState,
    "quizattempt": AttemptState,
    "exercisework": WorkState,
    "teamround": RoundState,
}


def kind_options() -> list[tuple[str, str]]:
    """For the filter: all kinds, named."""
    return [("", _("All kinds")), *((kind, str(words)) for kind, words in KINDS.items())]


def kind_name(entry: AuditEntry) -> str:
    """What kind of record the row speaks of."""
    return str(KINDS[entry.subject_kind]) if entry.subject_kind in KINDS else entry.subject_kind


def who(entry: AuditEntry) -> str:
    """Whoever did it: a person's name as it stood, the system, or the public."""
    if entry.actor_id is not None:
        return entry.actor_label
    words: str = _("the system") if entry.actor_label == SYSTEM.display_name else _("the public")
    return words


def describe(entry: AuditEntry) -> str:
    """What was done, in words: `Practice entry approved`."""
    words = ACTS.get(entry.action)
    return f"{kind_name(entry)}: {entry.action}" if words is None else str(words)


def change(entry: AuditEntry) -> str:
    """`submitted → approved`, in words, or ''."""
    if entry.before is None or entry.after is None or entry.before == entry.after:
        return ""
    states = _STATES.get(entry.subject_kind)
    before, after = _member(states, entry.before), _member(states, entry.after)
    if before is None or after is None:
        return ""
    words: str = _("from “%(before)s” to “%(after)s”", before=label(before), after=label(after))
    return words


def _member(enum: type[StrEnum] | None, value: str) -> Enum | None:
    if enum is None or value not in set(enum):
        return None
    member = enum(value)
    return member if has_label(member) else None
