"""Checks between files: whatever one file names must exist in another."""

from collections.abc import Iterator, Mapping, Sequence

from lms.curriculum.format.draft import Draft
from lms.curriculum.format.faults import Fault, listed, shown
from lms.curriculum.format.kinds import HANDOUTS
from lms.curriculum.format.table import Table
from lms.curriculum.rules import Programme


def crosscheck(draft: Draft) -> None:
    """Add the faults that only show when all files are read."""
    competencies = {
        criterion.id for rubric in draft.rubrics.values() for criterion in rubric.criteria
    }
    _check_modules(draft, competencies)
    _check_questions(draft, competencies)
    _check_exercises(draft)
    _check_links(draft)
    _check_programmes(draft)
    _check_cycles(draft)


def _check_modules(draft: Draft, competencies: set[str]) -> None:
    listed_somewhere = {lesson for _, module in draft.modules.values() for lesson in module.lessons}
    codes: dict[str, str] = {}
    for slug, (table, module) in sorted(draft.modules.items()):
        for lesson in module.lessons:
            if lesson not in draft.names:
                table.fault("lessons", f"no lesson {shown(lesson)}", "Mend its name or write it.")
        for other in module.prerequisites:
            if other not in draft.names or "/" in other:
                table.fault("prerequisites", f"no module {shown(other)}", "Name a written module.")
        _check_known(table, "competencies", module.competencies, competencies, "criterion")
        pool = sum(question.lesson in module.lessons for _, question in draft.questions)
        if module.quiz.draw > pool:
            table.source.fault(
                ("quiz", "draw"),
                f"the quiz draws {module.quiz.draw} of {pool} questions",
                "Write more questions or draw fewer.",
            )
        _check_numbers(table, [name for name in module.lessons if name.startswith(f"{slug}/")])
        if codes.setdefault(module.code, slug) != slug:
            table.fault("code", f"code {shown(module.code)} is taken", "Choose another code.")
    for lesson in sorted(name for name in draft.names if "/" in name):
        home = lesson.partition("/")[0]
        if lesson not in listed_somewhere and home in draft.modules:
            draft.modules[home][0].fault(
                "lessons", f"lesson {shown(lesson)} is in no list", "List it or remove its files."
            )


def _check_numbers(table: Table, lessons: Sequence[str]) -> None:
    """Lessons of a module stand in the order of their numbers, each number once."""
    taken: dict[str, str] = {}
    for lesson in lessons:
        name = lesson.rpartition("/")[2]
        first = taken.setdefault(name[:2], name)
        if first != name:
            table.fault(
                "lessons",
                f"{shown(first)} and {shown(name)} have the same number",
                "Give each lesson its own.",
            )


def _check_questions(draft: Draft, competencies: set[str]) -> None:
    files: dict[str, str] = {}
    for table, question in draft.questions:
        first = files.setdefault(question.id, table.source.file)
        if first != table.source.file:
            table.fault("id", f"{shown(question.id)} is taken in {first}", "Choose another id.")
        home = question.lesson.partition("/")[0]
        if question.lesson not in draft.names:
            table.fault("lesson", f"no lesson {shown(question.lesson)}", "Name a lesson here.")
        if home in draft.modules:
            outcomes = {outcome.id for outcome in draft.modules[home][1].outcomes}
            _check_known(table, "outcome", (question.outcome,), outcomes, "outcome")
        elif home not in draft.names:
            table.fault(None, "questions without a module", "Write module.toml beside them.")
        _check_known(table, "competency", (question.competency,), competencies, "criterion")
        if question.rubric is not None:
            check_marking(draft, table, question.rubric, question.criteria)


def _check_exercises(draft: Draft) -> None:
    files: dict[str, str] = {}
    for table, exercise in draft.exercises:
        first = files.setdefault(exercise.id, table.source.file)
        if first != table.source.file:
            table.fault("id", f"{shown(exercise.id)} is taken in {first}", "Choose another id.")
        if exercise.lesson not in draft.names:
            table.fault("lesson", f"no lesson {shown(exercise.lesson)}", "Name a lesson here.")
        check_marking(draft, table, exercise.rubric, exercise.criteria)
    for table, lesson, _handout in draft.handouts:
        if lesson not in draft.names:
            table.fault("lesson", f"no lesson {shown(lesson)}", "Name a lesson here.")
    _check_offered(draft)
    if draft.discover:
        table, discover = draft.discover
        for name in discover.lessons:
            if name not in draft.names or "/" not in name:
                table.fault("lessons", f"no lesson {shown(name)}", "Mend its name.")


def _check_offered(draft: Draft) -> None:
    """A file that is no picture lies there to be taken along."""
    offered = {(lesson.partition("/")[0], handout.name) for _, lesson, handout in draft.handouts}
    for slug, files in draft.media.items():
        for name in files:
            if name.rpartition(".")[2] in HANDOUTS and (slug, name) not in offered:
                draft.faults.append(
                    Fault(
                        f"modules/{slug}/media/{name}",
                        1,
                        "no lesson offers this file",
                        "Describe it in media.toml beside the lessons, or remove it.",
                    )
                )


def check_marking(draft: Draft, table: Table, rubric: str, criteria: Sequence[str]) -> None:
    """Fault a rubric, or criteria of it, that do not exist; what has none needs none."""
    if not rubric:
        return
    found = draft.rubrics.get(rubric)
    if found is None:
        table.fault("rubric", f"no rubric {shown(rubric)}", "Name a rubric's file.")
        return
    known = {criterion.id for criterion in found.criteria}
    _check_known(table, "criteria", criteria, known, "criterion")


def _check_known(table: Table, key: str, values: Sequence[str], known: set[str], what: str) -> None:
    """Fault unknown values; where nothing is known at all, another fault has said why."""
    for value in values:
        if known and value and value not in known:
            table.fault(key, f"no {what} {shown(value)}", f"Use one of: {listed(sorted(known))}.")


def _check_links(draft: Draft) -> None:
    for files in draft.lesson_files.values():
        for file in files.values():
            for link in file.outline.links:
                if link.lesson is not None and link.lesson not in draft.names:
                    file.fault(link.line, f"no lesson {shown(link.lesson)}", "Mend the link.")


def _check_programmes(draft: Draft) -> None:
    if not draft.programmes and not draft.faults:
        draft.faults.append(
            Fault("programmes", 1, "there is no programme", "Write programmes/<slug>.toml.")
        )
    for table, programme in draft.programmes.values():
        _check_places(draft, table, programme)
        _check_promotion(draft, table, programme)
        _check_pool(draft, table, programme)


def _check_pool(draft: Draft, table: Table, programme: Programme) -> None:
    """The exam draws from the questions of all lessons that the written modules list."""
    if programme.exam is None:
        return
    lessons = {
        lesson
        for slug in programme.written
        if slug in draft.modules
        for lesson in draft.modules[slug][1].lessons
    }
    pool = sum(question.lesson in lessons for _, question in draft.questions)
    if programme.exam.draw > pool:
        table.source.fault(
            ("exam", "draw"),
            f"the exam draws {programme.exam.draw} of {pool} questions",
            "Write more questions or draw fewer.",
        )


def _check_places(draft: Draft, table: Table, programme: Programme) -> None:
    codes: dict[str, str] = {}
    for position, place in enumerate(programme.modules):
        here = ("modules", position)
        if place.planned and place.slug in draft.names:
            table.source.fault(
                here,
                f"planned module {shown(place.slug)} has been written",
                f'Replace it by module = "{place.slug}".',
            )
        elif not place.planned and place.slug and place.slug not in draft.names:
            table.source.fault(
                here, f"no module {shown(place.slug)}", "Write it, or mark it planned = true."
            )
        code = place.code
        if not place.planned and place.slug in draft.modules:
            code = draft.modules[place.slug][1].code
        if code and codes.setdefault(code, place.slug) != place.slug:
            table.source.fault(
                here, f"code {shown(code)} stands twice", "Give each module its own code."
            )


def _check_promotion(draft: Draft, table: Table, programme: Programme) -> None:
    if not programme.rubric:
        return
    if programme.rubric not in draft.rubrics:
        table.fault("rubric", f"no rubric {shown(programme.rubric)}", "Name a rubric's file.")
        return
    criteria = {criterion.id for criterion in draft.rubrics[programme.rubric].criteria}
    for floor in programme.criteria.floors:
        if criteria and floor not in criteria:
            table.source.fault(
                ("criteria", floor),
                f"no criterion {shown(floor)}",
                f"Use one of: {listed(sorted(criteria))}.",
            )


def _check_cycles(draft: Draft) -> None:
    prerequisites = {slug: module.prerequisites for slug, (_, module) in draft.modules.items()}
    for cycle in cycles(prerequisites):
        table, _ = draft.modules[cycle[0]]
        table.fault(
            "prerequisites",
            f"modules wait for each other: {' → '.join([*cycle, cycle[0]])}",
            "Remove one of these prerequisites.",
        )


def cycles(edges: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Every circle of names that wait for each other, each once, from its first name."""
    for start in sorted(edges):
        waiting: list[tuple[str, tuple[str, ...]]] = [(start, (start,))]
        seen: set[str] = set()
        while waiting:
            name, path = waiting.pop()
            for after in edges.get(name, ()):
                if after == start:
                    if start == min(path):
                        yield path
                    waiting.clear()
                    break
                if after not in seen:
                    seen.add(after)
                    waiting.append((after, (*path, after)))
