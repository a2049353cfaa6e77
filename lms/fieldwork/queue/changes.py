"""What became of an entry since somebody opened it: both readings, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import LazyString, lazy_gettext

from lms.core.db import AnySession
from lms.core.i18n import date_in_words
from lms.core.labels import label
from lms.fieldwork.models import EntryVersion, PracticumEntry
from lms.fieldwork.rules import ConsentBasis
from lms.fieldwork.words import Titles, Words

FIELDS: dict[str, LazyString] = {
    "type": lazy_gettext("What you did"),
    "form": lazy_gettext("In what form"),
    "held_on": lazy_gettext("Date"),
    "role": lazy_gettext("Part in it"),
    "minutes_direct": lazy_gettext("With the actors"),
    "minutes_indirect": lazy_gettext("Follow-up, without them"),
    "minutes_preparation": lazy_gettext("Preparation"),
    "participants": lazy_gettext("Participants"),
    "stakes": lazy_gettext("What was at stake"),
    "purposes": lazy_gettext("What it was for"),
    "limits": lazy_gettext("Limits met"),
    "summary": lazy_gettext("What was done"),
    "consent_basis": lazy_gettext("Consent"),
    "evidence": lazy_gettext("Evidence"),
}


@dataclass(frozen=True)
class Change:
    """One field that reads otherwise."""

    field: str
    before: str
    after: str


def since(
    session: AnySession, entry: PracticumEntry, seen_number: int, words: Words
) -> list[Change]:
    """Fields that differ between the version that was seen and the one that is there now."""
    if seen_number >= entry.version:
        return []
    old = session.get(EntryVersion, (entry.id, seen_number))
    new = session.get(EntryVersion, (entry.id, entry.version))
    if old is None or new is None:
        return []
    return [
        Change(
            str(text),
            _read(name, old.content.get(name), words),
            _read(name, new.content.get(name), words),
        )
        for name, text in FIELDS.items()
        if old.content.get(name) != new.content.get(name)
    ]


def _read(name: str, value: Any, words: Words) -> str:
    """A value of a version's document, in words."""
    titles: dict[str, Titles] = {
        "type": words.types,
        "form": words.forms,
        "role": words.roles,
        "stakes": words.stakes,
        "purposes": words.purposes,
        "limits": words.limits,
    }
    if not value:
        return "–"
    if name == "held_on":
        return date_in_words(date.fromisoformat(value))
    if name == "consent_basis":
        return label(ConsentBasis(value))
    if name == "participants":
        return _list(f"{words.actors[key]} {number}" for key, number in value.items())
    if name == "evidence":
        return _list(each["name"] for each in value)
    if isinstance(value, list):
        return _list(titles[name][key] for key in value)
    return titles[name][value] if name in titles else str(value)


def _list(texts: Iterable[str]) -> str:
    return " · ".join(texts)
