"""Reading a module: its description, and which lessons it lists."""

from collections.abc import Sequence

from lms.curriculum.format.faults import IDENT, shown
from lms.curriculum.format.table import Table, report_duplicates
from lms.curriculum.rules import Counting, Module, Outcome, Quiz, Review

MAX_MINUTES = 6_000
MAX_DRAW = 50
MAX_QUIZ_MINUTES = 600
MAX_ATTEMPTS = 20
MAX_WAIT_HOURS = 24 * 90
LESSON_NAME = r"[0-9]{2}-[a-z0-9]+(?:-[a-z0-9]+)*"
"""A lesson begins with its number, so that no lesson can take the address of another page."""


def read_module(top: Table, slug: str) -> Module:
    """`module.toml`, whose lessons may be taken from other modules."""
    outcomes = top.tables("outcomes")
    quiz = top.table("quiz")
    completion = top.table("completion") if "completion" in top else None
    module = Module(
        slug=slug,
        code=top.string("code"),
        minutes=top.number("minutes", 1, MAX_MINUTES),
        title=top.text("title"),
        summary=top.text("summary"),
        outcomes=tuple(_outcome(row) for row in outcomes),
        competencies=top.idents("competencies"),
        prerequisites=top.idents("prerequisites"),
        lessons=tuple(_lessons(top, slug)),
        quiz=read_quiz(quiz) if quiz else Quiz(draw=0, pass_percent=0),
        attend=_attend(completion) if completion else False,
    )
    report_duplicates(list(zip(outcomes, (o.id for o in module.outcomes), strict=True)), "outcome")
    top.seeds()
    top.close()
    _check_names(top, module.lessons)
    return module


def _attend(completion: Table) -> bool:
    """What completing takes besides lessons, quiz and exercises: a training day about it."""
    attend = bool(completion.flag("attend"))
    completion.close()
    return attend


def _outcome(table: Table) -> Outcome:
    outcome = Outcome(id=table.ident(), text=table.own_text())
    table.close()
    return outcome


def read_quiz(table: Table) -> Quiz:
    """How a quiz or an exam goes; all but what is drawn and the pass mark has a default."""
    quiz = Quiz(
        draw=table.number("draw", 1, MAX_DRAW),
        pass_percent=table.number("pass_percent", 1, 100),
        minutes=table.number("minutes", 0, MAX_QUIZ_MINUTES, default=0),
        attempts=table.number("attempts", 0, MAX_ATTEMPTS, default=0),
        wait_hours=table.number("wait_hours", 0, MAX_WAIT_HOURS, default=0),
        counts=table.choice("counts", Counting, Counting.BEST),
        review=table.choice("review", Review, Review.ALWAYS),
    )
    table.close()
    return quiz


def _lessons(top: Table, slug: str) -> list[str]:
    lessons = []
    for item in top.items("lessons", required=True):
        home, name = _reference(item, slug)
        if IDENT.fullmatch(home) and IDENT.fullmatch(name):
            lessons.append(f"{home}/{name}")
        else:
            top.fault(
                "lessons",
                f"{shown(item)} is not a lesson",
                'Write "01-name" or {module = "slug", lesson = "01-name"}.',
            )
    return lessons


def _reference(item: object, slug: str) -> tuple[str, str]:
    """Module and lesson of one list item; empty where it names none."""
    if isinstance(item, str):
        return slug, item
    if isinstance(item, dict) and set(item) == {"module", "lesson"}:
        home, name = item["module"], item["lesson"]
        if isinstance(home, str) and isinstance(name, str):
            return home, name
    return "", ""


def _check_names(top: Table, lessons: Sequence[str]) -> None:
    names = [lesson.rpartition("/")[2] for lesson in lessons]
    for name in sorted({name for name in names if names.count(name) > 1}):
        top.fault(
            "lessons",
            f"two lessons are called {shown(name)}",
            "A lesson's name is its address in the module: list or name it once.",
        )
