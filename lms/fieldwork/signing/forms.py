"""What hosts fill in, without an account."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField
from wtforms.validators import DataRequired

from lms.cohorts.fields import OneOfField, required
from lms.core.forms import Form, LineField, LongTextField
from lms.core.i18n import current_language
from lms.core.labels import label
from lms.fieldwork.feedback.rules import Degree, Question
from lms.fieldwork.signing.service import Answer

OBJECTS = "object"
"""What the button says that means "this is not right"."""


class HostForm(Form):
    """Who answers, and what else they want to say."""

    name = LineField(
        lazy_gettext("Your name"), [DataRequired(lazy_gettext("Give your name."))], limit=120
    )
    role = LineField(
        lazy_gettext("Your role"), [DataRequired(lazy_gettext("Give your role."))], limit=120
    )
    comment = LongTextField(lazy_gettext("Comment"), limit=2000)

    def answer(self, *, objects: bool = False) -> Answer:
        """What was typed, as the services take it."""
        return Answer(
            name=self.name.data or "",
            role=self.role.data or "",
            language=current_language(),
            comment=self.comment.data or "",
            objects=objects,
        )


class ConfirmForm(HostForm):
    """A host confirms what is shown, or says that it is not right."""

    seen = HiddenField()
    """Fingerprint of what was shown."""
    decision = HiddenField()

    @property
    def objects(self) -> bool:
        """Whether the host says that it is not right."""
        return bool(self.decision.data == OBJECTS)

    def validate(self, extra_validators: Any = None) -> bool:
        """An objection must say what is not right."""
        fits = bool(super().validate(extra_validators))
        if self.objects and not self.comment.data and not self.comment.errors:
            self.comment.errors = [_("Say what is not right.")]
            return False
        return fits


class FeedbackForm(HostForm):
    """The questionnaire: the questions as radio buttons, from 0 to 4."""

    @property
    def answers(self) -> dict[str, int]:
        """Question → degree, of a form that has been checked."""
        return {each.value: int(self[each.value].data) for each in Question}


def feedback_form() -> FeedbackForm:
    """The form with its questions, in the words of this request's language."""
    degrees = [(str(each.value), label(each)) for each in reversed(Degree)]
    fields = {
        each.value: OneOfField(label(each), [required(lazy_gettext("Choose an answer."))])
        for each in Question
    }
    shape: type[FeedbackForm] = type("FilledFeedbackForm", (FeedbackForm,), fields)
    form = shape()
    for each in Question:
        form[each.value].choices = degrees
    return form
