"""Forms of questions under a lesson."""

from flask_babel import lazy_gettext
from wtforms import BooleanField

from lms.cohorts.fields import required
from lms.core.forms import LongTextField, NewRecordForm, VersionedForm


class QuestionForm(NewRecordForm, VersionedForm):
    """A question, or one's own once more."""

    text = LongTextField(
        lazy_gettext("Your question"), [required(lazy_gettext("Write the text."))], limit=2000
    )


class ReplyForm(NewRecordForm, VersionedForm):
    """An answer, or one's own once more."""

    text = LongTextField(
        lazy_gettext("Your answer"), [required(lazy_gettext("Write the text."))], limit=5000
    )
    settles = BooleanField(lazy_gettext("This answers the question"))
