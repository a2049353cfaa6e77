"""The kinds of questions that an author writes, their faults; quiz and exam settings."""

import json

import pytest

from lms.curriculum.format import Fault, read_files
from lms.curriculum.plain import from_plain, to_plain
from lms.curriculum.rules import Counting, Question, QuestionKind, Quiz, Review
from tests.curriculum.sample import answers, encoded, question, steps, text, tree

BANK = "modules/c6-method/questions.toml"
MODULE = "modules/c6-method/module.toml"
PROGRAMME = "programmes/facilitator.toml"


def rows(key: str, names: str, more: str = "") -> str:
    return "".join(
        f'[[question.{key}]]\nid = "{name}"\n{more.format(name)}{text(f"{key} {name}")}'
        for name in names
    )


MATCHING = question(
    "c6-q10",
    "matching",
    "01-analysis",
    rows("choices", "xyz") + rows("answers", "xy", 'match = "{0}"\n'),
)
SHORT = question(
    "c6-q11",
    "short",
    "01-analysis",
    '[question.accept]\nfr = ["Sociogramme", "le sociogramme"]\nen = ["sociogram"]\n'
    'ar = ["سوسيوغرام"]\n',
)


def step(name: str, right: str = "a", wrong: str = "b") -> str:
    inner = answers(right, wrong).replace("question.answers", "question.steps.answers")
    return (
        f'[[question.steps]]\nid = "{name}"\n[question.steps.text]\n{text("Step " + name)}'
        f"[question.steps.feedback]\n{text('Because ' + name)}{inner}"
    )


SCENARIO = question("c6-q12", "scenario", "02-objectives", step("first") + step("after"))
OPEN = question("c6-q13", "open", "02-objectives", "").replace(
    "[question.text]", 'rubric = "coaching"\ncriteria = ["ethics"]\n[question.text]'
) + (f"[question.model]\n{text('A good answer')}")

EXAM = "[exam]\ndraw = 6\npass_percent = 70\nminutes = 60\nattempts = 3\nwait_hours = 24\n"
EXAM += 'counts = "last"\nreview = "score"\n'
REQUIRED = (
    '[[requirements]]\nid = "exam"\nkind = "exam"\nneeded = 1\nunit = "count"\n'
    f"[requirements.title]\n{text('Exam')}[requirements.hint]\n{text('Pass it')}"
)


def whole() -> dict[str, str]:
    files = tree()
    files[BANK] += MATCHING + SHORT + SCENARIO + OPEN
    files[MODULE] += 'minutes = 20\nattempts = 3\nwait_hours = 12\ncounts = "last"\n'
    files[MODULE] += 'review = "passed"\n'
    files[PROGRAMME] = files[PROGRAMME].replace("[criteria]", f"{REQUIRED}{EXAM}[criteria]")
    return files


def faults_of(files: dict[str, str]) -> list[Fault]:
    return read_files(encoded(files))[1]


def test_every_kind_is_read_as_written():
    content, faults = read_files(encoded(whole()))
    assert faults == []
    assert {q.kind for q in content.questions.values()} == set(QuestionKind)
    matching = content.questions["c6-q10"]
    assert [(a.id, a.match) for a in matching.answers] == [("x", "x"), ("y", "y")]
    assert [choice.title["en"] for choice in matching.choices] == [
        "choices x en",
        "choices y en",
        "choices z en",
    ]
    assert content.questions["c6-q11"].accept["fr"] == ("Sociogramme", "le sociogramme")
    scenario = content.questions["c6-q12"]
    assert [[a.correct for a in one.answers] for one in scenario.steps] == [[True, False]] * 2
    opened = content.questions["c6-q13"]
    assert (opened.rubric, opened.criteria) == ("coaching", ("ethics",))
    assert opened.model is not None


def test_settings_of_a_quiz_and_of_the_exam():
    content, _ = read_files(encoded(whole()))
    quiz = content.modules["c6-method"].quiz
    assert quiz == Quiz(3, 70, 20, 3, 12, Counting.LAST, Review.PASSED)
    assert content.modules["a5-listening"].quiz == Quiz(2, 70)
    exam = content.programmes["facilitator"].exam
    assert exam == Quiz(6, 70, 60, 3, 24, Counting.LAST, Review.SCORE)


def test_what_was_published_before_still_loads():
    """A question stored without the newer fields takes their defaults."""
    content, _ = read_files(encoded(tree()))
    for one in content.questions.values():
        stored = json.loads(json.dumps(to_plain(one)))
        for name in ("choices", "accept", "steps", "criteria"):
            del stored[name]
        assert from_plain(Question, stored) == one
    assert from_plain(Quiz, {"draw": 2, "pass_percent": 70}) == Quiz(2, 70)


def test_every_kind_survives_being_stored():
    content, _ = read_files(encoded(whole()))
    for one in content.questions.values():
        assert from_plain(Question, json.loads(json.dumps(to_plain(one)))) == one


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('match = "y"\n', "", "`match` must be a text"),
        ('match = "y"', 'match = "w"', "no choice “w”"),
        ('match = "y"', 'match = "y"\ncorrect = true', "a matching has no correct answers"),
        (rows("choices", "xyz"), rows("choices", "xyzuvw"), "4 choices match nothing: z, u, v, w"),
        (rows("choices", "xyz"), rows("choices", "x"), "has 1 choices"),
        (rows("choices", "xyz"), rows("choices", "xyy"), "choice “y” stands twice"),
        ('en = "choices z en"', 'en = "Choices Y en"', "same words twice in `en`"),
        ('en = ["sociogram"]\n', "", "`en` must be a list"),
        ('["sociogram"]', '["sociogram", " ’ "]', "accepted answers must be words"),
        ('["sociogram"]', '["sociogram", 3]', "accepted answers must be words"),
        ('["sociogram"]', str([f"w{n}" for n in range(21)]), "21 accepted answers"),
        ("[question.accept]", "[question.model]", "`[accept]` is missing"),
        (step("after"), "", "“c6-q12” has 1 steps"),
        (step("after"), "".join(step(name) for name in "vwxyz"), "has 6 steps"),
        (step("after"), step("first"), "step “first” stands twice"),
        (step("after"), step("after", "ab", ""), "step “after” has 2 right answers"),
        (step("after"), step("after", "", "ab"), "step “after” has no right answer"),
        (SCENARIO, SCENARIO + steps("pq"), "a scenario question has no `answers`"),
        ('rubric = "coaching"\n', "", "`rubric` must be a text"),
        ('rubric = "coaching"', 'rubric = "nothing"', "no rubric “nothing”"),
        ('["ethics"]\n', '["courage"]\n', "no criterion “courage”"),
        ('criteria = ["ethics"]\n', "", "`criteria` must be a list"),
        (f"[question.model]\n{text('A good answer')}", "", "`[model]` is missing"),
        ('kind = "open"', 'kind = "short"', "a short question has no `rubric`"),
        ('kind = "matching"', 'kind = "single"', "a single question has no `choices`"),
    ],
)
def test_faults_of_questions(old: str, new: str, says: str):
    files = whole()
    assert old in files[BANK]
    files[BANK] = files[BANK].replace(old, new, 1)
    found = [fault for fault in faults_of(files) if says in fault.message]
    assert found, [str(fault) for fault in faults_of(files)]
    assert all(f.file == BANK and f.line > 1 and f.remedy for f in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (MODULE, "minutes = 20", "minutes = -1", "`minutes` must be a whole number"),
        (MODULE, "attempts = 3", "attempts = 99", "`attempts` must be a whole number"),
        (MODULE, 'counts = "last"', 'counts = "worst"', "`counts` is “worst”"),
        (MODULE, 'review = "passed"', 'reviews = "passed"', "unknown key “reviews”"),
        (PROGRAMME, "draw = 6", "draw = 40", "the exam draws 40 of 9 questions"),
        (PROGRAMME, EXAM, "", "an exam is required, but there is none"),
        (PROGRAMME, REQUIRED, REQUIRED + REQUIRED, "the exam is required twice"),
        (PROGRAMME, "needed = 1\n", "needed = 2\n", "the exam is passed once"),
    ],
)
def test_faults_of_settings(name: str, old: str, new: str, says: str):
    files = whole()
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    found = [fault for fault in faults_of(files) if says in fault.message]
    assert found, [str(fault) for fault in faults_of(files)]
    assert all(fault.file == name and fault.remedy for fault in found)
