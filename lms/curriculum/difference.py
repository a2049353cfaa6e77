"""What differs between two releases: shown before a cohort is moved from one to the other. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lms.curriculum.rules import (
    Content,
    Lesson,
    Module,
    Programme,
    Question,
    Requirement,
    Rubric,
    Text,
)


class ChangeKind(StrEnum):
    """What happened to something between two releases."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class ChangedThing(StrEnum):
    """What a change is about; in the order in which changes are told."""

    PROGRAMME = "programme"
    REQUIREMENT = "requirement"
    MODULE = "module"
    LESSON = "lesson"
    QUESTION = "question"
    RUBRIC = "rubric"
    PRACTICUM = "practicum"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` and `after` are the things themselves, None where there is none."""

    kind: ChangeKind
    thing: ChangedThing
    title: Text
    before: Any = None
    after: Any = None


def differences(old: Content, new: Content, programme: str | None = None) -> list[Change]:
    """Everything that differs, or only what concerns one programme."""
    before, after = _Part(old, programme), _Part(new, programme)
    return [
        *_compare(ChangedThing.PROGRAMME, before.programmes, after.programmes, _title),
        *_compare(ChangedThing.REQUIREMENT, before.requirements, after.requirements, _title),
        *_compare(ChangedThing.MODULE, before.modules, after.modules, _title),
        *_compare(ChangedThing.LESSON, before.lessons, after.lessons, _title),
        *_compare(ChangedThing.QUESTION, before.questions, after.questions, _words),
        *_compare(ChangedThing.RUBRIC, before.rubrics, after.rubrics, _nothing),
        *_compare(ChangedThing.PRACTICUM, {"": old.practicum}, {"": new.practicum}, _nothing),
    ]


class _Part:
    """The part of a release that concerns one programme, or all of it."""

    def __init__(self, content: Content, only: str | None) -> None:
        chosen = {
            slug: programme
            for slug, programme in content.programmes.items()
            if only in {None, slug}
        }
        # requirements are told one by one, so a programme itself is compared without them
        self.programmes: Mapping[str, Any] = {
            slug: _Shell.of(programme) for slug, programme in chosen.items()
        }
        self.requirements: Mapping[str, Requirement] = {
            f"{slug}/{requirement.id}": requirement
            for slug, programme in chosen.items()
            for requirement in programme.requirements
        }
        slugs = (
            set(content.modules)
            if only is None
            else {slug for programme in chosen.values() for slug in programme.written}
        )
        self.modules: Mapping[str, Module] = {
            slug: module for slug, module in content.modules.items() if slug in slugs
        }
        names = {name for module in self.modules.values() for name in module.lessons}
        self.lessons: Mapping[str, Lesson] = {
            name: lesson for name, lesson in content.lessons.items() if name in names
        }
        self.questions: Mapping[str, Question] = {
            key: question for key, question in content.questions.items() if question.lesson in names
        }
        rubrics = {programme.rubric for programme in chosen.values()}
        self.rubrics: Mapping[str, Rubric] = {
            slug: rubric
            for slug, rubric in content.rubrics.items()
            if only is None or slug in rubrics
        }


@dataclass(frozen=True, slots=True)
class _Shell:
    """A programme without its requirements, and without the titles that its modules repeat."""

    title: Text
    rest: tuple[Any, ...]

    @classmethod
    def of(cls, programme: Programme) -> "_Shell":
        return cls(
            programme.title,
            (
                programme.version,
                programme.languages,
                programme.status,
                programme.decision,
                programme.rubric,
                programme.validity_months,
                programme.award,
                programme.summary,
                programme.criteria,
                programme.exam,
                tuple((place.slug, place.planned) for place in programme.modules),
            ),
        )


def _compare(
    thing: ChangedThing,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    title: Callable[[Any], Text],
) -> Iterator[Change]:
    for key in [*new, *(key for key in old if key not in new)]:
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        kind = ChangeKind.CHANGED
        if before is None or after is None:
            kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
        yield Change(kind, thing, title(after or before), before, after)


def _title(thing: Any) -> Text:
    found: Text = thing.title
    return found


def _words(question: Question) -> Text:
    return question.text


def _nothing(_thing: object) -> Text:
    return {}
