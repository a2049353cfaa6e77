"""The files of a content folder: which there are, and their text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from errno import ENOTDIR
from pathlib import Path

from lms.curriculum.format import toml
from lms.curriculum.format.faults import Fault
from lms.curriculum.format.kinds import TYPES
from lms.curriculum.format.media import HANDOUT_BYTES
from lms.curriculum.format.modules import LESSON_NAME
from lms.curriculum.format.programmes import LANGUAGE, declared_languages
from lms.curriculum.format.table import Source, Table

MAX_BYTES = 256 * 1024
MAX_FILES = 5_000
DEFAULT_LANGUAGES = ("fr", "en", "ar")

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_KINDS = {
    "practicum": re.compile(r"practicum\.toml"),
    "programme": re.compile(rf"programmes/(?P<slug>{_SLUG})\.toml"),
    "rubric": re.compile(rf"rubrics/(?P<slug>{_SLUG})\.toml"),
    "module": re.compile(rf"modules/(?P<slug>{_SLUG})/module\.toml"),
    "questions": re.compile(rf"modules/(?P<slug>{_SLUG})/questions\.toml"),
    "glossary": re.compile(r"glossary\.toml"),
    "discover": re.compile(r"discover\.toml"),
    "coverage": re.compile(r"coverage\.toml"),
    "exercises": re.compile(rf"modules/(?P<slug>{_SLUG})/exercises\.toml"),
    "handouts": re.compile(rf"modules/(?P<slug>{_SLUG})/media\.toml"),
    "picture": re.compile(
        rf"modules/(?P<slug>{_SLUG})/media/"
        rf"(?P<media>{_SLUG}(?:\.(?P<language>{LANGUAGE.pattern}))?\.svg)"
    ),
    "handout": re.compile(
        rf"modules/(?P<slug>{_SLUG})/media/(?P<media>{_SLUG}\.(?:{'|'.join(TYPES)}))"
    ),
    "lesson": re.compile(
        rf"modules/(?P<slug>{_SLUG})/(?P<lesson>{LESSON_NAME})\.(?P<language>{LANGUAGE.pattern})\.md"
    ),
}


@dataclass(frozen=True, slots=True)
class ContentFile:
    """One file whose name is part of the format, decoded."""

    name: str
    text: str
    slug: str = ""
    lesson: str = ""
    language: str | None = None
    media: str = ""
    body: bytes = b""


@dataclass(slots=True)
class Folder:
    """Files by kind, the languages they must speak, and the faults found so far."""

    files: Mapping[str, Sequence[ContentFile]]
    present: Mapping[str, Sequence[ContentFile]]
    """As `files`, with those that cannot be read: they are there, and have their own fault."""
    languages: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list)

    def source(self, file: ContentFile) -> Source:
        """The file as something to read and complain about."""
        return Source(file.name, self.languages, self.faults)

    def table(self, file: ContentFile) -> Table | None:
        """The file's TOML; None, with a fault, where it cannot be parsed."""
        try:
            values, lines = toml.read(file.text)
        except toml.BadToml as error:
            self.faults.append(
                Fault(file.name, error.line, f"not TOML: {error}", "Mend that line.")
            )
            return None
        return Table(Source(file.name, self.languages, self.faults, lines), values)


def links_in(root: Path) -> list[Fault]:
    """A fault for each symbolic link: what it leads to may lie anywhere, and is not read."""
    return [
        Fault(
            path.relative_to(root).as_posix(),
            1,
            "a link to another place",
            "Put the file itself there: nothing from outside the folder is published.",
        )
        for path in sorted(root.rglob("*"))
        if path.is_symlink()
    ]


def load_files(root: Path) -> dict[str, bytes]:
    """The bytes of every file under a folder, each cut just above the size that is allowed.

    Links, hidden files and READMEs are left out. Raises OSError where a file cannot be read.
    """
    if not root.is_dir():
        raise NotADirectoryError(ENOTDIR, "there is no such folder")
    names = sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    loaded = {}
    for name in names[: MAX_FILES + 1]:
        parts = name.split("/")
        if any(part.startswith(".") for part in parts) or parts[-1] == "README.md":
            continue
        with (root / name).open("rb") as file:
            loaded[name] = file.read(HANDOUT_BYTES + 1)
    return loaded


def sort_files(files: Mapping[str, bytes]) -> Folder:
    """Decode the files and sort them by kind; what does not belong is a fault."""
    faults: list[Fault] = []
    kinds: dict[str, list[ContentFile]] = {kind: [] for kind in _KINDS}
    present: dict[str, list[ContentFile]] = {kind: [] for kind in _KINDS}
    if len(files) > MAX_FILES:
        faults.append(Fault(".", 1, f"more than {MAX_FILES} files", "Split the folder."))
    for name, body in sorted(files.items()):
        for kind, pattern in _KINDS.items():
            if match := pattern.fullmatch(name):
                binary = kind in {"picture", "handout"}
                text = _within(name, kind, body, faults) if binary else _decode(name, body, faults)
                file = ContentFile(name, text or "", **match.groupdict(), body=body)
                present[kind].append(file)
                if text is not None:
                    kinds[kind].append(file)
                break
        else:
            faults.append(
                Fault(
                    name,
                    1,
                    "not a file of the content format",
                    "Lessons are NN-name.language.md, the rest is named in docs; else remove it.",
                )
            )
    return Folder(kinds, present, _languages(kinds["programme"]), faults)


def _within(name: str, kind: str, body: bytes, faults: list[Fault]) -> str | None:
    """Nothing to decode, only the size: None where it is too large."""
    most = HANDOUT_BYTES if kind == "handout" else MAX_BYTES
    if len(body) > most:
        faults.append(Fault(name, 1, f"larger than {most // 1024} KB", "Make the file smaller."))
        return None
    return ""


def _decode(name: str, body: bytes, faults: list[Fault]) -> str | None:
    if len(body) > MAX_BYTES:
        faults.append(
            Fault(name, 1, f"larger than {MAX_BYTES // 1024} KB", "Split it into smaller files.")
        )
        return None
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        faults.append(Fault(name, line, "not UTF-8", "Save the file as UTF-8."))
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _languages(programmes: Sequence[ContentFile]) -> tuple[str, ...]:
    """All languages that any programme declares: every text must exist in each of them."""
    found: dict[str, None] = {}
    for file in programmes:
        try:
            values, _lines = toml.read(file.text)
        except toml.BadToml:
            continue
        found.update(dict.fromkeys(declared_languages(values)))
    return tuple(found) or DEFAULT_LANGUAGES
