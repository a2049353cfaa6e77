"""The words of enum members and refusals: registered by each package's `labels.py`."""

import logging
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeAlias

from flask_babel import LazyString, lazy_gettext

from lms.core.errors import Refusal
from lms.core.i18n import current_language

log = logging.getLogger(__name__)

_Key: TypeAlias = tuple[type[Enum], Any]
_LABELS: dict[_Key, LazyString] = {}
_WORDED: dict[tuple[str, type[Enum], Any], str] = {}
"""Labels already asked for, by language."""
_TONES: dict[_Key, str] = {}
_REFUSALS: dict[str, LazyString] = {}

TONES = frozenset({"ok", "warn", "bad", "soft", "plain"})


def register(labels: Mapping[Enum, LazyString], tones: Mapping[Enum, str] | None = None) -> None:
    """Say how each member is called, and optionally in which tone its badge stands.

    One call an enum: in one mapping, members of two StrEnums with the same text are one key.
    """
    _LABELS.update({_key(member): text for member, text in labels.items()})
    _TONES.update({_key(member): tone for member, tone in (tones or {}).items()})


def _key(member: Enum) -> _Key:
    # StrEnum members of the same text are equal, whatever their enum: the type tells them apart
    return type(member), member.value


def register_refusals(texts: Mapping[str, LazyString]) -> None:
    """Say what each refusal code tells the person; `%(name)s` takes the refusal's parameters."""
    _REFUSALS.update(texts)


def label(member: Enum) -> str:
    """The member's name in the language of the request; its value, if no package has named it."""
    key = (current_language(), *_key(member))
    if (text := _WORDED.get(key)) is None:
        text = _WORDED[key] = str(_LABELS.get(_key(member), member.value))
    return text


def has_label(member: Enum) -> bool:
    """Whether a package has named the member (a test asks for each)."""
    return _key(member) in _LABELS


def tone(member: Enum) -> str:
    """One of `ok`, `warn`, `bad`, `soft`, `plain`."""
    return _TONES.get(_key(member), "plain")


def refusal_codes() -> frozenset[str]:
    """All codes that have words."""
    return frozenset(_REFUSALS)


def refusal_text(refusal: Refusal) -> str:
    """What the refusal tells the person, in the language of the request. Never fails itself."""
    params = {k: label(v) if isinstance(v, Enum) else v for k, v in refusal.params.items()}
    try:
        text = str(_REFUSALS[refusal.code])
        return text % params if params else text
    except (KeyError, TypeError, ValueError):
        log.exception("no words for the refusal %s", refusal)
        return str(_REFUSALS["not_possible"])


register_refusals(
    {
        "not_possible": lazy_gettext("This is not possible as things stand now."),
        "stale": lazy_gettext(
            "Somebody else changed this in the meantime. Compare, then save again."
        ),
        "illegal_transition": lazy_gettext(
            "This is not possible any more: the present state is “%(state)s”."
        ),
        "reason_needed": lazy_gettext("Give a reason: it is kept with the decision."),
        "file_type": lazy_gettext("This type of file is not accepted. Accepted: %(accepted)s."),
        "file_too_large": lazy_gettext("This file is too large: %(limit)s MB at most."),
        "file_empty": lazy_gettext("This file is empty. Choose another one."),
        "file_broken": lazy_gettext("This file cannot be read. Try to save it again."),
        "file_acts": lazy_gettext(
            "This PDF holds a program. Print it into a new PDF, then choose that one."
        ),
        "installation_is_demo": lazy_gettext(
            "This data folder holds a demonstration. Choose another LMS_DATA_DIR for real work."
        ),
        "installation_is_real": lazy_gettext(
            "This data folder holds real people. The demonstration is never loaded beside them."
        ),
        "throttled": lazy_gettext("Too many tries. Try again in %(minutes)s min."),
    }
)
