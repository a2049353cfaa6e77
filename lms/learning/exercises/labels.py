"""Words of exercises: states, acts, refusals."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.learning.exercises.rules import WorkEvent, WorkState

register(
    {
        WorkState.DRAFT: lazy_gettext("Being written"),
        WorkState.HANDED_IN: lazy_gettext("With the trainers"),
        WorkState.LOOKED_AT: lazy_gettext("Being marked"),
        WorkState.RETURNED: lazy_gettext("To be reworked"),
        WorkState.ACCEPTED: lazy_gettext("Accepted"),
    },
    {
        WorkState.DRAFT: "plain",
        WorkState.HANDED_IN: "soft",
        WorkState.LOOKED_AT: "soft",
        WorkState.RETURNED: "warn",
        WorkState.ACCEPTED: "ok",
    },
)
register(
    {
        WorkEvent.HAND_IN: lazy_gettext("Hand in"),
        WorkEvent.WITHDRAW: lazy_gettext("Take back"),
        WorkEvent.TAKE_BACK: lazy_gettext("Take back the new version"),
        WorkEvent.LOOK: lazy_gettext("Begin to mark"),
        WorkEvent.RETURN: lazy_gettext("Return to be reworked"),
        WorkEvent.ACCEPT: lazy_gettext("Accept"),
        WorkEvent.REOPEN: lazy_gettext("Take up again"),
    }
)
register_refusals(
    {
        "exercise_closed": lazy_gettext(
            "This work cannot be changed now (%(state)s). What you typed stands below: copy it if "
            "you want to keep it."
        ),
        "exercise_being_marked": lazy_gettext(
            "A trainer has begun to mark it: it can no longer be taken back."
        ),
        "exercise_gone_on_with": lazy_gettext(
            "The trainee has gone on with this work: it comes back to you as a new version."
        ),
        "exercise_takes_no_files": lazy_gettext(
            "For this exercise, write text: it takes no files."
        ),
        "exercise_too_many_files": lazy_gettext("%(limit)s files at most: take some away."),
        "exercise_without_file": lazy_gettext("Add the file that this exercise asks for."),
        "exercise_without_text": lazy_gettext("Write your answer before you hand it in."),
        "exercise_empty": lazy_gettext("Write something or add a file."),
        "exercise_marks_strange": lazy_gettext(
            "These levels do not belong to this exercise. Load the page again."
        ),
        "exercise_level_missing": lazy_gettext("Give a level for this criterion."),
        "exercise_comment_missing": lazy_gettext("Levels 0, 1 and 4 want a few words: why?"),
        "exercise_feedback_missing": lazy_gettext(
            "Say what to rework: without it the trainee does not know what to do."
        ),
        "exercise_looked_at": lazy_gettext("%(name)s is marking it."),
        "exercise_not_yours_to_mark": lazy_gettext(
            "Only trainers of the cohort mark this exercise."
        ),
    }
)
