"""Whose turn it is. Kept with the dossier, so that each person's list asks one column."""

from collections.abc import Collection
from enum import StrEnum

from lms.assessment.rules.segregation import QUORUM
from lms.assessment.rules.states import DECIDED, IN_HAND, CaseRole, DossierState, Profile


class Party(StrEnum):
    """Who has to act for the dossier to move on."""

    CANDIDATE = "candidate"
    COUNTRY = "country"
    PROGRAMME = "programme"
    ASSESSORS = "assessors"
    JURORS = "jurors"
    NOBODY = "nobody"


_S = DossierState


def has_assessors(roles: Collection[CaseRole], profile: Profile) -> bool:
    """Whether as many assessors are at work as the profile asks for."""
    needed = 1 if profile is Profile.LIGHT else 2
    return sum(role is CaseRole.ASSESSOR for role in roles) >= needed


def has_jury(roles: Collection[CaseRole]) -> bool:
    """Whether a jury is named: three members, one in the chair."""
    members = sum(role in {CaseRole.JUROR, CaseRole.CHAIR} for role in roles)
    return members >= QUORUM and CaseRole.CHAIR in roles


def whose_turn(state: DossierState, profile: Profile, roles: Collection[CaseRole]) -> Party:
    """Who acts next, given the places that people hold who have not stood down."""
    if state in IN_HAND:
        return Party.CANDIDATE if state is not _S.WITHDRAWN else Party.NOBODY
    if state is _S.SUBMITTED:
        return Party.COUNTRY
    if state in {_S.ADMISSIBLE, _S.REASSESSMENT} or state in DECIDED:
        return Party.PROGRAMME
    if state in {_S.ASSIGNED, _S.ASSESSING}:
        named = has_assessors(roles, profile)
        return Party.ASSESSORS if named else Party.PROGRAMME
    if state is _S.DIVERGENT:
        third = CaseRole.THIRD_ASSESSOR in roles
        return Party.ASSESSORS if third else Party.PROGRAMME
    if state is _S.CONCORDANT and profile is Profile.LIGHT:
        return Party.ASSESSORS if has_assessors(roles, profile) else Party.PROGRAMME
    if state in {_S.CONCORDANT, _S.MODERATED, _S.JURY}:
        return Party.JURORS if has_jury(roles) else Party.PROGRAMME
    return Party.NOBODY


def open_places(
    state: DossierState, profile: Profile, roles: Collection[CaseRole]
) -> dict[CaseRole, int]:
    """How many people may still be named, for each place; jurors without a fixed number: many."""
    if state not in _NAMING:
        return {}
    held = list(roles)
    free: dict[CaseRole, int] = {}
    if state in _SCORING:
        needed = 1 if profile is Profile.LIGHT else 2
        free[CaseRole.ASSESSOR] = needed - held.count(CaseRole.ASSESSOR)
    if state is _S.DIVERGENT:
        free[CaseRole.THIRD_ASSESSOR] = 1 - held.count(CaseRole.THIRD_ASSESSOR)
    if state is _S.CONCORDANT and profile is Profile.LIGHT:
        return {}
    if profile is not Profile.LIGHT:
        free[CaseRole.CHAIR] = 1 - held.count(CaseRole.CHAIR)
        free[CaseRole.JUROR] = JURORS_AT_MOST - held.count(CaseRole.JUROR)
    return {role: number for role, number in free.items() if number > 0}


JURORS_AT_MOST = 6
"""Members beside the chair that a jury may have."""
_SCORING = frozenset({_S.ADMISSIBLE, _S.REASSESSMENT, _S.ASSIGNED, _S.ASSESSING})
_NAMING = _SCORING | {_S.DIVERGENT, _S.CONCORDANT, _S.MODERATED, _S.JURY}


STEPS: dict[Profile, tuple[str, ...]] = {
    Profile.LIGHT: ("handed-in", "admissible", "assessed", "decided", "notified"),
    Profile.STANDARD: ("handed-in", "admissible", "assessed", "jury", "decided", "notified"),
    Profile.STRICT: ("handed-in", "admissible", "assessed", "jury", "decided", "notified"),
}
"""The way as it is drawn on the page, by profile."""

_PASSED = {
    _S.SUBMITTED: "handed-in",
    _S.ADMISSIBLE: "admissible",
    _S.ASSIGNED: "admissible",
    _S.ASSESSING: "admissible",
    _S.DIVERGENT: "admissible",
    _S.CONCORDANT: "assessed",
    _S.MODERATED: "assessed",
    _S.JURY: "assessed",
    _S.REASSESSMENT: "admissible",
    _S.REMITTED: "assessed",
}


def steps(state: DossierState, profile: Profile) -> list[tuple[str, str]]:
    """Each step of the way with `done`, `current` or `todo`."""
    names = STEPS[profile]
    if state in IN_HAND:
        passed = 0
    elif state in _PASSED:
        passed = names.index(_PASSED[state]) + 1
    elif state in DECIDED:
        passed = names.index("decided") + 1
    else:
        passed = len(names)
    return [
        (name, "done" if n < passed else "current" if n == passed else "todo")
        for n, name in enumerate(names)
    ]


def state_for_trainee(state: DossierState, profile: Profile) -> DossierState:
    """What the trainee is told: nothing of levels, divergence or outcome before the release."""
    if state in {_S.ASSIGNED, _S.CONCORDANT, _S.DIVERGENT, _S.MODERATED}:
        return _S.ASSESSING
    if state in DECIDED:
        return _S.ASSESSING if profile is Profile.LIGHT else _S.JURY
    return state
