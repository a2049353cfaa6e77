"""Forms of an exercise: writing it, marking it, giving a reason."""

from collections.abc import Collection

from flask_babel import lazy_gettext
from flask_wtf.file import MultipleFileField
from wtforms import Form as PlainForm
from wtforms import FormField

from lms.cohorts.fields import OneOfField, SomeOfField
from lms.core.errors import Refusal
from lms.core.forms import LongTextField, VersionedForm
from lms.core.labels import refusal_text
from lms.core.uploading import FilesForm
from lms.curriculum.rules import Exercise
from lms.learning.exercises.rules import LEVELS, MAX_TEXT, Fault, Marking
from lms.learning.models import ExerciseVersion, ExerciseWork


class WorkForm(FilesForm, VersionedForm):
    """What a trainee writes and adds."""

    text = LongTextField(lazy_gettext("Your work"), limit=MAX_TEXT)
    files = MultipleFileField(lazy_gettext("Add files"))
    removed = SomeOfField(lazy_gettext("Take away"))


def work_form(work: ExerciseWork | None) -> WorkForm:
    """The form, filled in with what is kept."""
    data = {"text": work.text, "version": str(work.revision)} if work else {"version": "0"}
    form = WorkForm(data=data)
    form.removed.choices = [
        (str(each.id), each.file.name) for each in (work.kept_files if work else ())
    ]
    return form


class MarkForm(VersionedForm):
    """What a trainer says; `levels` and `comments` have one field a criterion."""

    feedback = LongTextField(lazy_gettext("Feedback to the trainee"), limit=5000)

    def marking(self) -> Marking:
        """What was typed, as the service takes it."""
        return Marking(
            marks={name: int(level) for name, level in self["levels"].data.items() if level},
            comments={name: text for name, text in self["comments"].data.items() if text},
            feedback=self.feedback.data or "",
        )

    def show_faults(self, faults: Collection[Fault]) -> None:
        """Each fault beside its field, and in the summary on top."""
        for fault in faults:
            text = refusal_text(Refusal(fault.code))
            if not fault.criterion:
                field = self.feedback
            elif fault.code == "exercise_level_missing":
                field = self["levels"].form[fault.criterion]
            else:
                field = self["comments"].form[fault.criterion]
            field.errors = [*field.errors, text]


def mark_form(
    exercise: Exercise, work: ExerciseWork, version: ExerciseVersion | None, *, typed: bool = False
) -> MarkForm:
    """The form with a row of levels for each criterion; filled in with what was kept."""
    levels = type(
        "LevelsForm",
        (PlainForm,),
        {name: OneOfField(lazy_gettext("Level"), default="") for name in exercise.criteria},
    )
    comments = type(
        "CommentsForm",
        (PlainForm,),
        {
            name: LongTextField(lazy_gettext("Why this level"), limit=2000)
            for name in exercise.criteria
        },
    )
    shape: type[MarkForm] = type(
        "FilledMarkForm",
        (MarkForm,),
        {"levels": FormField(levels), "comments": FormField(comments)},
    )
    data = {"version": str(work.revision)}
    kept = {
        "levels": {name: str(level) for name, level in version.marks.items()},
        "comments": dict(version.comments),
        "feedback": version.feedback,
    } if version and not typed else {}  # fmt: skip
    form = shape(data=data | kept) if typed else shape(formdata=None, data=data | kept)
    for row in form["levels"].form:
        row.choices = [(str(level), str(level)) for level in LEVELS]
    return form
