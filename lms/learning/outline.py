"""A programme as one trainee sees it: modules and lessons, with where they stand. Pure."""

from dataclasses import dataclass

from lms.curriculum.release import Release
from lms.curriculum.rules import Exercise, Lesson, Module, Programme, ProgrammeModule
from lms.learning.exercises.rules import exercises_of
from lms.learning.rules import (
    NOTHING,
    Done,
    Missing,
    ModuleState,
    Step,
    missing,
    missing_prerequisites,
    module_state,
)


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson in its module's list."""

    lesson: Lesson
    number: int
    is_read: bool


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module in the programme's list. Planned ones have no `module`."""

    place: ProgrammeModule
    state: ModuleState
    module: Module | None = None
    lessons: tuple[LessonRow, ...] = ()
    waits_for: tuple[Module, ...] = ()
    quiz_passed: bool = False
    exercises: tuple[Exercise, ...] = ()
    """What is to be done under its lessons, alone or as a team."""
    accepted: int = 0
    """How many of the required ones are."""
    attended: bool = False
    """Whether a training day about it was attended, where it asks for one."""
    missing: Missing = NOTHING

    @property
    def steps_done(self) -> int:
        """Lessons read, the quiz if passed, required exercises accepted, the training day."""
        read = sum(row.is_read for row in self.lessons)
        return read + self.quiz_passed + self.accepted + self.attended

    @property
    def steps(self) -> int:
        """Lessons, the quiz, required exercises, a training day where it asks for one."""
        more = len(self.module.required) + self.module.attend if self.module else 0
        return len(self.lessons) + 1 + more


def written_modules(release: Release, programme: Programme) -> list[Module]:
    """The programme's modules that exist, in order."""
    return [release.content.modules[slug] for slug in programme.written]


def outline(release: Release, programme: Programme, done: Done) -> list[ModuleRow]:
    """All modules of a programme, planned ones included."""
    modules = written_modules(release, programme)
    return [module_row(release, place, modules, done) for place in programme.modules]


def module_row(
    release: Release, place: ProgrammeModule, modules: list[Module], done: Done
) -> ModuleRow:
    """One module of a programme."""
    module = release.module(place.slug)
    if place.planned or module is None:
        return ModuleRow(place, ModuleState.PLANNED)
    return ModuleRow(
        place=place,
        state=module_state(module, modules, done),
        module=module,
        lessons=tuple(
            LessonRow(lesson, number, lesson.id in done.read)
            for number, lesson in enumerate(release.lessons(module.slug), start=1)
        ),
        waits_for=missing_prerequisites(module, modules, done),
        quiz_passed=module.slug in done.passed,
        exercises=exercises_of(release, module),
        accepted=len(done.accepted.intersection(module.required)),
        attended=module.attend and module.slug in done.attended,
        missing=missing(module, done),
    )


def find_place(programme: Programme, slug: str) -> ProgrammeModule | None:
    """A written module's place in the programme."""
    return next((p for p in programme.modules if p.slug == slug and not p.planned), None)


def find_lesson(release: Release, programme: Programme, home: str, name: str) -> Step | None:
    """Where the programme holds a lesson that a text links to by its home module."""
    for slug in programme.written:
        lesson = release.lesson(slug, name)
        if lesson is not None and lesson.id == f"{home}/{name}":
            return Step(slug, name)
    return None
