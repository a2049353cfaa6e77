"""The form of a question: its fields follow from the question itself, whatever its kind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # types lag behind

from lms.core.forms import LongTextField
from lms.core.i18n import NATIVE_NAMES
from lms.curriculum.corrections.files import settled
from lms.curriculum.corrections.forms import MOST_WORDS, CorrectionForm, NumberField

ROWS = ("choices", "steps", "answers")
BLANK = {"answers": 12, "choices": 8}
"""Rows that may be added, and how many there may be."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Slot:
    """A text in every language, or one other value; `name` begins the names of its fields."""

    name: str
    label: str
    kind: str = "text"
    """text, optional (a text that may be missing), lines, flag, match, order, remove"""


@dataclass(frozen=True)
class Group:
    """What stands together on the form: the question, one answer, one step."""

    legend: str
    slots: list[Slot] = field(default_factory=list)
    level: int = 1


# The shape -------------------------------------------------------------------------------------


def with_blanks(values: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """The question with an empty row at the end of each list that may grow."""
    grown = dict(values)
    for key in ROWS:
        rows = grown.get(key)
        if not isinstance(rows, list):
            continue
        rows = [with_blanks(row, languages) for row in rows]
        if len(rows) < BLANK.get(key, 0):
            rows.append(_blank(key, rows, values, languages))
        grown[key] = rows
    return grown


def _blank(
    key: str, rows: Sequence[Mapping[str, Any]], around: Mapping[str, Any], languages: Sequence[str]
) -> dict[str, Any]:
    taken = {row.get("id") for row in rows}
    blank: dict[str, Any] = {"id": next(name for name in _LETTERS if name not in taken)}
    if key == "answers":
        kind = around.get("kind")
        if kind == "matching":
            blank["match"] = ""
        elif kind != "ordering":
            blank["correct"] = False
    return {**blank, **dict.fromkeys(languages, ""), "": True}


def groups(values: Mapping[str, Any], languages: Sequence[str]) -> Iterator[Group]:
    """The parts of the form, in the order in which a question is read."""
    kind = values.get("kind")
    yield Group(_("Question"), [Slot("text", _("Text"))])
    for number, row in enumerate(values.get("choices", ()), 1):
        yield _row(_("Choice %(number)s", number=number), f"choices-{number - 1}", row)
    yield from _answers(values, "", "", kind, 1)
    if "accept" in values:
        yield Group(_("Accepted answers"), [Slot("accept", _("One a line"), "lines")])
    for number, step in enumerate(values.get("steps", ()), 1):
        name = f"steps-{number - 1}"
        said = _("Step %(number)s", number=number)
        slots = [Slot(f"{name}-text", _("Text")), Slot(f"{name}-feedback", _("Explanation"))]
        yield Group(said, slots)
        yield from _answers(step, f"{name}-", f"{said} · ", "scenario", 2)
    yield Group(_("Explanation"), [Slot("feedback", _("Shown after answering"))])
    if "model" in values:
        yield Group(_("What a good answer holds"), [Slot("model", _("Text"))])


def _answers(
    values: Mapping[str, Any], name: str, before: str, kind: object, level: int
) -> Iterator[Group]:
    for number, row in enumerate(values.get("answers", ()), 1):
        said = _("Answer %(number)s", number=number)
        yield _row(f"{before}{said}", f"{name}answers-{number - 1}", row, kind, level)


def _row(
    legend: str, name: str, row: Mapping[str, Any], kind: object = None, level: int = 1
) -> Group:
    slots = [Slot(name, _("Text"))]
    if kind == "matching":
        slots.append(Slot(f"{name}-match", _("Belongs to"), "match"))
    elif kind == "ordering":
        slots.append(Slot(f"{name}-order", _("Place in the right order"), "order"))
    elif kind is not None:
        slots.append(Slot(f"{name}-correct", _("This answer is right"), "flag"))
    if kind is not None:
        slots.append(Slot(f"{name}-feedback", _("Remark on this answer"), "optional"))
    if "" in row:
        return Group(_("%(answer)s (new; leave empty for none)", answer=legend), slots, level)
    slots.append(Slot(f"{name}-remove", _("Take it out"), "remove"))
    return Group(legend, slots, level)


# The form --------------------------------------------------------------------------------------


def question_form(
    values: Mapping[str, Any], languages: Sequence[str], **data: Any
) -> CorrectionForm:
    """The form with a question in it; `values` are those of `with_blanks`."""
    fields: dict[str, Any] = {}
    shown: dict[str, Any] = {}
    for group in groups(values, languages):
        for slot in group.slots:
            found = _look(values, slot.name)
            if slot.kind in {"text", "optional", "lines"}:
                for language in languages:
                    name = f"{slot.name}-{language}"
                    label = NATIVE_NAMES.get(language, language)
                    fields[name] = LongTextField(label, limit=MOST_WORDS)
                    shown[name] = _shown((found or {}).get(language, ""))
            elif slot.kind == "match":
                fields[slot.name] = SelectField(
                    slot.label, choices=_choices(values, languages), validate_choice=False
                )
                shown[slot.name] = found
            elif slot.kind == "order":
                fields[slot.name] = NumberField(slot.label)
                shown[slot.name] = int(slot.name.split("-")[-2]) + 1
            else:
                fields[slot.name] = BooleanField(slot.label)
                shown[slot.name] = bool(found)
    shape: type[CorrectionForm] = type("FilledQuestionForm", (CorrectionForm,), fields)
    return shape(data={**shown, **data})


def _choices(values: Mapping[str, Any], languages: Sequence[str]) -> list[SelectChoice]:
    rows = [row for row in values.get("choices", ()) if "" not in row]
    named = [(str(row.get("id")), str(row.get(languages[0], ""))[:60]) for row in rows]
    return [SelectChoice(value, text) for value, text in [("", "–"), *named]]


def _shown(found: Any) -> str:
    return "\n".join(map(str, found)) if isinstance(found, list) else str(found)


def _look(values: Any, name: str) -> Any:
    for key in name.split("-"):
        values = values[int(key)] if isinstance(values, list) else values.get(key)
        if values is None:
            return None
    return values


# What was typed --------------------------------------------------------------------------------


def question_content(
    form: CorrectionForm, values: Mapping[str, Any], languages: Sequence[str]
) -> dict[str, Any]:
    """The question as it was typed; rows taken out or left empty are gone."""
    return _Typed(form, languages).table(values, "")


class _Typed:
    """Reads a form back into the shape it was made from."""

    def __init__(self, form: CorrectionForm, languages: Sequence[str]) -> None:
        self.form, self.languages = form, languages

    def table(self, values: Mapping[str, Any], name: str) -> dict[str, Any]:
        """A question, a step or a row."""
        made: dict[str, Any] = {}
        for key, found in values.items():
            if key in ROWS and isinstance(found, list):
                made[key] = self.rows(found, f"{name}{key}-")
            elif key in self.languages:
                made[key] = settled(str(found), self.data(f"{name}{key}"))
            elif key == "accept" and isinstance(found, dict):
                made[key] = {language: self.lines(language) for language in self.languages}
            elif isinstance(found, dict) and f"{name}{key}-{self.languages[0]}" in self.form:
                made[key] = self.text(f"{name}{key}", found)
            elif f"{name}{key}" in self.form:
                made[key] = self.form[f"{name}{key}"].data
            elif key:
                made[key] = found
        return self.remarked(made, values, name)

    def remarked(
        self, made: dict[str, Any], values: Mapping[str, Any], name: str
    ) -> dict[str, Any]:
        """With the remark on an answer, which may come and go."""
        if name and f"{name}feedback-{self.languages[0]}" in self.form:
            remark = self.text(f"{name}feedback", values.get("feedback", {}))
            optional = f"{name}order" in self.form or f"{name}match" in self.form
            if any(remark.values()):
                made["feedback"] = remark
            elif optional or f"{name}correct" in self.form:
                made.pop("feedback", None)
        return made

    def rows(self, rows: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
        """The rows that stay, in the order asked for."""
        kept: list[tuple[int, int, dict[str, Any]]] = []
        for number, row in enumerate(rows):
            here = f"{name}{number}-"
            made = self.table(row, here)
            empty = "" in row and not any(made.get(language) for language in self.languages)
            removed = f"{here}remove" in self.form and self.form[f"{here}remove"].data
            if not empty and not removed:
                wanted = f"{here}order" in self.form and self.form[f"{here}order"].data
                kept.append((wanted or number + 1, number, made))
        return [made for *_order, made in sorted(kept, key=lambda one: one[:2])]

    def text(self, name: str, found: Mapping[str, str]) -> dict[str, str]:
        """A text in every language."""
        return {
            language: settled(str(found.get(language, "")), self.data(f"{name}-{language}"))
            for language in self.languages
        }

    def lines(self, language: str) -> list[str]:
        """Accepted answers, one a line."""
        typed = self.data(f"accept-{language}").split("\n")
        return [line.strip() for line in typed if line.strip()]

    def data(self, name: str) -> str:
        """What one field holds."""
        return self.form[name].data or ""
