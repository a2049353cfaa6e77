"""From what a device sent to what the services take: each fault beside the field it is about."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from lms.core.forms import tidy, tidy_line
from lms.curriculum.rules import Practicum
from lms.fieldwork.entries.rules import MAX_PARTICIPANTS, MINUTES_A_DAY, EntryContent, Fault
from lms.fieldwork.observations.rules import LEVELS
from lms.fieldwork.observations.service import ObservationContent
from lms.fieldwork.rules import ConsentBasis
from lms.fieldwork.sync.rules import MAX_PHOTOS, Unreadable, is_sha256

DAYS = (date(1900, 1, 1), date(2200, 1, 1))


class Reader:
    """Takes fields from what was sent, one by one, and notes what is wrong with them."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content
        self._read: set[str] = set()
        self.faults: list[Fault] = []

    def _get(self, name: str) -> Any:
        self._read.add(name)
        return self._content.get(name)

    def refuse(self, name: str, code: str, **params: Any) -> None:
        """Note a fault."""
        self.faults.append(Fault(name, code, params))

    def finish(self) -> None:
        """Everything was read, and nothing else was sent. Raises Unreadable."""
        if "reflection" in self._content:
            self.refuse("reflection", "sync_reflection")
        for name in sorted(set(self._content) - self._read - {"reflection"}):
            self.refuse(name[:40], "sync_field_unknown")
        if self.faults:
            raise Unreadable(*self.faults)

    def text(self, name: str, limit: int = 200, *, lines: bool = False) -> str:
        """A line, or some paragraphs."""
        found = self._get(name)
        if found is None:
            return ""
        if not isinstance(found, str):
            self.refuse(name, "sync_choice")
            return ""
        found = tidy(found) if lines else tidy_line(found)
        if len(found) > limit:
            self.refuse(name, "sync_text_long", length=len(found), limit=limit)
        return found

    def key(self, name: str) -> UUID | None:
        """A record's key, or nothing."""
        found = self._get(name)
        if found is None or found == "":
            return None
        try:
            return UUID(found)
        except (ValueError, TypeError, AttributeError):
            self.refuse(name, "sync_choice")
            return None

    def day(self, name: str) -> date:
        """A day that exists."""
        try:
            found = date.fromisoformat(self._get(name))
        except (ValueError, TypeError):
            found = None
        if found is None or not DAYS[0] <= found <= DAYS[1]:
            self.refuse(name, "sync_day")
            return DAYS[0]
        return found

    def number(self, name: str, most: int, value: Any = None, *, own: bool = True) -> int:
        """A whole number from 0; nothing is 0."""
        found = self._get(name) if own else value
        if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 10:
            found = int(found)
        if found is None or found == "":
            return 0
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
            self.refuse(name, "sync_number", most=most)
            return 0
        return found

    def one_of(self, name: str, known: Collection[str]) -> str:
        """One of a list, or nothing."""
        found = self.text(name)
        if found and found not in known:
            self.refuse(name, "sync_choice")
            return ""
        return found

    def some_of(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Any number of a list."""
        found = self._get(name)
        if found is None:
            return ()
        if not isinstance(found, list) or any(
            not isinstance(one, str) or one not in known for one in found
        ):
            self.refuse(name, "sync_choice")
            return ()
        return tuple(dict.fromkeys(found))

    def numbers(self, name: str, known: Collection[str], most: int) -> dict[str, int]:
        """A number for some of a list."""
        found = self._get(name)
        if found is None:
            return {}
        if not isinstance(found, dict) or set(found) - set(known):
            self.refuse(name, "sync_choice")
            return {}
        return {
            key: self.number(name, most, one, own=False)
            for key, one in found.items()
            if one is not None and one != ""
        }

    def texts(self, name: str, known: Collection[str], limit: int) -> dict[str, str]:
        """A line for some of a list."""
        found = self._get(name)
        if found is None:
            return {}
        if not isinstance(found, dict) or set(found) - set(known):
            self.refuse(name, "sync_choice")
            return {}
        if any(not isinstance(text, str) or len(text) > limit for text in found.values()):
            self.refuse(name, "sync_text_long", length=limit + 1, limit=limit)
            return {}
        return {key: tidy_line(text) for key, text in found.items() if text.strip()}

    def fingerprints(self, name: str, most: int) -> tuple[str, ...]:
        """SHA-256 of files that follow."""
        found = self._get(name)
        if found is None:
            return ()
        if not isinstance(found, list) or len(found) > most or not all(map(is_sha256, found)):
            self.refuse(name, "sync_choice")
            return ()
        return tuple(found)


def enrolment_of(content: Mapping[str, Any]) -> UUID | None:
    """The case that an item says it belongs to."""
    reader = Reader(content)
    found = reader.key("enrolment")
    return None if reader.faults else found


def entry_content(content: Mapping[str, Any], lists: Practicum) -> EntryContent:
    """What a note says; what it leaves out is completed in the evening. Raises Unreadable."""
    reader = Reader(content)
    reader.key("enrolment")
    basis = reader.one_of("consent_basis", [each.value for each in ConsentBasis])
    actors = [each.id for each in lists.actor_categories]
    participants = reader.numbers("participants", actors, MAX_PARTICIPANTS)
    reader.fingerprints("photos", MAX_PHOTOS)
    found = EntryContent(
        placement_id=reader.key("placement"),
        type=reader.one_of("type", [each.id for each in lists.types]),
        form=reader.one_of("form", [each.id for each in lists.forms]),
        held_on=reader.day("held_on"),
        minutes_direct=reader.number("minutes_direct", MINUTES_A_DAY),
        minutes_indirect=reader.number("minutes_indirect", MINUTES_A_DAY),
        minutes_preparation=reader.number("minutes_preparation", MINUTES_A_DAY),
        role=reader.one_of("role", [each.id for each in lists.roles]),
        participants={key: number for key, number in participants.items() if number},
        stakes=reader.some_of("stakes", [each.id for each in lists.stakes]),
        limits=reader.some_of("limits", [each.id for each in lists.limits]),
        purposes=reader.some_of("purposes", [each.id for each in lists.purposes]),
        summary=reader.text("summary", 5000, lines=True),
        consent_basis=ConsentBasis(basis) if basis else None,
    )
    reader.finish()
    return found


def observation_content(
    content: Mapping[str, Any], lists: Practicum, indicators: Collection[str]
) -> ObservationContent:
    """What a trainer noted during a visit. Raises Unreadable."""
    reader = Reader(content)
    reader.key("enrolment")
    found = ObservationContent(
        observed_on=reader.day("observed_on"),
        place=reader.text("place"),
        setting=reader.one_of("setting", [each.id for each in lists.types]),
        setting_note=reader.text("setting_note", 2000, lines=True),
        entry_id=reader.key("entry"),
        scores=reader.numbers("scores", indicators, max(LEVELS)),
        feedback=reader.text("feedback", 5000, lines=True),
        notes=reader.texts("notes", indicators, 300),
    )
    reader.fingerprints("photos", 1)
    if not found.setting:
        reader.refuse("setting", "entry_type_missing")
    reader.finish()
    return found
