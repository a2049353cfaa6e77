"""Faults that authors make without noticing: each named with its file, line and remedy."""

import os

import pytest
from click.testing import CliRunner

from lms.curriculum import service
from lms.curriculum.commands import content as command
from lms.curriculum.format import read_files, read_folder
from lms.curriculum.format.kinds import is_of_kind
from tests.curriculum.sample import encoded, lesson
from tests.curriculum.test_around import around, svg

C6 = "modules/c6-method/module.toml"
QUESTIONS = "modules/c6-method/questions.toml"
LESSON = "modules/c6-method/01-analysis.en.md"
FRENCH = "modules/c6-method/01-analysis.fr.md"
ARABIC = "modules/c6-method/01-analysis.ar.md"
MEDIA = "modules/c6-method/media/"
FILES = encoded(around())
ODT = "mimetype", b"application/vnd.oasis.opendocument.text"


def only(files):
    faults = read_files(files)[1]
    assert all(fault.remedy and fault.line >= 1 for fault in faults)
    assert len({fault.message for fault in faults}) == 1, faults
    return faults[0]


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "says"),
    [
        (FRENCH, "Analysis fr", "تحليل الوضع", 2, "`fr` in other letters"),
        (FRENCH, "Some **words**.", "تحليل الوضع الترابي. " * 20, 6, "`fr` in Arabic letters"),
        (ARABIC, "Some **words**.", "Some words. " * 20, 6, "`ar` in Latin letters"),
        (C6, "Module C6 fr", "الوحدة", 8, "`fr` in Arabic letters"),
        (C6, "Module C6 ar", "The whole method of coaching " * 3, 10, "`ar` in Latin letters"),
        (QUESTIONS, "Question c6-q01 fr", "TODO", 8, "`fr` is “TODO”"),
        (QUESTIONS, "Question c6-q01 fr", "Que\u200bstion", 8, "hidden character U+200B"),
        (QUESTIONS, "Answer b en", "Answer a  EN.", 25, "same words twice"),
        (LESSON, "Some **words**.", "Some **words.", 9, "two stars that make nothing bold"),
        (LESSON, "Some **words**.", "And** words **.", 9, "two stars that make nothing bold"),
        (LESSON, "Some **words**.", "و**«أ»**", 9, "two stars that make nothing bold"),
        (LESSON, "words", "`words", 9, "a backtick without its pair"),
        (LESSON, "words", "~~words", 9, "strike nothing out"),
        (LESSON, "words", "[words](https://x.org", 9, "a link that is none"),
        (LESSON, "words", "[words](https://x.org/a b)", 9, "a link that is none"),
        (LESSON, "words", "[](https://x.org)", 9, "a link without words"),
        (LESSON, "## Remember", "##", 11, "a heading without words"),
        (LESSON, "Some **words**.", "| a | b |\n| 1 | 2 |", 9, "a table that is none"),
        (LESSON, "Some **words**.", "A text:\n| a | b |\n| - |", 10, "a table that is none"),
        (LESSON, "Some **words**.", "| a | b |\n| - | - |\n| 1 |", 11, "a row with another"),
        (LESSON, "Some **words**.", "| a |\n| - |\n| 1 | 2 |", 11, "a row with another"),
    ],
)  # fmt: skip
def test_what_does_not_become_what_was_meant(name, old, new, line, says):
    assert old.encode() in FILES[name]
    fault = only({**FILES, name: FILES[name].replace(old.encode(), new.encode(), 1)})
    assert (fault.file, fault.line) == (name, line)
    assert says in fault.message


@pytest.mark.parametrize(
    "words",
    ["2 * 3", "a|b", "`**`", "**bold** and *so*", "\\| x",
     "| a | b\\|c |\n| - | - |\n| 1 | 2 |", "[a](https://x.org) [b]", "SWOT"],
)  # fmt: skip
def test_what_is_meant_so_is_left_alone(words):
    files = {**FILES, LESSON: FILES[LESSON].replace(b"Some **words**.", words.encode(), 1)}
    assert read_files(files)[1] == []


def test_two_lessons_with_one_number():
    made = {f"modules/c6-method/01-other.{c}.md": lesson("x").encode() for c in ("fr", "en", "ar")}
    listed = FILES[C6].replace(b'"01-analysis"', b'"01-analysis", "01-other"', 1)
    fault = only({**FILES, **made, C6: listed})
    assert (fault.file, "same number" in fault.message) == (C6, True)


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("plan.pdf", b"%PDF-1.7", "no lesson offers this file"),
        ("talk.mp3", b"<html>", "not a MP3 file"),
        ("list.csv", b"a;b\x00", "not a CSV file"),
        ("list.csv", "é".encode("latin-1"), "not a CSV file"),
        ("text.odt", b"PK\x03\x04 no document", "not a ODT file"),
        ("photo.webp", b"RIFF\x00\x00\x00\x00WAVE", "not a WEBP file"),
        ("my plan.pdf", b"%PDF-1.7", "not a file of the content format"),
        ("خطة.pdf", b"%PDF-1.7", "not a file of the content format"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 5 * 1024 * 1024, "larger than 2048 KB"),
    ],
)
def test_files_that_are_not_what_they_should_be(name, body, says):
    faults = read_files({**FILES, MEDIA + name: body})[1]
    assert {fault.file for fault in faults} == {MEDIA + name}
    assert any(says in fault.message for fault in faults), faults


def test_files_of_every_kind():
    assert is_of_kind(b"ID3\x04", "mp3")
    assert is_of_kind(b"\xff\xfb\x90", "mp3")
    assert is_of_kind("name,note\né,1\n".encode(), "csv")
    assert not is_of_kind(b"", "csv")


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    """A picture of somebody's keys would be served to everybody."""
    root, secret = tmp_path / "content", tmp_path / "secret"
    for name, body in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(body)
    secret.mkdir()
    (secret / "key.svg").write_text(svg("secret"))
    (root / MEDIA / "key.svg").symlink_to(secret / "key.svg")
    (root / MEDIA / "gone.pdf").symlink_to(secret / "nothing")
    (root / "modules/loop").symlink_to(root)
    content, faults = read_folder(root)
    assert {fault.file for fault in faults} == {
        f"{MEDIA}gone.pdf", f"{MEDIA}key.svg", "modules/loop",
    }  # fmt: skip
    assert all("a link to another place" in fault.message for fault in faults)
    assert not any("key.svg" in file for file in content.media.values())
    with pytest.raises(service.FaultyContent):
        service.read(root)


def test_a_file_whose_name_is_no_text(tmp_path):
    name = os.fsencode(tmp_path) + b"/x\xff.md"
    try:
        with open(name, "wb") as file:  # noqa: PTH123 - bytes
            file.write(b"x")
    except OSError:
        pytest.skip("this file system takes no such names")
    said = CliRunner().invoke(command, ["check", str(tmp_path)])
    assert said.exit_code == 1
    assert "not a file of the content format" in said.output
