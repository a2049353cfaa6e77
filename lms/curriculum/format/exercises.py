"""Reading exercises, what is open to all, and where the source documents are served."""

from lms.curriculum import markdown
from lms.curriculum.format.faults import control_character, shown
from lms.curriculum.format.modules import MAX_MINUTES
from lms.curriculum.format.slips import said
from lms.curriculum.format.table import Table, report_duplicates
from lms.curriculum.rules import (
    Delivery,
    Discover,
    Exercise,
    ExerciseKind,
    Indicator,
    TeamActivity,
    Text,
)


def read_exercises(top: Table, module: str) -> list[tuple[Table, Exercise]]:
    """`exercises.toml`: what a trainee, or a team, does and hands in."""
    tables = top.tables("exercise")
    exercises = [_exercise(table, module) for table in tables]
    report_duplicates(list(zip(tables, (one.id for one in exercises), strict=True)), "exercise")
    top.close()
    return list(zip(tables, exercises, strict=True))


def _exercise(table: Table, module: str) -> Exercise:
    kind = table.choice("kind", ExerciseKind)
    team = kind is ExerciseKind.TEAM
    steps = table.tables("steps", required=False)
    exercise = Exercise(
        id=table.ident(),
        lesson=f"{module}/{table.ident('lesson')}",
        kind=kind,
        activity=table.choice("activity", TeamActivity) if team else None,
        required=bool(table.flag("required")),
        minutes=table.number("minutes", 1, MAX_MINUTES),
        deliver=() if team else _deliveries(table),
        rubric="" if team else table.ident("rubric"),
        criteria=() if team else table.idents("criteria", required=True),
        title=table.text("title"),
        task=read_markdown(table, "task"),
        steps=tuple(_step(step) for step in steps),
    )
    if team and exercise.required:
        table.fault(
            "required", "a team exercise cannot be required", "Leave `required` out: nobody fails."
        )
    report_duplicates(list(zip(steps, (s.id for s in exercise.steps), strict=True)), "step")
    table.seeds()
    table.close()
    return exercise


def _deliveries(table: Table) -> tuple[Delivery, ...]:
    known = {delivery.value: delivery for delivery in Delivery}
    values = table.items("deliver", required=True)
    if not all(isinstance(value, str) and value in known for value in values):
        table.fault("deliver", "`deliver` is not known", 'Write deliver = ["text", "file"].')
        return ()
    return tuple(dict.fromkeys(known[str(value)] for value in values))


def _step(table: Table) -> Indicator:
    step = Indicator(id=table.ident(), text=table.own_text())
    table.close()
    return step


def read_markdown(table: Table, key: str) -> Text:
    """A text in every language, written in Markdown, as safe HTML."""
    inner = table.table(key)
    if inner is None:
        return dict.fromkeys(table.source.languages, "")
    html = {}
    for language, text in inner.own_text().items():
        _check_markdown(inner, language, text)
        html[language] = markdown.render(text)
    inner.close()
    return html


def _check_markdown(table: Table, key: str, text: str) -> None:
    found = markdown.outline(text)
    if found.raw_html:
        table.fault(key, "raw HTML", "Write it in Markdown; put code between `backticks`.")
    if found.pictures:
        table.fault(key, "a picture", "Pictures stand in lessons.")
    for _line, message, remedy in said(found.slips):
        table.fault(key, message, remedy)
    for link in found.links:
        if not link.outside:
            table.fault(key, f"a link to {shown(link.address)}", "Write a full https:// address.")
    if character := control_character(text):
        table.fault(key, f"a hidden character {character}", "Remove it.")


def read_discover(top: Table) -> Discover:
    """`discover.toml`: what everybody may read, and the agenda of the awareness day (D3)."""
    lessons = top.items("lessons", required=True)
    if not all(isinstance(name, str) for name in lessons):
        top.fault("lessons", "not a list of lessons", 'Write lessons = ["module/01-name"].')
    agenda = top.tables("agenda")
    discover = Discover(
        title=top.text("title"),
        intro=read_markdown(top, "intro"),
        lessons=tuple(str(name) for name in lessons),
        agenda=tuple(_agenda_point(row) for row in agenda),
    )
    top.seeds()
    top.close()
    return discover


def _agenda_point(table: Table) -> Text:
    text = table.own_text()
    table.close()
    return text


def read_coverage(top: Table) -> None:
    """`coverage.toml`: for authors and `lms content coverage`; not kept in a release."""
    for table in top.tables("place"):
        table.string("seed")
        table.string("where")
        table.own_text()
        table.close()
    top.close()
