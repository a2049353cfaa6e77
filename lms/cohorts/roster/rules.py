"""Reading a roster: pasted names or CSV in the shapes that people really have."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from io import StringIO

MAX_ROWS = 1000
MAX_CELL = 200
MAX_TEXT = 500_000


class Verdict(StrEnum):
    """What will become of one row."""

    NEW = "new"
    KNOWN = "known"
    ENROLLED = "enrolled"
    DUPLICATE = "duplicate"
    ERROR = "error"


class RowFault(StrEnum):
    """Why a row cannot be taken."""

    NO_NAME = "no_name"
    BAD_EMAIL = "bad_email"
    BAD_PHONE = "bad_phone"
    TOO_LONG = "too_long"
    STRANGE = "strange"
    NOT_HERE = "not_here"
    TWO_PEOPLE = "two_people"
    ON_TEAM = "on_team"
    LEFT = "left"
    ENDED = "ended"
    NOT_LATIN = "not_latin"
    NOT_ARABIC = "not_arabic"


@dataclass(frozen=True)
class RosterRow:
    """One person as written in the list."""

    line: int
    family_name: str = ""
    given_name: str = ""
    family_name_ar: str = ""
    given_name_ar: str = ""
    email: str = ""
    phone: str = ""
    employer: str = ""
    fault: RowFault | None = None
    cells: tuple[str, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """Latin name, given name first; the Arabic one when there is no other."""
        return f"{self.given_name} {self.family_name}".strip() or self.name_ar

    @property
    def name_ar(self) -> str:
        """Name in Arabic script, or ''."""
        return f"{self.given_name_ar} {self.family_name_ar}".strip()


COLUMNS: dict[str, tuple[str, ...]] = {
    "family_name": ("nom", "nom de famille", "family name", "last name", "surname", "family_name"),
    "given_name": ("prenom", "prenoms", "given name", "first name", "given_name"),
    "name": ("nom complet", "nom et prenom", "nom prenom", "prenom nom", "name", "full name"),
    "family_name_ar": ("nom arabe", "nom ar", "nom (arabe)", "family_name_ar", "النسب"),
    "given_name_ar": ("prenom arabe", "prenom ar", "prenom (arabe)", "given_name_ar", "الاسم"),
    "name_ar": ("nom complet arabe", "الاسم الكامل", "الاسم بالعربيه", "name_ar"),
    "email": ("email", "e-mail", "mail", "courriel", "adresse e-mail", "adresse mail", "البريد",
              "البريد الالكتروني"),
    "phone": ("telephone", "tel", "gsm", "mobile", "portable", "phone", "phone number", "الهاتف"),
    "employer": ("employeur", "institution", "organisme", "structure", "employer",
                 "organisation", "المشغل", "المؤسسه"),
}  # fmt: skip
_HEADINGS = {heading: column for column, headings in COLUMNS.items() for heading in headings}
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_ARABIC_FORMS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ـ": ""})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s,;<>()\"']+@[^@\s,;<>()\"']+\.[^@\s,;<>()\"'.]{2,}")
_PHONE = re.compile(r"[+0-9(][0-9 ().\-/\u00a0\u202f]{5,24}[0-9]")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069"))


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without mark, UTF-16 from Excel, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(text: str) -> list[RosterRow]:
    """The rows of a list, at most `MAX_ROWS` + 1 of them, each with its line.

    Columns are found by a first line of headings, or else by what the cells look like.
    """
    text = text.lstrip("\ufeff")[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    lines = list(_records(text))
    if not lines:
        return []
    headings = _headings(lines[0][1])
    if headings is not None:
        lines = lines[1:]
    rows = (
        _row(line, cells, _named(cells, headings) if headings else _guessed(cells))
        for line, cells in lines
    )
    return [row for row, _ in zip(rows, range(MAX_ROWS + 1), strict=False)]


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    # a lone quotation mark is part of a name, not the start of a cell of many lines
    csv.field_size_limit(MAX_TEXT)
    reader = csv.reader(
        StringIO(text.replace("\x00", "\ufffd")),
        delimiter=_delimiter(text),
        quoting=csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL,
    )
    for cells in reader:
        tidy = [_tidy(cell) for cell in cells]
        if any(tidy):
            yield reader.line_num, tidy


def _delimiter(text: str) -> str:
    """The sign that parts the first lines into most cells, as evenly as possible."""
    first = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {sign: [line.count(sign) for line in first] for sign in ("\t", ";", ",")}
    best = max(counts, key=lambda sign: (min(counts[sign], default=0), sum(counts[sign])))
    return best if sum(counts[best]) else ";"


def _tidy(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).translate(_INVISIBLE).split())


def _heading(cell: str) -> str:
    text = unicodedata.normalize("NFKD", cell.translate(_ARABIC_FORMS))
    plain = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(plain.casefold().replace("*", "").split())


def _headings(cells: list[str]) -> list[str | None] | None:
    found = [_HEADINGS.get(_heading(cell)) for cell in cells]
    return found if any(found) and not any("@" in cell for cell in cells) else None


def _named(cells: list[str], headings: list[str | None]) -> dict[str, str]:
    return {name: cell for name, cell in zip(headings, cells, strict=False) if name}


def _guessed(cells: Iterable[str]) -> dict[str, str]:
    """Which cell is what, by its look: `@`, digits, Arabic letters; names come before employers."""
    values: dict[str, str] = {}
    latin: list[str] = []
    for cell in filter(None, cells):
        if "@" in cell and "email" not in values:
            values["email"] = cell
        elif _PHONE.fullmatch(cell) and "phone" not in values:
            values["phone"] = cell
        elif _ARABIC.search(cell) and "name_ar" not in values:
            values["name_ar"] = cell
        else:
            latin.append(cell)
    if len(latin) >= 3 or (len(latin) == 2 and not any(" " in cell for cell in latin)):
        values["given_name"], values["family_name"] = latin[0], latin[1]
        rest = latin[2:]
    else:
        values["name"] = latin[0] if latin else ""
        rest = latin[1:]
    if rest:
        values["employer"] = rest[0]
    return values


def _row(line: int, cells: list[str], values: Mapping[str, str]) -> RosterRow:
    given, family = split_name(values.get("name", ""))
    given_ar, family_ar = split_name(values.get("name_ar", ""))
    row = RosterRow(
        line=line,
        family_name=values.get("family_name", "") or family,
        given_name=values.get("given_name", "") or given,
        family_name_ar=values.get("family_name_ar", "") or family_ar,
        given_name_ar=values.get("given_name_ar", "") or given_ar,
        email=values.get("email", "").lower(),
        phone=values.get("phone", ""),
        employer=values.get("employer", ""),
        cells=tuple(cells),
    )
    row = _latin_and_arabic(row)
    if not row.family_name and row.given_name:
        row = replace(row, family_name=row.given_name, given_name="")
    return replace(row, fault=_fault(row))


def _latin_and_arabic(row: RosterRow) -> RosterRow:
    """An Arabic name in a Latin column belongs to the other script."""
    if row.name_ar or not _ARABIC.search(row.family_name + row.given_name):
        return row
    return replace(
        row,
        family_name="",
        given_name="",
        family_name_ar=row.family_name or row.given_name,
        given_name_ar=row.given_name if row.family_name else "",
    )


def split_name(name: str) -> tuple[str, str]:
    """Given and family name of a full one: capitals mark the family, else the first word is given.

    `Salma BENNANI`, `BENNANI Salma` and `Salma Bennani` all give `("Salma", "Bennani")` or the
    family name as it was written.
    """
    words = name.split()
    if len(words) < 2:
        return "", name
    loud = [word for word in words if len(word) > 1 and word.isupper()]
    if loud and len(loud) < len(words):
        return " ".join(word for word in words if word not in loud), " ".join(loud)
    return words[0], " ".join(words[1:])


def _fault(row: RosterRow) -> RowFault | None:
    texts = (
        row.family_name, row.given_name, row.family_name_ar, row.given_name_ar,
        row.email, row.phone, row.employer,
    )  # fmt: skip
    if any(_CONTROL.search(text) or "\ufffd" in text for text in texts):
        return RowFault.STRANGE
    if any(len(text) > MAX_CELL for text in texts):
        return RowFault.TOO_LONG
    if not row.family_name:
        return RowFault.NO_NAME
    if row.email and not _EMAIL.fullmatch(row.email):
        return RowFault.BAD_EMAIL
    return None


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
