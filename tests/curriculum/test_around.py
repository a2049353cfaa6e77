"""What stands around lessons: pictures, handouts, glossary, exercises, what is open to all."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.curriculum.format import Fault, read_files
from lms.curriculum.format.media import HANDOUT_BYTES, PICTURE_BYTES
from tests.curriculum.sample import encoded, text, tree

LESSON = "modules/c6-method/01-analysis.en.md"
CYCLE = "modules/c6-method/media/cycle.en.svg"
HANDOUTS = "modules/c6-method/media.toml"
EXERCISES = "modules/c6-method/exercises.toml"
GLOSSARY = "glossary.toml"
DISCOVER = "discover.toml"
COVERAGE = "coverage.toml"
AGENDA = "modules/c6-method/media/agenda.pdf"


def svg(words: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 200">\n'
        f"<title>{words}</title>\n"
        '<defs><marker id="tip"/></defs>\n'
        '<rect width="10" height="10" fill="#fff"/>\n'
        '<path d="M0 0" marker-end="url(#tip)"/>\n</svg>'
    )


def around() -> dict[str, str]:
    """The sample, with everything that may stand around its lessons."""
    files = tree()
    for language in ("fr", "en", "ar"):
        files[f"modules/c6-method/media/cycle.{language}.svg"] = svg(f"Cycle {language}")
        files[f"modules/c6-method/01-analysis.{language}.md"] += (
            "\nThe SWOT of actors, and actors again.\n\n![Four steps](media:cycle.svg)\n"
        )
    files[AGENDA] = "%PDF-1.7 agenda"
    files[HANDOUTS] = (
        f'[[file]]\nname = "agenda.pdf"\nlesson = "01-analysis"\n[file.title]\n{text("Agenda")}'
        f"[file.description]\n{text('For the day')}"
    )
    files[GLOSSARY] = (
        f'[[term]]\nid = "actor"\nsee = ["swot"]\n[term.title]\n{text("Actor")}'
        f"[term.definition]\n{text('Who acts')}"
        '[term.forms]\nfr = ["actors"]\nen = ["actors"]\nar = ["actors"]\n'
        f'[[term]]\nid = "swot"\n[term.title]\nfr = "SWOT"\nen = "SWOT"\nar = "SWOT"\n'
        f"[term.definition]\n{text('Four fields')}"
    )
    files[EXERCISES] = (
        '[[exercise]]\nid = "c6-x1"\nlesson = "01-analysis"\nkind = "individual"\n'
        'required = true\nminutes = 45\ndeliver = ["text", "file"]\nrubric = "coaching"\n'
        f'criteria = ["ethics"]\n[exercise.title]\n{text("Map")}[exercise.task]\n{text("Do it")}'
        f'[[exercise.steps]]\nid = "one"\n{text("First")}'
        '[[exercise]]\nid = "c6-x2"\nlesson = "02-objectives"\nkind = "team"\n'
        'activity = "values"\nminutes = 45\n'
        f"[exercise.title]\n{text('Values')}[exercise.task]\n{text('Together')}"
    )
    files[DISCOVER] = (
        'lessons = ["c6-method/01-analysis"]\n'
        f"[title]\n{text('Discover')}[intro]\n{text('Hello')}[[agenda]]\n{text('Opening')}"
    )
    files[COVERAGE] = f'[[place]]\nseed = "D1"\nwhere = "/discover"\n{text("A day for all")}'
    return files


def faults_of(files: dict[str, str]) -> list[Fault]:
    return read_files(encoded(files))[1]


def test_everything_is_read():
    content, faults = read_files(encoded(around()))
    assert faults == []
    assert content.glossary["actor"].see == ("swot",)
    assert content.exercises["c6-x1"].required
    assert content.exercises["c6-x2"].activity == "values"
    assert content.discover.lessons == ("c6-method/01-analysis",)
    lesson = content.lessons["c6-method/01-analysis"]
    (handout,) = lesson.handouts
    assert content.media[handout.address] == AGENDA
    for language in ("fr", "en", "ar"):
        (picture,) = re.findall(r"<img [^>]+>", lesson.html[language])
        assert 'alt="Four steps" width="360" height="200" loading="lazy"' in picture
        address = re.search(r'src="([^"]+)"', picture)[1]
        assert content.media[address] == f"modules/c6-method/media/cycle.{language}.svg"


def test_a_term_is_linked_where_it_first_occurs_and_never_in_a_heading():
    files = around()
    files[LESSON] = (
        files[LESSON].replace("## Why", "## Actors, why").replace("Some **", "Actors **")
    )
    html = read_files(encoded(files))[0].lessons["c6-method/01-analysis"].html["en"]
    assert html.count('href="/glossary#actor"') == 1
    assert '<p><a href="/glossary#actor">Actors</a>' in html
    assert re.search(r"<h2[^>]*>Actors, why</h2>", html)
    assert 'The <a href="/glossary#swot">SWOT</a> of actors' in html


def test_a_word_inside_another_or_inside_a_link_is_no_term():
    files = around()
    files[LESSON] = files[LESSON].replace(
        "The SWOT of actors, and actors again.", "Factors, [actors](https://example.org/)."
    )
    html = read_files(encoded(files))[0].lessons["c6-method/01-analysis"].html["en"]
    assert "/glossary" not in html


def test_what_is_written_onto_the_front_of_an_arabic_word_is_linked_along():
    files = around()
    name = "modules/c6-method/01-analysis.ar.md"
    files[GLOSSARY] = files[GLOSSARY].replace('ar = ["actors"]', 'ar = ["الفاعلين"]')
    files[name] = files[name].replace("The SWOT of actors", "العمل وبالفاعلين والفاعلين")
    html = read_files(encoded(files))[0].lessons["c6-method/01-analysis"].html["ar"]
    assert '<a href="/glossary#actor">وبالفاعلين</a>' in html


def test_terms_that_ask_for_no_links_get_none():
    files = around()
    files[GLOSSARY] = files[GLOSSARY].replace('id = "actor"', 'id = "actor"\nlink = false')
    html = read_files(encoded(files))[0].lessons["c6-method/01-analysis"].html["en"]
    assert "#actor" not in html
    assert "#swot" in html


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (LESSON, "media:cycle.svg", "media:circle.svg", "no picture “circle.svg”"),
        (LESSON, "media:cycle.svg", "https://example.org/x.svg", "a picture from"),
        (LESSON, "media:cycle.svg", "../cycle.svg", "a picture from"),
        (LESSON, "![Four steps]", "![ ]", "a picture without words"),
        (CYCLE, "<rect", "<script>alert(1)</script><rect", "“script”> is not drawn"),
        (CYCLE, "<rect", "<foreignObject/><rect", "is not drawn"),
        (CYCLE, "<rect", '<rect onload="x()"', "“onload” acts or leads out"),
        (CYCLE, "<rect", '<use href="https://x.example/a.svg#b"/><rect', "leads out"),
        (CYCLE, "<rect", '<a xmlns="http://www.w3.org/1999/xhtml"/><rect', "is not drawn"),
        (CYCLE, 'fill="#fff"', 'fill="url(https://x.example)"', "“fill” acts or leads out"),
        (CYCLE, "<rect", "<style>@import 'x';</style><rect", "a style that leads out"),
        (CYCLE, "<svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg", "a document type"),
        (CYCLE, "</svg>", "", "not well-formed XML"),
        (CYCLE, ' viewBox="0 0 360 200"', "", "the picture has no size"),
        (CYCLE, "<title>Cycle en</title>", "", "has no <title>"),
        (CYCLE, "<rect", f"<desc>{'x' * PICTURE_BYTES}</desc><rect", "larger than 20 KB"),
        (AGENDA, "%PDF-1.7", "<html>", "not a PDF file"),
        (AGENDA, "%PDF-1.7", "%PDF-" + "x" * HANDOUT_BYTES, "larger than 2048 KB"),
        (HANDOUTS, '"agenda.pdf"', '"other.pdf"', "no file “other.pdf”"),
        (HANDOUTS, '"01-analysis"', '"09-none"', "no lesson"),
        (HANDOUTS, '"Agenda ar"', '""', "no text in language `ar`"),
        (GLOSSARY, 'see = ["swot"]', 'see = ["none"]', "no term “none”"),
        (GLOSSARY, 'id = "swot"', 'id = "actor"', "term “actor” stands twice"),
        (GLOSSARY, 'fr = ["actors"]', "fr = [1]", "must be a list of words"),
        (GLOSSARY, '"Who acts en"', '""', "no text in language `en`"),
        (EXERCISES, '"01-analysis"', '"09-none"', "no lesson"),
        (EXERCISES, 'rubric = "coaching"', 'rubric = "none"', "no rubric “none”"),
        (EXERCISES, '"ethics"', '"magic"', "no criterion “magic”"),
        (EXERCISES, '["text", "file"]', '["video"]', "`deliver` is not known"),
        (EXERCISES, 'activity = "values"', 'activity = "values"\nrequired = true', "cannot be req"),
        (EXERCISES, 'activity = "values"', 'activity = "x"', "`activity` is “x”"),
        (EXERCISES, 'id = "c6-x2"', 'id = "c6-x1"', "exercise “c6-x1” stands twice"),
        (EXERCISES, '"Do it en"', '"<b>Do</b>"', "raw HTML"),
        (DISCOVER, "c6-method/01-analysis", "c6-method", "no lesson “c6-method”"),
        (COVERAGE, 'seed = "D1"', "seed = 1", "`seed` must be a text"),
    ],
)
def test_each_fault_is_named_in_its_file(name: str, old: str, new: str, says: str):
    files = around()
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    faults = faults_of(files)
    assert any(says in fault.message and fault.file == name for fault in faults), faults
    assert all(fault.remedy and fault.line >= 1 for fault in faults)


def test_the_line_in_a_picture_is_the_one_to_mend():
    files = around()
    files[CYCLE] = files[CYCLE].replace("<rect", "<image")
    (fault,) = faults_of(files)
    assert fault.line == 4


def test_a_picture_must_be_there_in_every_language():
    files = around()
    del files["modules/c6-method/media/cycle.ar.svg"]
    (fault,) = faults_of(files)
    assert fault.file == "modules/c6-method/01-analysis.ar.md"


def test_sound_has_its_words_beside_it():
    files = around()
    files["modules/c6-method/media/talk.mp3"] = files.pop(AGENDA).replace("%PDF-1.7", "ID3")
    files[HANDOUTS] = files[HANDOUTS].replace("agenda.pdf", "talk.mp3")
    (fault,) = faults_of(files)
    assert "sound without words" in fault.message


PIECES = st.sampled_from(
    ["", "\0", "<", "&", "]]>", "<!--", "\ufffe", "<svg>", "&a;", "=", '"', "[", "[[x]]\n"]
)


@given(st.sampled_from(sorted(around())), st.data())
@settings(max_examples=100)
@pytest.mark.slow
def test_no_damage_makes_it_fall_over(name, data):
    body = around()[name].encode()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    spoiled = body[:start] + data.draw(PIECES).encode("utf-8", "surrogatepass") + body[end:]
    _, faults = read_files(encoded(around()) | {name: spoiled})
    assert all(fault.line >= 1 and fault.remedy for fault in faults)
