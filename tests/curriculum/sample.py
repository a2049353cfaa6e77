"""A small content folder without faults, for tests to spoil."""

from collections.abc import Mapping


def text(words: str) -> str:
    return f'fr = "{words} fr"\nen = "{words} en"\nar = "{words} ar"\n'


def lesson(title: str, minutes: int = 10, body: str = "") -> str:
    body = body or "## Why\n\nSome **words**.\n\n## Remember\n\n- one\n- two"
    return f'+++\ntitle = "{title}"\nminutes = {minutes}\nseeds = ["D16"]\n+++\n\n{body}\n'


def question(
    number: str, kind: str, lesson_name: str, answers: str, competency: str = "problem-solving"
) -> str:
    return (
        f'[[question]]\nid = "{number}"\nkind = "{kind}"\nlesson = "{lesson_name}"\n'
        f'outcome = "state-objective"\ncompetency = "{competency}"\n'
        f"[question.text]\n{text('Question ' + number)}"
        f"[question.feedback]\n{text('Because ' + number)}{answers}\n"
    )


def answers(right: str, wrong: str) -> str:
    rows = [
        f'[[question.answers]]\nid = "{name}"\ncorrect = {str(name in right).lower()}\n'
        f"{text('Answer ' + name)}"
        for name in right + wrong
    ]
    return "".join(rows)


def steps(names: str) -> str:
    return "".join(f'[[question.answers]]\nid = "{n}"\n{text("Step " + n)}' for n in names)


def module(code: str, lessons: str, prerequisites: str = "", draw: int = 3) -> str:
    return (
        f'code = "{code}"\nminutes = 120\ncompetencies = ["problem-solving"]\n'
        f'prerequisites = [{prerequisites}]\nseeds = ["D16"]\nlessons = [{lessons}]\n'
        f"[title]\n{text('Module ' + code)}[summary]\n{text('You will ' + code)}"
        f'[[outcomes]]\nid = "state-objective"\n{text("State an objective")}'
        f"[quiz]\ndraw = {draw}\npass_percent = 70\n"
    )


def programme() -> str:
    return f"""version = "2026.1"
languages = ["fr", "en", "ar"]
status = "proposed"
decision = "light"
rubric = "coaching"
[title]
{text("Facilitator")}[award]
{text("Territorial facilitator")}[summary]
{text("Leads workshops")}
[[modules]]
planned = true
id = "a1-frame"
code = "A1"
title = {{fr = "Cadre", en = "Frame", ar = "إطار"}}
[[modules]]
module = "c6-method"
[[modules]]
module = "a5-listening"
[[requirements]]
id = "modules"
kind = "modules"
[requirements.title]
{text("Modules")}[requirements.hint]
{text("All of them")}
[[requirements]]
id = "direct-practice"
kind = "practice_minutes"
measure = "direct"
needed = 1800
unit = "minutes"
[requirements.title]
{text("Direct practice")}[requirements.hint]
{text("With people")}
[[requirements]]
id = "workshops"
kind = "activity"
counts = ["workshop"]
minimum_role = "co-led"
needed = 3
[requirements.title]
{text("Workshops")}[requirements.hint]
{text("Led or co-led")}
[criteria]
mean = 2.0
minimum = 0
ethics = 2
"""


def _choices(key: str, *ids: str) -> str:
    return "".join(f'[[{key}]]\nid = "{name}"\n[{key}.title]\n{text(name)}' for name in ids)


def practicum() -> str:
    types = f'[[types]]\nid = "workshop"\ncounts_as = "workshop"\n[types.title]\n{text("Workshop")}'
    return (
        types
        + _choices("forms", "session")
        + _choices("stakes", "economy")
        + _choices("actor_categories", "citizen")
        + _choices("limits", "money")
        + _choices("purposes", "change")
        + _choices("roles", "led", "co-led", "observed")
        + "[entry]\nbackdating_days = 20\nminutes_a_day = 600\n"
    )


def rubric() -> str:
    def criterion(name: str) -> str:
        levels = "".join(
            f"[[criteria.levels]]\nlevel = {n}\n{text(f'Level {n}')}" for n in range(5)
        )
        return (
            f'[[criteria]]\nid = "{name}"\n[criteria.title]\n{text(name)}'
            f"[criteria.description]\n{text(name)}"
            f'[[criteria.indicators]]\nid = "{name}-one"\n{text("Does it")}{levels}'
        )

    names = "".join(f"[[level_names]]\n{text(f'Name {n}')}" for n in range(5))
    return f'version = "2026.1"\n{names}{criterion("problem-solving")}{criterion("ethics")}'


def tree() -> dict[str, str]:
    files = {
        "practicum.toml": practicum(),
        "rubrics/coaching.toml": rubric(),
        "programmes/facilitator.toml": programme(),
        "modules/c6-method/module.toml": module("C6", '"01-analysis", "02-objectives"'),
        "modules/c6-method/questions.toml": (
            question("c6-q01", "single", "01-analysis", answers("a", "bc"))
            + question("c6-q02", "multiple", "02-objectives", answers("ab", "cd"))
            + question("c6-q03", "ordering", "01-analysis", steps("abcd"))
            + question("c6-q04", "single", "02-objectives", answers("a", "b"))
        ),
        "modules/a5-listening/module.toml": module(
            "A5",
            '"01-attention", {module = "c6-method", lesson = "02-objectives"}',
            prerequisites='"c6-method"',
            draw=2,
        ),
        "modules/a5-listening/questions.toml": question(
            "a5-q01", "single", "01-attention", answers("a", "b")
        ),
    }
    for language in ("fr", "en", "ar"):
        files |= {
            f"modules/c6-method/01-analysis.{language}.md": lesson(f"Analysis {language}"),
            f"modules/c6-method/02-objectives.{language}.md": lesson(f"Objectives {language}"),
            f"modules/a5-listening/01-attention.{language}.md": lesson(
                f"Attention {language}",
                body="## Why\n\nSee [method](lesson:c6-method/01-analysis).\n\n## Remember\n\n- x",
            ),
        }
    return files


def encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: body.encode() for name, body in files.items()}
