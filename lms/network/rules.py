"""Rules of the network."""

import re
from datetime import date
from enum import StrEnum


class FigureSubject(StrEnum):
    """What a reported figure counts."""

    COACHES = "coaches"
    FACILITATORS = "facilitators"
    INITIATIVES = "initiatives"
    PROJECTS = "projects"


class Standing(StrEnum):
    """Whether something is at work on a given day."""

    COMING = "coming"
    ACTIVE = "active"
    ENDED = "ended"


def standing(today: date, begins: date | None, ends: date | None) -> Standing:
    """Where `today` lies; both days are inclusive."""
    if ends is not None and ends < today:
        return Standing.ENDED
    return Standing.COMING if begins is not None and begins > today else Standing.ACTIVE


_CODE = re.compile(r"[A-Z]{2}")


def is_code(text: str) -> bool:
    """Whether the text has the form of an ISO 3166-1 alpha-2 code."""
    return _CODE.fullmatch(text) is not None


def dates_fault(begins: date | None, ends: date | None, today: date) -> str | None:
    """Code of what is wrong with two dates, or None."""
    if begins is not None and not (1990 <= begins.year <= today.year + 1):
        return "date_unlikely"
    if ends is not None and not (1990 <= ends.year <= today.year + 50):
        return "date_unlikely"
    if begins is not None and ends is not None and ends < begins:
        return "ends_before_it_begins"
    return None
