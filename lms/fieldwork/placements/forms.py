"""Forms of a placement."""

from flask_babel import lazy_gettext
from wtforms import BooleanField
from wtforms.validators import InputRequired

from lms.cohorts.fields import ChoiceField, DayField, SomeOfField, required
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
