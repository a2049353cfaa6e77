"""`content check`: names file, line and remedy of each fault, and never falls over."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.curriculum.format import Fault, read_files, read_folder
from lms.curriculum.format.crosscheck import cycles
from lms.curriculum.format.folder import MAX_BYTES
from tests.curriculum.sample import encoded, lesson, module, tree

C6 = "modules/c6-method/module.toml"
QUESTIONS = "modules/c6-method/questions.toml"
LESSON = "modules/c6-method/01-analysis.en.md"
PROGRAMME = "programmes/facilitator.toml"


def faults_of(files: dict[str, str]) -> list[Fault]:
    return read_files(encoded(files))[1]


def spoil(name: str, old: str, new: str, count: int = 1) -> list[Fault]:
    files = tree()
    assert old in files[name], f"{old!r} is not in {name}"
    files[name] = files[name].replace(old, new, count)
    return faults_of(files)


def test_the_sample_has_no_faults():
    content, faults = read_files(encoded(tree()))
    assert faults == []
    assert set(content.programmes) == {"facilitator"}
    assert content.modules["a5-listening"].lessons[1] == "c6-method/02-objectives"
    assert content.programmes["facilitator"].requirements[0].needed == 2
    assert content.programmes["facilitator"].requirements[2].roles == ("led", "co-led")


def test_our_own_content_has_no_faults():
    folder = Path(__file__).parents[2] / "course_content"
    assert [str(fault) for fault in read_folder(folder)[1]] == []


def test_our_own_lessons_and_quizzes_are_of_the_right_size():
    content, _ = read_folder(Path(__file__).parents[2] / "course_content")
    for written in content.lessons.values():
        for language, html in written.html.items():
            words = len(re.sub(r"<[^>]+>", " ", html).split())
            assert 250 <= words <= 600, f"{written.id} {language}: {words} words"
    for slug in ("c6-method", "c7-competencies", "c9-limits"):
        own = [q for q in content.questions.values() if q.lesson.startswith(f"{slug}/")]
        assert len(own) >= 10, slug


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "says"),
    [
        (C6, 'ar = "Module C6 ar"\n', "", C6, "no text in language `ar`"),
        (C6, '"Module C6 ar"', '"  "', C6, "no text in language `ar`"),
        (C6, "minutes = 120", 'minutes = "120"', C6, "`minutes` must be a whole number"),
        (C6, "minutes = 120", "minutes = 0", C6, "`minutes` must be a whole number"),
        (C6, "minutes = 120", "minutes = true", C6, "`minutes` must be a whole number"),
        (C6, "minutes = 120", "minuts = 120", C6, "unknown key “minuts”"),
        (C6, "minutes = 120", "minutes = [", C6, "not TOML"),
        (C6, '"01-analysis", ', '"01-analysis", "07-none", ', C6, "no lesson"),
        (C6, '"01-analysis", ', '"01-analysis", {module = 3}, ', C6, "is not a lesson"),
        (C6, '"01-analysis", ', '"01-analysis", "01-analysis", ', C6, "two lessons are called"),
        (C6, '"01-analysis", ', "", C6, "lesson “c6-method/01-analysis” is in no list"),
        (C6, "prerequisites = []", 'prerequisites = ["z9"]', C6, "no module “z9”"),
        (C6, "prerequisites = []", 'prerequisites = ["a1-frame"]', C6, "no module “a1-frame”"),
        (C6, 'competencies = ["problem-solving"]', 'competencies = ["x"]', C6, "no criterion “x”"),
        (C6, "draw = 3", "draw = 9", C6, "draws 9 of 4 questions"),
        (C6, 'code = "C6"', 'code = "A5"', C6, "code “A5” is taken"),
        (C6, "[quiz]\ndraw = 3\npass_percent = 70\n", "", C6, "`[quiz]` is missing"),
        (C6, "Module C6 en", "Module \\u0000 en", C6, "hidden character U+0000"),
        (C6, "Module C6 en", "Module \\u202E en", C6, "hidden character U+202E"),
        (QUESTIONS, 'id = "b"\ncorrect = false', 'id = "b"\ncorrect = true', QUESTIONS, "2 right"),
        (QUESTIONS, "correct = true", "correct = false", QUESTIONS, "no right answer"),
        (QUESTIONS, 'kind = "single"', 'kind = "multiple"', QUESTIONS, "but has 1 right answer"),
        (QUESTIONS, 'kind = "single"', 'kind = "ordering"', QUESTIONS, "no correct answers"),
        (QUESTIONS, 'kind = "single"', 'kind = "essay"', QUESTIONS, "`kind` is “essay”"),
        (QUESTIONS, 'id = "b"\ncorrect', 'id = "a"\ncorrect', QUESTIONS, "answer “a” stands twice"),
        (QUESTIONS, 'id = "c6-q02"', 'id = "c6-q01"', QUESTIONS, "question “c6-q01” stands twice"),
        (QUESTIONS, 'id = "c6-q02"', 'id = "a5-q01"', QUESTIONS, "is taken in modules/a5"),
        (QUESTIONS, 'lesson = "01-analysis"', 'lesson = "09-x"', QUESTIONS, "no lesson"),
        (QUESTIONS, '"state-objective"', '"fly"', QUESTIONS, "no outcome “fly”"),
        (QUESTIONS, '"problem-solving"', '"magic"', QUESTIONS, "no criterion “magic”"),
        (QUESTIONS, '"Answer b en"', '"Answer A EN"', QUESTIONS, "same words twice"),
        (LESSON, "Some **words**.", "Some <b>words</b>.", LESSON, "raw HTML"),
        (LESSON, "Some **words**.", "<!-- hidden -->", LESSON, "raw HTML"),
        (LESSON, "## Why", "# Why", LESSON, "first-level heading"),
        (LESSON, "## Remember", "### Remember", LESSON, "its headings (2, 3) are not those"),
        (LESSON, "words", "[words](lesson:c6-method/99-x)", LESSON, "no lesson"),
        (LESSON, "words", "[words](../other.md)", LESSON, "a link to “../other.md”"),
        (LESSON, "words", "![words](x.png)", LESSON, "a picture"),
        (LESSON, "minutes = 10", "minutes = 11", LESSON, "11 minutes, but 10"),
        (LESSON, '"Analysis en"', '""', LESSON, "`title` must be a text"),
        (LESSON, "+++\ntitle", "title", LESSON, "no front matter"),
        (LESSON, 'title = "', "title = ", LESSON, "front matter is not TOML"),
        (PROGRAMME, '"c6-method"', '"c8-none"', PROGRAMME, "no module “c8-none”"),
        (PROGRAMME, 'id = "a1-frame"', 'id = "c7-x"\nz = 1', PROGRAMME, "unknown key “z”"),
        (PROGRAMME, 'id = "a1-frame"', 'id = "c6-method"', PROGRAMME, "has been written"),
        (PROGRAMME, 'code = "A1"', 'code = "A5"', PROGRAMME, "code “A5” stands twice"),
        (PROGRAMME, 'rubric = "coaching"', 'rubric = "none"', PROGRAMME, "no rubric “none”"),
        (PROGRAMME, "ethics = 2", "honesty = 2", PROGRAMME, "no criterion “honesty”"),
        (PROGRAMME, "mean = 2.0", "mean = nan", PROGRAMME, "`mean` must be a number"),
        (PROGRAMME, 'counts = ["workshop"]', 'counts = ["yoga"]', PROGRAMME, "counts as “yoga”"),
        (PROGRAMME, '"co-led"', '"boss"', PROGRAMME, "no role “boss”"),
        (PROGRAMME, "needed = 3", "needed = 0", PROGRAMME, "`needed` must be a whole number"),
        (PROGRAMME, 'kind = "modules"', 'kind = "modules"\nneeded = 1', PROGRAMME, "is computed"),
        ("rubrics/coaching.toml", "level = 4", "level = 3", "rubrics/coaching.toml", "not 0 to 4"),
        ("practicum.toml", 'counts_as = "workshop"', "", "practicum.toml", "`counts_as` must be"),
        ("practicum.toml", "a_day = 600", "a_day = 2000", "practicum.toml", "from 1 to 1440"),
        ("practicum.toml", "backdating_days", "backdating", "practicum.toml", "unknown key"),
    ],
)
def test_each_fault_is_named_in_its_file(name: str, old: str, new: str, where: str, says: str):
    faults = spoil(name, old, new)
    assert any(says in fault.message and fault.file == where for fault in faults), faults
    assert all(fault.remedy for fault in faults)


@pytest.mark.parametrize(
    ("name", "old", "new", "token"),
    [
        (C6, "pass_percent = 70", "pass_percent = 101", "pass_percent"),
        (QUESTIONS, 'id = "c6-q04"', 'id = "C6 Q04"', "C6 Q04"),
        (QUESTIONS, '"Because c6-q03 ar"', '""', "PREVIOUS"),
        (LESSON, "- two", "- [two](lesson:no/where)", "lesson:no/where"),
        (LESSON, "- two", "- two <br>", "<br>"),
        (PROGRAMME, "needed = 1800", "needed = -1", "needed = -1"),
    ],
)
def test_the_line_is_the_one_to_mend(name: str, old: str, new: str, token: str):
    files = tree()
    files[name] = files[name].replace(old, new)
    lines = files[name].split("\n")
    if token == "PREVIOUS":
        expected = next(n for n, row in enumerate(lines, 1) if row == 'ar = ""')
    else:
        expected = next(n for n, row in enumerate(lines, 1) if token in row)
    assert expected in {fault.line for fault in faults_of(files) if fault.file == name}


def test_a_missing_language_is_a_fault_not_a_silent_fallback():
    files = tree()
    del files["modules/c6-method/02-objectives.ar.md"]
    (fault,) = faults_of(files)
    assert fault.file == "modules/c6-method/02-objectives.ar.md"
    assert "missing in `ar`" in fault.message


def test_languages_are_those_that_programmes_declare():
    files = tree()
    files[PROGRAMME] = files[PROGRAMME].replace('["fr", "en", "ar"]', '["fr", "en", "ar", "pt"]')
    missing = {fault.file for fault in faults_of(files) if "`pt`" in fault.message}
    assert "modules/c6-method/01-analysis.pt.md" in missing
    assert C6 in missing
    assert "programmes:1" not in missing


def test_a_lesson_in_an_undeclared_language_is_a_fault():
    files = tree() | {"modules/c6-method/01-analysis.de.md": lesson("Analyse")}
    (fault,) = faults_of(files)
    assert "declared by no programme" in fault.message


def test_modules_that_wait_for_each_other():
    faults = spoil(C6, "prerequisites = []", 'prerequisites = ["a5-listening"]')
    (fault,) = faults
    assert "a5-listening → c6-method → a5-listening" in fault.message


def test_a_module_that_waits_for_itself():
    (fault,) = spoil(C6, "prerequisites = []", 'prerequisites = ["c6-method"]')
    assert "c6-method → c6-method" in fault.message


def test_files_that_do_not_belong():
    files = tree() | {"modules/c6-method/notes.txt": "x", "modules/C6/module.toml": module("C", "")}
    assert {fault.file for fault in faults_of(files)} == {
        "modules/c6-method/notes.txt",
        "modules/C6/module.toml",
    }


def test_oversized_and_badly_encoded_files():
    files = encoded(tree())
    files[LESSON] = b"x" * (MAX_BYTES + 1)
    files[QUESTIONS] = b'a = "1"\nb = "\xff"\n'
    faults = {fault.file: fault for fault in read_files(files)[1]}
    assert "larger than" in faults[LESSON].message
    assert faults[QUESTIONS].message == "not UTF-8"
    assert faults[QUESTIONS].line == 2


def test_windows_line_ends_and_a_byte_order_mark_are_fine():
    files = {
        name: b"\xef\xbb\xbf" + body.replace(b"\n", b"\r\n")
        for name, body in encoded(tree()).items()
    }
    assert read_files(files)[1] == []


def test_an_empty_folder_and_one_that_is_not_there(tmp_path: Path):
    assert [fault.message for fault in read_folder(tmp_path)[1]] == ["there is no programme"]
    assert read_folder(tmp_path / "nowhere")[1] != []


def test_hidden_files_and_readmes_are_left_alone(tmp_path: Path):
    for name, body in encoded(tree() | {".git/x": "x", "README.md": "x"}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body)
    assert read_folder(tmp_path)[1] == []


# Whatever the input, there is a list of faults and no exception.

NAMES = sorted(tree())
BODIES = {name: body.encode() for name, body in tree().items()}


@given(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=300)))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_in_any_file(spoiled: dict[str, bytes]):
    _, faults = read_files(BODIES | spoiled)
    assert all(fault.line >= 1 and fault.message and fault.remedy for fault in faults)


@given(
    st.sampled_from(NAMES),
    st.data(),
    st.sampled_from(
        [
            b"",
            b"\x00",
            b"[",
            b"]]",
            b'"""',
            b"'",
            b"= 1\n",
            b"\xff",
            b"+++\n",
            b"9" * 5000,
            b"[" * 3000,
            b"x = {",
            b"<",
            b"[a](lesson:",
            b"id = 3\n",
            b"fr = []\n",
            b"|-|\n|",
        ]
    ),
)
@settings(max_examples=150)
@pytest.mark.slow
def test_a_file_with_something_cut_out_and_something_put_in(name, data, inserted):
    body = BODIES[name]
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 80)))
    _, faults = read_files(BODIES | {name: body[:start] + inserted + body[end:]})
    assert all(fault.line >= 1 and fault.remedy for fault in faults)


TOML_VALUES = st.sampled_from(
    [
        "1",
        "-1",
        "1.5",
        "nan",
        "true",
        '""',
        '"x"',
        "[]",
        "[1]",
        '["a", 2]',
        "{}",
        "{a = 1}",
        "2026-01-01",
        "[[1]]",
        "99999999999999999999",
        '["a", "a"]',
        '{fr = "x"}',
    ]
)


@given(st.sampled_from([n for n in NAMES if n.endswith(".toml")]), st.data())
@settings(max_examples=150)
@pytest.mark.slow
def test_any_value_of_any_type_under_any_key(name, data):
    lines = BODIES[name].decode().split("\n")
    places = [n for n, line in enumerate(lines) if " = " in line and not line.startswith("[")]
    place = data.draw(st.sampled_from(places))
    lines[place] = lines[place].split(" = ")[0] + " = " + data.draw(TOML_VALUES)
    read_files(BODIES | {name: "\n".join(lines).encode()})


@given(st.dictionaries(st.text(max_size=30), st.binary(max_size=50), max_size=5))
def test_any_file_names(files: dict[str, bytes]):
    assert read_files(files)[1]


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=4), max_size=6
    )
)
def test_circles_are_found_exactly_where_they_are(edges):
    def reaches_itself(start: str) -> bool:
        seen, waiting = set(), list(edges.get(start, []))
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += edges.get(name, [])
        return start in seen

    found = list(cycles(edges))
    assert bool(found) == any(reaches_itself(name) for name in edges)
    for circle in found:
        for name, after in zip(circle, [*circle[1:], circle[0]], strict=True):
            assert after in edges[name]


# Supervision and host feedback -------------------------------------------------------------------

WORKSHOPS = 'kind = "activity"\ncounts = ["workshop"]\nminimum_role = "co-led"\nneeded = 3'


def with_requirement(lines: str) -> dict[str, str]:
    files = tree()
    assert WORKSHOPS in files[PROGRAMME]
    files[PROGRAMME] = files[PROGRAMME].replace(WORKSHOPS, lines)
    return files


def test_supervision_is_counted_in_minutes_with_a_share_one_to_one():
    lines = 'kind = "supervision"\nneeded = 360\nindividual_share = 50'
    content, faults = read_files(encoded(with_requirement(lines)))
    assert faults == []
    need = content.programmes["facilitator"].requirements[2]
    assert (need.unit.value, need.needed, need.individual_share) == ("minutes", 360, 50)


def test_host_feedback_is_counted_one_by_one():
    content, faults = read_files(encoded(with_requirement('kind = "host_feedback"\nneeded = 2')))
    assert faults == []
    assert content.programmes["facilitator"].requirements[2].unit.value == "count"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('kind = "supervision"\nneeded = 6\nunit = "count"', "supervision is counted in minutes"),
        ('kind = "supervision"\nneeded = 6\nindividual_share = 101', "from 0 to 100"),
        ('kind = "supervision"\nneeded = 6\nindividual_share = "half"', "from 0 to 100"),
        ('kind = "host_feedback"\nneeded = 2\nunit = "days"', "counted one by one"),
        ('kind = "host_feedback"\nneeded = 2\nindividual_share = 50', "individual_share"),
        ('kind = "supervision"\nneeded = 0', "`needed` must be"),
    ],
)
def test_a_wrong_supervision_or_feedback_line_is_named(lines, says):
    faults = faults_of(with_requirement(lines))
    assert any(says in fault.message for fault in faults), faults
    assert all(fault.remedy and fault.file == PROGRAMME for fault in faults)
