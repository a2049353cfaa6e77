"""Forms of weekly sheets."""

from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext
from wtforms import HiddenField

from lms.cohorts.fields import OneOfField, required
from lms.core.forms import Form


class PrintForm(Form):
    """Which week, at which place: `<Monday>:<placement>`."""

    week = HiddenField()

    @property
    def chosen(self) -> tuple[date, UUID] | None:
        """The week's Monday and the placement; None for anything else."""
        day, _, place = (self.week.data or "").partition(":")
        try:
            return date.fromisoformat(day), UUID(place)
        except ValueError:
            return None


class ChooseForm(Form):
    """A scan whose code cannot be read: whoever sent it says which sheet it is."""

    file = HiddenField()
    sheet = OneOfField(
        lazy_gettext("Which sheet is it?"), [required(lazy_gettext("Choose a sheet."))]
    )

    @property
    def file_id(self) -> UUID | None:
        """Key of the file that was kept."""
        try:
            return UUID(self.file.data or "")
        except ValueError:
            return None
