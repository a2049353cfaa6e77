"""Records of supervised practice. Each belongs to an enrolment, the case."""

from lms.fieldwork.models.case import OfCase
from lms.fieldwork.models.confirmation import (
    ConfirmationLink,
    HostFeedback,
    Sheet,
    SheetEntry,
    Signature,
)
from lms.fieldwork.models.device import SyncedItem
from lms.fieldwork.models.entry import (
    Coachee,
    EntryTemplate,
    EntryVersion,
    Evidence,
    PracticumEntry,
)
from lms.fieldwork.models.observation import Attestation, Observation
from lms.fieldwork.models.placement import Placement
from lms.fieldwork.models.queue import Absence, ReusableComment
from lms.fieldwork.models.supervision import (
    SupervisionAction,
    SupervisionFeedback,
    SupervisionPresence,
    SupervisionSession,
)

__all__ = [
    "Absence",
    "Attestation",
    "Coachee",
    "ConfirmationLink",
    "EntryTemplate",
    "EntryVersion",
    "Evidence",
    "HostFeedback",
    "Observation",
    "OfCase",
    "Placement",
    "PracticumEntry",
    "ReusableComment",
    "Sheet",
    "SheetEntry",
    "Signature",
    "SupervisionAction",
    "SupervisionFeedback",
    "SupervisionPresence",
    "SupervisionSession",
    "SyncedItem",
]
