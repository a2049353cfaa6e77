"""The words of a release's practicum and rubric, in the language of the request."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort

from lms.cohorts.models import Cohort
from lms.core.db import AnySession
from lms.core.i18n import current_language
from lms.curriculum import service as curriculum
from lms.curriculum.release import Release
from lms.curriculum.rules import ActivityType, Choice, Programme, Rubric


class Titles(dict[str, str]):
    """Titles by id, in the order of the release; an id that it no longer has stands for itself."""

    def __missing__(self, key: str) -> str:
        return key

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a form's field."""
        return list(self.items())


@dataclass(frozen=True)
class Words:
    """All lists behind an entry."""

    types: Titles
    forms: Titles
    roles: Titles
    stakes: Titles
    limits: Titles
    purposes: Titles
    actors: Titles


def release_of(session: AnySession, cohort: Cohort) -> Release:
    """The release that a cohort is pinned to."""
    return curriculum.release(session, cohort.release_id)


def programme_of(session: AnySession, cohort: Cohort) -> Programme:
    """A cohort's programme, as its release has it; 404 without one."""
    found = release_of(session, cohort).programme(cohort.programme)
    if found is None:
        abort(404)
    return found


def rubric_of(session: AnySession, cohort: Cohort) -> Rubric:
    """The grid that a cohort's practice is scored on; 404 without one."""
    found = release_of(session, cohort).rubric(programme_of(session, cohort).rubric)
    if found is None:
        abort(404)
    return found


def words_of(session: AnySession, cohort: Cohort) -> Words:
    """What a cohort's entries may choose from, in words."""
    release = release_of(session, cohort)
    language = current_language()

    def titles(rows: Iterable[Choice | ActivityType]) -> Titles:
        return Titles({row.id: release.text(row.title, language) for row in rows})

    lists = release.practicum
    return Words(
        types=titles(lists.types),
        forms=titles(lists.forms),
        roles=titles(lists.roles),
        stakes=titles(lists.stakes),
        limits=titles(lists.limits),
        purposes=titles(lists.purposes),
        actors=titles(lists.actor_categories),
    )
