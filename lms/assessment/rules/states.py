"""The life of a dossier."""

from enum import StrEnum

from lms.curriculum.rules import DecisionProfile

Profile = DecisionProfile
"""How a case is decided: the programme's manner, frozen in the dossier."""


class DossierState(StrEnum):
    """Where a dossier stands (domain, section 3)."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    ADMISSIBLE = "admissible"
    ASSIGNED = "assigned"
    ASSESSING = "assessing"
    CONCORDANT = "concordant"
    DIVERGENT = "divergent"
    MODERATED = "moderated"
    JURY = "jury"
    CERTIFIED = "certified"
    CONDITIONAL = "conditional"
    DEFERRED = "deferred"
    REFUSED = "refused"
    NOTIFIED = "notified"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REMITTED = "remitted"
    DISMISSED = "dismissed"
    REASSESSMENT = "reassessment"
    FINAL = "final"


class DossierEvent(StrEnum):
    """What happens to a dossier."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ADMIT = "admit"
    ASSIGN = "assign"
    BEGIN = "begin"
    CONCUR = "concur"
    DIVERGE = "diverge"
    MODERATE = "moderate"
    CONVENE = "convene"
    CERTIFY = "certify"
    CONDITION = "condition"
    DEFER = "defer"
    REFUSE = "refuse"
    RELEASE = "release"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    REMIT = "remit"
    DISMISS = "dismiss"
    REASSESS = "reassess"
    CLOSE = "close"


_S, _E = DossierState, DossierEvent
TRANSITIONS: dict[tuple[DossierState, DossierEvent], DossierState] = {
    # handed in, looked at by the country
    (_S.OPEN, _E.SUBMIT): _S.SUBMITTED,
    (_S.RETURNED, _E.SUBMIT): _S.SUBMITTED,
    (_S.WITHDRAWN, _E.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.ADMISSIBLE, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.SUBMITTED, _E.RETURN): _S.RETURNED,
    (_S.SUBMITTED, _E.ADMIT): _S.ADMISSIBLE,
    # given to people; naming more of them, or others, leaves the dossier where it is
    (_S.ADMISSIBLE, _E.ASSIGN): _S.ASSIGNED,
    (_S.ASSIGNED, _E.ASSIGN): _S.ASSIGNED,
    (_S.ASSESSING, _E.ASSIGN): _S.ASSESSING,
    (_S.CONCORDANT, _E.ASSIGN): _S.CONCORDANT,
    (_S.DIVERGENT, _E.ASSIGN): _S.DIVERGENT,
    (_S.MODERATED, _E.ASSIGN): _S.MODERATED,
    (_S.JURY, _E.ASSIGN): _S.JURY,
    (_S.REASSESSMENT, _E.ASSIGN): _S.ASSIGNED,
    # scored
    (_S.ASSIGNED, _E.BEGIN): _S.ASSESSING,
    (_S.ASSESSING, _E.CONCUR): _S.CONCORDANT,
    (_S.ASSESSING, _E.DIVERGE): _S.DIVERGENT,
    (_S.DIVERGENT, _E.MODERATE): _S.MODERATED,
    (_S.CONCORDANT, _E.CONVENE): _S.JURY,
    (_S.MODERATED, _E.CONVENE): _S.JURY,
    # decided: by the assessor in `light`, by the chair otherwise (the service looks which)
    (_S.CONCORDANT, _E.CERTIFY): _S.CERTIFIED,
    (_S.CONCORDANT, _E.CONDITION): _S.CONDITIONAL,
    (_S.CONCORDANT, _E.DEFER): _S.DEFERRED,
    (_S.CONCORDANT, _E.REFUSE): _S.REFUSED,
    (_S.JURY, _E.CERTIFY): _S.CERTIFIED,
    (_S.JURY, _E.CONDITION): _S.CONDITIONAL,
    (_S.JURY, _E.DEFER): _S.DEFERRED,
    (_S.JURY, _E.REFUSE): _S.REFUSED,
    (_S.CERTIFIED, _E.RELEASE): _S.NOTIFIED,
    (_S.CONDITIONAL, _E.RELEASE): _S.NOTIFIED,
    (_S.DEFERRED, _E.RELEASE): _S.NOTIFIED,
    (_S.REFUSED, _E.RELEASE): _S.NOTIFIED,
    # afterwards; appeal and reassessment have no pages yet
    (_S.NOTIFIED, _E.APPEAL): _S.APPEALED,
    (_S.APPEALED, _E.UPHOLD): _S.UPHELD,
    (_S.APPEALED, _E.REMIT): _S.REMITTED,
    (_S.APPEALED, _E.DISMISS): _S.DISMISSED,
    (_S.REMITTED, _E.CONVENE): _S.JURY,
    (_S.NOTIFIED, _E.REASSESS): _S.REASSESSMENT,
    (_S.NOTIFIED, _E.CLOSE): _S.FINAL,
    (_S.UPHELD, _E.CLOSE): _S.FINAL,
    (_S.DISMISSED, _E.CLOSE): _S.FINAL,
}
"""The way of a dossier. What is not listed cannot happen."""

IN_HAND = frozenset({_S.OPEN, _S.RETURNED, _S.WITHDRAWN})
"""The dossier is in the trainee's hands: statement and report may be changed."""

DECIDED = frozenset({_S.CERTIFIED, _S.CONDITIONAL, _S.DEFERRED, _S.REFUSED})
"""Signed, not yet released."""


class CaseRole(StrEnum):
    """What a person is assigned to a case for."""

    ASSESSOR = "assessor"
    THIRD_ASSESSOR = "third_assessor"
    JUROR = "juror"
    CHAIR = "chair"


class Outcome(StrEnum):
    """What a decision says."""

    CERTIFIED = "certified"
    CONDITIONAL = "conditional"
    DEFERRED = "deferred"
    REFUSED = "refused"


class AwardKind(StrEnum):
    """Where an award comes from."""

    ASSESSED = "assessed"
    LEGACY = "legacy"


OUTCOME_EVENTS: dict[Outcome, DossierEvent] = {
    Outcome.CERTIFIED: DossierEvent.CERTIFY,
    Outcome.CONDITIONAL: DossierEvent.CONDITION,
    Outcome.DEFERRED: DossierEvent.DEFER,
    Outcome.REFUSED: DossierEvent.REFUSE,
}
"""The event by which each outcome is signed."""
