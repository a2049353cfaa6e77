"""The quick note: what, with whom, how long, where, a photo. The rest in the evening."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, MultipleFileField
from wtforms import Form as PlainForm
from wtforms import FormField, HiddenField

from lms.cohorts.fields import ChoiceField, DayField, OneOfField, WholeNumberField, required
from lms.core.files import Upload, accept
from lms.core.forms import Form, LongTextField, NewRecordForm
from lms.fieldwork.entries.rules import MAX_PARTICIPANTS, MINUTES_A_DAY, EntryContent
from lms.fieldwork.models import Placement
from lms.fieldwork.sync.rules import MAX_PHOTOS
from lms.fieldwork.words import Words


class NoteForm(NewRecordForm):
    """A practicum entry's beginning, in under a minute."""

    type = ChoiceField(
        lazy_gettext("What you did"), [required(lazy_gettext("Choose what you did."))]
    )
    minutes_direct = WholeNumberField(lazy_gettext("With the actors"), MINUTES_A_DAY)
    placement = OneOfField(lazy_gettext("Where"))
    held_on = DayField(lazy_gettext("Date"), [required(lazy_gettext("Give the date."))])
    summary = LongTextField(lazy_gettext("A few words"), limit=5000)
    photos = MultipleFileField(lazy_gettext("Photos"))

    def content(self) -> EntryContent:
        """What was typed, as the service takes it."""
        placement = self.placement.data
        participants = {
            name: number for name, number in self["participants"].data.items() if number
        }
        return EntryContent(
            placement_id=UUID(placement) if placement else None,
            type=self.type.data or "",
            form="",
            held_on=self.held_on.day,
            minutes_direct=self.minutes_direct.data or 0,
            minutes_indirect=0,
            minutes_preparation=0,
            role="",
            participants=participants,
            stakes=(),
            limits=(),
            purposes=(),
            summary=self.summary.data or "",
            consent_basis=None,
        )

    def uploads(self) -> list[Upload]:
        """The photos, read and checked. Raises Refusal."""
        chosen = [each for each in self.photos.data or () if each]
        return [accept(each.stream, each.filename or "") for each in chosen[:MAX_PHOTOS]]


def note_form(words: Words, placements: Sequence[Placement], today: date) -> NoteForm:
    """A blank note, or the one that was sent."""
    participants = type(
        "ParticipantsForm",
        (PlainForm,),
        {key: WholeNumberField(title, MAX_PARTICIPANTS) for key, title in words.actors.items()},
    )
    shape: type[NoteForm] = type(
        "FilledNoteForm", (NoteForm,), {"participants": FormField(participants)}
    )
    first = str(placements[0].id) if placements else ""
    form = shape(data={"held_on": today, "placement": first})
    form.type.choices = [("", lazy_gettext("Choose…")), *words.types.choices]
    form.placement.choices = [
        (str(place.id), f"{place.host}, {place.territory}") for place in placements
    ]
    return form


class OutboxFileForm(Form):
    """What a device has saved as a last resort."""

    file = FileField(lazy_gettext("File saved on the device"))


class SettleForm(Form):
    """Which of two versions is kept."""

    choice = HiddenField()
