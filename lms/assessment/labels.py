"""Words of the case: states, places, outcomes, and why something is refused."""

from flask_babel import lazy_gettext

from lms.assessment.rules.forecast import Outlook, Risk, Yardstick
from lms.assessment.rules.ledger import RowKind
from lms.assessment.rules.scoring import SheetFault, Vote
from lms.assessment.rules.segregation import Conflict, PanelFault
from lms.assessment.rules.states import (
    AwardKind,
    CaseRole,
    DossierEvent,
    DossierState,
    Outcome,
)
from lms.assessment.rules.turns import Party
from lms.core.labels import register, register_refusals

register(
    {
        DossierState.OPEN: lazy_gettext("Being prepared"),
        DossierState.SUBMITTED: lazy_gettext("Dossier handed in"),
        DossierState.RETURNED: lazy_gettext("Returned to be completed"),
        DossierState.WITHDRAWN: lazy_gettext("Taken back"),
        DossierState.ADMISSIBLE: lazy_gettext("Admissible"),
        DossierState.ASSIGNED: lazy_gettext("Assessors named"),
        DossierState.ASSESSING: lazy_gettext("Being assessed"),
        DossierState.CONCORDANT: lazy_gettext("Assessed"),
        DossierState.DIVERGENT: lazy_gettext("Assessments diverge"),
        DossierState.MODERATED: lazy_gettext("Third assessment handed in"),
        DossierState.JURY: lazy_gettext("Before the jury"),
        DossierState.CERTIFIED: lazy_gettext("Certified"),
        DossierState.CONDITIONAL: lazy_gettext("Certified on condition"),
        DossierState.DEFERRED: lazy_gettext("Deferred"),
        DossierState.REFUSED: lazy_gettext("Refused"),
        DossierState.NOTIFIED: lazy_gettext("Decision released"),
        DossierState.APPEALED: lazy_gettext("Under appeal"),
        DossierState.UPHELD: lazy_gettext("Appeal upheld"),
        DossierState.REMITTED: lazy_gettext("Sent back to the jury"),
        DossierState.DISMISSED: lazy_gettext("Appeal dismissed"),
        DossierState.REASSESSMENT: lazy_gettext("To be reassessed"),
        DossierState.FINAL: lazy_gettext("Final"),
    },
    {
        DossierState.RETURNED: "warn",
        DossierState.DIVERGENT: "warn",
        DossierState.CERTIFIED: "ok",
        DossierState.CONDITIONAL: "warn",
        DossierState.DEFERRED: "warn",
        DossierState.REFUSED: "bad",
        DossierState.NOTIFIED: "ok",
        DossierState.FINAL: "ok",
        DossierState.APPEALED: "warn",
        DossierState.SUBMITTED: "soft",
        DossierState.ADMISSIBLE: "soft",
        DossierState.ASSIGNED: "soft",
        DossierState.ASSESSING: "soft",
        DossierState.CONCORDANT: "soft",
        DossierState.MODERATED: "soft",
        DossierState.JURY: "soft",
    },
)
register(
    {
        DossierEvent.SUBMIT: lazy_gettext("Hand in the dossier"),
        DossierEvent.WITHDRAW: lazy_gettext("Take back"),
        DossierEvent.RETURN: lazy_gettext("Return"),
        DossierEvent.ADMIT: lazy_gettext("Admit"),
        DossierEvent.ASSIGN: lazy_gettext("Name people"),
        DossierEvent.BEGIN: lazy_gettext("Begin the assessment"),
        DossierEvent.CONCUR: lazy_gettext("Close the assessment"),
        DossierEvent.DIVERGE: lazy_gettext("Note the divergence"),
        DossierEvent.MODERATE: lazy_gettext("Hand in the third assessment"),
        DossierEvent.CONVENE: lazy_gettext("Convene the jury"),
        DossierEvent.CERTIFY: lazy_gettext("Certify"),
        DossierEvent.CONDITION: lazy_gettext("Certify on condition"),
        DossierEvent.DEFER: lazy_gettext("Defer"),
        DossierEvent.REFUSE: lazy_gettext("Refuse"),
        DossierEvent.RELEASE: lazy_gettext("Release the decision"),
        DossierEvent.APPEAL: lazy_gettext("Appeal"),
        DossierEvent.UPHOLD: lazy_gettext("Uphold the appeal"),
        DossierEvent.REMIT: lazy_gettext("Send back to the jury"),
        DossierEvent.DISMISS: lazy_gettext("Dismiss the appeal"),
        DossierEvent.REASSESS: lazy_gettext("Reassess"),
        DossierEvent.CLOSE: lazy_gettext("Make final"),
    }
)
register(
    {
        CaseRole.ASSESSOR: lazy_gettext("Assessor"),
        CaseRole.THIRD_ASSESSOR: lazy_gettext("Third assessor"),
        CaseRole.JUROR: lazy_gettext("Member of the jury"),
        CaseRole.CHAIR: lazy_gettext("Chair of the jury"),
        AwardKind.ASSESSED: lazy_gettext("Assessed here"),
        AwardKind.LEGACY: lazy_gettext("Recorded, not assessed here"),
        Party.CANDIDATE: lazy_gettext("The trainee"),
        Party.COUNTRY: lazy_gettext("The country admin"),
        Party.PROGRAMME: lazy_gettext("The programme admin"),
        Party.ASSESSORS: lazy_gettext("The assessors"),
        Party.JURORS: lazy_gettext("The jury"),
        Party.NOBODY: lazy_gettext("Nobody"),
        RowKind.MODULE: lazy_gettext("Module"),
        RowKind.EXAM: lazy_gettext("Final exam"),
        RowKind.ENTRY: lazy_gettext("Practice entry"),
        RowKind.OBSERVATION: lazy_gettext("Observation"),
        RowKind.TRAINING: lazy_gettext("Training day"),
        RowKind.SUPERVISION: lazy_gettext("Supervision session"),
        RowKind.HOST_FEEDBACK: lazy_gettext("Feedback from a host"),
        RowKind.ATTESTATION: lazy_gettext("Attestation"),
    }
)
register(
    {
        Risk.OVERDUE: lazy_gettext("Overdue"),
        Risk.STANDSTILL: lazy_gettext("At a standstill"),
        Risk.PACE: lazy_gettext("Too slow"),
        Risk.SUPERVISION: lazy_gettext("Supervision behind"),
    },
    {
        Risk.OVERDUE: "bad",
        Risk.STANDSTILL: "warn",
        Risk.PACE: "warn",
        Risk.SUPERVISION: "warn",
    },
)
register(
    {
        Outlook.DONE: lazy_gettext("Done"),
        Outlook.IN_TIME: lazy_gettext("In time"),
        Outlook.TOO_LATE: lazy_gettext("Too late"),
        Outlook.STANDSTILL: lazy_gettext("Stands still"),
        Outlook.TOO_EARLY: lazy_gettext("Too early to tell"),
        Outlook.OVER: lazy_gettext("Cohort over"),
        Outlook.PLANNED: lazy_gettext("Enough days are planned."),
        Outlook.TOO_FEW: lazy_gettext("Not enough days are planned yet."),
        Yardstick.PRACTICE: lazy_gettext("Practice"),
        Yardstick.TIME: lazy_gettext("Time gone by"),
    }
)
register(
    {
        Outcome.CERTIFIED: lazy_gettext("Certified"),
        Outcome.CONDITIONAL: lazy_gettext("Certified on condition"),
        Outcome.DEFERRED: lazy_gettext("Deferred"),
        Outcome.REFUSED: lazy_gettext("Refused"),
    },
    {
        Outcome.CERTIFIED: "ok",
        Outcome.CONDITIONAL: "warn",
        Outcome.DEFERRED: "warn",
        Outcome.REFUSED: "bad",
    },
)
register(
    {
        Vote.CERTIFIED: lazy_gettext("Certified"),
        Vote.CONDITIONAL: lazy_gettext("Certified on condition"),
        Vote.DEFERRED: lazy_gettext("Deferred"),
        Vote.REFUSED: lazy_gettext("Refused"),
        Vote.ABSTAIN: lazy_gettext("Abstains"),
    }
)
register(
    {
        SheetFault.LEVEL_MISSING: lazy_gettext("Choose a level."),
        SheetFault.LEVEL_UNKNOWN: lazy_gettext("Choose one of the levels 0 to 4."),
        SheetFault.COMMENT_MISSING: lazy_gettext(
            "Say what you saw: levels 0, 1 and 4 need a comment."
        ),
        Conflict.IS_CANDIDATE: lazy_gettext("it is their own dossier"),
        Conflict.NOT_IN_POOL: lazy_gettext("not in the pool for this place and country"),
        Conflict.DECLARED: lazy_gettext("stood down from this case"),
        Conflict.ADMIN_OF_CASE: lazy_gettext("administers the country or the programme"),
        Conflict.SUPERVISED: lazy_gettext("supervised the candidate"),
        Conflict.TRAINED_RECENTLY: lazy_gettext("trained the candidate within the last 24 months"),
        Conflict.TRAINED: lazy_gettext("trained the candidate"),
        Conflict.SAME_EMPLOYER: lazy_gettext("works for the same employer as the candidate"),
        Conflict.SAME_COMMUNE: lazy_gettext("lives or works in the same commune as the candidate"),
        Conflict.IS_ASSESSOR: lazy_gettext("assesses this case already"),
        Conflict.IS_JUROR: lazy_gettext("sits on the jury of this case"),
        PanelFault.SAME_PERSON_TWICE: lazy_gettext("The same person is chosen twice."),
        PanelFault.ONE_ASSESSOR_NEEDED: lazy_gettext("Choose one assessor."),
        PanelFault.TWO_ASSESSORS_NEEDED: lazy_gettext("Choose two assessors."),
        PanelFault.BOTH_TRAINED: lazy_gettext(
            "Both assessors trained the candidate within the last 24 months: one at most may."
        ),
        PanelFault.NONE_FROM_ELSEWHERE: lazy_gettext(
            "One of the two assessors must come from another centre or another country."
        ),
        PanelFault.QUORUM_NEEDED: lazy_gettext("A jury needs three members, the chair among them."),
        PanelFault.ONE_CHAIR_NEEDED: lazy_gettext("Choose one chair for the jury."),
    }
)
register_refusals(
    {
        "ledger_changed": lazy_gettext(
            "The ledger kept with this dossier is not the one that was handed in. "
            "Nothing was released; ask the auditor to look at it."
        ),
        "ledger_incomplete": lazy_gettext(
            "The dossier cannot be handed in yet: %(number)s requirements remain."
        ),
        "statement_missing": lazy_gettext("Write your statement to the assessors first."),
        "dossier_handed_in": lazy_gettext(
            "The dossier has been handed in and can no longer be changed: %(state)s."
        ),
        "not_enrolled_now": lazy_gettext(
            "This enrolment is not active: %(state)s. Ask your country admin."
        ),
        "nobody_named": lazy_gettext("Choose at least one person."),
        "no_such_place": lazy_gettext(
            "%(place)s: %(number)s places are open now, and more people are chosen."
        ),
        "not_in_pool": lazy_gettext("This person is not in the pool for this case."),
        "conflict": lazy_gettext("%(name)s cannot be named: %(why)s."),
        "panel_fault": lazy_gettext("%(why)s"),
        "not_assigned": lazy_gettext("You have no place in this case."),
        "declare_first": lazy_gettext(
            "Declare first that you have no conflict of interest in this case, or stand down."
        ),
        "already_signed": lazy_gettext("The outcome has been signed: nobody can leave any more."),
        "sheet_handed_in": lazy_gettext("This score sheet has been handed in and stays as it is."),
        "sheet_incomplete": lazy_gettext(
            "The score sheet is not complete: look at %(number)s criteria again."
        ),
        "sheet_first": lazy_gettext("Hand in your score sheet before signing."),
        "recommendation_missing": lazy_gettext("Choose what you recommend."),
        "summary_needed": lazy_gettext(
            "Your recommendation differs from what the levels propose (%(proposed)s): "
            "say why in your view of the whole."
        ),
        "not_being_scored": lazy_gettext("This case is not being scored now: %(state)s."),
        "jury_decides": lazy_gettext("In this case the jury decides, and its chair signs."),
        "reasons_needed": lazy_gettext(
            "Give the reasons: the trainee receives them with the decision."
        ),
        "not_at_the_jury": lazy_gettext("This case is not before the jury now: %(state)s."),
        "not_a_juror": lazy_gettext("Somebody in this list is not on the jury of this case."),
        "juror_not_declared": lazy_gettext(
            "A member has not declared yet to have no conflict of interest: "
            "they cannot be counted as present."
        ),
        "chair_absent": lazy_gettext("The chair leads the meeting and must be present."),
        "no_quorum": lazy_gettext(
            "The jury decides with %(number)s members present or more, the chair among them."
        ),
        "held_in_future": lazy_gettext("The meeting lies in the future."),
        "minutes_needed": lazy_gettext("Write the minutes first."),
        "no_majority": lazy_gettext(
            "The votes carry no outcome: in a tie the chair’s vote decides, "
            "so the chair must vote for one of the outcomes that are level."
        ),
        "not_signed": lazy_gettext("The outcome has not been signed yet."),
    }
)
