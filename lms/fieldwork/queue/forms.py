"""Forms of the queue: deciding, words kept for another time, being away, giving work on."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from lms.cohorts.fields import ChoiceField, DayField, OneOfField, SomeOfField, required
from lms.core.forms import Form, LongTextField, NewRecordForm, VersionedForm
from lms.core.i18n import NATIVE_NAMES
from lms.fieldwork.models import PracticumEntry
from lms.people.models import Person


class DecideForm(VersionedForm):
    """A supervisor's answer."""

    comment = LongTextField(lazy_gettext("Comment to the trainee"), limit=5000)
    decision = HiddenField()
    seen = HiddenField()
    """Number of the version that the supervisor has read."""
    keep = BooleanField(lazy_gettext("Keep these words for another time"))

    @property
    def seen_number(self) -> int:
        """The version that was read; 0 when broken."""
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def decide_form(entry: PracticumEntry, *, typed: bool = False) -> DecideForm:
    """The form on an entry as it is now; empty unless something was `typed` into it."""
    data = {"version": str(entry.revision), "seen": str(entry.version)}
    return DecideForm(data=data) if typed else DecideForm(formdata=None, data=data)


class BulkForm(Form):
    """Entries chosen from the queue: `<id>:<revision>` each."""

    confirmed = HiddenField()


class CommentForm(NewRecordForm):
    """Words for another time."""

    language = OneOfField(lazy_gettext("Language"), [required()])
    text = LongTextField(lazy_gettext("Words"), [required()], limit=2000)


def comment_form(languages: Sequence[str], **data: object) -> CommentForm:
    """The form with the languages of the installation."""
    form = CommentForm(data=data)
    form.language.choices = [(code, NATIVE_NAMES[code]) for code in languages]
    return form


class AbsenceForm(NewRecordForm):
    """Who is away, when, and who stands in."""

    supervisor = ChoiceField(
        lazy_gettext("Who is away"), [InputRequired(lazy_gettext("Choose who is away."))]
    )
    stand_in = ChoiceField(
        lazy_gettext("Who stands in"), [InputRequired(lazy_gettext("Choose who stands in."))]
    )
    starts_on = DayField(lazy_gettext("From"), [required(lazy_gettext("Give the date."))])
    ends_on = DayField(lazy_gettext("To"), [required(lazy_gettext("Give the date."))])
    reason = LongTextField(lazy_gettext("Reason"), limit=500)


def absence_form(
    away: Sequence[Person], colleagues: Sequence[Person], **data: object
) -> AbsenceForm:
    """The form with the people whom one may choose."""
    form = AbsenceForm(data=data)
    none = ("", lazy_gettext("Choose…"))
    form.supervisor.choices = [none, *((str(each.id), each.name) for each in away)]
    form.stand_in.choices = [none, *((str(each.id), each.name) for each in colleagues)]
    return form


class ReassignForm(Form):
    """One supervisor for what waits too long."""

    entries = SomeOfField(lazy_gettext("Late entries"), validate_choice=False)
    placements = SomeOfField(lazy_gettext("Placements"), validate_choice=False)
    supervisor = ChoiceField(
        lazy_gettext("Supervisor"), [InputRequired(lazy_gettext("Choose a supervisor."))]
    )
