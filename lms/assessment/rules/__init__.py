"""Rules of the decision: ledger, states, segregation of duties, levels, turns. All pure."""

from lms.assessment.rules.ledger import Facts, Ledger, Line, evaluate
from lms.assessment.rules.states import (
    TRANSITIONS,
    AwardKind,
    CaseRole,
    DossierEvent,
    DossierState,
    Outcome,
    Profile,
)

__all__ = [
    "TRANSITIONS",
    "AwardKind",
    "CaseRole",
    "DossierEvent",
    "DossierState",
    "Facts",
    "Ledger",
    "Line",
    "Outcome",
    "Profile",
    "evaluate",
]
