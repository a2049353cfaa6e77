"""Rules without a database: states, the difference word by word, the words of every fault."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.core.transitions import target
from lms.curriculum.corrections import checking, remarks
from lms.curriculum.corrections.checking import Change
from lms.curriculum.corrections.rules import (
    TRANSITIONS,
    CorrectionEvent,
    CorrectionKind,
    CorrectionState,
    Standing,
)
from lms.curriculum.corrections.words import Part, difference
from lms.curriculum.format import Fault
from tests.curriculum.sample import encoded, tree

SAMPLE = encoded(tree())
LANGUAGES = ("fr", "en", "ar")
LESSON = "c6-method/01-analysis"
ENDS = {CorrectionState.PUBLISHED, CorrectionState.WITHDRAWN}


def test_every_pair_of_state_and_event():
    for state, event in product(CorrectionState, CorrectionEvent):
        if (state, event) in TRANSITIONS:
            assert target(TRANSITIONS, state, event) is TRANSITIONS[state, event]
        else:
            with pytest.raises(Refusal, match="illegal_transition"):
                target(TRANSITIONS, state, event)
    assert {state for state, _ in TRANSITIONS} == set(CorrectionState) - ENDS
    assert set(TRANSITIONS.values()) == set(CorrectionState)


# The difference --------------------------------------------------------------------------------

TEXT = st.lists(st.sampled_from(["un", "deux", "ثلاثة", "\n", " ", "  ", "\n\n"]), max_size=40)


@given(TEXT.map("".join), TEXT.map("".join))
@settings(max_examples=50)
def test_a_difference_holds_both_texts(before, after):
    pieces = difference(before, after)
    if before == after:
        assert pieces == []
        return
    kept = [piece for piece in pieces if piece.part is not Part.SKIPPED]
    shown = {part: "".join(p.text for p in kept if p.part in {part, Part.SAME}) for part in Part}
    lines = {Part.OUT: before.split("\n"), Part.IN: after.split("\n")}
    for part, all_lines in lines.items():
        for line in shown[part].removesuffix("\n").split("\n"):
            assert line in all_lines
    skipped = sum(int(p.text) for p in pieces if p.part is Part.SKIPPED)
    assert shown[Part.IN].count("\n") + skipped == len(lines[Part.IN])


def test_only_the_words_that_changed():
    before = "Un.\n\nDeux.\n\nLa carte montre les liens forts.\n\nQuatre.\n\nCinq."
    pieces = difference(before, before.replace("forts", "faibles"))
    assert [(p.part.value, p.text) for p in pieces] == [
        ("skipped", "3"),
        ("same", "\nLa carte montre les liens "),
        ("out", "forts.\n"),
        ("in", "faibles.\n"),
        ("same", "\n"),
        ("skipped", "3"),
    ]


def test_long_texts_are_not_compared_for_ever():
    many = "a b " * 20_000
    assert len(difference(many, many.replace("b", "c"))) == 2
    assert len(difference("\n" * 60_000, "x\n" * 60_000)) == 2


# The words of faults ---------------------------------------------------------------------------


def spoiled_lessons():
    body = "## Why\n\n{}\n\n## Remember\n\n- x"
    for words in (
        "<b>x</b>", "# One", "[a](lesson:no/01-x)", "![](media:x.svg)",
        "![x](media:none.svg)", "![x](http://x/y.png)", "a\x07", "\u202e", "a **b", "a `b",
        "a ~~b", "[a](http://x y)", "[](https://x.org)", "| a |\n| b |", "تحليل الوضع " * 40,
        "| a | b |\n| - | - |\n| 1 |",
    ):  # fmt: skip
        yield {"body": body.format(words)}
    yield {"body": ""}
    yield {"body": "##\n\nx\n\n## B"}
    yield {"title": "تحليل"}
    yield {"body": "## One"}
    yield {"title": ""}
    yield {"title": "a\x00"}
    yield {"minutes": 0}
    yield {"minutes": 9999}


def spoiled_questions():
    rows = [{"id": n, "correct": n == "a", "fr": n, "en": n, "ar": n} for n in "abc"]
    texts = dict.fromkeys(LANGUAGES, "x")
    step = {"id": "s", "text": texts, "feedback": texts, "answers": rows}
    choices = [{"id": n, "fr": n, "en": n, "ar": n} for n in "abcdef"]
    matched = [{"id": n, "match": n, "fr": n, "en": n, "ar": n} for n in "ab"]
    yield {"text": {**texts, "ar": ""}}
    yield {"text": {**texts, "en": "TODO"}}
    yield {"text": {**texts, "fr": "سؤال"}}
    yield {"feedback": {**texts, "en": "a\x01"}}
    yield {"answers": [{**row, "correct": False} for row in rows]}
    yield {"kind": "multiple"}
    yield {"answers": rows[:1]}
    yield {"answers": [rows[0], {**rows[1], "fr": "a"}]}
    yield {"answers": [{**rows[0], "feedback": {**texts, "fr": ""}}, rows[1]]}
    yield {"kind": "short", "answers": None, "accept": {"fr": [], "en": ["x"], "ar": ["x"]}}
    yield {
        "kind": "short",
        "answers": None,
        "accept": {key: [f"{n}" for n in range(99)] for key in LANGUAGES},
    }
    yield {"kind": "scenario", "answers": None, "steps": [step]}
    bad = [{**row, "correct": True} for row in rows]
    yield {
        "kind": "scenario",
        "answers": None,
        "steps": [step, {**step, "id": "t", "answers": bad}],
    }
    yield {"kind": "matching", "choices": choices, "answers": matched}
    wrong = [matched[0], {**matched[1], "match": ""}]
    yield {"kind": "matching", "choices": choices[:3], "answers": wrong}
    yield {
        "kind": "matching",
        "choices": choices[:3],
        "answers": [matched[0], {**matched[1], "match": "z"}],
    }


def found(kind, subject, spoiled):
    content = checking.read(SAMPLE, kind, subject, LESSON, LANGUAGES)
    for key, new in spoiled.items():
        if new is None:
            content.pop(key)
        elif kind is CorrectionKind.LESSON and key != "minutes":
            content[key] = {**content[key], "fr": new}
        else:
            content[key] = new
    change = Change(kind, subject, LESSON, content)
    made = checking.apply_all(SAMPLE, [change])
    return change, made, checking.faults(made)


CASES = [(CorrectionKind.LESSON, LESSON, one) for one in spoiled_lessons()]
CASES += [(CorrectionKind.QUESTION, "c6-q01", one) for one in spoiled_questions()]


@pytest.mark.parametrize(("kind", "subject", "spoiled"), CASES)
def test_each_fault_has_words_and_a_place(app, kind, subject, spoiled):
    change, files, faults = found(kind, subject, spoiled)
    assert faults, "nothing is wrong?"
    for fault in faults:
        assert remarks.remark(fault), f"no words for: {fault}"
    fields = [
        f"{part}-{code}" for part in ("title", "body", "text", "feedback") for code in LANGUAGES
    ]
    fields += ["minutes", *(f"answers-{n}-{code}" for n in range(4) for code in LANGUAGES)]
    fields += [f"answers-{n}-feedback-{code}" for n in range(4) for code in LANGUAGES]
    fields += [f"answers-{n}-match" for n in range(4)] + [f"accept-{code}" for code in LANGUAGES]
    with app.test_request_context():
        placed = remarks.place(faults, change, files, fields)
    if kind is CorrectionKind.LESSON or set(spoiled) & {"text", "feedback"}:
        assert set(placed) <= set(fields), placed


def test_what_a_correction_cannot_have_caused_is_said_too(app):
    change = Change(CorrectionKind.LESSON, LESSON, LESSON, {})
    fault = Fault("programmes/coach.toml", 3, "something new", "Mend it.")
    with app.test_request_context():
        placed = remarks.place([fault], change, SAMPLE, ["title-fr"])
    assert "programmes/coach.toml" in placed[remarks.GENERAL][0].message


def test_standing():
    content = checking.read(SAMPLE, CorrectionKind.LESSON, LESSON, LESSON, LANGUAGES)
    change = Change(CorrectionKind.LESSON, LESSON, LESSON, content)
    name = f"modules/{LESSON}.fr.md"
    other = {**SAMPLE, "practicum.toml": b""}
    changed = {**SAMPLE, name: SAMPLE[name].replace(b"words", b"mots")}
    gone = {n: b for n, b in SAMPLE.items() if n != name}
    assert checking.standing(change, SAMPLE, other, LANGUAGES) is Standing.SAME
    assert checking.standing(change, SAMPLE, changed, LANGUAGES) is Standing.CHANGED
    assert checking.standing(change, SAMPLE, gone, LANGUAGES) is Standing.GONE
    handout = Change(CorrectionKind.HANDOUT, "a.pdf", LESSON, {})
    assert checking.standing(handout, SAMPLE, changed, LANGUAGES) is Standing.SAME
    assert checking.standing(handout, SAMPLE, {}, LANGUAGES) is Standing.GONE
