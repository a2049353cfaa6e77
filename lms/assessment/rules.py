"""The life of a dossier."""

from enum import StrEnum


class Profile(StrEnum):
    """How a decision is made; programme data."""

    LIGHT = "light"
    STANDARD = "standard"
    STRICT = "strict"


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
