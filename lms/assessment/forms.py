"""Forms of the case."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from lms.assessment.rules.scoring import LEVELS, SheetFault, Vote, sheet_faults
from lms.assessment.rules.states import CaseRole, Outcome
from lms.assessment.service.sheets import Scores
from lms.core.forms import LineField, LongTextField, VersionedForm
from lms.core.labels import label
from lms.curriculum.rules import Rubric

REASON_LIMIT = 3000
_ABSENT = "absent"


class ActForm(VersionedForm):
    """A button: nothing but the version of the dossier that was looked at."""


class ReasonForm(VersionedForm):
    """A button that asks for a reason."""

    reason = LongTextField(
        lazy_gettext("Reason"),
        [InputRequired(lazy_gettext("Give a reason: it is kept with the decision."))],
        limit=REASON_LIMIT,
    )


class PrepareForm(VersionedForm):
    """What the trainee adds to the ledger."""

    statement = LongTextField(
        lazy_gettext("Your statement to the assessors"),
        [InputRequired(lazy_gettext("Write your statement to the assessors first."))],
        limit=10_000,
    )
    report = FileField(lazy_gettext("Your report"))


class SignForm(VersionedForm):
    """The outcome that the assessor of a light case signs."""

    outcome = RadioField(lazy_gettext("Outcome"), validate_choice=False)
    reasons = LongTextField(lazy_gettext("Reasons for the trainee"), limit=REASON_LIMIT)

    def offer(self) -> None:
        """Fill in the choices."""
        self.outcome.choices = [(outcome.value, label(outcome)) for outcome in Outcome]

    @property
    def chosen(self) -> Outcome | None:
        """The outcome chosen; None when there is none, or no such thing."""
        return _outcome(self.outcome.data)


def _outcome(value: str | None) -> Outcome | None:
    return Outcome(value) if value in set(Outcome) else None


# Scoring ---------------------------------------------------------------------------------------


class ScoreForm(VersionedForm):
    """A score sheet; `for_rubric` adds a level and a comment for each criterion."""

    rubric: Rubric
    recommendation = RadioField(lazy_gettext("You recommend"), validate_choice=False)
    summary = LongTextField(lazy_gettext("Your view of the whole"), limit=REASON_LIMIT)

    @classmethod
    def for_rubric(cls, rubric: Rubric) -> type["ScoreForm"]:
        """The form's class for one rubric."""
        fields: dict[str, Any] = {"rubric": rubric}
        for criterion in rubric.criteria:
            fields[f"level-{criterion.id}"] = RadioField(
                lazy_gettext("Level"), validate_choice=False
            )
            fields[f"comment-{criterion.id}"] = LongTextField(
                lazy_gettext("What you saw and read"), limit=REASON_LIMIT
            )
        return cast("type[ScoreForm]", type("RubricForm", (cls,), fields))

    def offer(self) -> None:
        """Fill in the choices."""
        self.recommendation.choices = [(outcome.value, label(outcome)) for outcome in Outcome]

    def show(self, scores: Scores) -> None:
        """Put a sheet into the form."""
        for criterion in self.rubric.criteria:
            level = scores.levels.get(criterion.id)
            self[f"level-{criterion.id}"].data = None if level is None else str(level)
            self[f"comment-{criterion.id}"].data = scores.comments.get(criterion.id, "")
        self.recommendation.data = scores.recommendation.value if scores.recommendation else None
        self.summary.data = scores.summary

    def scores(self) -> Scores:
        """What the form says. A level that does not exist is marked, and left out."""
        levels, comments = {}, {}
        for criterion in self.rubric.criteria:
            field = self[f"level-{criterion.id}"]
            if field.data in {str(level) for level in LEVELS}:
                levels[criterion.id] = int(field.data)
            elif field.data:
                field.errors = [*field.errors, label(SheetFault.LEVEL_UNKNOWN)]
            if text := self[f"comment-{criterion.id}"].data:
                comments[criterion.id] = text
        chosen = _outcome(self.recommendation.data)
        return Scores(levels, comments, chosen, self.summary.data or "")

    def mark_faults(self, scores: Scores) -> bool:
        """Mark what hinders the sheet from being handed in; whether there is anything."""
        faults = sheet_faults(
            scores.levels, scores.comments, [criterion.id for criterion in self.rubric.criteria]
        )
        for name, fault in faults.items():
            part = "comment" if fault is SheetFault.COMMENT_MISSING else "level"
            field = self[f"{part}-{name}"]
            field.errors = [*field.errors, label(fault)]
        if scores.recommendation is None:
            field = self.recommendation
            field.errors = [*field.errors, _("Choose what you recommend.")]
        return bool(faults) or scores.recommendation is None


# People ----------------------------------------------------------------------------------------


class Checkboxes(SelectMultipleField):
    """Several of a list, as boxes to tick. What is not in the list is refused by the service."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    validate_choice = False

    def pre_validate(self, form: Any) -> None:
        """Leave the check to the service, which knows why somebody may not be named."""


class AssignForm(VersionedForm):
    """Who is named for which place."""

    assessors = Checkboxes(lazy_gettext("Assessors"))
    assessor = RadioField(lazy_gettext("Assessor"), validate_choice=False)
    third = RadioField(lazy_gettext("Third assessor"), validate_choice=False)
    chair = RadioField(lazy_gettext("Chair of the jury"), validate_choice=False)
    jurors = Checkboxes(lazy_gettext("Members of the jury"))

    def places(self) -> dict[CaseRole, list[UUID]]:
        """What was chosen, by place. Raises ValueError for a key that is none."""
        given = {
            CaseRole.ASSESSOR: [*(self.assessors.data or []), self.assessor.data],
            CaseRole.THIRD_ASSESSOR: [self.third.data],
            CaseRole.CHAIR: [self.chair.data],
            CaseRole.JUROR: self.jurors.data or [],
        }
        return {role: [UUID(key) for key in keys if key] for role, keys in given.items()}


# The jury --------------------------------------------------------------------------------------


class DeliberationForm(VersionedForm):
    """The jury's meeting; `for_jury` adds a vote for each member who declared."""

    members: Mapping[UUID, str]
    held_on = DateField(
        lazy_gettext("Held on"), [InputRequired(lazy_gettext("Say when the jury met."))]
    )
    place = LineField(lazy_gettext("Place, or “by video call”"))
    minutes = LongTextField(
        lazy_gettext("Minutes of the meeting"),
        [InputRequired(lazy_gettext("Write the minutes first."))],
        limit=10_000,
    )
    reasons = LongTextField(lazy_gettext("Reasons for the trainee"), limit=REASON_LIMIT)

    @classmethod
    def for_jury(cls, members: Mapping[UUID, str]) -> type["DeliberationForm"]:
        """The form's class for one jury: key → name of each member who has declared."""
        fields: dict[str, Any] = {"members": members}
        for key, name in members.items():
            fields[f"vote-{key.hex}"] = SelectField(name, validate_choice=False)
        return cast("type[DeliberationForm]", type("JuryForm", (cls,), fields))

    def offer(self) -> None:
        """Fill in the choices."""
        votes = [(_ABSENT, _("Absent")), *((vote.value, label(vote)) for vote in Vote)]
        for field in self.vote_fields():
            field.choices = votes

    def vote_fields(self) -> list[Any]:
        """One field a member."""
        return [self[f"vote-{key.hex}"] for key in self.members]

    def show_votes(self, votes: Mapping[str, str]) -> None:
        """Put recorded votes into the form."""
        for key in self.members:
            self[f"vote-{key.hex}"].data = votes.get(str(key), _ABSENT)

    def votes(self) -> dict[UUID, Vote]:
        """The vote of each member present; an unknown vote is marked."""
        found = {}
        for key in self.members:
            field = self[f"vote-{key.hex}"]
            if field.data in set(Vote):
                found[key] = Vote(field.data)
            elif field.data not in {None, "", _ABSENT}:
                field.errors = [*field.errors, _("Choose one of the votes in the list.")]
        return found
