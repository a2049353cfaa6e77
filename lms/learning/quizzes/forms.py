"""Forms of quizzes: answers under names that tell nothing, marks, extra time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from lms.cohorts.fields import ChoiceField, required
from lms.core.forms import Form, LongTextField, VersionedForm
from lms.curriculum.rules import Criterion, QuestionKind
from lms.learning.models import OpenMark
from lms.learning.quizzes.rules.attempts import EXTRA_PERCENT
from lms.learning.quizzes.rules.scoring import HIGHEST_LEVEL, TEXT
from lms.learning.quizzes.shown import Shown


class AttemptForm(VersionedForm):
    """Token against forgery, and the version of the answers that the person saw."""


def read_answers(
    sent: MultiDict[str, str], rows: Iterable[Shown]
) -> dict[str, dict[str, int | str]]:
    """What was chosen or typed, by question id. Anything else that was sent is left aside.

    `q-<number>` holds the place of a chosen answer, or words; `q-<number>-<place>` what was given
    to one answer (its position, the place of a choice) or to one step.
    """
    return {row.question.id: _read(sent, row) for row in rows}


def _read(sent: MultiDict[str, str], row: Shown) -> dict[str, int | str]:
    match row.question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            places = map(_number, sent.getlist(row.name))
            return {row.answers[at - 1].id: 1 for at in places if 0 < at <= len(row.answers)}
        case QuestionKind.ORDERING:
            given = {one.id: _sent(sent, row, at) for at, one in enumerate(row.answers, start=1)}
            return {name: place for name, place in given.items() if place}
        case QuestionKind.MATCHING:
            given = {one.id: _sent(sent, row, at) for at, one in enumerate(row.answers, start=1)}
            return {
                name: row.choices[at - 1].id
                for name, at in given.items()
                if 0 < at <= len(row.choices)
            }
        case QuestionKind.SCENARIO:
            return {
                step.id: answers[chosen - 1].id
                for at, (step, answers) in enumerate(row.steps, start=1)
                if 0 < (chosen := _sent(sent, row, at)) <= len(answers)
            }
        case QuestionKind.SHORT | QuestionKind.OPEN:
            return {TEXT: sent.get(row.name, "")}


def _sent(sent: MultiDict[str, str], row: Shown, place: int) -> int:
    return _number(sent.get(f"{row.name}-{place}", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0


class ExtraTimeForm(VersionedForm):
    """How much more time, and why."""

    percent = ChoiceField(lazy_gettext("Extra time"), [required()])
    reason = LongTextField(lazy_gettext("Reason"), limit=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.percent.choices = [
            ("0", _("None")),
            *((str(each), f"+ {each}\N{NO-BREAK SPACE}%") for each in EXTRA_PERCENT),
        ]


class MarkForm(Form):
    """Only the token: what is marked depends on what was asked (`read_marks`)."""


class CorrectForm(VersionedForm):
    """How many marks the person saw, and why they are corrected; the marks as in `MarkForm`."""

    reason = LongTextField(lazy_gettext("Why the marks are corrected"), [required()], limit=1000)


def level_name(row: Shown, criterion: Criterion) -> str:
    """The field of one criterion's level."""
    return f"level-{row.number}-{criterion.id}"


def read_marks(
    sent: Mapping[str, str], rows: Sequence[tuple[Shown, Sequence[Criterion]]]
) -> dict[str, tuple[dict[str, int], str]]:
    """Levels and comment by question id; what is missing or impossible is left out."""
    found = {}
    for row, criteria in rows:
        levels = {}
        for criterion in criteria:
            text = sent.get(level_name(row, criterion), "")
            if text.isascii() and text.isdigit() and int(text[:3]) <= HIGHEST_LEVEL:
                levels[criterion.id] = int(text[:3])
        comment = sent.get(f"comment-{row.number}", "")
        found[row.question.id] = (levels, comment)
    return found


def as_sent(
    marks: Mapping[str, Sequence[OpenMark]], rows: Sequence[tuple[Shown, Sequence[Criterion]]]
) -> dict[str, str]:
    """The marks that hold, as a form would send them: what a correction begins with."""
    sent = {}
    for row, criteria in rows:
        mark = marks[row.question.id][0]
        for criterion in criteria:
            sent[level_name(row, criterion)] = str(mark.levels[criterion.id])
        sent[f"comment-{row.number}"] = mark.comment
    return sent
