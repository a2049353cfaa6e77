"""Rules about persons and ways in: names, passwords, phone numbers, addresses to return to."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from secrets import randbelow
from urllib.parse import unquote, urlsplit

import phonenumbers

from lms.policy.actor import SCOPES, Actor, Role, Scope

# --- ways in ---


class TokenKind(StrEnum):
    """Ways in that are used once."""

    INVITATION = "invitation"
    RESET = "reset"
    CODE = "code"


LIFETIME: Mapping[TokenKind, timedelta] = {
    TokenKind.INVITATION: timedelta(days=14),
    TokenKind.RESET: timedelta(hours=2),
    TokenKind.CODE: timedelta(hours=24),
}
"""How long each way in stays open."""

IDLE = timedelta(hours=12)
"""A session that nobody uses ends after this time."""
IDLE_KEPT = timedelta(days=30)
"""The same, where the person asked to stay signed in."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly we know when a session was last used."""
FORGET_SESSIONS = timedelta(days=90)
"""Ended sessions and used links are deleted after this time."""


def new_code() -> str:
    """Eight random digits."""
    return f"{randbelow(10**8):08d}"


def shown_code(code: str) -> str:
    """`12345678` → `1234 5678`."""
    return f"{code[:4]} {code[4:]}"


def read_code(text: str) -> str:
    """The digits of a typed code, whatever stands between them and in whatever script."""
    return "".join(str(unicodedata.digit(c)) for c in text[:40] if unicodedata.digit(c, -1) >= 0)


# --- persons ---


class Standing(StrEnum):
    """Whether a person has come in, or gone."""

    INVITED = "invited"
    ACTIVE = "active"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class Names:
    """A person's names as on the identity document, in both scripts."""

    family_name: str
    given_name: str = ""
    family_name_ar: str = ""
    given_name_ar: str = ""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How a person is reached and recognised: at least one of the three."""

    email: str | None = None
    phone: str | None = None
    login_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewPerson(Names, Contact):
    """What is known of somebody to be invited. `email` lower case, `phone` E.164."""

    country_code: str
    language: str | None = None
    """None: the language of the country."""
    time_zone: str | None = None
    employer: str = ""
    commune: str = ""


def _letters_are(text: str, script: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and all(unicodedata.name(c, "").startswith(script) for c in letters)


def is_latin(text: str) -> bool:
    """Whether all letters are Latin, and there is at least one."""
    return _letters_are(text, "LATIN")


def is_arabic(text: str) -> bool:
    """Whether all letters are Arabic, and there is at least one."""
    return _letters_are(text, "ARABIC")


def name_faults(names: Names, *, needs_arabic: bool) -> dict[str, str]:
    """Field → code of what is wrong with it. A single name is a family name."""
    faults = {}
    for field, fits, code in (
        ("family_name", is_latin, "name_not_latin"),
        ("given_name", is_latin, "name_not_latin"),
        ("family_name_ar", is_arabic, "name_not_arabic"),
        ("given_name_ar", is_arabic, "name_not_arabic"),
    ):
        text = getattr(names, field)
        if text and not fits(text):
            faults[field] = code
    if not names.family_name:
        faults["family_name"] = "name_needed"
    if needs_arabic and not names.family_name_ar:
        faults["family_name_ar"] = "name_ar_needed"
    if needs_arabic and names.given_name and not names.given_name_ar:
        faults["given_name_ar"] = "name_ar_needed"
    if names.given_name_ar and not names.family_name_ar:
        faults.setdefault("family_name_ar", "name_ar_needed")
    return faults


_LOGIN_NAME = re.compile(r"[^\W_][\w.\-]{2,39}")


def login_name(text: str) -> str | None:
    """A chosen name as it is kept (3 to 40 letters, digits, `.`, `-`, `_`), or None if unfit.

    It holds at least one letter, so that it is never taken for a phone number.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    fits = _LOGIN_NAME.fullmatch(text) and any(c.isalpha() for c in text)
    return text if fits else None


def phone_number(text: str, regions: Iterable[str]) -> tuple[str, ...]:
    """E.164 readings of a number typed in any national or international way; () if none."""
    if len(text) > 40 or sum(c.isdigit() for c in text) < 6 or any(c.isalpha() for c in text):
        return ()
    found: dict[str, None] = {}
    for region in regions:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            found[phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)] = None
    return tuple(found)


def shown_phone(e164: str) -> str:
    """`+212612345678` → `+212 612-345678`."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@dataclass(frozen=True)
class Identifier:
    """What somebody may have meant by the text in the sign-in box."""

    email: str | None
    phones: tuple[str, ...]
    login_name: str | None

    @property
    def key(self) -> str:
        """One text for all spellings of it, for counting tries on unknown people."""
        return self.email or (self.phones[0] if self.phones else self.login_name or "?")


def identify(text: str, regions: Iterable[str]) -> Identifier:
    """Read an e-mail address, a phone number or a chosen name."""
    text = unicodedata.normalize("NFKC", text).strip()
    if "@" in text:
        return Identifier(text.casefold()[:254], (), None)
    return Identifier(None, phone_number(text, regions), login_name(text))


# --- passwords ---

MIN_PASSWORD = 10
MAX_PASSWORD = 256
_COMMON = frozenset(
    """1234567890 0123456789 0987654321 9876543210 1122334455 1q2w3e4r5t 1qaz2wsx3edc 12345678910
    azertyuiop azerty1234 azerty12345 qwertyuiop qwerty1234 qwerty12345 qwerty123456 asdfghjkl1
    password12 password123 password1234 passw0rd123 motdepasse motdepasse1 motdepasse123
    monmotdepasse bonjour123 bonjour1234 iloveyou123 jetaime123 administrator admin12345
    adminadmin administrateur welcome123 bienvenue1 bienvenue123 maroc12345 maroc2024 maroc2025
    maroc2026 casablanca senegal123 senegal2025 senegal2026 dakar12345 bruxelles1 coaching123
    coachingterritorial territorial abcdefghij abcd123456 abcdef1234 kaolack123 oujda12345
    كلمةالسر كلمةالمرور كلمةالسر123""".split()  # noqa: SIM905 - a list of words reads best as words
)


def password_fault(password: str, known: Iterable[str] = ()) -> str | None:
    """Code of what is wrong with a new password, or None.

    `known` are words that others know of the person: names, e-mail, phone. Source: ASVS 5.0 6.2
    (length before composition, common passwords refused, no forced mixture).
    """
    if len(password) < MIN_PASSWORD:
        return "password_short"
    if len(password) > MAX_PASSWORD:
        return "password_long"
    plain = "".join(password.casefold().split())
    if plain in _COMMON or len(set(plain)) < 4:
        return "password_common"
    rest = plain
    parts = {part for word in known for part in re.split(r"[@.\s]+", word.casefold())}
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "") if len(part) >= 3 else rest
    if rest != plain and len(rest) < 5:
        return "password_personal"
    return None


# --- roles ---


def may_give(
    actor: Actor, role: Role, scope: Scope, scope_id: str, country_code: str | None
) -> bool:
    """Whether the actor may give or end this role here.

    `country_code` is the country of the scope, where the scope belongs to one: the country itself,
    the partner body's or the cohort's. Nobody gives what reaches beyond what they administer.
    """
    if scope not in SCOPES[role] or (scope is Scope.ALL) is not (scope_id == ""):
        return False
    if actor.is_system or actor.has(Role.PROGRAMME_ADMIN):
        return True
    return scope is not Scope.ALL and country_code in actor.countries


# --- where to go next ---

_ASKS_AGAIN = ("/sign-in", "/sign-out", "/invitations/", "/reset")


def safe_next(text: str | None) -> str | None:
    r"""The address to return to after signing in, if it is a path of this site; else None.

    Browsers read `//host` and `/\host` as another site and drop tabs and line ends: whatever
    could be read so, also after decoding, is refused.
    """
    if not text or len(text) > 2000:
        return None
    plain = text
    for _ in range(3):
        if not _is_path(plain):
            return None
        if (decoded := unquote(plain)) == plain:
            break
        plain = decoded
    else:
        return None
    return None if text.startswith(_ASKS_AGAIN) else text


def _is_path(text: str) -> bool:
    path = text.partition("?")[0].partition("#")[0]
    if not path.startswith("/") or "//" in path or "\\" in text:
        return False
    if any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


# --- devices ---

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_name(browser: str) -> str:
    """`Chrome · Android` from what a browser calls itself; '' if it says nothing known."""
    found = (
        next((name for mark, name in table if mark in browser), "")
        for table in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(filter(None, found))
