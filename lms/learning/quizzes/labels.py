"""Words of quizzes' states and refusals."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.learning.quizzes.rules.attempts import AttemptEvent, AttemptState

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
register_refusals(
    {
        "attempt_closed": lazy_gettext("This attempt is closed: its answers stay as they are."),
        "attempt_overdue": lazy_gettext(
            "The time is over: what was saved before counts, and these last changes could not be "
            "added."
        ),
        "no_attempts_left": lazy_gettext("All %(limit)s attempts have been used."),
        "attempt_too_soon": lazy_gettext("The next attempt is not open yet."),
        "already_marked": lazy_gettext("These answers have been marked already."),
        "not_marked_yet": lazy_gettext("These answers have not been marked yet."),
        "marks_unchanged": lazy_gettext("Nothing differs from the marks that were given."),
        "marks_locked": lazy_gettext(
            "The trainee’s dossier has been handed in with these marks: they cannot be changed."
        ),
        "levels_missing": lazy_gettext("Give a level on every criterion of every answer."),
        "comment_too_long": lazy_gettext("A comment is too long: %(limit)s characters at most."),
    }
)
