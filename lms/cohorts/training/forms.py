"""Forms of training days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, FormField, HiddenField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from lms.cohorts.fields import (
    ChoiceField,
    DayField,
    HourField,
    OneOfField,
    ReasonField,
    SomeOfField,
    WholeNumberField,
    check_address,
    required,
)
from lms.cohorts.models import TrainingSession
from lms.cohorts.timetable.rules import MOST_DATES, tomorrow
from lms.cohorts.training.queries import Line
from lms.cohorts.training.rules import (
    Attended,
    Plan,
    Rhythm,
    Tick,
    Worth,
    series,
)
from lms.core.forms import Form, LineField, LongTextField, NewRecordForm, VersionedForm
from lms.core.labels import label
from lms.people.models import Person

USUAL = (time(9), time(16, 30))


class PlanForm(NewRecordForm, VersionedForm):
    """When, where, with whom, about what."""

    beside: ClassVar = {
        "training_ends_before": "ends",
        "meeting_too_many_dates": "times",
        "meeting_without_place": "place",
        "training_without_trainer": "trainers",
        "training_trainer_gone": "trainers",
        "training_length": "ends",
        "meeting_outside_cohort": "day",
        "meeting_too_late": "day",
        "no_such_time": "begins",
    }

    title = LineField(lazy_gettext("Title"), [required(lazy_gettext("Give it a title."))])
    day = DayField(lazy_gettext("Date"), [required(lazy_gettext("Give the date."))])
    begins = HourField(lazy_gettext("Begins at"), [required(lazy_gettext("Give the hour."))])
    ends = HourField(lazy_gettext("Ends at"), [required(lazy_gettext("Give the hour."))])
    worth = OneOfField(lazy_gettext("Counts as"), [required(lazy_gettext("Choose one."))])
    times = WholeNumberField(lazy_gettext("How many dates"), MOST_DATES, 1)
    rhythm = OneOfField(lazy_gettext("The dates follow"))
    place = LineField(lazy_gettext("Place"))
    link = LineField(lazy_gettext("Link to the online meeting"), limit=1000)
    trainers = SomeOfField(lazy_gettext("Trainers"))
    modules = SomeOfField(lazy_gettext("Modules"))
    note = LongTextField(lazy_gettext("Note"), limit=2000)
    despite = BooleanField(lazy_gettext("Plan it all the same"))

    def validate_link(self, field: LineField) -> None:
        """Only an address of the web. Raises ValidationError."""
        check_address(field.data)

    def validate_trainers(self, field: SomeOfField) -> None:
        """Somebody. Raises ValidationError."""
        if not field.data:
            raise ValidationError(_("Choose at least one trainer."))

    def plan(self, zone: str) -> Plan:
        """What was typed, as the service takes it. Raises Refusal for an hour that never comes."""
        rhythm = Rhythm(self.rhythm.data) if self.rhythm.data else Rhythm.WEEKLY
        begins, ends = self.begins.hour, self.ends.hour
        return Plan(
            slots=series(self.day.day, begins, ends, zone, self.times.data or 1, rhythm),
            worth=Worth(self.worth.data),
            title=self.title.data or "",
            place=self.place.data or "",
            link=self.link.data or "",
            note=self.note.data or "",
            modules=tuple(self.modules.data or ()),
            trainer_ids=frozenset(UUID(key) for key in self.trainers.data or ()),
        )


def plan_form(
    team: Iterable[Person], modules: Sequence[tuple[str, str]], data: Mapping[str, Any]
) -> PlanForm:
    """The form with the cohort's trainers and its programme's modules."""
    form = PlanForm(data={"times": 1, "rhythm": Rhythm.DAILY.value, **data})
    form.worth.choices = [(one.value, label(one)) for one in Worth]
    form.rhythm.choices = [(one.value, label(one)) for one in Rhythm]
    form.trainers.choices = [(str(one.id), one.name) for one in team]
    form.modules.choices = list(modules)
    return form


def blank_data(now: datetime, zone: str, planner: UUID | None) -> dict[str, Any]:
    """A whole day, tomorrow, by whoever plans it."""
    return {
        "day": tomorrow(now, zone),
        "begins": USUAL[0],
        "ends": USUAL[1],
        "worth": Worth.WHOLE.value,
        "trainers": [str(planner)],
    }


def plan_data(meeting: TrainingSession) -> dict[str, Any]:
    """A session as the form shows it."""
    zone = ZoneInfo(meeting.cohort.time_zone)
    begins, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    return {
        "title": meeting.title,
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "worth": meeting.worth.value,
        "place": meeting.place,
        "link": meeting.link,
        "trainers": [str(key) for key in meeting.trainer_ids],
        "modules": meeting.modules,
        "note": meeting.note,
        "version": str(meeting.revision),
    }


class TickForm(PlainForm):
    """Whether one trainee came; `seen` is what stood there when the list was opened."""

    mark = ChoiceField(lazy_gettext("Presence"))
    seen = HiddenField()
    reason = LineField(lazy_gettext("Reason"), limit=500)


class ListForm(VersionedForm):
    """The list; `who` has one part a trainee."""

    def ticks(self) -> dict[UUID, Tick]:
        """What was ticked, by enrolment."""
        return {
            UUID(key): Tick(_mark(said["mark"]), said["reason"] or "", _mark(said["seen"]))
            for key, said in self["who"].data.items()
        }


def _mark(text: str | None) -> Attended:
    known = {one.value: one for one in Attended}
    return known.get(text or "", Attended.EXPECTED)


def list_form(meeting: TrainingSession, lines: Sequence[Line]) -> ListForm:
    """The form with a part for each trainee."""
    parts = {line.enrolment.id.hex: FormField(TickForm) for line in lines}
    who = type("WhoForm", (PlainForm,), parts)
    shape: type[ListForm] = type("FilledListForm", (ListForm,), {"who": FormField(who)})
    form = shape(
        data={
            "version": str(meeting.revision),
            "who": {
                line.enrolment.id.hex: {
                    "mark": line.attendance.mark.value if line.attendance else "expected",
                    "seen": line.attendance.mark.value if line.attendance else "expected",
                    "reason": line.attendance.reason if line.attendance else "",
                }
                for line in lines
            },
        }
    )
    for line in lines:
        part = form["who"].form[line.enrolment.id.hex].form
        part.mark.choices = [(one.value, label(one)) for one in Attended]
    return form


class CorrectForm(Form):
    """What was noted of one trainee, set right."""

    mark = OneOfField(lazy_gettext("Presence"), [required(lazy_gettext("Choose one."))])
    seen = HiddenField()
    reason = ReasonField(
        lazy_gettext("Why it is corrected"), [required(lazy_gettext("Give the reason."))]
    )

    @property
    def marks(self) -> tuple[Attended, Attended]:
        """What stood there, and what is to stand there."""
        return _mark(self.seen.data), _mark(self.mark.data)


class AnnounceForm(Form):
    """Why a trainee cannot come."""

    reason = LongTextField(
        lazy_gettext("Why can you not come?"),
        [required(lazy_gettext("Give the reason, in a word or two."))],
        limit=500,
    )


class CodeForm(Form):
    """The code on the trainer's screen."""

    code = LineField(
        lazy_gettext("Code"), [required(lazy_gettext("Type the code that you see."))], limit=40
    )


class MaterialForm(Form):
    """Something to hand out."""

    title = LineField(lazy_gettext("Title"))
    file = FileField(lazy_gettext("File"))
    url = LineField(lazy_gettext("Or an address"), limit=1000)

    def validate_url(self, field: LineField) -> None:
        """Only an address of the web. Raises ValidationError."""
        check_address(field.data)
