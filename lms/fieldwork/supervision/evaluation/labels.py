"""The questions in words, and their answers."""

from flask_babel import LazyString, lazy_gettext

from lms.core.labels import register_refusals

QUESTION_WORDS: dict[str, LazyString] = {
    "time": lazy_gettext("My supervisor makes time for me and keeps to it."),
    "listening": lazy_gettext("I am listened to."),
    "questions": lazy_gettext("The questions I am asked help me to find my own way."),
    "feedback": lazy_gettext("What I am told about my practice is clear and of use."),
    "practice": lazy_gettext("What we agree on changes what I do in the field."),
    "safety": lazy_gettext("I can speak of what went wrong."),
}
LEVEL_WORDS: dict[int, LazyString] = {
    0: lazy_gettext("Never"),
    1: lazy_gettext("Rarely"),
    2: lazy_gettext("Sometimes"),
    3: lazy_gettext("Often"),
    4: lazy_gettext("Always"),
}

register_refusals(
    {
        "evaluation_incomplete": lazy_gettext("Answer all the questions."),
        "evaluation_not_supervised": lazy_gettext(
            "This person has not supervised you in the last three months."
        ),
        "evaluation_given_before": lazy_gettext(
            "You have answered about this person this quarter already. Thank you."
        ),
    }
)
