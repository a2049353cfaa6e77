"""Words of cohorts, enrolments and rosters."""

from enum import Enum

from flask_babel import LazyString, lazy_gettext

from lms.cohorts.announcements import labels as announcements
from lms.cohorts.discussion import labels as discussion
from lms.cohorts.roster.rules import RowFault, Verdict
from lms.cohorts.rules import CohortEvent, CohortState, EnrolmentEvent, EnrolmentState
from lms.cohorts.timetable import labels as timetable
from lms.cohorts.training import labels as training
from lms.core.labels import register, register_refusals

__all__ = ["ACTS", "announcements", "discussion", "timetable", "training"]

ACTS: dict[Enum, LazyString] = {
    CohortEvent.OPEN: lazy_gettext("Open for enrolment"),
    CohortEvent.START: lazy_gettext("Start the cohort"),
    CohortEvent.CLOSE: lazy_gettext("Finish the cohort"),
    CohortEvent.CANCEL: lazy_gettext("Cancel the cohort"),
    CohortEvent.REOPEN: lazy_gettext("Open the cohort again"),
}
"""What each step of a cohort's life is called on its button."""
register(ACTS)
register(
    {
        CohortState.PLANNED: lazy_gettext("Being formed"),
        CohortState.OPEN: lazy_gettext("Open for enrolment"),
        CohortState.RUNNING: lazy_gettext("In progress"),
        CohortState.CLOSED: lazy_gettext("Finished"),
        CohortState.CANCELLED: lazy_gettext("Called off"),
    },
    {
        CohortState.OPEN: "soft",
        CohortState.RUNNING: "ok",
        CohortState.CANCELLED: "bad",
    },
)
register(
    {
        EnrolmentState.ENROLLED: lazy_gettext("Enrolled"),
        EnrolmentState.PAUSED: lazy_gettext("Paused"),
        EnrolmentState.WITHDRAWN: lazy_gettext("Left the programme"),
        EnrolmentState.TRANSFERRED: lazy_gettext("Transferred"),
        EnrolmentState.COMPLETED: lazy_gettext("Completed"),
    },
    {
        EnrolmentState.ENROLLED: "soft",
        EnrolmentState.PAUSED: "warn",
        EnrolmentState.COMPLETED: "ok",
    },
)
register(
    {
        EnrolmentEvent.PAUSE: lazy_gettext("Pause the enrolment"),
        EnrolmentEvent.RESUME: lazy_gettext("Resume the enrolment"),
        EnrolmentEvent.WITHDRAW: lazy_gettext("Record a departure"),
        EnrolmentEvent.TRANSFER: lazy_gettext("Transfer to another cohort"),
        EnrolmentEvent.COMPLETE: lazy_gettext("Mark as completed"),
    }
)
register(
    {
        Verdict.NEW: lazy_gettext("New person"),
        Verdict.KNOWN: lazy_gettext("Known person"),
        Verdict.ENROLLED: lazy_gettext("Already in this cohort"),
        Verdict.DUPLICATE: lazy_gettext("Twice in the list"),
        Verdict.ERROR: lazy_gettext("To correct"),
    },
    {
        Verdict.NEW: "ok",
        Verdict.KNOWN: "soft",
        Verdict.DUPLICATE: "warn",
        Verdict.ERROR: "bad",
    },
)
register(
    {
        RowFault.NO_NAME: lazy_gettext("The family name in Latin letters is missing."),
        RowFault.BAD_EMAIL: lazy_gettext("This is not a complete e-mail address."),
        RowFault.BAD_PHONE: lazy_gettext(
            "This is not a complete phone number: give it with the country code, +212…"
        ),
        RowFault.TOO_LONG: lazy_gettext("One of the cells is too long: 200 characters at most."),
        RowFault.STRANGE: lazy_gettext(
            "One of the cells holds characters that cannot be read: save the file as UTF-8."
        ),
        RowFault.NOT_HERE: lazy_gettext(
            "This e-mail or phone number cannot be invited from here: "
            "write to the programme’s administration."
        ),
        RowFault.TWO_PEOPLE: lazy_gettext(
            "The e-mail belongs to one person and the phone number to another."
        ),
        RowFault.ON_TEAM: lazy_gettext("This person trains or supervises in this cohort."),
        RowFault.LEFT: lazy_gettext("This person’s account is closed: open it again first."),
        RowFault.ENDED: lazy_gettext(
            "This person’s enrolment here has ended: resume it from their page."
        ),
        RowFault.NOT_LATIN: lazy_gettext(
            "The Latin name holds letters or signs of another script."
        ),
        RowFault.NOT_ARABIC: lazy_gettext(
            "The Arabic name holds letters or signs of another script."
        ),
    }
)
register_refusals(
    {
        "cohort_dates_reversed": lazy_gettext("The end comes before the start."),
        "cohort_dates_far": lazy_gettext("A cohort lasts ten years at most: check the dates."),
        "cohort_has_people": lazy_gettext(
            "People are enrolled here: transfer them or record their departure first."
        ),
        "country_out_of_scope": lazy_gettext("You do not administer this country."),
        "centre_elsewhere": lazy_gettext("This centre is in another country."),
        "programme_not_in_release": lazy_gettext("This release does not hold this programme."),
        "not_a_team_role": lazy_gettext("A cohort’s team has trainers and supervisors only."),
        "person_not_available": lazy_gettext(
            "This person belongs to another country, or has left."
        ),
        "is_trainee_here": lazy_gettext("A trainee of this cohort cannot join its team."),
        "is_on_team": lazy_gettext("Somebody from the cohort’s team cannot be its trainee."),
        "cohort_takes_nobody": lazy_gettext(
            "Nobody can be enrolled any more: the cohort’s state is “%(state)s”."
        ),
        "enrolment_ended_before": lazy_gettext(
            "This person was enrolled here before (“%(state)s”): resume that enrolment instead."
        ),
        "transfer_needs_cohort": lazy_gettext("Choose the cohort to transfer to."),
        "transfer_not_there": lazy_gettext(
            "A transfer stays within the programme and the country, "
            "into a cohort that takes people."
        ),
        "scan_missing": lazy_gettext("Choose the photo or scan."),
        "roster_empty": lazy_gettext("There are no names in this list yet."),
        "roster_too_long": lazy_gettext(
            "This list has more than %(limit)s rows: cut it into several."
        ),
        "roster_nobody": lazy_gettext("No row of this list can be invited: correct it first."),
        "roster_changed": lazy_gettext(
            "Something has changed since the check. Look at the list again, then confirm."
        ),
    }
)
