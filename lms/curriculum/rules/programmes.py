"""What a title takes: modules, requirements, the promotion rule, the manner of decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lms.curriculum.rules.learning import Quiz
from lms.curriculum.rules.text import Text


class RequirementKind(StrEnum):
    """Where the proof of a requirement comes from."""

    MODULES = "modules"
    EXAM = "exam"
    PRACTICE_MINUTES = "practice_minutes"
    ACTIVITY = "activity"
    OBSERVATION = "observation"
    TRAINING_DAYS = "training_days"
    SUPERVISION = "supervision"
    HOST_FEEDBACK = "host_feedback"
    ATTESTED = "attested"


class Measure(StrEnum):
    """Which minutes of a practicum entry count."""

    TOTAL = "total"
    DIRECT = "direct"


class Unit(StrEnum):
    """What a requirement is counted in."""

    MINUTES = "minutes"
    DAYS = "days"
    HALF_DAYS = "half_days"
    COUNT = "count"


class DecisionProfile(StrEnum):
    """How a certificate is decided (see `docs/`: light, standard, strict)."""

    LIGHT = "light"
    STANDARD = "standard"
    STRICT = "strict"


class ProgrammeStatus(StrEnum):
    """Whether the thresholds are our proposal or adopted by the certifying body."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class ProgrammeModule:
    """A module's place in a programme. `planned`: in preparation, shown but not counted."""

    slug: str
    code: str
    title: Text
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a certificate demands; the ledger evaluates it."""

    id: str
    kind: RequirementKind
    needed: int
    unit: Unit
    title: Text
    hint: Text
    measure: Measure | None = None
    counts: tuple[str, ...] = ()
    """For an activity: the `counts_as` families that are counted."""
    roles: tuple[str, ...] = ()
    """For an activity: the roles that are counted; empty means any."""
    individual_share: int = 0
    """For supervision: percent of what counts that must be one to one; 0 means none."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """The rule on the rubric: mean of all criteria, least level of any, floors of some."""

    mean: float
    minimum: int
    floors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Programme:
    """What a title takes: modules, requirements, promotion rule, manner of decision."""

    slug: str
    version: str
    languages: tuple[str, ...]
    status: ProgrammeStatus
    decision: DecisionProfile
    rubric: str
    validity_months: int
    """Zero: the certificate does not expire."""
    title: Text
    award: Text
    summary: Text
    modules: tuple[ProgrammeModule, ...]
    requirements: tuple[Requirement, ...]
    criteria: Promotion
    exam: Quiz | None = None
    """The final exam: its questions are those of all written modules."""

    @property
    def written(self) -> tuple[str, ...]:
        """Slugs of the modules that exist, in order; planned ones are not counted."""
        return tuple(module.slug for module in self.modules if not module.planned)

    def requirement(self, requirement_id: str) -> Requirement | None:
        """The requirement of that id, if the programme has it."""
        return next((r for r in self.requirements if r.id == requirement_id), None)
