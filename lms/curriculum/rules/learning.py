"""What is learnt: modules with their lessons, exercises and quizzes; words of the craft."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lms.curriculum.rules.text import Indicator, Text


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
