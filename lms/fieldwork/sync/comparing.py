"""Two versions of the same thing, line by line, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from lms.core.i18n import date_in_words
from lms.core.labels import label
from lms.fieldwork.entries.rules import EntryContent
from lms.fieldwork.models import Observation, Placement
from lms.fieldwork.observations.service import ObservationContent
from lms.fieldwork.words import Titles, Words


@dataclass(frozen=True)
class Line:
    """One field, as the first and as the second version has it."""

    title: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether they disagree."""
        return self.first != self.second


def entry_lines(
    first: EntryContent, second: EntryContent, words: Words, placements: Sequence[Placement]
) -> list[Line]:
    """An entry's fields; those that both leave empty are left out."""
    hosts = {place.id: f"{place.host}, {place.territory}" for place in placements}

    def shown(one: EntryContent) -> dict[str, str]:
        return {
            _("What you did"): words.types[one.type] if one.type else "",
            _("Date"): date_in_words(one.held_on),
            _("Where"): _name(hosts, one.placement_id),
            _("In what form"): words.forms[one.form] if one.form else "",
            _("Your part in it"): words.roles[one.role] if one.role else "",
            _("With the actors"): _minutes(one.minutes_direct),
            _("Follow-up, without them"): _minutes(one.minutes_indirect),
            _("Preparation"): _minutes(one.minutes_preparation),
            _("With whom"): _several(
                f"{words.actors[key]} {number}" for key, number in sorted(one.participants.items())
            ),
            _("What was at stake"): _listed(one.stakes, words.stakes),
            _("What it was for"): _listed(one.purposes, words.purposes),
            _("Limits you met"): _listed(one.limits, words.limits),
            _("What was done"): one.summary,
            _("Why you may speak of these people"): (
                label(one.consent_basis) if one.consent_basis else ""
            ),
        }

    return _lines(shown(first), shown(second))


def observation_lines(
    first: Observation, second: ObservationContent, words: Words, indicators: Mapping[str, str]
) -> list[Line]:
    """An observation's fields, indicator by indicator."""

    def shown(one: Observation | ObservationContent) -> dict[str, str]:
        found = {
            _("Date"): date_in_words(one.observed_on),
            _("What was observed"): words.types[one.setting],
            _("Place"): one.place,
            _("Setting: who was there, what for"): one.setting_note,
            _("Feedback to the trainee"): one.feedback,
        }
        for key, text in indicators.items():
            found[text] = str(one.scores[key]) if key in one.scores else ""
        return found

    return _lines(shown(first), shown(second))


def _lines(first: Mapping[str, str], second: Mapping[str, str]) -> list[Line]:
    found = [Line(title, first[title], second[title]) for title in first]
    return [line for line in found if line.first or line.second]


def _name(hosts: Mapping[UUID, str], key: UUID | None) -> str:
    return hosts.get(key, "") if key else ""


def _minutes(number: int) -> str:
    return _("%(number)s min", number=number) if number else ""


def _listed(keys: Iterable[Any], titles: Titles) -> str:
    return _several(titles[key] for key in keys)


def _several(texts: Iterable[str]) -> str:
    between: str = _(", ")
    return between.join(texts)
