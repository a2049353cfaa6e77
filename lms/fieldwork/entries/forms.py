"""Forms of an entry: writing it, deciding on it, giving a reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext
from flask_wtf.file import MultipleFileField
from wtforms import Form as PlainForm
from wtforms import FormField

from lms.cohorts.fields import (
    ChoiceField,
    DayField,
    OneOfField,
    ReasonField,
    SomeOfField,
    WholeNumberField,
    required,
)
from lms.core.errors import Refusal
from lms.core.forms import Form, LineField, LongTextField, NewRecordForm, VersionedForm
from lms.core.labels import label
from lms.core.uploading import FilesForm
from lms.fieldwork.coachees.rules import LONGEST
from lms.fieldwork.entries.rules import MAX_PARTICIPANTS, EntryContent, Fault
from lms.fieldwork.entries.templates import LONGEST_NAME
from lms.fieldwork.models import Coachee, Placement, PracticumEntry
from lms.fieldwork.rules import ConsentBasis, EvidenceAccess
from lms.fieldwork.words import Words

MINUTES_OF_A_DAY = 24 * 60
"""More than this is a slip; how much a day may hold is a rule, asked when handing in."""


class EntryForm(FilesForm, NewRecordForm, VersionedForm):
    """A practicum entry. As a draft it may stay unfinished; handing in asks for all."""

    placement = ChoiceField(lazy_gettext("Where"))
    type = ChoiceField(lazy_gettext("What you did"))
    form = ChoiceField(lazy_gettext("In what form"))
    held_on = DayField(lazy_gettext("Date"), [required(lazy_gettext("Give the date."))])
    role = OneOfField(lazy_gettext("Your part in it"))
    minutes_direct = WholeNumberField(lazy_gettext("With the actors"), MINUTES_OF_A_DAY)
    minutes_indirect = WholeNumberField(lazy_gettext("Follow-up, without them"), MINUTES_OF_A_DAY)
    minutes_preparation = WholeNumberField(lazy_gettext("Preparation"), MINUTES_OF_A_DAY)
    stakes = SomeOfField(lazy_gettext("What was at stake"))
    purposes = SomeOfField(lazy_gettext("What it was for"))
    limits = SomeOfField(lazy_gettext("Limits you met"))
    summary = LongTextField(lazy_gettext("What was done"), limit=5000)
    consent_basis = OneOfField(lazy_gettext("Why you may speak of these people"))
    coachees = SomeOfField(lazy_gettext("People you met alone"))
    new_coachee = LineField(lazy_gettext("Another person, under a pseudonym"), limit=LONGEST)
    reflection = LongTextField(lazy_gettext("My reflection"), limit=10_000)
    files = MultipleFileField(lazy_gettext("Photos, documents or sound"))
    access = OneOfField(lazy_gettext("Who may open these files besides you"))
    removed = SomeOfField(lazy_gettext("Take away"))

    def content(self) -> EntryContent:
        """What was typed, as the service takes it."""
        placement, basis = self.placement.data, self.consent_basis.data
        participants: dict[str, int] = {
            name: number for name, number in self["participants"].data.items() if number
        }
        return EntryContent(
            placement_id=UUID(placement) if placement else None,
            type=self.type.data or "",
            form=self.form.data or "",
            held_on=self.held_on.day,
            minutes_direct=self.minutes_direct.data or 0,
            minutes_indirect=self.minutes_indirect.data or 0,
            minutes_preparation=self.minutes_preparation.data or 0,
            role=self.role.data or "",
            participants=participants,
            stakes=tuple(self.stakes.data or ()),
            limits=tuple(self.limits.data or ()),
            purposes=tuple(self.purposes.data or ()),
            summary=self.summary.data or "",
            consent_basis=ConsentBasis(basis) if basis else None,
            coachees=tuple(self.coachees.data or ()),
        )

    @property
    def chosen_access(self) -> EvidenceAccess:
        """To whom the files are opened."""
        return EvidenceAccess(self.access.data or EvidenceAccess.TEAM)

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Each fault beside its field, and in the summary on top."""
        for fault in faults:
            field = self[fault.field]
            if isinstance(field, FormField):
                field = next(iter(field.form))
            self.refuse(Refusal(fault.code, **fault.params), field)


def entry_form(
    words: Words,
    placements: Sequence[Placement],
    today: date | None = None,
    entry: PracticumEntry | None = None,
    people: Sequence[Coachee] = (),
    start: Mapping[str, Any] | None = None,
) -> EntryForm:
    """The form with the choices of the release.

    Filled in from an entry, or begun today: blank, or from `start`, as a template keeps it.
    """
    participants = type(
        "ParticipantsForm",
        (PlainForm,),
        {key: WholeNumberField(title, MAX_PARTICIPANTS) for key, title in words.actors.items()},
    )
    shape: type[EntryForm] = type(
        "FilledEntryForm", (EntryForm,), {"participants": FormField(participants)}
    )
    data = _data(entry, placements, today)
    if start is not None:
        data = _begun(start, placements, today)
    form = shape(data={"access": EvidenceAccess.TEAM.value, **data})
    none = ("", lazy_gettext("Choose…"))
    form.placement.choices = [
        none,
        *((str(place.id), f"{place.host}, {place.territory}") for place in placements),
    ]
    form.type.choices = [none, *words.types.choices]
    form.form.choices = [none, *words.forms.choices]
    form.role.choices = words.roles.choices
    form.stakes.choices = words.stakes.choices
    form.purposes.choices = words.purposes.choices
    form.limits.choices = words.limits.choices
    form.consent_basis.choices = [(basis.value, label(basis)) for basis in ConsentBasis]
    chosen = {*(form.coachees.data or ()), *(entry.coachees if entry else ())}
    form.coachees.choices = [
        (str(each.id), each.pseudonym)
        for each in people
        if each.archived_at is None or str(each.id) in chosen
    ]
    form.access.choices = [(access.value, label(access)) for access in EvidenceAccess]
    form.removed.choices = [
        (str(each.id), each.file.name) for each in (entry.evidence if entry else ())
    ]
    return form


def _data(
    entry: PracticumEntry | None, placements: Sequence[Placement], today: date | None
) -> dict[str, Any]:
    if entry is None:
        only = str(placements[0].id) if len(placements) == 1 else ""
        return {"held_on": today, "placement": only}
    return {
        "placement": str(entry.placement_id or ""),
        "type": entry.type,
        "form": entry.form,
        "held_on": entry.held_on,
        "role": entry.role,
        "minutes_direct": entry.minutes_direct or None,
        "minutes_indirect": entry.minutes_indirect or None,
        "minutes_preparation": entry.minutes_preparation or None,
        "participants": dict(entry.participants),
        "coachees": list(entry.coachees),
        "stakes": list(entry.stakes),
        "purposes": list(entry.purposes),
        "limits": list(entry.limits),
        "summary": entry.summary,
        "consent_basis": entry.consent_basis.value if entry.consent_basis else None,
        "reflection": entry.reflection,
        "version": str(entry.revision),
    }


def _begun(
    start: Mapping[str, Any], placements: Sequence[Placement], today: date | None
) -> dict[str, Any]:
    """What a template or an earlier entry says, without what it cannot say of today."""
    data = {key: value or None for key, value in start.items() if key != "placement_id"}
    data["participants"] = start.get("participants") or {}
    here = {str(place.id) for place in placements}
    placement = start.get("placement_id") or ""
    return data | {"placement": placement if placement in here else "", "held_on": today}


class TemplateForm(Form):
    """Keeping an entry as a template."""

    name = LineField(
        lazy_gettext("Name of the template"),
        [required(lazy_gettext("Give the template a name."))],
        limit=LONGEST_NAME,
    )


class ReasonForm(VersionedForm):
    """Why something is undone."""

    reason = ReasonField(None, [required(lazy_gettext("Give the reason."))])
