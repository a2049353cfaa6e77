"""Words of questions under a lesson."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.learning.questions.rules import QuestionEvent, QuestionState

register(
    {
        QuestionState.OPEN: lazy_gettext("Waits for an answer"),
        QuestionState.ANSWERED: lazy_gettext("Answered"),
        QuestionState.REMOVED: lazy_gettext("Taken away"),
    },
    {
        QuestionState.OPEN: "warn",
        QuestionState.ANSWERED: "ok",
        QuestionState.REMOVED: "plain",
    },
)
register(
    {
        QuestionEvent.ANSWER: lazy_gettext("Mark as answered"),
        QuestionEvent.REOPEN: lazy_gettext("Not answered yet"),
        QuestionEvent.REMOVE: lazy_gettext("Take the question away"),
    }
)
register_refusals(
    {
        "question_edit_over": lazy_gettext(
            "The half hour for changing these words is over. Write an answer below instead."
        ),
        "question_removed": lazy_gettext("This question was taken away."),
        "questions_too_many": lazy_gettext(
            "That is %(limit)s today: go on tomorrow, or speak with your trainer."
        ),
    }
)
