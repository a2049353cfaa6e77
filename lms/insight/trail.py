"""The audit trail in words."""

from enum import Enum, StrEnum

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from lms.assessment.rules import DossierEvent, DossierState
from lms.cohorts.rules import CohortEvent, CohortState, EnrolmentEvent, EnrolmentState
from lms.core.audit import AuditEntry
from lms.core.labels import has_label, label
from lms.credentials.rules import CertificateEvent, CertificateState
from lms.fieldwork.rules import (
    EntryEvent,
    EntryState,
    ObservationEvent,
    ObservationState,
    PlacementEvent,
    PlacementState,
)
from lms.learning.rules import AttemptState

KINDS: dict[str, LazyString] = {
    "person": lazy_gettext("Person"),
    "rolegrant": lazy_gettext("Role"),
    "country": lazy_gettext("Country"),
    "centre": lazy_gettext("Centre of excellence"),
    "partnerbody": lazy_gettext("Partner body"),
    "convention": lazy_gettext("Convention"),
    "contentrelease": lazy_gettext("Content release"),
    "cohort": lazy_gettext("Cohort"),
    "enrolment": lazy_gettext("Enrolment"),
    "quizattempt": lazy_gettext("Quiz attempt"),
    "placement": lazy_gettext("Placement"),
    "practicumentry": lazy_gettext("Practice entry"),
    "evidence": lazy_gettext("Evidence"),
    "observation": lazy_gettext("Observation"),
    "attestation": lazy_gettext("Attestation"),
    "dossier": lazy_gettext("Dossier"),
    "assignment": lazy_gettext("Assignment to a case"),
    "scoresheet": lazy_gettext("Score sheet"),
    "deliberation": lazy_gettext("Deliberation"),
    "award": lazy_gettext("Award"),
    "certificate": lazy_gettext("Certificate"),
    "signingkey": lazy_gettext("Signing key"),
    "statuslist": lazy_gettext("Status list"),
    "doubtreport": lazy_gettext("Report of a doubtful certificate"),
}
"""Every kind of record that the trail speaks of."""

_EVENTS: dict[str, type[StrEnum]] = {
    "cohort": CohortEvent,
    "enrolment": EnrolmentEvent,
    "placement": PlacementEvent,
    "practicumentry": EntryEvent,
    "observation": ObservationEvent,
    "dossier": DossierEvent,
    "certificate": CertificateEvent,
}
_STATES: dict[str, type[StrEnum]] = {
    "cohort": CohortState,
    "enrolment": EnrolmentState,
    "placement": PlacementState,
    "practicumentry": EntryState,
    "observation": ObservationState,
    "dossier": DossierState,
    "certificate": CertificateState,
    "quizattempt": AttemptState,
}

ACTS: dict[str, LazyString] = {}
"""Acts that are no event of a lifecycle: the part after the dot."""


def kind_options() -> list[tuple[str, str]]:
    """For the filter: all kinds, named."""
    return [("", _("All")), *((kind, str(words)) for kind, words in KINDS.items())]


def kind_name(entry: AuditEntry) -> str:
    """What kind of record the row speaks of."""
    return str(KINDS[entry.subject_kind]) if entry.subject_kind in KINDS else entry.subject_kind


def describe(entry: AuditEntry) -> str:
    """What was done, in words: `Practice entry: approve`."""
    _kind, _dot, act = entry.action.partition(".")
    event = _member(_EVENTS.get(entry.subject_kind), act)
    if event is not None:
        words = label(event)
    elif entry.action in ACTS:
        words = str(ACTS[entry.action])
    else:
        words = act.replace("_", " ")
    return f"{kind_name(entry)}: {words}"


def change(entry: AuditEntry) -> str:
    """`submitted → approved`, in words, or ''."""
    if entry.before is None or entry.after is None or entry.before == entry.after:
        return ""
    states = _STATES.get(entry.subject_kind)
    before, after = _member(states, entry.before), _member(states, entry.after)
    if before is None or after is None:
        return ""
    return _("from “%(before)s” to “%(after)s”", before=label(before), after=label(after))


def _member(enum: type[StrEnum] | None, value: str) -> Enum | None:
    if enum is None or value not in set(enum):
        return None
    member = enum(value)
    return member if has_label(member) else None
