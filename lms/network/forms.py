"""Forms of the network."""

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    SelectField,
    SelectMultipleField,
    TelField,
    URLField,
    ValidationError,
)
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.errors import Refusal
from lms.core.forms import (
    Form,
    LineField,
    LongTextField,
    NewRecordForm,
    SafeText,
    VersionedForm,
    tidy,
)
from lms.core.labels import refusal_text

_NEEDED = lazy_gettext("Fill this in.")
_DATE = lazy_gettext("Write the date as day, month, year.")


def web_address(_form: Form, field: Field) -> None:
    """Accept http and https addresses of a host; nothing that a browser would run."""
    if field.data and not _is_web_address(field.data):
        raise ValidationError(refusal_text(Refusal("url_unfit")))


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = "@" not in parts.netloc and not any(c.isspace() for c in text)
    return plain and parts.scheme in {"http", "https"} and "." in host


def mail_address(_form: Form, field: Field) -> None:
    """Accept an e-mail address."""
    if not field.data:
        return
    try:
        field.data = validate_email(field.data, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValidationError(refusal_text(Refusal("email_unfit"))) from None


class PlainDateField(DateField):
    """A date; what is not one is said in words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the date."""
        if not valuelist or not valuelist[0]:
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_DATE)) from None


class CountryForm(VersionedForm):
    """What a country asks of its people."""

    language = SelectField(lazy_gettext("Language"))
    time_zone = LineField(lazy_gettext("Time zone"), [DataRequired(_NEEDED)], limit=60)
    needs_arabic_names = BooleanField(lazy_gettext("Names in Arabic script are required"))

    def validate_time_zone(self, field: Field) -> None:
        """Only zones of the time zone database."""
        if field.data not in available_timezones():
            raise ValidationError(
                lazy_gettext("Choose a zone from the list, such as Africa/Casablanca.")
            )


class NewCountryForm(CountryForm):
    """A country that joins."""

    code = SelectField(lazy_gettext("Country"))


class CentreForm(VersionedForm, NewRecordForm):
    """A centre of excellence."""

    name = LineField(lazy_gettext("Name"), [DataRequired(_NEEDED)])
    city = LineField(lazy_gettext("City"), [DataRequired(_NEEDED)])
    address = LongTextField(lazy_gettext("Address"), [Optional()], limit=500)
    email = EmailField(
        lazy_gettext("E-mail address"), [Optional(), SafeText(200), mail_address], filters=[tidy]
    )
    phone = TelField(lazy_gettext("Phone number"), [Optional(), SafeText(40)], filters=[tidy])


class PartnerForm(VersionedForm, NewRecordForm):
    """A partner body."""

    name = LineField(lazy_gettext("Name"), [DataRequired(_NEEDED)])
    kind = LineField(lazy_gettext("Kind of body"), [Optional()])
    website = URLField(
        lazy_gettext("Website"), [Optional(), SafeText(200), web_address], filters=[tidy]
    )


class ConventionForm(VersionedForm, NewRecordForm):
    """An agreement between several parties."""

    title = LineField(lazy_gettext("Title"), [DataRequired(_NEEDED)])
    signed_on = PlainDateField(lazy_gettext("Signed on"), [DataRequired(_NEEDED)])
    ends_on = PlainDateField(lazy_gettext("Last day"), [Optional()])
    purpose = LongTextField(lazy_gettext("Purpose"), [Optional()])
    parties = SelectMultipleField(
        lazy_gettext("Parties"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class EndForm(Form):
    """When and why something ends."""

    last_day = PlainDateField(lazy_gettext("Last day"), [DataRequired(_NEEDED)])
    reason = LongTextField(lazy_gettext("Reason"), [DataRequired(_NEEDED)], limit=1000)
