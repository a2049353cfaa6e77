"""Content that went through the browser comes back as files: with comments, order, line ends."""

import copy
import tempfile
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.curriculum import sources
from lms.curriculum.commands import content as command
from lms.curriculum.corrections import files as f
from lms.curriculum.corrections.checking import Change, apply_all, as_content
from lms.curriculum.corrections.rules import CorrectionKind as Kind
from lms.curriculum.format import read_files
from lms.curriculum.format.folder import load_files
from lms.curriculum.release import canonical, release_id
from tests.curriculum.corrections.conftest import begin, publish
from tests.curriculum.sample import encoded
from tests.curriculum.test_around import around
from tests.learning.conftest import NOW
from tests.people import person

LANGUAGES = ("fr", "en", "ar")
MODULE, LESSON = "c6-method", "c6-method/01-analysis"
PLAIN = around()
WORDS = st.text(st.sampled_from("abcé عر\"'\\#=[]{}\n *|<"), min_size=1, max_size=20).map(str.strip)
WORDS = WORDS.filter(bool)


@st.composite
def files_of_authors(draw):
    """The sample as people leave it: comments anywhere, blank lines, their own line ends."""
    made, comments = {}, {}
    for name, plain in PLAIN.items():
        ends = draw(st.sampled_from(["\n", "\n", "\r\n"]))
        mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
        text = plain
        if name.endswith(".toml"):
            text = _commented(draw, plain, comments.setdefault(name, []))
        made[name] = mark + text.replace("\n", ends).encode()
    return made, comments


def _commented(draw, text, comments):
    lines = text.split("\n")
    for place in sorted(draw(st.lists(st.integers(0, len(lines) - 1), max_size=4)), reverse=True):
        comment = f"# note {len(comments)} [[x]] = {{"
        comments.append(comment)
        ends_a_value = lines[place].strip() and draw(st.booleans())
        if ends_a_value:
            lines[place] += f"  {comment}"
        else:
            lines[place:place] = draw(st.sampled_from([[comment], ["", f"  {comment}", ""]]))
    return "\n".join(lines)


@st.composite
def changes(draw, files):
    """Corrections of a lesson and of questions: words, right answers, rows that come and go."""
    lesson = f.read_lesson(files, LESSON, LANGUAGES)
    found = []
    if draw(st.booleans()):
        text = as_content(lesson)
        text["title"]["fr"], text["body"]["ar"] = draw(WORDS), draw(WORDS)
        text["minutes"] = draw(st.integers(1, 240))
        found.append(Change(Kind.LESSON, LESSON, LESSON, text))
    for number in draw(st.sets(st.integers(1, 4))):
        key = f"c6-q0{number}"
        question = copy.deepcopy(f.read_question(files, MODULE, key))
        question["text"]["ar"] = draw(WORDS)
        rows = question["answers"]
        if draw(st.booleans()):
            rows.insert(draw(st.integers(0, len(rows))), {
                "id": "new", **({"correct": False} if "correct" in rows[0] else {}),
                **dict.fromkeys(LANGUAGES, "Neuf"),
            })  # fmt: skip
        if draw(st.booleans()):
            del rows[draw(st.integers(0, len(rows) - 1))]
        if draw(st.booleans()):
            rows[0]["feedback"] = dict.fromkeys(LANGUAGES, draw(WORDS))
        found.append(Change(Kind.QUESTION, key, LESSON, question))
    if draw(st.booleans()):
        words = {part: dict.fromkeys(LANGUAGES, draw(WORDS)) for part in ("title", "description")}
        found.append(Change(Kind.HANDOUT, "plan.pdf", LESSON, words, b"%PDF-1 plan"))
    return found


def identity(files):
    """What a release of these files would be called."""
    return release_id(canonical(read_files(files)[0]))


@settings(max_examples=25)
@given(files_of_authors(), st.data())
def test_corrections_come_back_as_files(written, data):
    files, comments = written
    wanted = data.draw(changes(files))
    made = apply_all(files, wanted)
    with tempfile.TemporaryDirectory() as folder:
        sources.write(sources.unpack(sources.pack(made)), Path(folder) / "out")
        again = load_files(Path(folder) / "out")
    assert again == made
    assert identity(again) == identity(made)
    for change in wanted:
        if change.kind is Kind.QUESTION:
            assert f.read_question(again, MODULE, change.subject) == change.content
    for name, placed in comments.items():
        for comment in placed:
            assert again[name].decode().count(comment) == 1, f"{name} lost {comment}"
    touched = {f.questions_name(MODULE), f"modules/{MODULE}/media.toml"}
    touched |= {f.lesson_name(LESSON, code) for code in LANGUAGES}
    assert {name: body for name, body in again.items() if name not in touched | {
        f"modules/{MODULE}/media/plan.pdf"
    }} == {name: body for name, body in files.items() if name not in touched}  # fmt: skip
    others = [f"c6-q0{n}" for n in range(1, 5) if f"c6-q0{n}" not in {c.subject for c in wanted}]
    for key in others:
        assert f.read_question(again, MODULE, key) == f.read_question(files, MODULE, key)


def test_comments_stay_with_what_they_are_about():
    name = f.questions_name(MODULE)
    text = PLAIN[name].replace('id = "b"\n', '# why b\nid = "b" # wrong\n', 1)
    text = text.replace(
        '[[question.answers]]\nid = "c"', '[[question.answers]]\n# c goes\nid = "c"', 1
    )
    files = {**encoded(PLAIN), name: text.encode()}
    question = copy.deepcopy(f.read_question(files, MODULE, "c6-q01"))
    question["answers"] = [question["answers"][1], question["answers"][0]]
    out = f.write_question(files, MODULE, "c6-q01", question)[name].decode()
    assert out.startswith("# c goes\n[[question]]")
    assert '[[question.answers]]\n# why b\n# wrong\nid = "b"' in out
    assert out.index('id = "b"') < out.index('id = "a"')


def test_export_check_publish_after_a_correction(app, session, tmp_path):
    """The commands, as somebody types them."""
    run = CliRunner().invoke
    (tmp_path / "ours").mkdir()
    noted = {name: f"# ours\n{text}" if name.endswith(".toml") else text
             for name, text in PLAIN.items()}  # fmt: skip
    sources.write(encoded(noted), tmp_path / "ours")
    with app.app_context():
        assert run(command, ["publish", str(tmp_path / "ours")]).exit_code == 0
        made = begin(session, person(session, "programme").actor)
        made.state = type(made.state).ACCEPTED
        key = publish(session, person(session, "programme").actor, made, now=NOW)
        session.commit()
        assert run(command, ["export", str(tmp_path / "out"), "--release", key]).exit_code == 0
        assert "no faults" in run(command, ["check", str(tmp_path / "out")]).output
        done = run(command, ["publish", str(tmp_path / "out")])
    assert f"Release {key[:12]} is published" in done.output
    changed = {
        name
        for name, text in encoded(noted).items()
        if (tmp_path / "out" / name).read_bytes() != text
    }
    assert changed == {f"modules/{LESSON}.fr.md"}
