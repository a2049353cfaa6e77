"""Words of learning's states and refusals."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.learning.activities import labels as activities
from lms.learning.exercises import labels as exercises
from lms.learning.questions import labels as questions
from lms.learning.quizzes import labels as quizzes
from lms.learning.rules import ModuleState
from lms.learning.statistics import labels as statistics

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
    }
)
__all__ = ["activities", "exercises", "questions", "quizzes", "statistics"]
