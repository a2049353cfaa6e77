"""New questions before they are proposed: how each will look, and what it lacks. Pure."""

from collections.abc import Mapping, Sequence

from lms.curriculum.corrections import remarks
from lms.curriculum.corrections.adding import Row, add_questions, known_ids, numbered
from lms.curriculum.corrections.files import Files, decoded, questions_name
from lms.curriculum.corrections.remarks import Remark
from lms.curriculum.format import read_files, toml
from lms.curriculum.rules import Question

Missing = Mapping[str, Sequence[Remark]]
"""What is to be mended in one question, by the name of the form's field."""


def looked_at(
    files: Files, module: str, rows: Sequence[Row]
) -> tuple[list[Question | None], list[Missing]]:
    """The new questions as they will be taught, and what the check says of each.

    Raises Refusal as `add_questions`.
    """
    made = {**files, **add_questions(files, module, rows)}
    wanted = (f"modules/{module}/", "programmes/", "rubrics/", "glossary.toml")
    content, faults = read_files({k: v for k, v in made.items() if k.startswith(wanted)})
    ids = [row["id"] for row in numbered(files, module, rows)]
    name = questions_name(module)
    places = _places(decoded(made.get(name, b"")))
    first = len(known_ids(files, module))
    said: list[dict[str, list[Remark]]] = [{} for _ in rows]
    for fault in faults:
        number, path = places.get(fault.line, (-1, ()))
        found = remarks.remark(fault)
        if fault.file == name and number >= first and found is not None:
            kept = said[number - first].setdefault(remarks.field_name(path, fault), [])
            if found not in kept:
                kept.append(found)
    return [content.questions.get(key) for key in ids], list(said)


def _places(text: str) -> dict[int, tuple[int, toml.Path]]:
    """For each line, the question that stands there and the path within it."""
    found: dict[int, tuple[int, toml.Path]] = {}
    for path, line in toml.lines_of(text).items():
        if len(path) > 1 and path[0] == "question" and isinstance(path[1], int):
            found[line] = (path[1], path[2:])
    return found
