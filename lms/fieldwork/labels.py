"""Words of supervised practice."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.fieldwork.entries import labels as entries
from lms.fieldwork.logbook import Shelf
from lms.fieldwork.queue import labels as queue
from lms.fieldwork.rules import (
    ConsentBasis,
    EntryEvent,
    EntryState,
    EvidenceAccess,
    LinkPurpose,
    Means,
    ObservationEvent,
    ObservationState,
    Party,
    PlacementEvent,
    PlacementState,
    PresenceState,
    SupervisionEvent,
    SupervisionKind,
    SupervisionState,
    SyncKind,
    SyncStatus,
)
from lms.fieldwork.signing import labels as signing
from lms.fieldwork.supervision import labels as supervision
from lms.fieldwork.sync import labels as sync

register(
    {
        PlacementState.PROPOSED: lazy_gettext("To be agreed"),
        PlacementState.AGREED: lazy_gettext("Agreed"),
        PlacementState.RUNNING: lazy_gettext("Under way"),
        PlacementState.ENDED: lazy_gettext("Ended"),
        PlacementState.CANCELLED: lazy_gettext("Given up"),
    },
    {
        PlacementState.PROPOSED: "warn",
        PlacementState.AGREED: "soft",
        PlacementState.RUNNING: "ok",
    },
)
register(
    {
        PlacementEvent.AGREE: lazy_gettext("Agree"),
        PlacementEvent.START: lazy_gettext("Mark as under way"),
        PlacementEvent.END: lazy_gettext("Mark as ended"),
        PlacementEvent.CANCEL: lazy_gettext("Cancel the placement"),
    }
)
register(
    {
        EntryState.DRAFT: lazy_gettext("Draft"),
        EntryState.SUBMITTED: lazy_gettext("Waiting for the supervisor"),
        EntryState.NEEDS_INFO: lazy_gettext("To complete"),
        EntryState.APPROVED: lazy_gettext("Approved"),
        EntryState.REJECTED: lazy_gettext("Rejected"),
        EntryState.WITHDRAWN: lazy_gettext("Withdrawn"),
        EntryState.AMENDED: lazy_gettext("Being amended"),
        EntryState.REVOKED: lazy_gettext("Approval taken back"),
        EntryState.LOCKED: lazy_gettext("In the dossier"),
        EntryState.DELETED: lazy_gettext("Deleted"),
    },
    {
        EntryState.SUBMITTED: "soft",
        EntryState.NEEDS_INFO: "warn",
        EntryState.APPROVED: "ok",
        EntryState.REJECTED: "bad",
        EntryState.AMENDED: "warn",
        EntryState.REVOKED: "bad",
        EntryState.LOCKED: "ok",
    },
)
register(
    {
        EntryEvent.SUBMIT: lazy_gettext("Hand in"),
        EntryEvent.ASK: lazy_gettext("Ask for more"),
        EntryEvent.APPROVE: lazy_gettext("Approve"),
        EntryEvent.REJECT: lazy_gettext("Reject"),
        EntryEvent.WITHDRAW: lazy_gettext("Withdraw"),
        EntryEvent.AMEND: lazy_gettext("Amend"),
        EntryEvent.REVOKE: lazy_gettext("Take the approval back"),
        EntryEvent.LOCK: lazy_gettext("Lock"),
        EntryEvent.UNLOCK: lazy_gettext("Unlock"),
        EntryEvent.UNDO: lazy_gettext("Undo"),
        EntryEvent.DELETE: lazy_gettext("Delete the draft"),
    }
)
register(
    {
        ConsentBasis.CONSENT: lazy_gettext("The people agreed that I speak of this session"),
        ConsentBasis.ORGANISATION_LETTER: lazy_gettext("Their organisation agreed in writing"),
        ConsentBasis.PUBLIC_EVENT: lazy_gettext("It was open to the public"),
    }
)
register(
    {
        ObservationState.DRAFT: lazy_gettext("Draft"),
        ObservationState.SHARED: lazy_gettext("To be countersigned"),
        ObservationState.COUNTERSIGNED: lazy_gettext("Countersigned"),
        ObservationState.COMMENTED: lazy_gettext("Commented on by the trainee"),
    },
    {
        ObservationState.SHARED: "soft",
        ObservationState.COUNTERSIGNED: "ok",
        ObservationState.COMMENTED: "warn",
    },
)
register(
    {
        ObservationEvent.SHARE: lazy_gettext("Share with the trainee"),
        ObservationEvent.COUNTERSIGN: lazy_gettext("Countersign"),
        ObservationEvent.COMMENT: lazy_gettext("Send my comment"),
    }
)
register(
    {
        Means.ACCOUNT: lazy_gettext("with an account"),
        Means.QR: lazy_gettext("on the spot, by QR code"),
        Means.LINK: lazy_gettext("by a one-time link"),
        Means.PAPER: lazy_gettext("countersigned on paper"),
    }
)
register(
    {
        Party.TRAINEE: lazy_gettext("Trainee"),
        Party.HOST: lazy_gettext("Host"),
        Party.CENTRE: lazy_gettext("Centre"),
    }
)
register(
    {
        LinkPurpose.ENTRY: lazy_gettext("Confirm people and minutes"),
        LinkPurpose.AGREEMENT: lazy_gettext("Sign the practice agreement"),
        LinkPurpose.FEEDBACK: lazy_gettext("Give feedback on the trainee’s work"),
    }
)
register(
    {
        EvidenceAccess.SUPERVISOR: lazy_gettext("Only my supervisor"),
        EvidenceAccess.TEAM: lazy_gettext("The cohort’s trainers and administrators too"),
        EvidenceAccess.CASE: lazy_gettext("Those who decide on my certificate too"),
    }
)
register(
    {
        SyncKind.ENTRY: lazy_gettext("Practice entry"),
        SyncKind.OBSERVATION: lazy_gettext("Observation"),
    }
)
register(
    {
        SyncStatus.STORED: lazy_gettext("Received"),
        SyncStatus.CONFLICT: lazy_gettext("Two versions: choose one"),
    },
    {SyncStatus.STORED: "ok", SyncStatus.CONFLICT: "warn"},
)
register(
    {
        SupervisionKind.INDIVIDUAL: lazy_gettext("One to one"),
        SupervisionKind.GROUP: lazy_gettext("In a group"),
    }
)
register(
    {
        SupervisionState.PLANNED: lazy_gettext("Planned"),
        SupervisionState.HELD: lazy_gettext("Held"),
        SupervisionState.CANCELLED: lazy_gettext("Cancelled"),
    },
    {SupervisionState.PLANNED: "soft", SupervisionState.HELD: "ok"},
)
register(
    {
        SupervisionEvent.HOLD: lazy_gettext("Write down as held"),
        SupervisionEvent.REOPEN: lazy_gettext("Correct it"),
        SupervisionEvent.CANCEL: lazy_gettext("Cancel the session"),
    }
)
register(
    {
        PresenceState.EXPECTED: lazy_gettext("Expected"),
        PresenceState.PRESENT: lazy_gettext("Attended"),
        PresenceState.ABSENT: lazy_gettext("Absent"),
        PresenceState.EXCUSED: lazy_gettext("Excused"),
    },
    {
        PresenceState.PRESENT: "ok",
        PresenceState.ABSENT: "bad",
        PresenceState.EXCUSED: "warn",
    },
)
register_refusals(
    {
        "entry_type_missing": lazy_gettext("Choose what you did."),
        "entry_form_missing": lazy_gettext("Choose the form it took."),
        "entry_role_missing": lazy_gettext("Say whether you led, co-led or observed."),
        "entry_in_future": lazy_gettext("This date is still to come: choose today or a past day."),
        "entry_outside_cohort": lazy_gettext("This date lies outside the cohort’s dates."),
        "entry_without_minutes": lazy_gettext("Say how many minutes it took."),
        "entry_day_full": lazy_gettext(
            "A day holds %(hours)s hours of practice at most: %(left)s minutes are left that day."
        ),
        "entry_participants_missing": lazy_gettext(
            "Say how many people took part: there is time spent with them."
        ),
        "entry_summary_missing": lazy_gettext("Tell in a few sentences what was done."),
        "entry_consent_missing": lazy_gettext("Say why you may speak of these people."),
        "entry_too_many_files": lazy_gettext("An entry holds %(limit)s files at most."),
        "entry_handed_in_before": lazy_gettext(
            "This entry was handed in already, with other words: open it from your logbook."
        ),
        "entry_of_another": lazy_gettext("This entry belongs to somebody else’s logbook."),
        "entry_not_yours_to_decide": lazy_gettext(
            "Only the supervisor named for this entry decides on it, never its author."
        ),
        "not_a_decision": lazy_gettext("Choose: approve, ask for more, or reject."),
        "nothing_chosen": lazy_gettext("Choose at least one entry."),
        "enrolment_not_active": lazy_gettext(
            "Entries wait while the enrolment’s state is “%(state)s”. Your draft is kept."
        ),
        "cohort_not_running": lazy_gettext(
            "Entries wait while the cohort’s state is “%(state)s”. Your draft is kept."
        ),
        "placement_missing": lazy_gettext(
            "Choose where it took place. If the list is empty, propose a placement first."
        ),
        "placement_not_agreed": lazy_gettext(
            "This placement is not agreed yet: keep a draft, and hand it in afterwards."
        ),
        "placement_without_supervisor": lazy_gettext(
            "This placement has no supervisor yet: keep a draft, and ask your administrator."
        ),
        "placement_dates_reversed": lazy_gettext("The end comes before the start."),
        "not_supervisor_here": lazy_gettext("This person does not supervise in this cohort."),
        "self_supervision": lazy_gettext("Nobody supervises their own practice."),
        "observation_scores_strange": lazy_gettext(
            "These scores do not belong to this grid. Load the page again."
        ),
        "observation_without_scores": lazy_gettext("Score at least one indicator that you saw."),
        "observation_feedback_missing": lazy_gettext(
            "Explain levels 0, 1 and 4 in your feedback: what you saw, or missed."
        ),
        "observation_of_another": lazy_gettext("Another trainer wrote this observation."),
        "observation_of_oneself": lazy_gettext("Nobody observes their own practice."),
        "comment_needed": lazy_gettext("Write what you see differently."),
        "requirement_not_attestable": lazy_gettext(
            "This requirement is met by the lessons and quizzes themselves."
        ),
        "amount_out_of_range": lazy_gettext("Give a whole number from 1 to %(limit)s."),
        "attestation_of_oneself": lazy_gettext("Nobody attests anything for themselves."),
        "attestation_revoked_before": lazy_gettext("This attestation was taken back already."),
    }
)
register(
    {
        Shelf.ALL: lazy_gettext("All"),
        Shelf.TO_DO: lazy_gettext("To finish"),
        Shelf.WAITING: lazy_gettext("Waiting"),
        Shelf.COUNTED: lazy_gettext("Counted"),
        Shelf.CLOSED: lazy_gettext("Not counted"),
    }
)
__all__ = ["entries", "queue", "signing", "supervision", "sync"]
