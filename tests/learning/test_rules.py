"""Attempts, drawing, scoring and completion, without a database."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.curriculum.rules import Answer, Module, Question, QuestionKind, Quiz
from lms.learning import rules
from lms.learning.rules import AttemptEvent, AttemptState, Done, ModuleState, Step

LEGAL = {
    (AttemptState.IN_PROGRESS, AttemptEvent.EXPIRE): AttemptState.OVERDUE,
    (AttemptState.IN_PROGRESS, AttemptEvent.SUBMIT): AttemptState.FINISHED,
    (AttemptState.IN_PROGRESS, AttemptEvent.ABANDON): AttemptState.ABANDONED,
    (AttemptState.OVERDUE, AttemptEvent.SUBMIT): AttemptState.FINISHED,
    (AttemptState.OVERDUE, AttemptEvent.ABANDON): AttemptState.ABANDONED,
}


@pytest.mark.parametrize(("state", "event"), list(product(AttemptState, AttemptEvent)))
def test_every_pair_legal_or_not(state, event):
    assert rules.TRANSITIONS.get((state, event)) == LEGAL.get((state, event))


def test_only_open_attempts_can_change():
    assert {state for state, _ in rules.TRANSITIONS} == rules.OPEN


def test_when_the_time_for_answers_is_over():
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert not rules.is_due(start, start + timedelta(days=13, hours=23))
    assert rules.is_due(start, start + timedelta(days=14))


def question(
    name: str = "q",
    kind: QuestionKind = QuestionKind.SINGLE,
    right: str = "a",
    others: str = "bcd",
    lesson: str = "m/01-x",
) -> Question:
    words = {"fr": name}
    answers = tuple(Answer(n, n in right, {"fr": n}) for n in sorted(right + others))
    return Question(name, kind, lesson, "o", "c", words, words, answers)


ORDERING = question("o", QuestionKind.ORDERING, right="", others="abcd")
MULTIPLE = question("m", QuestionKind.MULTIPLE, right="ab", others="cd")

pools = st.lists(
    st.tuples(st.sampled_from(QuestionKind), st.integers(1, 5), st.integers(2, 6)), max_size=30
).map(
    lambda rows: [
        question(f"q{n}", kind, "", "abcdef"[:answers], lesson=f"m/0{lesson}-x")
        for n, (kind, lesson, answers) in enumerate(rows)
    ]
)


@given(pools, st.integers(1, 40), st.text())
def test_a_draw(pool, count, seed):
    drawn = rules.draw(pool, count, seed)
    known = {q.id: q for q in pool}
    assert len(drawn) == min(count, len(pool))
    assert len({d.id for d in drawn}) == len(drawn)
    assert rules.draw(pool, count, seed) == drawn
    for d in drawn:
        right = [answer.id for answer in known[d.id].answers]
        assert sorted(d.answers) == sorted(right)
        if known[d.id].kind is QuestionKind.ORDERING:
            assert list(d.answers) != right
        assert rules.Drawn.from_json(d.to_json()) == d


@given(pools, st.integers(1, 40), st.text())
def test_lessons_take_turns(pool, count, seed):
    known = {q.id: q.lesson for q in pool}
    available = {lesson: list(known.values()).count(lesson) for lesson in known.values()}
    drawn = [known[d.id] for d in rules.draw(pool, count, seed)]
    counts = {lesson: drawn.count(lesson) for lesson in available}
    for lesson, number in counts.items():
        # a lesson may fall behind another by more than one only when it has no question left
        assert number == available[lesson] or max(counts.values()) - number <= 1


def test_another_seed_draws_otherwise():
    pool = [question(f"q{n}") for n in range(20)]
    draws = {rules.draw(pool, 8, str(seed)) for seed in range(20)}
    assert len(draws) == 20


@pytest.mark.parametrize(
    ("asked", "given", "answered", "right"),
    [
        (question(), {}, False, False),
        (question(), {"a": 1}, True, True),
        (question(), {"b": 1}, True, False),
        (MULTIPLE, {}, False, False),
        (MULTIPLE, {"a": 1}, True, False),
        (MULTIPLE, {"a": 1, "b": 1}, True, True),
        (MULTIPLE, {"a": 1, "b": 1, "c": 1}, True, False),
        (ORDERING, {"a": 1, "b": 2, "c": 3, "d": 4}, True, True),
        (ORDERING, {"a": 2, "b": 1, "c": 3, "d": 4}, True, False),
        (ORDERING, {"a": 1, "b": 2, "c": 3}, False, False),
        (ORDERING, {"a": 1, "b": 2, "c": 3, "d": 3}, False, False),
        (ORDERING, {}, False, False),
    ],
)
def test_what_is_answered_and_what_is_right(asked, given, answered, right):
    assert rules.is_answered(asked, given) is answered
    assert rules.is_right(asked, given) is right


@given(
    st.sampled_from([question(), MULTIPLE, ORDERING]),
    st.dictionaries(st.sampled_from("abcdxyz"), st.integers(-3, 9)),
)
def test_tidying_keeps_only_what_belongs(asked, raw):
    kept = rules.tidy(asked, raw)
    assert set(kept) <= {answer.id for answer in asked.answers}
    assert rules.tidy(asked, kept) == kept
    if asked.kind is QuestionKind.SINGLE:
        assert len(kept) <= 1
    if asked.kind is QuestionKind.ORDERING:
        assert all(kept[name] == raw[name] for name in kept)


def test_a_half_done_ordering_is_kept_as_typed():
    assert rules.tidy(ORDERING, {"a": 3, "b": 3, "c": 0}) == {"a": 3, "b": 3}


def test_unanswered_questions_count_as_wrong():
    asked = [question("q1"), question("q2"), MULTIPLE]
    assert rules.count_right(asked, {"q1": {"a": 1}, "q2": {"b": 1}}) == 1


@given(st.integers(0, 50), st.integers(1, 50), st.integers(1, 100))
def test_the_pass_mark(right, out_of, pass_percent):
    right = min(right, out_of)
    passed = rules.is_pass(right, out_of, pass_percent)
    assert passed == (right / out_of * 100 >= pass_percent - 1e-9)
    assert passed == (right >= rules.needed_right(out_of, pass_percent))
    # what is shown never contradicts the verdict
    assert passed == (rules.percent(right, out_of) >= pass_percent) or not passed
    if not passed:
        assert rules.percent(right, out_of) < pass_percent


def test_no_questions_no_pass():
    assert not rules.is_pass(0, 0, 1)
    assert rules.percent(0, 0) == 0


def module(slug: str, lessons: str, *prerequisites: str) -> Module:
    words = {"fr": slug}
    names = tuple(name if "/" in name else f"{slug}/{name}" for name in lessons.split())
    return Module(slug, slug, 60, words, words, (), (), prerequisites, names, Quiz(3, 70))


A = module("a", "01-x 02-y")
B = module("b", "01-x a/02-y", "a")
C = module("c", "01-x", "z")
ALL = [A, B, C]


def done(read: str = "", passed: str = "") -> Done:
    return Done(frozenset(read.split()), frozenset(passed.split()))


@pytest.mark.parametrize(
    ("what", "state"),
    [
        (done(), ModuleState.READY),
        (done("a/01-x"), ModuleState.STARTED),
        (done("a/01-x a/02-y"), ModuleState.STARTED),
        (done("", "a"), ModuleState.STARTED),
        (done("a/01-x", "a"), ModuleState.STARTED),
        (done("a/01-x a/02-y", "a"), ModuleState.COMPLETED),
    ],
)
def test_a_module_is_completed_by_all_lessons_and_its_quiz(what, state):
    assert rules.module_state(A, ALL, what) is state


def test_prerequisites_lock_until_completed():
    assert rules.module_state(B, ALL, done()) is ModuleState.LOCKED
    assert rules.missing_prerequisites(B, ALL, done("a/01-x")) == (A,)
    assert rules.module_state(B, ALL, done("a/01-x a/02-y", "a")) is ModuleState.STARTED


def test_a_prerequisite_that_the_programme_does_not_hold_is_waived():
    assert rules.module_state(C, ALL, done()) is ModuleState.READY


def test_a_shared_lesson_counts_in_each_module_that_lists_it():
    everything = done("a/01-x a/02-y b/01-x", "a b")
    assert rules.completed(ALL, everything) == {"a", "b"}


@pytest.mark.parametrize(
    ("what", "last", "step"),
    [
        (done(), None, Step("a", "01-x")),
        (done("a/01-x"), "a/01-x", Step("a", "02-y")),
        (done("a/02-y"), "a/02-y", Step("a", "01-x")),
        (done("a/01-x a/02-y"), "a/02-y", Step("a", None)),
        (done("a/01-x a/02-y", "a"), "a/02-y", Step("b", "01-x")),
        (done("a/01-x c/01-x"), "c/01-x", Step("c", None)),
        (done("a/01-x a/02-y c/01-x", "a c"), "c/01-x", Step("b", "01-x")),
        (done("a/01-x a/02-y b/01-x c/01-x", "a b c"), "c/01-x", None),
    ],
)
def test_where_to_go_on(what, last, step):
    assert rules.resume(ALL, what, last) == step


def test_nothing_to_do_while_all_the_rest_is_locked():
    circle = [module("x", "01-a", "y"), module("y", "01-a", "x")]
    assert rules.resume(circle, done()) is None


lessons_done = st.frozensets(st.sampled_from(["a/01-x", "a/02-y", "b/01-x", "c/01-x"]))
passes = st.frozensets(st.sampled_from("abc"))


@given(lessons_done, passes, st.sampled_from(["a/01-x", "b/01-x", None]))
def test_following_the_next_step_always_leads_to_the_end(read, passed, last):
    for _ in range(10):
        step = rules.resume(ALL, Done(read, passed), last)
        if step is None:
            break
        found = next(m for m in ALL if m.slug == step.module)
        assert rules.module_state(found, ALL, Done(read, passed)) is not ModuleState.LOCKED
        if step.lesson is None:
            passed |= {step.module}
        else:
            last = next(name for name in found.lessons if name.endswith(step.lesson))
            assert last not in read
            read |= {last}
    assert rules.completed(ALL, Done(read, passed)) == {"a", "b", "c"}
