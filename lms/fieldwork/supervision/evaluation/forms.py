"""The form of a quarterly evaluation."""

from flask_babel import lazy_gettext

from lms.cohorts.fields import OneOfField, required
from lms.core.forms import Form
from lms.fieldwork.supervision.evaluation.labels import LEVEL_WORDS, QUESTION_WORDS
from lms.fieldwork.supervision.evaluation.rules import LEVELS, QUESTIONS


class EvaluationForm(Form):
    """One field a question."""

    def levels(self) -> dict[str, int]:
        """What was answered."""
        return {name: int(self[name].data) for name in QUESTIONS}


def evaluation_form() -> EvaluationForm:
    """The form with its questions, from never to always."""
    message = lazy_gettext("Choose an answer.")
    shape: type[EvaluationForm] = type(
        "FilledEvaluationForm",
        (EvaluationForm,),
        {name: OneOfField(QUESTION_WORDS[name], [required(message)]) for name in QUESTIONS},
    )
    form = shape()
    for name in QUESTIONS:
        form[name].choices = [(str(level), LEVEL_WORDS[level]) for level in LEVELS]
    return form
