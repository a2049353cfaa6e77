"""Forms of the charter and of what is said under it."""

from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField

from lms.cohorts.fields import ReasonField, required
from lms.core.forms import Form, LineField, LongTextField, NewRecordForm, VersionedForm

MOST = 5000
"""Characters of a post."""


class CharterForm(Form):
    """One's word, with one's name."""

    name = LineField(
        lazy_gettext("Your name, in place of a signature"),
        [required(lazy_gettext("Type your name."))],
    )
    agreed = BooleanField(
        lazy_gettext("I have read this charter and will keep it."),
        [required(lazy_gettext("Tick this box if you agree."))],
    )


class ThreadForm(NewRecordForm):
    """A new subject, and the first words on it."""

    title = LineField(
        lazy_gettext("What it is about"), [required(lazy_gettext("Give it a title."))], limit=120
    )
    text = LongTextField(
        lazy_gettext("Text"), [required(lazy_gettext("Write the text."))], limit=MOST
    )


class PostForm(NewRecordForm, VersionedForm):
    """A reply, or one's own words once more."""

    title = LineField(lazy_gettext("What it is about"), limit=120)
    text = LongTextField(
        lazy_gettext("Your reply"), [required(lazy_gettext("Write the text."))], limit=MOST
    )


class HideForm(Form):
    """Why a post is hidden."""

    reason = ReasonField(None, [required(lazy_gettext("Give a reason."))])


class ReportForm(Form):
    """Why somebody should look at a post."""

    reason = ReasonField(
        lazy_gettext("What is wrong with it?"),
        [required(lazy_gettext("Say in a few words what is wrong."))],
    )
    to_office = BooleanField(lazy_gettext("Also to the country’s administration"))


class SettleForm(Form):
    """What becomes of a reported post."""

    reason = ReasonField()
    outcome = HiddenField()
