"""Reading lessons: one Markdown file a language, front matter between `+++`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.curriculum import markdown
from lms.curriculum.format import toml
from lms.curriculum.format.faults import control_character, foreign_letters, listed, shown
from lms.curriculum.format.slips import said
from lms.curriculum.format.table import Source, Table
from lms.curriculum.rules import Handout, Lesson

MAX_MINUTES = 240
MANY_LETTERS = 200
"""In a lesson; a few words in other letters say nothing of its language."""


@dataclass(frozen=True, slots=True)
class LessonFile:
    """One language of a lesson, as read."""

    source: Source
    title: str
    minutes: int
    body: str
    offset: int
    outline: markdown.Outline

    def fault(self, line: int, message: str, remedy: str) -> None:
        """Record a fault at a line of the body."""
        self.source.fault_at(line + self.offset, message, remedy)


def read_lesson_file(source: Source, text: str, language: str) -> LessonFile | None:
    """Front matter and body of one file; None where there is no front matter to read."""
    parts = toml.split_front_matter(text)
    if parts is None:
        source.fault_at(
            1, "no front matter", "Begin the file with +++, title, minutes, and +++ again."
        )
        return None
    front, body, offset = parts
    try:
        values, lines = toml.read(front)
    except toml.BadToml as error:
        source.fault_at(error.line, f"front matter is not TOML: {error}", "Mend that line.")
        return None
    source = Source(source.file, source.languages, source.faults, lines)
    table = Table(source, values)
    title, minutes = table.string("title"), table.number("minutes", 1, MAX_MINUTES)
    table.seeds()
    table.close()
    file = LessonFile(source, title, minutes, body, offset, markdown.outline(body))
    _check_body(file)
    if letters := foreign_letters(body, language, MANY_LETTERS):
        file.fault(1, f"`{language}` in {letters} letters", "Write this file in its language.")
    elif foreign_letters(title, language):
        table.fault("title", f"`{language}` in other letters", "Write the title in its language.")
    return file


def assemble(
    lesson_id: str,
    files: Mapping[str, LessonFile],
    around: Mapping[str, markdown.Surroundings],
    handouts: Sequence[Handout] = (),
) -> Lesson:
    """One lesson out of its languages, which must have the same shape."""
    shapes = {
        language: [heading.level for heading in file.outline.headings]
        for language, file in files.items()
    }
    first = next(iter(files))
    for language, file in files.items():
        if shapes[language] != shapes[first]:
            file.fault(
                1,
                f"its headings ({listed(shapes[language])}) are not those of `{first}` "
                f"({listed(shapes[first])})",
                "Give all languages of a lesson the same structure.",
            )
        if file.minutes != files[first].minutes:
            file.source.fault(
                ("minutes",),
                f"{file.minutes} minutes, but {files[first].minutes} in `{first}`",
                "Give all languages of a lesson the same duration.",
            )
    return Lesson(
        id=lesson_id,
        title={language: file.title for language, file in files.items()},
        minutes=files[first].minutes,
        html={
            language: markdown.render(file.body, around[language])
            for language, file in files.items()
        },
        handouts=tuple(handouts),
    )


def check_pictures(file: LessonFile, known: Mapping[str, object]) -> None:
    """Every picture that a lesson shows lies in its module's media folder."""
    for picture in file.outline.pictures:
        if picture.name and picture.name not in known:
            file.fault(
                picture.line,
                f"no picture {shown(picture.name)} in media",
                "Put it there, one file a language if words stand in it.",
            )


def _check_body(file: LessonFile) -> None:
    if not file.outline.words:
        file.fault(1, "the lesson is empty", "Write its text after the front matter.")
    if character := control_character(file.body):
        line = next(n for n, row in enumerate(file.body.split("\n"), 1) if control_character(row))
        file.fault(line, f"a hidden character {character}", "Remove it.")
    for line in file.outline.raw_html:
        file.fault(line, "raw HTML", "Write it in Markdown; put code between `backticks`.")
    _check_pictures_said(file)
    for line, message, remedy in said(file.outline.slips):
        file.fault(line, message, remedy)
    for heading in file.outline.headings:
        if heading.level == 1:
            file.fault(
                heading.line,
                f"a first-level heading {shown(heading.text)}",
                "The title is the page's h1; begin with ##.",
            )
    for link in file.outline.links:
        if link.lesson is None and not link.outside:
            file.fault(
                link.line,
                f"a link to {shown(link.address)}",
                "Write lesson:module/lesson for a lesson, else a full https:// address.",
            )


def _check_pictures_said(file: LessonFile) -> None:
    for picture in file.outline.pictures:
        if picture.name is None:
            file.fault(
                picture.line,
                f"a picture from {shown(picture.address)}",
                "Put it into the module's media folder and write media:name.svg.",
            )
        if not picture.alternative.strip():
            file.fault(picture.line, "a picture without words", "Write between [ ] what it tells.")
