"""Forms of people."""

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale, lazy_gettext
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, TelField
from wtforms.validators import DataRequired, InputRequired, Optional

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
from lms.core.search import fold
from lms.people.models import Person
from lms.people.rules import (
    MAX_PASSWORD,
    Contact,
    Names,
    login_name,
    name_faults,
    password_fault,
    phone_number,
)

_NEEDED = lazy_gettext("Fill this in.")
_REGIONS = ("Africa/", "Europe/", "Indian/")
_FURTHER = (
    "America/Montreal America/New_York America/Sao_Paulo Asia/Amman Asia/Baghdad Asia/Beirut "
    "Asia/Damascus Asia/Dubai Asia/Gaza Asia/Jerusalem Asia/Kuwait Asia/Muscat Asia/Qatar "
    "Asia/Riyadh Atlantic/Azores Atlantic/Canary Atlantic/Cape_Verde"
)
_KNOWN = available_timezones()


class NamesForm(Form):
    """Names as on the identity document; `needs_arabic` is set by the route."""

    family_name = LineField(
        lazy_gettext("Family name"),
        [
            DataRequired(
                lazy_gettext("Write the family name. Whoever has a single name writes it here.")
            )
        ],
        limit=100,
    )
    given_name = LineField(lazy_gettext("Given name"), [Optional()], limit=100)
    family_name_ar = LineField(lazy_gettext("Family name in Arabic"), [Optional()], limit=100)
    given_name_ar = LineField(lazy_gettext("Given name in Arabic"), [Optional()], limit=100)
    needs_arabic = False

    @property
    def names(self) -> Names:
        """What was typed."""
        return Names(
            family_name=self.family_name.data or "",
            given_name=self.given_name.data or "",
            family_name_ar=self.family_name_ar.data or "",
            given_name_ar=self.given_name_ar.data or "",
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the scripts, and what the country asks for."""
        fine = bool(super().validate(extra_validators))
        for name, code in name_faults(self.names, needs_arabic=self.needs_arabic).items():
            if not self[name].errors:
                self.refuse(Refusal(code), self[name])
                fine = False
        return fine


class ContactForm(Form):
    """How a person is reached; `regions` are set by the route, the person's own first."""

    email = EmailField(lazy_gettext("E-mail address"), [Optional(), SafeText(200)], filters=[tidy])
    phone = TelField(lazy_gettext("Phone number"), [Optional(), SafeText(40)], filters=[tidy])
    login_name = LineField(lazy_gettext("Chosen name"), [Optional()], limit=40)
    regions: Sequence[str] = ()

    @property
    def contact(self) -> Contact:
        """What was typed, in the form in which it is kept. Raises Refusal."""
        email, phone, name = self.email.data, self.phone.data, self.login_name.data
        return Contact(
            email=self._email(email) if email else None,
            phone=self._phone(phone) if phone else None,
            login_name=self._login_name(name) if name else None,
        )

    def _email(self, text: str) -> str:
        try:
            return validate_email(text, check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            raise Refusal("email_unfit") from None

    def _phone(self, text: str) -> str:
        found = phone_number(text, self.regions)
        if not found:
            raise Refusal("phone_unfit")
        return found[0]

    def _login_name(self, text: str) -> str:
        found = login_name(text)
        if found is None:
            raise Refusal("login_name_unfit")
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each, and that there is one at all."""
        fine = bool(super().validate(extra_validators))
        for field, read in (
            (self.email, self._email),
            (self.phone, self._phone),
            (self.login_name, self._login_name),
        ):
            if field.data and not field.errors:
                try:
                    read(field.data)
                except Refusal as refusal:
                    self.refuse(refusal, field)
                    fine = False
        if not (self.email.data or self.phone.data or self.login_name.data):
            self.refuse(Refusal("contact_needed"), self.email)
            fine = False
        return fine


class NewPasswordField(PasswordField):
    """A password to be chosen. Nothing is stripped or refused but what cannot be typed again."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [InputRequired(_NEEDED), SafeText(MAX_PASSWORD)], **kwargs)


def check_password(form: Form, field: PasswordField, known: Iterable[str]) -> bool:
    """Show what is wrong with a new password, if anything."""
    if field.errors:
        return False
    if (code := password_fault(field.data or "", known)) is not None:
        form.refuse(Refusal(code), field)
        return False
    return True


def known_words(person: Person) -> list[str]:
    """What others know of a person, and would try first."""
    words = (person.name, person.name_ar, person.email, person.phone, person.login_name)
    return [word for word in words if word]


class SignInForm(Form):
    """E-mail, phone or chosen name, and password."""

    who = LineField(
        lazy_gettext("E-mail, phone number or chosen name"), [DataRequired(_NEEDED)], limit=254
    )
    password = PasswordField(
        lazy_gettext("Password"), [InputRequired(_NEEDED), SafeText(MAX_PASSWORD)]
    )
    kept = BooleanField(lazy_gettext("Stay signed in on this device"))
    next = HiddenField()


class CodeForm(Form):
    """A one-time code opens a new password."""

    who = LineField(
        lazy_gettext("E-mail, phone number or chosen name"), [DataRequired(_NEEDED)], limit=254
    )
    code = LineField(lazy_gettext("One-time code"), [DataRequired(_NEEDED)], limit=40)
    password = NewPasswordField(lazy_gettext("New password"))


class ForgotForm(Form):
    """Whom to send a link."""

    who = LineField(
        lazy_gettext("E-mail, phone number or chosen name"), [DataRequired(_NEEDED)], limit=254
    )


class ResetForm(Form):
    """A new password."""

    password = NewPasswordField(lazy_gettext("New password"))


class InvitationForm(NamesForm):
    """What an invited person tells when coming in."""

    language = SelectField(lazy_gettext("Language"))
    password = NewPasswordField(lazy_gettext("Password"))


class LanguageForm(Form):
    """Language of pages and mail, zone of times."""

    language = SelectField(lazy_gettext("Language"))
    time_zone = SelectField(lazy_gettext("Time zone"))


class OwnContactForm(ContactForm):
    """One's own addresses: the present password shows that it is really oneself."""

    password = PasswordField(
        lazy_gettext("Your password"), [InputRequired(_NEEDED), SafeText(MAX_PASSWORD)]
    )


class PasswordForm(Form):
    """From the present password to a new one."""

    present = PasswordField(
        lazy_gettext("Present password"), [InputRequired(_NEEDED), SafeText(MAX_PASSWORD)]
    )
    password = NewPasswordField(lazy_gettext("New password"))


class InviteForm(NamesForm, ContactForm, NewRecordForm):
    """Somebody new, with a first role."""

    country_code = SelectField(lazy_gettext("Country"))
    language = SelectField(lazy_gettext("Language"))
    role = SelectField(lazy_gettext("Role"))
    partner = SelectField(lazy_gettext("Partner body"), [Optional()])
    employer = LineField(lazy_gettext("Employer"), [Optional()])
    commune = LineField(lazy_gettext("Municipality"), [Optional()])


class PersonForm(NamesForm, ContactForm, VersionedForm):
    """What an administration corrects."""

    employer = LineField(lazy_gettext("Employer"), [Optional()])
    commune = LineField(lazy_gettext("Municipality"), [Optional()])


class RoleForm(Form):
    """One more role."""

    role = SelectField(lazy_gettext("Role"))
    partner = SelectField(lazy_gettext("Partner body"), [Optional()])


class ReasonForm(Form):
    """Why."""

    reason = LongTextField(lazy_gettext("Reason"), [DataRequired(_NEEDED)], limit=1000)


class TransferForm(ReasonForm):
    """Where to, and why."""

    country_code = SelectField(lazy_gettext("New country"))


def zone_choices(present: str) -> list[tuple[str, str]]:
    """Time zones of the regions where the programme works, by the name of the place."""
    places: dict[str, str] = get_global("zone_territories")  # type: ignore[assignment]
    locale = get_locale() or Locale("en")
    zones = {zone for zone in places if zone.startswith(_REGIONS)} | {*_FURTHER.split(), present}
    named = {zone: _place(zone, places.get(zone, ""), locale) for zone in zones & _KNOWN}
    named["UTC"] = "UTC"
    named.setdefault(present, present)
    return sorted(named.items(), key=lambda item: fold(item[1]))


def zone_place(zone: str) -> str:
    """`Africa/Casablanca` → `Casablanca (Maroc)`."""
    places: dict[str, str] = get_global("zone_territories")  # type: ignore[assignment]
    known = zone in _KNOWN and zone != "UTC"
    return _place(zone, places.get(zone, ""), get_locale() or Locale("en")) if known else zone


def _place(zone: str, territory: str, locale: Locale) -> str:
    city = get_timezone_location(zone, locale=locale, return_city=True)
    country = locale.territories.get(territory)
    return f"{city} ({country})" if country else str(city)
