"""Reading rubrics and the lists of the practicum."""

from lms.curriculum.format.faults import listed
from lms.curriculum.format.table import Table, report_duplicates
from lms.curriculum.rules import (
    ActivityType,
    Choice,
    Criterion,
    EntryLimits,
    Indicator,
    Level,
    Practicum,
    Rubric,
    Text,
)

LEVELS = (0, 1, 2, 3, 4)


def read_rubric(top: Table, slug: str) -> Rubric:
    """A rubric of criteria with indicators and anchored levels."""
    names = top.tables("level_names")
    criteria = top.tables("criteria")
    rubric = Rubric(
        slug=slug,
        version=top.string("version"),
        level_names=tuple(_level_name(row, position) for position, row in enumerate(names)),
        criteria=tuple(_criterion(row) for row in criteria),
    )
    if names and len(names) != len(LEVELS):
        top.fault("level_names", f"{len(names)} level names", f"Name levels {listed(LEVELS)}.")
    report_duplicates(
        list(zip(criteria, (c.id for c in rubric.criteria), strict=True)), "criterion"
    )
    if "title" in top:
        top.text("title")
    top.seeds()
    top.close()
    return rubric


def read_practicum(top: Table) -> Practicum:
    """`practicum.toml`: what an entry may say."""
    types = top.tables("types")
    practicum = Practicum(
        types=tuple(_activity_type(row) for row in types),
        forms=_choices(top, "forms"),
        stakes=_choices(top, "stakes"),
        actor_categories=_choices(top, "actor_categories"),
        limits=_choices(top, "limits"),
        purposes=_choices(top, "purposes"),
        roles=_choices(top, "roles"),
        entry=_entry_limits(top),
    )
    report_duplicates(list(zip(types, (t.id for t in practicum.types), strict=True)), "type")
    top.seeds()
    top.close()
    return practicum


def _level_name(table: Table, position: int) -> Text:
    if "level" in table and table.number("level", 0, LEVELS[-1]) != position:
        table.fault("level", "level names are out of order", "Name level 0 first, 4 last.")
    name = table.own_text()
    table.close()
    return name


def _criterion(table: Table) -> Criterion:
    indicators, levels = table.tables("indicators"), table.tables("levels")
    criterion = Criterion(
        id=table.ident(),
        title=table.text("title"),
        description=table.text("description"),
        indicators=tuple(_indicator(row) for row in indicators),
        levels=tuple(_level(row) for row in levels),
    )
    table.seeds()
    table.close()
    report_duplicates(
        list(zip(indicators, (i.id for i in criterion.indicators), strict=True)), "indicator"
    )
    if levels and tuple(level.level for level in criterion.levels) != LEVELS:
        table.fault(
            "levels", "the levels are not 0 to 4 in order", f"Anchor levels {listed(LEVELS)}."
        )
    return criterion


def _indicator(table: Table) -> Indicator:
    indicator = Indicator(id=table.ident(), text=table.own_text())
    table.seeds()
    table.close()
    return indicator


def _level(table: Table) -> Level:
    level = Level(level=table.number("level", 0, LEVELS[-1]), text=table.own_text())
    table.close()
    return level


def _activity_type(table: Table) -> ActivityType:
    activity = ActivityType(
        id=table.ident(), counts_as=table.ident("counts_as"), title=table.text("title")
    )
    table.seeds()
    table.close()
    return activity


def _entry_limits(top: Table) -> EntryLimits:
    usual, table = EntryLimits(), top.table("entry") if "entry" in top else None
    if table is None:
        return usual
    limits = EntryLimits(
        backdating_days=table.number("backdating_days", 0, 366, usual.backdating_days),
        minutes_a_day=table.number("minutes_a_day", 1, 24 * 60, usual.minutes_a_day),
    )
    table.seeds()
    table.close()
    return limits


def _choices(top: Table, key: str) -> tuple[Choice, ...]:
    tables = top.tables(key)
    choices = tuple(_choice(row) for row in tables)
    report_duplicates(list(zip(tables, (c.id for c in choices), strict=True)), f"{key} id")
    return choices


def _choice(table: Table) -> Choice:
    choice = Choice(id=table.ident(), title=table.text("title"))
    table.seeds()
    table.close()
    return choice
