"""What is shown of entries beside what they say: what they lack, what changed between versions."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from lms.core.errors import Refusal
from lms.core.labels import label, refusal_text
from lms.fieldwork.entries.rules import Fault
from lms.fieldwork.entries.versions import differences
from lms.fieldwork.models import EntryVersion
from lms.fieldwork.rules import ConsentBasis, EvidenceAccess

TITLES = {
    "type": lazy_gettext("What you did"),
    "held_on": lazy_gettext("Date"),
    "placement_id": lazy_gettext("Where"),
    "form": lazy_gettext("In what form"),
    "role": lazy_gettext("Part in it"),
    "minutes_direct": lazy_gettext("With the actors"),
    "minutes_indirect": lazy_gettext("Follow-up, without them"),
    "minutes_preparation": lazy_gettext("Preparation"),
    "participants": lazy_gettext("Participants"),
    "coachees": lazy_gettext("People met alone"),
    "stakes": lazy_gettext("What was at stake"),
    "purposes": lazy_gettext("What it was for"),
    "limits": lazy_gettext("Limits met"),
    "summary": lazy_gettext("What was done"),
    "consent_basis": lazy_gettext("Consent"),
    "evidence": lazy_gettext("Evidence"),
}
"""Fields of a version in words, in the order in which they are compared."""

LACKING = {
    "placement_missing": lazy_gettext("Where"),
    "entry_type_missing": lazy_gettext("What you did"),
    "entry_form_missing": lazy_gettext("In what form"),
    "entry_role_missing": lazy_gettext("Your part in it"),
    "entry_without_minutes": lazy_gettext("How long"),
    "entry_participants_missing": lazy_gettext("With whom"),
    "entry_summary_missing": lazy_gettext("What was done"),
    "entry_consent_missing": lazy_gettext("Consent"),
}
"""Faults that are only something still to be filled in, by what that is."""


MARKS = {
    "draft": "pen",
    "submitted": "clock",
    "needs_info": "warning",
    "approved": "check",
    "rejected": "cross",
    "withdrawn": "arrow",
    "amended": "pen",
    "revoked": "cross",
    "locked": "lock",
}
"""The sign of each state where there is room for no more: never colour alone."""

OPEN_TO = {
    EvidenceAccess.SUPERVISOR: lazy_gettext("For the named supervisor only"),
    EvidenceAccess.TEAM: lazy_gettext("For the cohort’s trainers and administrators too"),
    EvidenceAccess.CASE: lazy_gettext("For those who decide on the certificate too"),
}
"""To whom a file is open, as others than its author read it."""


@dataclass(frozen=True)
class Missing:
    """What stands between an entry and the supervisor."""

    fields: Sequence[str]
    """What is still to be filled in."""
    stops: Sequence[str]
    """What is not as it may be, in a sentence each."""
    reflection: bool
    """Whether the reflection is still empty: it may stay so."""


def missing(faults: Collection[Fault], *, no_reflection: bool) -> Missing:
    """The faults of an entry in words."""
    return Missing(
        fields=[str(LACKING[each.code]) for each in faults if each.code in LACKING],
        stops=[
            refusal_text(Refusal(each.code, **each.params))
            for each in faults
            if each.code not in LACKING
        ],
        reflection=no_reflection,
    )


@dataclass(frozen=True)
class Changed:
    """One field that reads otherwise than in the version before."""

    field: str
    title: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Names:
    """What keys in versions stand for."""

    placements: Mapping[str, str]
    people: Mapping[str, str]


def changed(before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> list[Changed]:
    """What changed from one version to the next, with names for keys."""
    return [
        Changed(
            each.field,
            str(TITLES[each.field]),
            _named(each.field, each.before, names),
            _named(each.field, each.after, names),
        )
        for each in differences(before, after)
    ]


def history(versions: Sequence[EntryVersion], names: Names) -> dict[int, list[Changed]]:
    """By number of the version (newest first, as they come) what it changed."""
    return {
        newer.number: changed(older.content, newer.content, names)
        for newer, older in itertools.pairwise(versions)
    }


def _named(field: str, value: Any, names: Names) -> Any:
    if value is None:
        return None
    if field == "held_on":
        return date.fromisoformat(value)
    if field == "placement_id":
        return names.placements.get(value, _("another place"))
    if field == "coachees":
        return [names.people.get(key, "–") for key in value]
    if field == "consent_basis":
        return label(ConsentBasis(value))
    return value
