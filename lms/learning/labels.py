"""Words of learning's states and refusals."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.learning.activities import labels as activities
from lms.learning.exercises import labels as exercises
from lms.learning.questions import labels as questions
from lms.learning.rules import AttemptEvent, AttemptState, ModuleState

register(
    {
        AttemptState.IN_PROGRESS: lazy_gettext("In progress"),
        AttemptState.OVERDUE: lazy_gettext("Time over, not handed in"),
        AttemptState.FINISHED: lazy_gettext("Handed in"),
        AttemptState.ABANDONED: lazy_gettext("Given up"),
    },
    {
        AttemptState.IN_PROGRESS: "soft",
        AttemptState.OVERDUE: "warn",
        AttemptState.FINISHED: "ok",
        AttemptState.ABANDONED: "plain",
    },
)
register(
    {
        AttemptEvent.EXPIRE: lazy_gettext("Time ran out"),
        AttemptEvent.SUBMIT: lazy_gettext("Hand in"),
        AttemptEvent.ABANDON: lazy_gettext("Give up this attempt"),
    }
)
register(
    {
        ModuleState.PLANNED: lazy_gettext("In preparation"),
        ModuleState.LOCKED: lazy_gettext("Not open yet"),
        ModuleState.READY: lazy_gettext("To begin"),
        ModuleState.STARTED: lazy_gettext("In progress"),
        ModuleState.COMPLETED: lazy_gettext("All done"),
    },
    {
        ModuleState.PLANNED: "plain",
        ModuleState.LOCKED: "plain",
        ModuleState.READY: "soft",
        ModuleState.STARTED: "soft",
        ModuleState.COMPLETED: "ok",
    },
)
register_refusals(
    {
        "enrolment_not_active": lazy_gettext(
            "This enrolment is not active now (%(state)s): what you did is kept, and nothing new "
            "is counted."
        ),
        "module_locked": lazy_gettext("First complete: %(modules)s."),
        "attempt_closed": lazy_gettext("This attempt is closed: its answers stay as they are."),
        "attempt_overdue": lazy_gettext(
            "The time for changing answers is over. Hand in what is saved, or start again."
        ),
    }
)
__all__ = ["activities", "exercises", "questions"]
