"""Reading a programme: its modules, requirements and promotion rule."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms.curriculum.format.faults import IDENT, shown
from lms.curriculum.format.modules import read_quiz
from lms.curriculum.format.table import Table, report_duplicates
from lms.curriculum.rules import (
    DecisionProfile,
    Measure,
    Practicum,
    Programme,
    ProgrammeModule,
    ProgrammeStatus,
    Promotion,
    Requirement,
    RequirementKind,
    Unit,
)

MAX_NEEDED = 600_000
MAX_VALIDITY = 600
HIGHEST_LEVEL = 4
LANGUAGE = re.compile(r"[a-z]{2,3}")


def declared_languages(values: Mapping[str, object]) -> tuple[str, ...]:
    """The languages that a programme's file asks for, read before anything else."""
    languages = values.get("languages")
    if not isinstance(languages, list):
        return ()
    return tuple(
        language
        for language in languages
        if isinstance(language, str) and LANGUAGE.fullmatch(language)
    )


def read_programme(top: Table, slug: str, practicum: Practicum) -> Programme:
    """`programmes/<slug>.toml`. Titles of written modules are filled in by `with_titles`."""
    if not declared_languages({"languages": top.get("languages")}):
        top.fault("languages", "no languages", 'Write languages = ["fr", "en", "ar"].')
    modules, requirements = top.tables("modules"), top.tables("requirements")
    criteria = top.table("criteria")
    exam = top.table("exam") if "exam" in top else None
    programme = Programme(
        slug=slug,
        version=top.string("version"),
        languages=declared_languages({"languages": top.get("languages")}),
        status=top.choice("status", ProgrammeStatus, ProgrammeStatus.PROPOSED),
        decision=top.choice("decision", DecisionProfile),
        rubric=top.ident("rubric"),
        validity_months=top.number("validity_months", 0, MAX_VALIDITY, default=0),
        title=top.text("title"),
        award=top.text("award"),
        summary=top.text("summary"),
        modules=tuple(_module(row) for row in modules),
        requirements=tuple(_requirement(row, practicum) for row in requirements),
        criteria=_promotion(criteria) if criteria else Promotion(0, 0, {}),
        exam=read_quiz(exam) if exam else None,
    )
    report_duplicates(
        list(zip(requirements, (r.id for r in programme.requirements), strict=True)), "requirement"
    )
    report_duplicates(
        list(zip(modules, (m.slug for m in programme.modules), strict=True)), "module"
    )
    if [r.kind for r in programme.requirements].count(RequirementKind.MODULES) > 1:
        top.fault("requirements", "modules are required twice", "Keep one of kind `modules`.")
    _check_exam(top, programme)
    top.seeds()
    top.close()
    written = len(programme.written)
    return replace(
        programme,
        requirements=tuple(
            replace(r, needed=written) if r.kind is RequirementKind.MODULES else r
            for r in programme.requirements
        ),
    )


def _check_exam(top: Table, programme: Programme) -> None:
    required = [r.kind for r in programme.requirements].count(RequirementKind.EXAM)
    if required > 1:
        top.fault("requirements", "the exam is required twice", "Keep one of kind `exam`.")
    if required and programme.exam is None:
        top.fault(
            "requirements",
            "an exam is required, but there is none",
            "Add a table [exam] with draw and pass_percent.",
        )


def _module(table: Table) -> ProgrammeModule:
    if table.flag("planned"):
        module = ProgrammeModule(
            slug=table.ident("id"),
            code=table.string("code"),
            title=table.text("title"),
            planned=True,
        )
    else:
        module = ProgrammeModule(slug=table.ident("module"), code="", title={})
    table.seeds()
    table.close()
    return module


def _requirement(table: Table, practicum: Practicum) -> Requirement:
    kind = table.choice("kind", RequirementKind)
    computed = kind is RequirementKind.MODULES
    if computed and "needed" in table:
        table.fault("needed", "`needed` is computed for modules", "Leave it out.")
    minutes = kind is RequirementKind.PRACTICE_MINUTES
    supervision = kind is RequirementKind.SUPERVISION
    activity = kind is RequirementKind.ACTIVITY
    requirement = Requirement(
        id=table.ident(),
        kind=kind,
        needed=0 if computed and not table.get("needed") else table.number("needed", 1, MAX_NEEDED),
        unit=table.choice("unit", Unit, Unit.MINUTES if minutes or supervision else Unit.COUNT),
        title=table.text("title"),
        hint=table.text("hint"),
        measure=table.choice("measure", Measure, Measure.TOTAL) if minutes else None,
        counts=table.idents("counts", required=True) if activity else (),
        roles=_roles(table, practicum) if activity else (),
        individual_share=table.number("individual_share", 0, 100, default=0) if supervision else 0,
    )
    if (minutes or supervision) and requirement.unit is not Unit.MINUTES:
        what = "practice" if minutes else "supervision"
        table.fault("unit", f"{what} is counted in minutes", 'Write unit = "minutes".')
    if kind is RequirementKind.EXAM and (requirement.needed, requirement.unit) != (1, Unit.COUNT):
        table.fault("needed", "the exam is passed once", 'Write needed = 1 and unit = "count".')
    training = kind is RequirementKind.TRAINING_DAYS
    if training and requirement.unit is not Unit.HALF_DAYS:
        table.fault("unit", "training is counted in half days", 'Write unit = "half_days".')
    if kind is RequirementKind.HOST_FEEDBACK and requirement.unit is not Unit.COUNT:
        table.fault("unit", "host feedback is counted one by one", 'Write unit = "count".')
    families = {activity_type.counts_as for activity_type in practicum.types}
    for family in requirement.counts:
        if families and family not in families:
            table.fault(
                "counts",
                f"no practicum type counts as {shown(family)}",
                "Use a `counts_as` of practicum.toml.",
            )
    table.seeds()
    table.close()
    return requirement


def _roles(table: Table, practicum: Practicum) -> tuple[str, ...]:
    """Roles that count: listed in `role`, or all from the first down to `minimum_role`."""
    known = [role.id for role in practicum.roles]
    named = table.get("role")
    roles = (named,) if isinstance(named, str) else table.idents("role")
    least = table.string("minimum_role", "")
    for key, role in [*(("role", role) for role in roles), ("minimum_role", least)]:
        if role and known and role not in known:
            table.fault(key, f"no role {shown(role)}", "Use a role of practicum.toml.")
    if least in known:
        return tuple(known[: known.index(least) + 1])
    return roles


def _promotion(table: Table) -> Promotion:
    mean, minimum = (
        table.decimal("mean", 0, HIGHEST_LEVEL),
        table.number("minimum", 0, HIGHEST_LEVEL),
    )
    floors = {
        key: table.number(key, 0, HIGHEST_LEVEL)
        for key in table.names()
        if key not in {"mean", "minimum"} and IDENT.fullmatch(key)
    }
    table.close()
    return Promotion(mean, minimum, floors)


def with_titles(programme: Programme, modules: Mapping[str, ProgrammeModule]) -> Programme:
    """The programme with code and title of each written module filled in."""
    filled: Sequence[ProgrammeModule] = [
        module if module.planned else modules.get(module.slug, module)
        for module in programme.modules
    ]
    return replace(programme, modules=tuple(filled))
