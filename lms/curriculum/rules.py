"""What a trainee learns and must show: programmes, modules, lessons, questions, rubric, practicum.

All of it is data, written in `course_content/` and frozen into a release. These are the shapes
that the rest of the application reads; `format` makes them, `release` keeps them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Text: TypeAlias = Mapping[str, str]
"""The same words in each language of the content: language code → text."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDERING = "ordering"
    MATCHING = "matching"
    SHORT = "short"
    SCENARIO = "scenario"
    OPEN = "open"


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


class Counting(StrEnum):
    """Which attempt at a quiz counts where several were made."""

    BEST = "best"
    LAST = "last"


class Review(StrEnum):
    """When the result of an attempt shows right answers and feedback; the score always shows."""

    ALWAYS = "always"
    PASSED = "passed"
    SCORE = "score"
    """Never."""


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
class Choice:
    """One option of a list that people pick from: a stake, a limit, a role."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class ActivityType:
    """A kind of practice in the field, and the requirement family that it `counts_as`."""

    id: str
    counts_as: str
    title: Text


@dataclass(frozen=True, slots=True)
class EntryLimits:
    """How late and how much may be noted. Both proposed by us; each release may say otherwise."""

    backdating_days: int = 30
    """Days that may lie between a piece of practice and its reaching the server."""
    minutes_a_day: int = 16 * 60
    """Minutes that one person may claim for one day."""


@dataclass(frozen=True, slots=True)
class Practicum:
    """The lists behind a practicum entry. Sources: D8, D10, D12, D13, D14, D22."""

    types: tuple[ActivityType, ...] = ()
    forms: tuple[Choice, ...] = ()
    stakes: tuple[Choice, ...] = ()
    actor_categories: tuple[Choice, ...] = ()
    limits: tuple[Choice, ...] = ()
    purposes: tuple[Choice, ...] = ()
    roles: tuple[Choice, ...] = ()
    entry: EntryLimits = EntryLimits()


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing to look for when observing a criterion."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Level:
    """A behavioural anchor: what one sees and hears at this level."""

    level: int
    text: Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """One competency that is scored, with its indicators and anchored levels."""

    id: str
    title: Text
    description: Text
    indicators: tuple[Indicator, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """The grid on which practice is scored, levels 0 to 4."""

    slug: str
    version: str
    level_names: tuple[Text, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer offered by a question. `feedback` says why it is tempting, once submitted."""

    id: str
    correct: bool
    text: Text
    feedback: Text | None = None
    match: str | None = None
    """For a matching: id of the choice that belongs to this answer."""


@dataclass(frozen=True, slots=True)
class QuestionStep:
    """One step of a scenario: a question with exactly one right answer."""

    id: str
    text: Text
    feedback: Text
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the bank. For an ordering, `answers` stand in their right order."""

    id: str
    kind: QuestionKind
    lesson: str
    """Id of the lesson that teaches it, `<module>/<lesson>`."""
    outcome: str
    competency: str
    text: Text
    feedback: Text
    answers: tuple[Answer, ...] = ()
    choices: tuple[Choice, ...] = ()
    """For a matching: what the answers are matched with; one or two may match nothing."""
    accept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For a short answer: what counts as right, in each language."""
    steps: tuple[QuestionStep, ...] = ()
    """For a scenario, whose `text` is the situation."""
    rubric: str | None = None
    """For an open question: slug of the rubric on whose `criteria` a trainer marks it."""
    criteria: tuple[str, ...] = ()
    model: Text | None = None
    """For an open question: what a good answer holds."""


@dataclass(frozen=True, slots=True)
class Handout:
    """A file that belongs to a lesson; sound has its words beside it."""

    name: str
    address: str
    """Where it is served: `/media/<sha256>.<extension>`."""
    media_type: str
    size: int
    """In bytes."""
    title: Text
    description: Text
    transcript: Text | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson, rendered. Its id names the module that holds its files: `<module>/<slug>`."""

    id: str
    title: Text
    minutes: int
    html: Text
    handouts: tuple[Handout, ...] = ()

    @property
    def slug(self) -> str:
        """Its name in addresses, unique within any module that lists it."""
        return self.id.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a person can do after a module."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Quiz:
    """How a module, or at its end a programme, is tested."""

    draw: int
    pass_percent: int
    minutes: int = 0
    """Time allowed; zero means no limit but the one for every attempt."""
    attempts: int = 0
    """How many one may make; zero means any number."""
    wait_hours: int = 0
    """Between handing one in and starting the next."""
    counts: Counting = Counting.BEST
    review: Review = Review.ALWAYS


@dataclass(frozen=True, slots=True)
class Module:
    """A unit of learning: lessons in order, own or taken by reference, and a quiz."""

    slug: str
    code: str
    minutes: int
    title: Text
    summary: Text
    outcomes: tuple[Outcome, ...]
    competencies: tuple[str, ...]
    prerequisites: tuple[str, ...]
    lessons: tuple[str, ...]
    quiz: Quiz
    required: tuple[str, ...] = ()
    """Ids of the exercises of its lessons that have to be accepted."""
    attend: bool = False
    """Whether it is complete only once one was there on a training day about it."""

    @property
    def order(self) -> tuple[str, int]:
        """Its code as people sort it: C2 before C10."""
        letters = self.code.rstrip("0123456789")
        return letters, int(self.code[len(letters) :] or 0)


class ExerciseKind(StrEnum):
    """Who does an exercise."""

    INDIVIDUAL = "individual"
    TEAM = "team"


class TeamActivity(StrEnum):
    """What a team does together (D6): its values as a charter; what it contributes to whom."""

    VALUES = "values"
    CONTRIBUTION = "contribution"


class Delivery(StrEnum):
    """What is handed in."""

    TEXT = "text"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Exercise:
    """Something to do, on one's own and marked by a trainer, or as a team."""

    id: str
    lesson: str
    """Id of the lesson under which it stands, `<module>/<lesson>`."""
    kind: ExerciseKind
    required: bool
    """Whether the module is complete only once it is accepted."""
    minutes: int
    deliver: tuple[Delivery, ...]
    rubric: str
    criteria: tuple[str, ...]
    """On which criteria of the rubric a trainer marks it."""
    title: Text
    task: Text
    """Safe HTML."""
    steps: tuple[Indicator, ...] = ()
    """Questions that one works through, in order."""
    activity: TeamActivity | None = None
    """What a team does; none for an exercise of one's own."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the craft."""

    id: str
    title: Text
    definition: Text
    forms: Mapping[str, tuple[str, ...]]
    """Other spellings by which a text may name it, by language."""
    see: tuple[str, ...] = ()
    linked: bool = True
    """Whether lessons link to it where they first name it."""


@dataclass(frozen=True, slots=True)
class Discover:
    """What everybody may read without an account, and the agenda of the awareness day (D3)."""

    title: Text
    intro: Text
    """Safe HTML."""
    lessons: tuple[str, ...]
    agenda: tuple[Text, ...]


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


@dataclass(frozen=True, slots=True)
class Content:
    """All that one release holds, keyed by slug or id."""

    languages: tuple[str, ...]
    programmes: Mapping[str, Programme]
    modules: Mapping[str, Module]
    lessons: Mapping[str, Lesson]
    questions: Mapping[str, Question]
    rubrics: Mapping[str, Rubric]
    practicum: Practicum
    glossary: Mapping[str, Term] = field(default_factory=dict)
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    discover: Discover | None = None
    media: Mapping[str, str] = field(default_factory=dict)
    """Address of each picture and handout → the file of the content folder that it is."""
