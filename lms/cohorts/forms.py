"""Forms of cohorts, their people and rosters."""

from typing import BinaryIO, ClassVar, cast
from uuid import UUID
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from lms.cohorts.fields import ChoiceField, DayField, ReasonField, required
from lms.cohorts.roster.rules import MAX_TEXT
from lms.cohorts.rules import CohortData
from lms.core.codes import token_in
from lms.core.errors import Refusal
from lms.core.files import Upload, accept
from lms.core.forms import Form, LineField, LongTextField, NewRecordForm, VersionedForm


class CohortForm(NewRecordForm, VersionedForm):
    """What is known of a cohort."""

    beside: ClassVar = {
        "country_out_of_scope": "country_code",
        "centre_elsewhere": "centre",
        "programme_not_in_release": "programme",
        "cohort_dates_reversed": "ends_on",
        "cohort_dates_far": "ends_on",
        "reason_needed": "reason",
    }

    name = LineField(lazy_gettext("Name"), [required(lazy_gettext("Give the cohort a name."))])
    country_code = ChoiceField(
        lazy_gettext("Country"), [InputRequired(lazy_gettext("Choose the country."))]
    )
    centre = ChoiceField(lazy_gettext("Centre of excellence"))
    programme = ChoiceField(
        lazy_gettext("Programme"), [InputRequired(lazy_gettext("Choose the programme."))]
    )
    release = ChoiceField(
        lazy_gettext("Content release"), [InputRequired(lazy_gettext("Choose the release."))]
    )
    starts_on = DayField(lazy_gettext("First day"), [required(lazy_gettext("Give the date."))])
    ends_on = DayField(lazy_gettext("Last day"), [required(lazy_gettext("Give the date."))])
    time_zone = LineField(
        lazy_gettext("Time zone"), [required(lazy_gettext("Give the time zone."))], limit=64
    )
    note = LongTextField(lazy_gettext("Note for the team"), limit=2000)
    reason = ReasonField(lazy_gettext("Reason for moving to another release"))

    def validate_time_zone(self, field: LineField) -> None:
        """Only zones that exist."""
        if field.data and field.data not in available_timezones():
            raise ValidationError(
                _("This time zone does not exist: write it as Africa/Casablanca.")
            )

    def content(self) -> CohortData:
        """What was typed, as the service takes it."""
        return CohortData(
            country_code=self.country_code.data,
            centre_id=UUID(self.centre.data) if self.centre.data else None,
            programme=self.programme.data,
            release_id=self.release.data,
            name=self.name.data or "",
            starts_on=self.starts_on.day,
            ends_on=self.ends_on.day,
            time_zone=self.time_zone.data or "",
            note=self.note.data or "",
        )


class ChangeForm(Form):
    """A step in a lifecycle, and why."""

    beside: ClassVar = {
        "reason_needed": "reason",
        "transfer_needs_cohort": "target",
        "transfer_not_there": "target",
    }

    reason = ReasonField()
    target = SelectField(lazy_gettext("To which cohort"), choices=[], validate_choice=False)


class ScanForm(Form):
    """A photo or scan of a paper."""

    scan = FileField(lazy_gettext("Photo or scan"))

    def upload(self) -> Upload:
        """The file, read and checked. Raises Refusal."""
        file = self.scan.data
        if not isinstance(file, FileStorage) or not file.filename:
            raise Refusal("scan_missing")
        return accept(cast("BinaryIO", file.stream), file.filename)

    def read(self, area: str) -> tuple[Upload, str | None]:
        """The file, and the token that a code on it shows (`core.codes`). Raises Refusal."""
        scan = self.upload()
        self.scan.data.stream.seek(0)
        return scan, token_in(self.scan.data.stream.read(), area)


class VersionedReasonForm(VersionedForm):
    """Why something that was planned or noted is cancelled, or corrected."""

    reason = ReasonField(validators=[required(lazy_gettext("Give the reason."))])


class MemberForm(Form):
    """Somebody who joins or leaves the team."""

    person = HiddenField()
    role = HiddenField()


class RosterForm(Form):
    """A list of people, pasted or in a file."""

    text = TextAreaField(lazy_gettext("Names, one a line"))
    file = FileField(lazy_gettext("Or a CSV file"))
    seen = HiddenField()

    def validate_text(self, field: TextAreaField) -> None:
        """Not endless."""
        if len(field.data or "") > MAX_TEXT:
            raise ValidationError(_("This list is too long: cut it into several."))
