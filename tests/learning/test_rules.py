"""Completion and what comes next, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.curriculum.rules import Module, Quiz
from lms.learning import rules
from lms.learning.rules import Done, ModuleState, Step


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
