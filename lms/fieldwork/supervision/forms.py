"""Forms of supervision sessions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, FieldList, FormField
from wtforms import Form as PlainForm
from wtforms.validators import Optional, ValidationError

from lms.cohorts.fields import (
    ChoiceField,
    DayField,
    HourField,
    OneOfField,
    SomeOfField,
    WholeNumberField,
    check_address,
    required,
)
from lms.cohorts.models import Enrolment
from lms.cohorts.timetable.rules import MOST_DATES, instant, tomorrow, weekly
from lms.core.forms import LineField, LongTextField, NewRecordForm, VersionedForm
from lms.core.labels import label
from lms.fieldwork.models import SupervisionAction, SupervisionSession
from lms.fieldwork.rules import PresenceState, SupervisionKind
from lms.fieldwork.supervision.rules import (
    LEAST_MINUTES,
    MOST_ACTIONS,
    MOST_MINUTES,
    Agreed,
    Minutes,
    Plan,
    Presence,
)

BLANK_ACTIONS = 2
USUAL_MINUTES = 60
USUAL_HOUR = time(10)
CAME = (PresenceState.PRESENT, PresenceState.ABSENT, PresenceState.EXCUSED)


class PlanForm(NewRecordForm, VersionedForm):
    """When, where, with whom."""

    beside: ClassVar = {
        "supervision_one_trainee": "trainees",
        "supervision_two_trainees": "trainees",
        "supervision_too_many_trainees": "trainees",
        "supervision_not_enrolled": "trainees",
        "self_supervision": "trainees",
        "supervision_minutes": "minutes",
        "meeting_too_many_dates": "weeks",
        "meeting_without_place": "place",
        "meeting_outside_cohort": "day",
        "meeting_too_late": "day",
        "no_such_time": "at",
    }

    kind = OneOfField(
        lazy_gettext("Kind"), [required(lazy_gettext("Choose: individual or in a group."))]
    )
    trainees = SomeOfField(lazy_gettext("Trainees"))
    day = DayField(lazy_gettext("Date"), [required(lazy_gettext("Give the date."))])
    at = HourField(lazy_gettext("Hour"), [required(lazy_gettext("Give the hour."))])
    minutes = WholeNumberField(lazy_gettext("Minutes"), MOST_MINUTES, LEAST_MINUTES)
    weeks = WholeNumberField(lazy_gettext("How many weeks running"), MOST_DATES, 1)
    place = LineField(lazy_gettext("Place"))
    link = LineField(lazy_gettext("Link to the online meeting"), limit=1000)
    topic = LineField(lazy_gettext("Topic"))
    despite = BooleanField(lazy_gettext("Plan it all the same"))

    def validate_link(self, field: LineField) -> None:
        """Only an address of the web. Raises ValidationError."""
        check_address(field.data)

    def validate_trainees(self, field: SomeOfField) -> None:
        """Somebody. Raises ValidationError."""
        if not field.data:
            raise ValidationError(_("Choose at least one trainee."))

    def plan(self, zone: str) -> Plan:
        """What was typed, as the service takes it. Raises Refusal for an hour that never comes."""
        day, at = self.day.day, self.at.hour
        weeks = self.weeks.data or 1
        return Plan(
            kind=SupervisionKind(self.kind.data),
            starts_at=weekly(day, at, zone, weeks) if weeks > 1 else (instant(day, at, zone),),
            minutes=self.minutes.data or 0,
            place=self.place.data or "",
            link=self.link.data or "",
            topic=self.topic.data or "",
            enrolment_ids=frozenset(UUID(key) for key in self.trainees.data or ()),
        )


def plan_form(trainees: Sequence[Enrolment], data: Mapping[str, Any]) -> PlanForm:
    """The form with the cohort's trainees."""
    form = PlanForm(data={"minutes": USUAL_MINUTES, "weeks": 1, **data})
    form.kind.choices = [(kind.value, label(kind)) for kind in SupervisionKind]
    form.trainees.choices = [(str(one.id), one.person.name) for one in trainees]
    return form


def plan_data(meeting: SupervisionSession) -> dict[str, Any]:
    """A session as the form shows it."""
    local = meeting.starts_at.astimezone(ZoneInfo(meeting.cohort.time_zone))
    return {
        "kind": meeting.kind.value,
        "trainees": [str(one.enrolment_id) for one in meeting.presences],
        "day": local.date(),
        "at": local.time(),
        "minutes": meeting.minutes,
        "place": meeting.place,
        "link": meeting.link,
        "topic": meeting.topic,
        "version": str(meeting.revision),
    }


def blank_data(now: datetime, zone: str) -> dict[str, Any]:
    """A plan for tomorrow morning."""
    return {"day": tomorrow(now, zone), "at": USUAL_HOUR}


class PresenceForm(PlainForm):
    """Whether one trainee came."""

    state = OneOfField(lazy_gettext("Presence"))
    reason = LineField(lazy_gettext("Reason"))


class AgreedForm(PlainForm):
    """One thing that was agreed."""

    text = LineField(lazy_gettext("What will be done"), limit=300)
    whom = ChoiceField(lazy_gettext("By whom"))
    due_on = DayField(lazy_gettext("Until"), [Optional()])


class HoldForm(VersionedForm):
    """What is written down afterwards; `who` has one part a trainee."""

    beside: ClassVar = {"supervision_minutes": "minutes", "supervision_not_over": "minutes"}

    minutes = WholeNumberField(lazy_gettext("Minutes it really took"), MOST_MINUTES, LEAST_MINUTES)
    shared_notes = LongTextField(lazy_gettext("Shared notes"), limit=10_000)
    private_notes = LongTextField(lazy_gettext("Private notes"), limit=10_000)
    agreed = FieldList(FormField(AgreedForm), max_entries=MOST_ACTIONS)

    def content(self) -> Minutes:
        """What was typed, as the service takes it."""
        return Minutes(
            minutes=self.minutes.data or 0,
            presences={
                UUID(key): Presence(
                    PresenceState(said["state"]) if said["state"] else PresenceState.EXPECTED,
                    said["reason"] or "",
                )
                for key, said in self["who"].data.items()
            },
            shared_notes=self.shared_notes.data or "",
            private_notes=self.private_notes.data or "",
            agreed=tuple(
                Agreed(
                    text=row["text"],
                    enrolment_id=UUID(row["whom"]) if row["whom"] else None,
                    due_on=row["due_on"],
                )
                for row in self.agreed.data
                if row["text"]
            ),
        )


def hold_form(
    meeting: SupervisionSession, actions: Sequence[SupervisionAction], private_notes: str
) -> HoldForm:
    """The form with a part for each trainee, and rows for what is agreed."""
    trainees = sorted(meeting.presences, key=lambda one: one.enrolment.sort_name)
    who = type(
        "WhoForm",
        (PlainForm,),
        {one.enrolment_id.hex: FormField(PresenceForm) for one in trainees},
    )
    shape: type[HoldForm] = type("FilledHoldForm", (HoldForm,), {"who": FormField(who)})
    rows = _rows(meeting, actions)
    blank: list[dict[str, Any]] = [{}] * min(BLANK_ACTIONS, MOST_ACTIONS - len(rows))
    form = shape(
        data={
            "minutes": meeting.minutes,
            "shared_notes": meeting.shared_notes,
            "private_notes": private_notes,
            "version": str(meeting.revision),
            "who": {
                one.enrolment_id.hex: {
                    "state": "" if one.state is PresenceState.EXPECTED else one.state.value,
                    "reason": one.reason,
                }
                for one in trainees
            },
            "agreed": [*rows, *blank],
        }
    )
    for one in trainees:
        part = form["who"].form[one.enrolment_id.hex].form
        part.state.choices = [(state.value, label(state)) for state in CAME]
        part.state.label.text = one.enrolment.person.name
    everybody = [("", _("Everyone who was there"))] if len(trainees) > 1 else []
    for row in form.agreed:
        row.form.whom.choices = [
            *everybody,
            *((str(one.enrolment_id), one.enrolment.person.name) for one in trainees),
        ]
    return form


def _rows(
    meeting: SupervisionSession, actions: Sequence[SupervisionAction]
) -> list[dict[str, Any]]:
    """What was agreed before, as it was typed: once where it concerns everybody."""
    there = {one.enrolment_id for one in meeting.presences if one.state is PresenceState.PRESENT}
    whose: dict[tuple[str, date | None], list[UUID]] = {}
    for action in actions:
        whose.setdefault((action.text, action.due_on), []).append(action.enrolment_id)
    found: list[dict[str, Any]] = []
    for (text, due_on), keys in whose.items():
        everybody = len(there) > 1 and there <= set(keys)
        found += [
            {"text": text, "due_on": due_on, "whom": whom}
            for whom in ([""] if everybody else [str(key) for key in keys])
        ]
    return found


class PrivateForm(VersionedForm):
    """Notes for oneself."""

    private_notes = LongTextField(lazy_gettext("Private notes"), limit=10_000)
