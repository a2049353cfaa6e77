"""What `content check` finds in a correction, in words, beside the field that it is about."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext

from lms.curriculum.corrections import files as sources
from lms.curriculum.corrections import handouts
from lms.curriculum.corrections.checking import Change
from lms.curriculum.corrections.rules import CorrectionKind
from lms.curriculum.format import Fault, toml
from lms.curriculum.format.media import SILENT

GENERAL = ""
"""The place of what is not about one field."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong and what to do, in words; `line` counts within the field, 0 for none."""

    message: str
    remedy: str
    line: int = 0


_KNOWN: list[tuple[str, LazyString, LazyString]] = [
    (
        r"`title` must be a text|`.*` must be a text",
        lazy_gettext("Nothing is written here."),
        lazy_gettext("Write it in every language."),
    ),
    (
        r"no text in language `(?P<language>\w+)`",
        lazy_gettext("Nothing is written here."),
        lazy_gettext("Write it in every language."),
    ),
    (
        r"`\w+` must be a whole number from (?P<least>\d+) to (?P<most>\d+)",
        lazy_gettext("This must be a whole number from %(least)s to %(most)s."),
        lazy_gettext("Mend the number."),
    ),
    (
        r"the lesson is empty",
        lazy_gettext("The lesson has no text."),
        lazy_gettext("Write it in every language."),
    ),
    (
        r"its headings \((?P<mine>[\d, ]*)\) are not those of `(?P<other>\w+)` \((?P<theirs>.*)\)",
        lazy_gettext(
            "The headings are not those of the other language: here %(mine)s, there %(theirs)s."
        ),
        lazy_gettext("Give all languages the same headings, in the same order."),
    ),
    (
        r"a hidden character (?P<character>\S+).*",
        lazy_gettext("A hidden character stands here: %(character)s."),
        lazy_gettext("Type this passage again."),
    ),
    (
        r"raw HTML",
        lazy_gettext("HTML is not taken."),
        lazy_gettext("Write it in Markdown; put code between `backticks`."),
    ),
    (
        r"a first-level heading (?P<what>.*)",
        lazy_gettext("A heading of the first level: %(what)s."),
        lazy_gettext("The title of the lesson is the first heading; begin with ##."),
    ),
    (
        r"a link to (?P<what>.*)",
        lazy_gettext("This link leads nowhere: %(what)s."),
        lazy_gettext("Write lesson:module/lesson for a lesson, else a full https:// address."),
    ),
    (
        r"no lesson (?P<what>.*)",
        lazy_gettext("There is no lesson %(what)s."),
        lazy_gettext("Mend the link: lesson:module/lesson."),
    ),
    (
        r"a picture without words",
        lazy_gettext("A picture has no words for those who do not see it."),
        lazy_gettext("Write between [ ] what the picture tells."),
    ),
    (
        r"a picture from (?P<what>.*)",
        lazy_gettext("This picture is not one of the module’s: %(what)s."),
        lazy_gettext("Use a picture of the module: media:name.svg."),
    ),
    (
        r"no picture (?P<what>.*) in media",
        lazy_gettext("The module has no picture %(what)s."),
        lazy_gettext("Use a picture of the module: media:name.svg."),
    ),
    (
        r"two stars that make nothing bold",
        lazy_gettext("Two stars stand here that make nothing bold."),
        lazy_gettext("Put ** right before and after the words, inside quotation marks."),
    ),
    (
        r"a backtick without its pair|two tildes that strike nothing out",
        lazy_gettext("A sign stands here whose other end is missing."),
        lazy_gettext("Write its other end, or take it out."),
    ),
    (
        r"a link that is none",
        lazy_gettext("This looks like a link and is none."),
        lazy_gettext("Write [words](https://address), without blanks in between."),
    ),
    (
        r"a link without words",
        lazy_gettext("A link has no words."),
        lazy_gettext("Write between [ ] where it leads."),
    ),
    (
        r"a heading without words",
        lazy_gettext("A heading has no words."),
        lazy_gettext("Write it, or take the line out."),
    ),
    (
        r"a table that is none",
        lazy_gettext("These lines make no table."),
        lazy_gettext("Begin with a heading and a line of | --- |, below an empty line."),
    ),
    (
        r"a row with another number of cells than the heading",
        lazy_gettext("This row has another number of cells than the heading."),
        lazy_gettext("Give each row as many cells as the heading."),
    ),
    (
        r"`\w+` in (?:Latin|Arabic|other) letters",
        lazy_gettext("This stands in the letters of another language."),
        lazy_gettext("Write it in the language of the field."),
    ),
    (
        r"`\w+` is “.*”",
        lazy_gettext("This text is still to be written."),
        lazy_gettext("Write it in every language."),
    ),
    (
        r"sound without words",
        lazy_gettext("A recording has no words for those who do not hear it."),
        lazy_gettext("Write in every language what is said in it."),
    ),
    (
        r"larger than (?P<most>\d+) KB",
        lazy_gettext("This is larger than %(most)s KB."),
        lazy_gettext("Shorten it, or make two of it."),
    ),
    (
        r".* has (?P<count>\d+) (?:answers|choices|steps)",
        lazy_gettext("The number of answers, choices or steps does not fit: %(count)s."),
        lazy_gettext("Have at least two; take out what is too much."),
    ),
    (
        r".* is single but has (?:no|\d+) right answers?",
        lazy_gettext("Exactly one answer must be right."),
        lazy_gettext("Mark one answer as right, and only one."),
    ),
    (
        r".* is multiple but has (?:no|\d+) right answers?",
        lazy_gettext("At least two answers must be right."),
        lazy_gettext("Mark all right answers."),
    ),
    (
        r"step .* has (?:no|\d+) right answers?",
        lazy_gettext("Exactly one answer of each step must be right."),
        lazy_gettext("Mark one answer as right, and only one."),
    ),
    (
        r"the same words twice in `(?P<language>\w+)`",
        lazy_gettext("The same words are offered twice."),
        lazy_gettext("Make each of them differ."),
    ),
    (
        r"(?P<count>\d+) choices match nothing: .*",
        lazy_gettext("Too many choices belong to no answer: %(count)s."),
        lazy_gettext("Leave at most two of them."),
    ),
    (
        r"no choice (?P<what>.*)",
        lazy_gettext("This answer belongs to no choice."),
        lazy_gettext("Choose what it belongs to."),
    ),
    (
        r"accepted answers must be words|`\w+` must be a list",
        lazy_gettext("No accepted answer is given."),
        lazy_gettext("Write one accepted answer a line, in every language."),
    ),
    (
        r"(?P<count>\d+) accepted answers",
        lazy_gettext("Too many accepted answers: %(count)s."),
        lazy_gettext("Capitals, accents and spaces do not count: leave out what differs only so."),
    ),
]


def remark(fault: Fault) -> Remark | None:
    """A fault in words; None where a correction cannot have caused it."""
    for pattern, message, remedy in _KNOWN:
        if found := re.fullmatch(pattern, fault.message, re.DOTALL):
            params = found.groupdict()
            return Remark(str(message) % params if params else str(message), str(remedy))
    return None


def place(
    faults: Iterable[Fault], change: Change, files: Mapping[str, bytes], fields: Iterable[str]
) -> dict[str, list[Remark]]:
    """Remarks by the name of the field that they belong to; the others under `GENERAL`."""
    placed: dict[str, list[Remark]] = {}
    known = set(fields)
    for fault in faults:
        said = remark(fault) or Remark(
            gettext(
                "Another part of the content is at fault: %(file)s, line %(line)s.",
                file=fault.file,
                line=fault.line,
            ),
            gettext("Whoever looks after the files of the content has to mend it."),
        )
        name, line = _where(fault, change, files)
        name = name if name in known else GENERAL
        found = Remark(said.message, said.remedy, line if name != GENERAL else 0)
        if found not in placed.setdefault(name, []):
            placed[name].append(found)
    return placed


def _where(fault: Fault, change: Change, files: Mapping[str, bytes]) -> tuple[str, int]:
    if change.kind is CorrectionKind.LESSON:
        return _in_lesson(fault, change, files)
    if change.kind is CorrectionKind.QUESTION:
        return _in_question(fault, change, files), 0
    return _in_handout(fault, change, files), 0


def _in_lesson(fault: Fault, change: Change, files: Mapping[str, bytes]) -> tuple[str, int]:
    stem, _, language = fault.file.removesuffix(".md").rpartition(".")
    if stem != f"modules/{change.lesson}" or fault.file not in files:
        return GENERAL, 0
    parts = toml.split_front_matter(sources.decoded(files[fault.file]))
    if parts is None:
        return GENERAL, 0
    front, body, offset = parts
    if fault.line > offset:
        above = len(body) - len(body.lstrip("\n"))
        return f"body-{language}", max(1, fault.line - offset - above)
    lines = {line: str(path[0]) for path, line in toml.lines_of(front).items() if path}
    key = lines.get(fault.line, "")
    return (key if key == "minutes" else f"{key}-{language}"), 0


def _in_question(fault: Fault, change: Change, files: Mapping[str, bytes]) -> str:
    if fault.file != sources.questions_name(change.module):
        return GENERAL
    lines = sources.question_lines(files, change.module, change.subject)
    return field_name(lines.get(fault.line, ()), fault)


def _in_handout(fault: Fault, change: Change, files: Mapping[str, bytes]) -> str:
    name = handouts.listing_name(change.module)
    if fault.file != name:
        return GENERAL
    lines = toml.lines_of(sources.decoded(files[name]))
    paths = {line: path[2:] for path, line in lines.items() if path[:1] == ("file",)}
    if fault.message == SILENT:
        return f"transcript-{next(iter(change.content['title']), '')}"
    return field_name(paths.get(fault.line, ()), fault)


def field_name(path: toml.Path, fault: Fault) -> str:
    """The field of a question's form at which a fault stands."""
    language = _language(fault)
    if path and language and path[-1] != language:
        path = (*path, language)
    return "-".join(map(str, path))


def _language(fault: Fault) -> str:
    known = re.search(r"language `(\w+)`|in `(\w+)`", fault.message)
    return next(filter(None, known.groups()), "") if known else ""
