"""Forms of a placement."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, InputRequired

from lms.cohorts.fields import (
    ChoiceField,
    DayField,
    OneOfField,
    ReasonField,
    SomeOfField,
    required,
)
from lms.cohorts.forms import ScanForm
from lms.core.forms import Form, LineField, LongTextField, NewRecordForm, VersionedForm
from lms.fieldwork.placements.service import PlacementData


class PlacementForm(NewRecordForm, VersionedForm):
    """Where a trainee practises."""

    host = LineField(lazy_gettext("Host organisation"), [required()])
    territory = LineField(lazy_gettext("Territory"), [required()])
    host_contact = LineField(lazy_gettext("Contact at the host"))
    starts_on = DayField(lazy_gettext("From"), [required(lazy_gettext("Give the date."))])
    ends_on = DayField(lazy_gettext("To"), [required(lazy_gettext("Give the date."))])
    own_institution = BooleanField(lazy_gettext("This is the institution that I work for"))
    consent_note = LongTextField(lazy_gettext("What was agreed with the host"), limit=2000)

    def content(self) -> PlacementData:
        """What was typed, as the service takes it."""
        return PlacementData(
            host=self.host.data or "",
            host_contact=self.host_contact.data or "",
            territory=self.territory.data or "",
            starts_on=self.starts_on.day,
            ends_on=self.ends_on.day,
            own_institution=bool(self.own_institution.data),
            consent_note=self.consent_note.data or "",
        )


class AssignForm(Form):
    """One supervisor for several placements."""

    placements = SomeOfField(lazy_gettext("Placements"))
    supervisor = ChoiceField(
        lazy_gettext("Supervisor"), [InputRequired(lazy_gettext("Choose a supervisor."))]
    )


class InterestsForm(VersionedForm):
    """What ties the trainee to the host."""

    ties = OneOfField(
        lazy_gettext("Does anything tie you to this host?"),
        [required(lazy_gettext("Choose an answer."))],
    )
    interests = LongTextField(lazy_gettext("What it is"), limit=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ties.choices = [
            ("none", lazy_gettext("Nothing ties me to this host")),
            ("some", lazy_gettext("Something does: kinship, employment, hierarchy, money, office")),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A tie has to be named."""
        fits = bool(super().validate(extra_validators))
        if self.ties.data == "some" and not self.interests.data and not self.interests.errors:
            self.interests.errors = [_("Say what ties you to the host.")]
            return False
        return fits

    @property
    def declared(self) -> str:
        """What was declared; '' for nothing."""
        return (self.interests.data or "") if self.ties.data == "some" else ""


class PaperSignatureForm(ScanForm):
    """The host has signed the printed agreement."""

    seen = HiddenField()
    name = LineField(
        lazy_gettext("Who signed for the host"), [DataRequired(lazy_gettext("Give the name."))]
    )
    role = LineField(lazy_gettext("Their role"))


class PaperAgreementForm(ScanForm):
    """An agreement that exists on paper alone."""

    reason = ReasonField(None, [required(lazy_gettext("Give the reason."))])
