"""Forms of verification and of the register."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # types lag behind
from wtforms.validators import DataRequired, InputRequired, Length

from lms.core.forms import Form, LineField, LongTextField, NewRecordForm
from lms.credentials.labels import CATEGORIES
from lms.credentials.rules import RevocationCategory

_NEEDED = DataRequired(lazy_gettext("Fill in this field."))


class CodeForm(Form):
    """The code from a paper. It changes nothing, so it needs no token and no cookie."""

    class Meta:
        csrf = False

    code = LineField(
        lazy_gettext("Code on the certificate"),
        [DataRequired(lazy_gettext("Type the code that is printed beside the QR code."))],
        limit=80,
    )


class FileForm(Form):
    """A certificate as a file, or the text of a credential."""

    file = FileField(lazy_gettext("Certificate (PDF) or credential (JSON)"))
    text = TextAreaField(lazy_gettext("… or the text of the credential"), [Length(max=70_000)])


class DoubtForm(NewRecordForm):
    """Somebody holds a certificate that they doubt."""

    shown = LineField(lazy_gettext("Number or code on the paper"))
    message = LongTextField(lazy_gettext("What seems wrong?"), [_NEEDED], limit=3000)
    contact = LineField(lazy_gettext("How can we answer you? E-mail or telephone"))


class DecisionForm(Form):
    """Suspending, reinstating, replacing: a reason that stays in the audit trail."""

    reason = LongTextField(lazy_gettext("Reason"), [_NEEDED], limit=2000)


class RevokeForm(DecisionForm):
    """Revoking: the public is told the category, the trail keeps the reason."""

    category = RadioField(
        lazy_gettext("Reason that the public is told"),
        [InputRequired(lazy_gettext("Choose what the public is told."))],
        choices=[SelectChoice(one.value, CATEGORIES[one]) for one in RevocationCategory],
    )
    sure = BooleanField(
        lazy_gettext("I understand that a revocation cannot be undone."),
        [InputRequired(lazy_gettext("Tick this box: a revocation cannot be undone."))],
    )


class AnswerForm(Form):
    """What came of a reported doubt."""

    answer = LongTextField(lazy_gettext("What was found, and done"), [_NEEDED], limit=2000)
