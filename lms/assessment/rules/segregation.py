"""Who may not judge whom, and why. Source: domain, section 3, segregation of duties.

Pure: the service gathers what is known of each person; here it is weighed, in one place.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from lms.assessment.rules.states import CaseRole, Profile

TRAINER_GAP_MONTHS = 24
"""For how long somebody who trained the candidate counts as the candidate's trainer."""
QUORUM = 3
"""Members that a jury needs, the chair among them."""

ASSESSORS = frozenset({CaseRole.ASSESSOR, CaseRole.THIRD_ASSESSOR})
JURORS = frozenset({CaseRole.JUROR, CaseRole.CHAIR})


class Conflict(StrEnum):
    """Why a person may not take a place in a case."""

    IS_CANDIDATE = "is_candidate"
    NOT_IN_POOL = "not_in_pool"
    DECLARED = "declared"
    ADMIN_OF_CASE = "admin_of_case"
    SUPERVISED = "supervised"
    TRAINED_RECENTLY = "trained_recently"
    TRAINED = "trained"
    SAME_EMPLOYER = "same_employer"
    SAME_COMMUNE = "same_commune"
    IS_ASSESSOR = "is_assessor"
    IS_JUROR = "is_juror"


class PanelFault(StrEnum):
    """Why people who may each be named may not be named together."""

    SAME_PERSON_TWICE = "same_person_twice"
    ONE_ASSESSOR_NEEDED = "one_assessor_needed"
    TWO_ASSESSORS_NEEDED = "two_assessors_needed"
    BOTH_TRAINED = "both_trained"
    NONE_FROM_ELSEWHERE = "none_from_elsewhere"
    QUORUM_NEEDED = "quorum_needed"
    ONE_CHAIR_NEEDED = "one_chair_needed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whose dossier it is. Employer and commune are folded; '' when unknown."""

    person_id: UUID
    country_code: str
    centre_id: UUID | None = None
    employer: str = ""
    commune: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """What is known of a person who might be named to the case."""

    person_id: UUID
    country_code: str
    is_assessor: bool = False
    """Whether the person belongs to the pool of assessors for the case's country."""
    is_juror: bool = False
    employer: str = ""
    commune: str = ""
    centre_ids: Collection[UUID] = ()
    """Centres at whose cohorts the person trains or supervises, or did."""
    supervised: bool = False
    """Whether they supervised the candidate, or decided on an entry of the candidate's."""
    trained_on: date | None = None
    """Last day on which they trained the candidate."""
    is_admin: bool = False
    """Whether they administer the programme or the case's country."""
    stood_down: bool = False
    """Whether they declared a conflict in this very case."""
    holds: CaseRole | None = None
    """The place they have in the case already."""


def trained_recently(judge: Judge, today: date) -> bool:
    """Whether the person trained the candidate within the last 24 months."""
    if judge.trained_on is None:
        return False
    months = (today.year - judge.trained_on.year) * 12 + today.month - judge.trained_on.month
    return (months, today.day) <= (TRAINER_GAP_MONTHS, judge.trained_on.day)


def conflicts(
    judge: Judge, candidate: Candidate, role: CaseRole, profile: Profile, today: date
) -> tuple[Conflict, ...]:
    """Every reason why `judge` may not take `role` in the candidate's case; none if free."""
    found = {
        Conflict.IS_CANDIDATE: judge.person_id == candidate.person_id,
        Conflict.DECLARED: judge.stood_down,
        Conflict.NOT_IN_POOL: not (judge.is_assessor if role in ASSESSORS else judge.is_juror),
        Conflict.ADMIN_OF_CASE: judge.is_admin,
        Conflict.SUPERVISED: judge.supervised,
        Conflict.TRAINED: role in JURORS and judge.trained_on is not None,
        Conflict.TRAINED_RECENTLY: role in ASSESSORS
        and profile is not Profile.STANDARD
        and trained_recently(judge, today),
        Conflict.SAME_EMPLOYER: bool(judge.employer) and judge.employer == candidate.employer,
        Conflict.SAME_COMMUNE: bool(judge.commune) and judge.commune == candidate.commune,
        Conflict.IS_ASSESSOR: role in JURORS and judge.holds in ASSESSORS,
        Conflict.IS_JUROR: role in ASSESSORS and judge.holds in JURORS,
    }
    return tuple(conflict for conflict, holds in found.items() if holds)


def is_from_elsewhere(judge: Judge, candidate: Candidate) -> bool:
    """Whether the person comes from another country, or works at other centres only."""
    if judge.country_code != candidate.country_code:
        return True
    known = bool(judge.centre_ids) and candidate.centre_id is not None
    return known and candidate.centre_id not in judge.centre_ids


def assessor_faults(
    assessors: Sequence[Judge], candidate: Candidate, profile: Profile, today: date
) -> tuple[PanelFault, ...]:
    """What stands against these assessors together: one in `light`, else two."""
    if len({judge.person_id for judge in assessors}) < len(assessors):
        return (PanelFault.SAME_PERSON_TWICE,)
    if profile is Profile.LIGHT:
        return () if len(assessors) == 1 else (PanelFault.ONE_ASSESSOR_NEEDED,)
    faults = []
    if len(assessors) != 2:
        faults.append(PanelFault.TWO_ASSESSORS_NEEDED)
    if sum(trained_recently(judge, today) for judge in assessors) > 1:
        faults.append(PanelFault.BOTH_TRAINED)
    if not any(is_from_elsewhere(judge, candidate) for judge in assessors):
        faults.append(PanelFault.NONE_FROM_ELSEWHERE)
    return tuple(faults)


def jury_faults(jurors: Sequence[UUID], chairs: int) -> tuple[PanelFault, ...]:
    """What stands against this jury: it needs three members, one of them in the chair."""
    faults = []
    if len(set(jurors)) < len(jurors):
        faults.append(PanelFault.SAME_PERSON_TWICE)
    if len(set(jurors)) < QUORUM:
        faults.append(PanelFault.QUORUM_NEEDED)
    if chairs != 1:
        faults.append(PanelFault.ONE_CHAIR_NEEDED)
    return tuple(faults)
