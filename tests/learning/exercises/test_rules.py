"""States of work, what it takes to hand in and to mark, and how two versions differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.core.transitions import target
from lms.curriculum.rules import Delivery
from lms.learning.exercises.difference import FEW_WORDS, difference
from lms.learning.exercises.rules import (
    DECIDED,
    EDITABLE,
    LEVELS,
    MAX_FILES,
    TRANSITIONS,
    WAITING,
    Marking,
    WorkEvent,
    WorkState,
    check_files,
    check_hand_in,
    check_marks,
    exercises_of,
    faults,
    find_exercise,
    withdrawal,
)
from tests.factories.exercises import content, exercise

LEGAL = {
    ("draft", "hand_in", "handed_in"),
    ("returned", "hand_in", "handed_in"),
    ("handed_in", "withdraw", "draft"),
    ("handed_in", "take_back", "returned"),
    ("handed_in", "look", "looked_at"),
    ("looked_at", "accept", "accepted"),
    ("looked_at", "return", "returned"),
    ("accepted", "reopen", "looked_at"),
    ("returned", "reopen", "looked_at"),
}
TEXT, FILE = (Delivery.TEXT,), (Delivery.FILE,)
CRITERIA = ("problem-solving", "ethics")


@pytest.mark.parametrize("state", WorkState)
@pytest.mark.parametrize("event", WorkEvent)
def test_every_pair_of_state_and_event(state, event):
    leads = {after for before, what, after in LEGAL if (before, what) == (state, event)}
    if leads:
        assert {target(TRANSITIONS, state, event).value} == leads
    else:
        with pytest.raises(Refusal, match="illegal_transition"):
            target(TRANSITIONS, state, event)


def test_what_is_written_waits_or_is_decided():
    assert set(WorkState) == EDITABLE | WAITING | DECIDED
    assert not EDITABLE & WAITING
    assert [withdrawal(n) for n in (0, 1, 2, 9)] == [
        WorkEvent.WITHDRAW, WorkEvent.WITHDRAW, WorkEvent.TAKE_BACK, WorkEvent.TAKE_BACK,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deliver", "text", "files", "code"),
    [
        (TEXT, "words", 0, None),
        (TEXT, "", 0, "exercise_without_text"),
        (FILE, "", 1, None),
        (FILE, "words", 0, "exercise_without_file"),
        ((*TEXT, *FILE), "words", 0, None),
        ((*TEXT, *FILE), "", 1, None),
        ((*TEXT, *FILE), "", 0, "exercise_empty"),
    ],
)
def test_what_may_be_handed_in(deliver, text, files, code):
    one = exercise(deliver=deliver)
    if code is None:
        check_hand_in(one, text, files)
    else:
        with pytest.raises(Refusal, match=code):
            check_hand_in(one, text, files)


def test_files_where_they_are_asked_for_and_not_too_many():
    check_files(exercise(), MAX_FILES - 1, 1)
    check_files(exercise(deliver=TEXT), 0, 0)
    with pytest.raises(Refusal, match="exercise_too_many_files"):
        check_files(exercise(), MAX_FILES, 1)
    with pytest.raises(Refusal, match="exercise_takes_no_files"):
        check_files(exercise(deliver=TEXT), 0, 1)


def test_a_lesson_brings_its_exercises_along():
    sample = content()

    class Release:
        content = sample

    by_module = {
        slug: [one.id for one in exercises_of(Release, module)]
        for slug, module in sample.modules.items()
    }
    assert by_module["c6-method"] == ["c6-x1", "c6-values", "c6-contribution", "c6-x2"]
    assert by_module["a5-listening"] == ["c6-x2"]
    assert find_exercise(Release, sample.modules["a5-listening"], "c6-x1") is None


@given(
    levels=st.dictionaries(st.sampled_from(CRITERIA), st.sampled_from(LEVELS)),
    comments=st.dictionaries(st.sampled_from(CRITERIA), st.sampled_from(["", "why"])),
    feedback=st.sampled_from(["", "Well done"]),
)
def test_what_stands_in_the_way_of_a_decision(levels, comments, feedback):
    marking = Marking(levels, comments, feedback)
    check_marks(marking, CRITERIA)
    untold = {c for c, n in levels.items() if n in {0, 1, 4} and not comments.get(c)}
    accept = faults(WorkEvent.ACCEPT, marking, CRITERIA)
    assert {f.criterion for f in accept} == untold | (set(CRITERIA) - set(levels))
    back = faults(WorkEvent.RETURN, marking, CRITERIA)
    assert {f.criterion for f in back} == untold | (set() if feedback else {""})


@pytest.mark.parametrize(
    "marking",
    [
        Marking({"leadership": 2}, {}, ""),
        Marking({"ethics": 5}, {}, ""),
        Marking({"ethics": -1}, {}, ""),
        Marking({}, {"leadership": "x"}, ""),
    ],
)
def test_strange_marks_are_refused(marking):
    with pytest.raises(Refusal, match="exercise_marks_strange"):
        check_marks(marking, CRITERIA)


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_difference_holds_both_texts(before, after):
    pieces = difference(before, after)
    assert "".join(p.text for p in pieces if p.change != "ins") == before
    assert "".join(p.text for p in pieces if p.change != "del") == after


def test_a_difference_names_the_words_and_is_bounded():
    pieces = [(p.change, p.text) for p in difference("Je vois le port", "Je vois un port")]
    assert pieces == [("", "Je vois "), ("del", "le "), ("ins", "un "), ("", "port")]
    long = "mot " * (FEW_WORDS + 1)
    assert [p.change for p in difference(f"{long}\nfin", f"{long}\nautre")] == ["", "del", "ins"]
