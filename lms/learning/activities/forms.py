"""Forms of a team's activities: five values, the charter, a line of the contribution."""

from collections.abc import Sequence

from flask_babel import lazy_gettext

from lms.cohorts.fields import ChoiceField, OneOfField, ReasonField, required
from lms.core.forms import Form, LineField, LongTextField, NewRecordForm, VersionedForm
from lms.core.labels import label
from lms.learning.activities.rules import VALUES, Circle, Counted, Side

LONGEST_VALUE = 60


class ValuesForm(Form):
    """Five values, for oneself."""

    value_1 = LineField(lazy_gettext("First value"), limit=LONGEST_VALUE)
    value_2 = LineField(lazy_gettext("Second value"), limit=LONGEST_VALUE)
    value_3 = LineField(lazy_gettext("Third value"), limit=LONGEST_VALUE)
    value_4 = LineField(lazy_gettext("Fourth value"), limit=LONGEST_VALUE)
    value_5 = LineField(lazy_gettext("Fifth value"), limit=LONGEST_VALUE)

    def values(self) -> list[str]:
        """What was typed, in order."""
        return [self[name].data or "" for name in VALUE_FIELDS]


VALUE_FIELDS = [f"value_{number}" for number in range(1, VALUES + 1)]


def values_form(words: Sequence[str]) -> ValuesForm:
    """The form, filled in with what is kept."""
    return ValuesForm(data=dict(zip(VALUE_FIELDS, words, strict=False)))


class MergeForm(VersionedForm):
    """Which value counts as which other."""

    name = ChoiceField(lazy_gettext("This value"), [required(lazy_gettext("Choose a value."))])
    into = ChoiceField(lazy_gettext("counts as"), [required(lazy_gettext("Choose a value."))])


def merge_form(rows: Sequence[Counted], revision: int) -> MergeForm:
    """The form, with the values of the tally."""
    form = MergeForm(data={"version": str(revision)})
    choices = [("", lazy_gettext("Choose…")), *((row.key, row.value) for row in rows)]
    form.name.choices = form.into.choices = choices
    return form


class CharterForm(VersionedForm):
    """The charter's text."""

    charter = LongTextField(
        lazy_gettext("Text of the charter"),
        [required(lazy_gettext("Write the text of the charter."))],
        limit=5000,
    )


class AgreeForm(VersionedForm):
    """Agreeing to the edition that was read."""


class LineForm(NewRecordForm):
    """One line of the contribution."""

    side = OneOfField(
        lazy_gettext("What the line says"), [required(lazy_gettext("Choose one of the two."))]
    )
    circle = OneOfField(
        lazy_gettext("For whom"), [required(lazy_gettext("Choose for whom it is."))]
    )
    text = LineField(
        lazy_gettext("In one line"), [required(lazy_gettext("Write the line."))], limit=300
    )


def line_form(*, typed: bool = False) -> LineForm:
    """The form, with its choices; blank unless something was typed."""
    form = LineForm() if typed else LineForm(formdata=None)
    form.side.choices = [(side.value, label(side)) for side in Side]
    form.circle.choices = [(circle.value, label(circle)) for circle in Circle]
    return form


class LeadForm(VersionedForm):
    """What a trainer does with the round; why, where that is asked."""

    reason = ReasonField(None)
