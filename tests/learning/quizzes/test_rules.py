"""Attempts, drawing and scoring, without a database."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.curriculum.rules import QuestionKind, Quiz, Review
from lms.learning.quizzes.rules import attempts, scoring
from lms.learning.quizzes.rules.attempts import AttemptEvent, AttemptState, Ending
from lms.learning.quizzes.rules.drawing import Drawn, draw
from tests.learning.quizzes.sample import KINDS, OF_EACH, pools, question, raw

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
LEGAL = {
    (AttemptState.IN_PROGRESS, AttemptEvent.EXPIRE): AttemptState.OVERDUE,
    (AttemptState.IN_PROGRESS, AttemptEvent.SUBMIT): AttemptState.FINISHED,
    (AttemptState.IN_PROGRESS, AttemptEvent.ABANDON): AttemptState.ABANDONED,
    (AttemptState.OVERDUE, AttemptEvent.SUBMIT): AttemptState.FINISHED,
    (AttemptState.OVERDUE, AttemptEvent.ABANDON): AttemptState.ABANDONED,
}
ORDERING = OF_EACH[QuestionKind.ORDERING]
SHORT = OF_EACH[QuestionKind.SHORT]
OPEN = OF_EACH[QuestionKind.OPEN]
SCENARIO = OF_EACH[QuestionKind.SCENARIO]
MATCHING = OF_EACH[QuestionKind.MATCHING]


# States and time


@pytest.mark.parametrize(("state", "event"), list(product(AttemptState, AttemptEvent)))
def test_every_pair_legal_or_not(state, event):
    assert attempts.TRANSITIONS.get((state, event)) == LEGAL.get((state, event))


def test_only_open_attempts_can_change():
    assert {state for state, _ in attempts.TRANSITIONS} == attempts.OPEN


@pytest.mark.parametrize(
    ("minutes", "extra", "expected"),
    [
        (0, 0, timedelta(days=14)),
        (0, 100, timedelta(days=14)),
        (60, 0, timedelta(minutes=60)),
        (60, 25, timedelta(minutes=75)),
        (45, 50, timedelta(minutes=67, seconds=30)),
        (30, 100, timedelta(minutes=60)),
    ],
)
def test_how_long_there_is(minutes, extra, expected):
    assert attempts.due_at(START, minutes, extra) == START + expected


def test_the_server_waits_half_a_minute_longer_than_it_shows():
    due = attempts.due_at(START, 10)
    assert not attempts.is_due(due, due - timedelta(seconds=1))
    assert attempts.is_due(due, due)
    assert not attempts.is_too_late(due, due + timedelta(seconds=30))
    assert attempts.is_too_late(due, due + timedelta(seconds=31))
    assert attempts.seconds_left(due, START) == 600
    assert attempts.seconds_left(due, due + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("after", "timed", "answered", "expected"),
    [
        (timedelta(seconds=30), True, True, Ending.WAIT),
        (timedelta(seconds=31), True, True, Ending.HAND_IN),
        (timedelta(seconds=31), True, False, Ending.GIVE_UP),
        (timedelta(seconds=31), False, True, Ending.WAIT),
        (timedelta(days=14) - timedelta(seconds=1), False, True, Ending.WAIT),
        (timedelta(days=14), False, True, Ending.GIVE_UP),
        (timedelta(days=14), False, False, Ending.GIVE_UP),
        (-timedelta(days=1), True, False, Ending.WAIT),
    ],
)
def test_what_the_clock_does(after, timed, answered, expected):
    assert attempts.ending(START, START + after, timed=timed, answered=answered) is expected


@pytest.mark.parametrize(
    ("quiz", "ended_hours_ago", "left", "waits"),
    [
        (Quiz(3, 70), [1, 2, 3], None, False),
        (Quiz(3, 70, attempts=3), [], 3, False),
        (Quiz(3, 70, attempts=3), [1], 2, False),
        (Quiz(3, 70, attempts=3), [1, 2, 3, 4], 0, False),
        (Quiz(3, 70, wait_hours=24), [], None, False),
        (Quiz(3, 70, wait_hours=24), [23, 90], None, True),
        (Quiz(3, 70, wait_hours=24), [24], None, False),
        (Quiz(3, 70, attempts=2, wait_hours=24), [1], 1, True),
        (Quiz(3, 70, attempts=1, wait_hours=24), [1], 0, False),
    ],
)
def test_whether_another_attempt_may_be_made(quiz, ended_hours_ago, left, waits):
    found = attempts.chances(quiz, [START - timedelta(hours=h) for h in ended_hours_ago])
    assert (found.left, found.is_waiting(START)) == (left, waits)
    assert found.is_open(START) is (left != 0 and not waits)
    if found.is_open(START):
        found.check(START)
    else:
        with pytest.raises(Refusal, match="no_attempts_left" if left == 0 else "too_soon"):
            found.check(START)


@pytest.mark.parametrize(
    ("review", "passed", "shown"),
    [
        (Review.ALWAYS, False, True),
        (Review.ALWAYS, True, True),
        (Review.PASSED, False, False),
        (Review.PASSED, True, True),
        (Review.SCORE, False, False),
        (Review.SCORE, True, False),
    ],
)
def test_what_a_result_shows(review, passed, shown):
    assert attempts.may_review(review, passed=passed) is shown


# Drawing


@given(pools, st.integers(1, 40), st.text())
def test_a_draw(pool, count, seed):
    drawn = draw(pool, count, seed)
    known = {q.id: q for q in pool}
    assert len(drawn) == min(count, len(pool))
    assert len({d.id for d in drawn}) == len(drawn)
    assert draw(pool, count, seed) == drawn
    for d in drawn:
        asked = known[d.id]
        right = [answer.id for answer in asked.answers]
        assert sorted(d.answers) == sorted(right)
        assert sorted(d.choices) == sorted(choice.id for choice in asked.choices)
        assert list(d.steps) == [step.id for step in asked.steps]
        for step in asked.steps:
            assert sorted(d.steps[step.id]) == sorted(answer.id for answer in step.answers)
        if asked.kind is QuestionKind.ORDERING:
            assert list(d.answers) != right
        assert Drawn.from_json(d.to_json()) == d


def test_what_was_drawn_before_there_were_other_kinds_still_reads():
    assert Drawn.from_json({"id": "q", "answers": ["b", "a"]}) == Drawn("q", ("b", "a"))


@given(pools, st.integers(1, 40), st.text())
def test_lessons_take_turns(pool, count, seed):
    known = {q.id: q.lesson for q in pool}
    available = {lesson: list(known.values()).count(lesson) for lesson in known.values()}
    drawn = [known[d.id] for d in draw(pool, count, seed)]
    counts = {lesson: drawn.count(lesson) for lesson in available}
    for lesson, number in counts.items():
        # a lesson may fall behind another by more than one only when it has no question left
        assert number == available[lesson] or max(counts.values()) - number <= 1


def test_another_seed_draws_otherwise():
    pool = [question(f"q{n}") for n in range(20)]
    assert len({str(draw(pool, 8, str(seed))) for seed in range(20)}) == 20


# Answers


@given(st.sampled_from(list(OF_EACH.values())), raw)
def test_tidying_keeps_only_what_belongs(asked, sent):
    kept = scoring.tidy(asked, sent)
    assert scoring.tidy(asked, kept) == kept
    assert 0 <= scoring.earned(asked, kept, {"ethics": 4}) <= scoring.points(asked)
    assert isinstance(scoring.is_answered(asked, kept), bool)
    if asked.kind in {QuestionKind.SHORT, QuestionKind.OPEN}:
        assert set(kept) <= {"text"}
    else:
        parts = asked.steps if asked.kind is QuestionKind.SCENARIO else asked.answers
        assert set(kept) <= {part.id for part in parts}
    if asked.kind is QuestionKind.SINGLE:
        assert len(kept) <= 1


@given(st.text(max_size=300))
def test_words_are_kept_as_typed_but_for_what_no_keyboard_types(text):
    kept = scoring.tidy(SHORT, {"text": text}).get("text", "")
    assert len(kept) <= 200
    assert not set(kept) & {"\x00", "\x1b", "\r", "\ud800"}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_given_earns_nothing(kind):
    asked = OF_EACH[kind]
    assert scoring.tidy(asked, {}) == {}
    assert not scoring.is_answered(asked, {})
    assert scoring.earned(asked, {}, {"ethics": 4, "leadership": 4}) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_answer_earns_every_point(kind):
    asked = OF_EACH[kind]
    right = scoring.right_answer(asked)
    assert scoring.tidy(asked, right) == right
    assert scoring.is_answered(asked, right)
    assert scoring.is_right(asked, right, {"ethics": 2, "leadership": 2})


@pytest.mark.parametrize(
    ("asked", "sent", "answered", "points"),
    [
        (OF_EACH[QuestionKind.SINGLE], {"b": 1}, True, 0),
        (OF_EACH[QuestionKind.MULTIPLE], {"a": 1}, True, 0),
        (OF_EACH[QuestionKind.MULTIPLE], {"a": 1, "b": 1, "c": 1}, True, 0),
        (ORDERING, {"a": 2, "b": 1, "c": 3, "d": 4}, True, 0),
        (ORDERING, {"a": 1, "b": 2, "c": 3}, False, 0),
        (ORDERING, {"a": 1, "b": 2, "c": 3, "d": 3}, False, 0),
        (MATCHING, {"a": "to-a", "b": "to-b", "c": "to-c"}, False, 0),
        (MATCHING, {"a": "to-a", "b": "to-b", "c": "to-c", "d": "to-extra"}, True, 0),
        (SCENARIO, {"s1": "a"}, False, 1),
        (SCENARIO, {"s1": "a", "s2": "y", "s3": "a"}, True, 2),
        (SHORT, {"text": "entretien"}, True, 0),
    ],
)
def test_what_is_answered_and_what_it_earns(asked, sent, answered, points):
    assert scoring.is_answered(asked, sent) is answered
    assert scoring.earned(asked, sent) == points


def test_a_half_done_ordering_is_kept_as_typed():
    assert scoring.tidy(ORDERING, {"a": 3, "b": 3, "c": 0}) == {"a": 3, "b": 3}


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("sociogramme", True),
        ("  SOCIOGRAMME. ", True),
        ("ecoute active", True),
        ("Écoute-active", True),
        ("ecouteactive", True),
        ("آثر", True),
        ("اثر", True),
        ("أثَـــر", True),
        ("التدريب  الترابى", True),
        ("sociogrammes", False),
        ("socio", False),
        ("…", False),
        ("", False),
    ],
)
def test_short_answers_are_compared_as_a_reader_would(typed, right):
    assert scoring.is_right(SHORT, scoring.tidy(SHORT, {"text": typed})) is right


@pytest.mark.parametrize(
    ("levels", "good"),
    [
        (None, False),
        ({}, False),
        ({"ethics": 2}, True),
        ({"ethics": 1}, False),
        ({"ethics": 4, "leadership": 0}, True),
        ({"ethics": 3, "leadership": 0}, False),
        ({"ethics": 2, "leadership": 2, "trust": 1}, False),
    ],
)
def test_an_open_answer_is_right_from_a_mean_of_two(levels, good):
    assert scoring.is_good(levels) is good
    assert scoring.earned(OPEN, {"text": "…"}, levels) == int(good)


def test_only_open_answers_that_were_given_are_marked():
    other = question("other", QuestionKind.OPEN)
    asked = [OPEN, other, ORDERING]
    assert scoring.to_mark(asked, {"open": {"text": "x"}, "ordering": {"a": 1}}) == [OPEN]
    assert scoring.to_mark(asked, {}) == []


@given(
    pools,
    st.dictionaries(st.integers(0, 30).map("q{}".format), raw),
    st.dictionaries(
        st.integers(0, 30).map("q{}".format),
        st.dictionaries(st.sampled_from(["ethics", "leadership"]), st.integers(0, 4)),
    ),
)
def test_a_score_lies_between_nothing_and_everything(pool, sent, marks):
    tidy = {q.id: scoring.tidy(q, sent.get(q.id, {})) for q in pool}
    got, most = scoring.score(pool, tidy, marks), scoring.out_of(pool)
    assert 0 <= got <= most
    assert most >= len(pool)
    assert 0 <= scoring.percent(got, most) <= 100
    best = {q.id: scoring.right_answer(q) for q in pool}
    good = {q.id: {"ethics": 2} for q in pool}
    assert scoring.score(pool, best, good) == most


@given(st.integers(0, 50), st.integers(1, 50), st.integers(1, 100))
def test_the_pass_mark(score, out_of, pass_percent):
    score = min(score, out_of)
    passed = scoring.is_pass(score, out_of, pass_percent)
    assert passed == (score >= scoring.needed(out_of, pass_percent))
    if not passed:
        # what is shown never contradicts the verdict
        assert scoring.percent(score, out_of) < pass_percent


def test_no_questions_no_pass():
    assert not scoring.is_pass(0, 0, 1)
    assert scoring.percent(0, 0) == 0
