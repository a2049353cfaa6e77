"""A module that asks for an exercise is complete once a trainer has accepted it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning import rules
from lms.learning import service as learning
from lms.learning.exercises import service
from lms.learning.exercises.rules import Marking, WorkEvent
from lms.learning.outline import module_row, written_modules
from lms.learning.records import record, records
from lms.learning.rules import Done, Missing, ModuleState, Step
from tests.factories import curriculum, exercises, people
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.learning.test_service import pass_quiz, read_all
from tests.pages import counted

X1 = exercises.exercise(required=True)
CONTENT = exercises.content(X1)
METHOD, LISTENING = CONTENT.modules["c6-method"], CONTENT.modules["a5-listening"]
MODULES = [METHOD, LISTENING]
READ = frozenset(METHOD.lessons)
PASSED = frozenset({"c6-method"})
ONE = frozenset({"c6-x1"})
GOOD = Marking({"problem-solving": 3, "ethics": 3}, {}, "")


@pytest.fixture
def release(session):
    return curriculum.release(session, CONTENT)


@pytest.fixture(autouse=True)
def _page(app):
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("done", "state", "step", "missing"),
    [
        (Done(READ, PASSED), "started", Step("c6-method", None, "c6-x1"), Missing(to_do=1)),
        (Done(READ, PASSED, waiting=ONE), "started", None, Missing(waiting=1)),
        (
            Done(READ, PASSED, returned=ONE),
            "started",
            Step("c6-method", None, "c6-x1"),
            Missing(returned=1),
        ),
        (Done(READ, PASSED, accepted=ONE), "completed", None, Missing()),
        (Done(READ, accepted=ONE), "started", Step("c6-method", None), Missing(quiz=True)),
        (
            Done(),
            "ready",
            Step("c6-method", "01-analysis"),
            Missing(lessons=2, quiz=True, to_do=1),
        ),
    ],
)
def test_what_is_next_and_what_is_missing(done, state, step, missing):
    assert rules.module_state(METHOD, MODULES, done) is ModuleState(state)
    assert rules.next_in_module(METHOD, done) == step
    assert rules.missing(METHOD, done) == missing
    assert bool(missing) == (state != "completed")


def test_nobody_waits_for_a_trainer_to_go_on():
    """What is handed in opens the next module; it is completed only once it is accepted."""
    for done in (Done(READ, PASSED, waiting=ONE), Done(READ, PASSED, returned=ONE)):
        assert rules.missing_prerequisites(LISTENING, MODULES, done) == ()
        assert not rules.is_completed(METHOD, done)
    assert rules.missing_prerequisites(LISTENING, MODULES, Done(READ, PASSED)) == (METHOD,)
    waits = Done(READ, PASSED, waiting=ONE)
    assert rules.resume(MODULES, waits, "c6-method/01-analysis") == Step(
        "a5-listening", "01-attention"
    )


SETS = {
    "read": st.frozensets(st.sampled_from([*METHOD.lessons, *LISTENING.lessons])),
    "passed": st.frozensets(st.sampled_from(["c6-method", "a5-listening"])),
    "accepted": st.frozensets(st.sampled_from(["c6-x1", "c6-x2"])),
    "waiting": st.frozensets(st.sampled_from(["c6-x1", "c6-x2"])),
    "returned": st.frozensets(st.sampled_from(["c6-x1", "c6-x2"])),
}


@given(st.builds(Done, **SETS))
def test_completed_is_nothing_missing_and_nothing_to_do(done):
    for module in MODULES:
        complete = rules.is_completed(module, done)
        assert complete is (not rules.missing(module, done))
        assert complete <= rules.is_worked_through(module, done)
        assert complete <= (rules.next_in_module(module, done) is None)
    step = rules.resume(MODULES, done)
    if step is not None:
        module = next(m for m in MODULES if m.slug == step.module)
        assert rules.module_state(module, MODULES, done) is not ModuleState.LOCKED
        assert step.exercise in {None, *module.required}


def test_the_reader_notes_what_a_module_requires():
    ours = curriculum.ours()
    asked = {
        slug: tuple(
            one.id
            for one in ours.exercises.values()
            if one.required and one.lesson in module.lessons
        )
        for slug, module in ours.modules.items()
    }
    assert asked == {slug: module.required for slug, module in ours.modules.items()}
    assert any(asked.values())


def test_from_the_first_word_to_the_ledger(session, actor, enrolment, release, cohort, files):
    trainer = exercises.trainer_of(session, cohort)
    read_all(session, enrolment, release)
    pass_quiz(session, actor, enrolment, release)
    assert learning.completed_modules(session, [enrolment.id]) == {enrolment.id: set()}
    work = service.save(session, actor, enrolment, X1, 0, "Mine.", (), (), files, NOW)
    assert record(session, enrolment).done.waiting == frozenset(), "a draft waits for nobody"
    service.hand_in(session, actor, work, X1, NOW)
    assert record(session, enrolment).done.waiting == ONE
    service.look(session, trainer.actor, work, NOW)
    later = NOW + timedelta(days=2)
    event = WorkEvent.ACCEPT
    service.decide(session, trainer.actor, work, X1, work.revision, event, GOOD, later)
    assert learning.completed_modules(session, [enrolment.id]) == {enrolment.id: {"c6-method"}}
    assert record(session, enrolment).accepted_at == {X1.id: later}
    found, programme = learning.release_of(session, enrolment)
    place = next(p for p in programme.modules if p.slug == "c6-method")
    done = record(session, enrolment).done
    row = module_row(found, place, written_modules(found, programme), done)
    assert (row.steps_done, row.steps, bool(row.missing)) == (4, 4, False)
    there = enrol(session, enrolment.person, cohort_on(session, release, country="SN"))
    there.transferred_from_id = enrolment.id
    session.flush()
    assert record(session, there).done.accepted == ONE, "before a transfer too"
    service.reopen(session, trainer.actor, work, X1, work.revision, "Wrong level.", later)
    assert learning.completed_modules(session, [enrolment.id]) == {enrolment.id: set()}


def test_records_are_one_query_however_many(session, cohort, release, files):
    keys = []
    for number in (2, 6):
        for _ in range(number):
            someone = people.person(session)
            made = enrol(session, someone, cohort)
            work = service.save(session, someone.actor, made, X1, 0, "Mine.", (), (), files, NOW)
            service.hand_in(session, someone.actor, work, X1, NOW)
            keys.append(made.id)
        with counted() as statements:
            found = records(session, keys)
        assert len(statements) == 1
        assert all(one.done.waiting == ONE for one in found.values())
