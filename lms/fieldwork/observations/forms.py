"""Forms of an observation."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import Form as PlainForm
from wtforms import FormField

from lms.cohorts.fields import ChoiceField, DayField, OneOfField, required
from lms.core.files import Upload, accept
from lms.core.forms import LineField, LongTextField, NewRecordForm, VersionedForm
from lms.curriculum.rules import Rubric
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.observations.rules import LEVELS
from lms.fieldwork.observations.service import ObservationContent
from lms.fieldwork.words import Words


class ObservationForm(NewRecordForm, VersionedForm):
    """What a trainer saw in the field; `scores` and `notes` have one field an indicator."""

    observed_on = DayField(lazy_gettext("Date"), [required(lazy_gettext("Give the date."))])
    setting = ChoiceField(
        lazy_gettext("What was observed"), [required(lazy_gettext("Choose what was observed."))]
    )
    place = LineField(lazy_gettext("Place"))
    entry = ChoiceField(lazy_gettext("Entry in the logbook"))
    setting_note = LongTextField(lazy_gettext("Setting: who was there, what for"), limit=2000)
    feedback = LongTextField(lazy_gettext("Feedback to the trainee"), limit=5000)
    photo = FileField(lazy_gettext("Photo"))

    def content(self) -> ObservationContent:
        """What was typed, as the service takes it."""
        scores = {name: int(level) for name, level in self["scores"].data.items() if level}
        return ObservationContent(
            observed_on=self.observed_on.day,
            place=self.place.data or "",
            setting=self.setting.data or "",
            setting_note=self.setting_note.data or "",
            entry_id=UUID(self.entry.data) if self.entry.data else None,
            scores=scores,
            feedback=self.feedback.data or "",
            notes={name: text for name, text in self["notes"].data.items() if text},
        )

    def upload(self) -> Upload | None:
        """The photo, read and checked. Raises Refusal."""
        chosen = self.photo.data
        return accept(chosen.stream, chosen.filename or "") if chosen else None


def observation_form(
    rubric: Rubric,
    texts: Mapping[str, str],
    words: Words,
    entries: Sequence[PracticumEntry],
    data: Mapping[str, object],
) -> ObservationForm:
    """The form with one row of levels for each indicator of the grid."""
    levels = [*((str(level), str(level)) for level in LEVELS), ("", lazy_gettext("Not seen"))]
    scores = type(
        "ScoresForm",
        (PlainForm,),
        {
            indicator.id: OneOfField(texts[indicator.id], default="")
            for criterion in rubric.criteria
            for indicator in criterion.indicators
        },
    )
    notes = type(
        "NotesForm",
        (PlainForm,),
        {name: LineField(lazy_gettext("Short note"), limit=300) for name in texts},
    )
    shape: type[ObservationForm] = type(
        "FilledObservationForm",
        (ObservationForm,),
        {"scores": FormField(scores), "notes": FormField(notes)},
    )
    form = shape(data=dict(data))
    for row in form["scores"].form:
        row.choices = levels
    form.setting.choices = [("", lazy_gettext("Choose…")), *words.types.choices]
    form.entry.choices = [
        ("", lazy_gettext("None")),
        *(
            (str(each.id), f"{each.held_on.isoformat()} · {words.types[each.type]}")
            for each in entries
        ),
    ]
    return form


def data_of(observation: Observation) -> dict[str, object]:
    """An observation as its form shows it."""
    return {
        "observed_on": observation.observed_on,
        "setting": observation.setting,
        "place": observation.place,
        "entry": str(observation.entry_id or ""),
        "setting_note": observation.setting_note,
        "feedback": observation.feedback,
        "scores": {name: str(level) for name, level in observation.scores.items()},
        "notes": dict(observation.notes),
        "version": str(observation.version),
    }


class AnswerForm(VersionedForm):
    """What the trainee says to it."""

    comment = LongTextField(lazy_gettext("Your comment"), limit=5000)
