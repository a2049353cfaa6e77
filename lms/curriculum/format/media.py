"""Reading pictures and handouts: what lies in a module's `media` folder."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from lms.curriculum.format.faults import listed, shown
from lms.curriculum.format.kinds import SOUND, TYPES, is_of_kind
from lms.curriculum.format.table import Source, Table
from lms.curriculum.markdown import Shown
from lms.curriculum.rules import Handout

PICTURE_BYTES = 20 * 1024
HANDOUT_BYTES = 2 * 1024 * 1024
SILENT = "sound without words"
_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = {
    *("svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line"),
    *("polyline", "polygon", "text", "tspan", "marker", "linearGradient", "radialGradient"),
    *("stop", "clipPath", "mask", "pattern", "symbol", "use", "style"),
}
_OWN_REFERENCE = re.compile(r"\s*#[\w-]+\s*")
_FOREIGN_URL = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file of a media folder; width and height are known of drawings."""

    address: str
    """Where it is served: `/media/<sha256>.<extension>`."""
    size: int
    width: int = 0
    height: int = 0


def address_of(body: bytes, extension: str) -> str:
    """The address of a file: its content names it, so it never changes."""
    return f"/media/{hashlib.sha256(body).hexdigest()}.{extension}"


def read_file(source: Source, body: bytes, extension: str) -> MediaFile:
    """A handout's file, whose first bytes must be those of its type."""
    if not is_of_kind(body, extension):
        source.fault_at(1, f"not a {extension.upper()} file", "Save it again in that format.")
    return MediaFile(address_of(body, extension), len(body))


def read_picture(source: Source, body: bytes) -> MediaFile:
    """An SVG picture: a drawing that can neither act nor fetch anything."""
    width, height = 0, 0
    if len(body) > PICTURE_BYTES:
        source.fault_at(1, f"larger than {PICTURE_BYTES // 1024} KB", "Simplify the drawing.")
    else:
        width, height = _Drawing(source).read(body)
    return MediaFile(address_of(body, "svg"), len(body), width, height)


class _Drawing:
    """Walks an SVG file once, with the line of each fault."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.size = (0, 0)
        self.depth = 0
        self.titled = False
        self.in_style = False
        self.parser = expat.ParserCreate("UTF-8", "}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def read(self, body: bytes) -> tuple[int, int]:
        """Width and height; zeroes, with a fault, where the picture does not say."""
        try:
            self.parser.Parse(body, True)
        except expat.ExpatError as error:
            self.source.fault_at(error.lineno, "not well-formed XML", "Mend that line.")
            return (0, 0)
        except _Refused:
            return (0, 0)
        if not self.titled:
            self.source.fault_at(1, "the picture has no <title>", "Add one as its first element.")
        return self.size

    def _fault(self, message: str, remedy: str) -> None:
        self.source.fault_at(self.parser.CurrentLineNumber, message, remedy)

    def _doctype(self, *_args: object) -> None:
        self._fault("a document type", "Remove the <!DOCTYPE …>.")
        raise _Refused

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition("}")
        self.depth += 1
        if space != _SVG or tag not in _ELEMENTS:
            self._fault(f"<{shown(tag)}> is not drawn", "Use shapes, paths, text and groups only.")
        if self.depth == 1:
            self._frame(tag, attributes)
        self.titled |= tag == "title" and self.depth == 2
        self.in_style = tag == "style"
        for key, value in attributes.items():
            self._attribute(key.rpartition("}")[2], value)

    def _frame(self, tag: str, attributes: Mapping[str, str]) -> None:
        numbers = re.findall(r"-?[\d.]+", attributes.get("viewBox", ""))
        try:
            _, _, width, height = (float(number) for number in numbers)
        except ValueError:
            width = height = 0.0
        if tag != "svg" or not 1 <= width <= 10_000 or not 1 <= height <= 10_000:
            self._fault("the picture has no size", 'Give <svg> a viewBox="0 0 360 300".')
        else:
            self.size = (round(width), round(height))

    def _attribute(self, key: str, value: str) -> None:
        acts = key.lower().startswith("on")
        leads_out = key == "href" and not _OWN_REFERENCE.fullmatch(value)
        if acts or leads_out or key in {"src", "base"} or _FOREIGN_URL.search(value):
            self._fault(
                f"attribute {shown(key)} acts or leads out", "Keep only what is drawn in this file."
            )

    def _text(self, text: str) -> None:
        if self.in_style and _FOREIGN_URL.search(text):
            self._fault("a style that leads out", "Keep only what is drawn in this file.")

    def _end(self, _name: str) -> None:
        self.depth -= 1
        self.in_style = False


class _Refused(Exception):
    """The picture is not read any further."""


def read_handouts(top: Table, files: Mapping[str, MediaFile]) -> list[tuple[Table, str, Handout]]:
    """`media.toml`: the handouts of a module, each with the lesson it lies under."""
    read = []
    for table in top.tables("file"):
        name = table.string("name")
        extension = name.rpartition(".")[2]
        if name not in files:
            table.fault(
                "name",
                f"no file {shown(name)} in media",
                f"Name one of: {listed(sorted(files)) or 'none is there'}.",
            )
        found = files.get(name, MediaFile("", 0))
        handout = Handout(
            name=name,
            address=found.address,
            media_type=TYPES.get(extension, ("", b""))[0],
            size=found.size,
            title=table.text("title"),
            description=table.text("description"),
            transcript=table.text("transcript") if "transcript" in table else None,
        )
        if extension == SOUND and handout.transcript is None:
            table.fault("name", SILENT, "Add [file.transcript] in each language.")
        read.append((table, table.ident("lesson"), handout))
        table.seeds()
        table.close()
    top.close()
    return read


def pictures_for(
    files: Mapping[str, MediaFile], language: str, languages: Sequence[str]
) -> dict[str, Shown]:
    """Pictures by the name that a lesson uses: `cycle.svg` is `cycle.<language>.svg` or itself."""
    found = {}
    for name, file in files.items():
        stem, _, extension = name.rpartition(".")
        base, _, tongue = stem.rpartition(".")
        if base and tongue in languages:
            if tongue == language:
                found[f"{base}.{extension}"] = shown_as(file)
        elif file.width or extension in {"png", "jpg", "webp"}:
            found[name] = shown_as(file)
    return found


def shown_as(file: MediaFile) -> Shown:
    """The file as a picture on a page."""
    return Shown(file.address, file.width, file.height)
