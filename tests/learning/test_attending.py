"""A module that asks for a training day is complete once one was attended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.training import attendance, queries
from lms.cohorts.training import service as training
from lms.cohorts.training.rules import THERE, Attended, Worth
from lms.core import clock
from lms.curriculum.format import read_files
from lms.learning import rules, service
from lms.learning.outline import module_row, written_modules
from lms.learning.records import record
from lms.learning.rules import Done, Missing, ModuleState
from tests.curriculum.sample import encoded, tree
from tests.factories import curriculum
from tests.factories import training as make
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.learning.test_service import pass_quiz, read_all
from tests.pages import counted
from tests.people import person

C6 = "modules/c6-method/module.toml"
SLUG = "c6-method"
SAMPLE = curriculum.sample()
METHOD = replace(SAMPLE.modules[SLUG], attend=True)
CONTENT = replace(SAMPLE, modules=SAMPLE.modules | {SLUG: METHOD})
MODULES = [METHOD, SAMPLE.modules["a5-listening"]]
READ, ONE = frozenset(METHOD.lessons), frozenset({SLUG})
ABOUT = (SLUG,)


@pytest.fixture
def release(session):
    return curriculum.release(session, CONTENT)


@pytest.fixture
def trainer(session, cohort):
    return person(session, "trainer", cohort=cohort)


def completed(session, enrolment):
    return service.completed_modules(session, [enrolment.id])[enrolment.id]


# Rules


def test_a_module_says_so_in_its_file():
    files = tree()
    assert not read_files(encoded(files))[0].modules[SLUG].attend
    files[C6] += "[completion]\nattend = true\n"
    content, faults = read_files(encoded(files))
    assert not faults
    assert content.modules[SLUG].attend


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ('attend = "yes"', "`attend` must be true or false"),
        ("attend = 1", "`attend` must be true or false"),
        ("atend = true", "unknown key “atend”"),
    ],
)
def test_faults_of_the_file(words, says):
    files = tree()
    files[C6] += f"[completion]\n{words}\n"
    (fault,) = read_files(encoded(files))[1]
    assert (fault.file, fault.line) == (C6, files[C6].count("\n"))
    assert says in fault.message
    assert fault.remedy


@pytest.mark.parametrize(
    ("done", "state", "missing"),
    [
        (Done(READ, ONE), "started", Missing(attend=True)),
        (Done(READ, ONE, attended=ONE), "completed", Missing()),
        (Done(attended=ONE), "started", Missing(lessons=2, quiz=True)),
        (Done(READ, ONE, attended=frozenset({"a5-listening"})), "started", Missing(attend=True)),
        (Done(), "ready", Missing(lessons=2, quiz=True, attend=True)),
    ],
)
def test_where_one_stands(done, state, missing):
    assert rules.module_state(METHOD, MODULES, done) is ModuleState(state)
    assert rules.missing(METHOD, done) == missing
    assert bool(missing) == (state != "completed")


def test_nobody_waits_for_a_day_to_go_on():
    done = Done(READ, ONE)
    assert not rules.is_completed(METHOD, done)
    assert rules.next_in_module(METHOD, done) is None
    assert rules.missing_prerequisites(MODULES[1], MODULES, done) == ()
    assert rules.resume(MODULES, done).module == "a5-listening"


slugs = st.frozensets(st.sampled_from([SLUG, "a5-listening"]))
lessons = st.frozensets(st.sampled_from(sorted({*METHOD.lessons, *MODULES[1].lessons})))


@given(lessons, slugs, slugs)
def test_a_day_only_ever_helps(read, passed, attended):
    without, done = Done(read, passed), Done(read, passed, attended=attended)
    for module in MODULES:
        complete = rules.is_completed(module, done)
        assert complete is (not rules.missing(module, done))
        assert complete >= rules.is_completed(module, without)
        assert rules.is_worked_through(module, done) is rules.is_worked_through(module, without)
        assert rules.next_in_module(module, done) == rules.next_in_module(module, without)
        if not module.attend:
            assert rules.module_state(module, MODULES, done) is rules.module_state(
                module, MODULES, without
            ), "who asks for no day takes no notice of one"


# On a database


def learnt(session, enrolment, release):
    read_all(session, enrolment, release)
    pass_quiz(session, enrolment.person.actor, enrolment, release)


@pytest.mark.parametrize("mark", Attended)
def test_who_was_there(session, cohort, trainer, enrolment, release, mark):
    learnt(session, enrolment, release)
    if mark is Attended.EXPECTED:
        make.planned(session, trainer, cohort, now=NOW, at=NOW, modules=ABOUT)
    else:
        other = enrol(session, person(session, "facilitator"), cohort)
        said = (mark, "Malade") if mark is Attended.EXCUSED else mark
        make.held(session, trainer, cohort, other, now=NOW, marks={enrolment: said}, modules=ABOUT)
    assert completed(session, enrolment) == ({SLUG} if mark in THERE else set())


def test_any_day_about_it_will_do_and_no_other(session, cohort, trainer, enrolment, release):
    learnt(session, enrolment, release)
    make.held(session, trainer, cohort, enrolment, now=NOW, days=9)
    make.held(session, trainer, cohort, enrolment, now=NOW, days=8, modules=("a5-listening",))
    assert completed(session, enrolment) == set()
    worthless = {"modules": ("a5-listening", SLUG), "worth": Worth.NONE}
    day = make.held(session, trainer, cohort, enrolment, now=NOW, days=7, **worthless)
    make.held(session, trainer, cohort, enrolment, now=NOW, modules=ABOUT)
    assert completed(session, enrolment) == {SLUG}
    assert record(session, enrolment).attended_at[SLUG] == day.starts_at, "the first one"


def test_what_becomes_of_a_list(session, cohort, trainer, enrolment, release):
    """Reopened, corrected: what was completed follows at once, before a transfer too."""
    learnt(session, enrolment, release)
    other = enrol(session, person(session, "facilitator"), cohort)
    day = make.held(session, trainer, cohort, enrolment, other, now=NOW, modules=ABOUT)
    assert completed(session, enrolment) == {SLUG}
    there = enrol(session, enrolment.person, cohort_on(session, release, country="SN"))
    there.transferred_from_id = enrolment.id
    session.flush()
    assert completed(session, there) == {SLUG}
    row = queries.attendances(session, day)[enrolment.id]
    actor = trainer.actor
    attendance.correct(session, actor, row, row.mark, Attended.ABSENT, "Erreur", NOW)
    assert completed(session, there) == completed(session, enrolment) == set()
    attendance.correct(session, actor, row, row.mark, Attended.LEFT_EARLY, "Erreur", NOW)
    assert completed(session, there) == {SLUG}
    training.reopen(session, actor, day, day.revision, "Autre jour", NOW)
    assert completed(session, there) == completed(session, enrolment) == set()
    training.close(session, actor, day, day.revision, NOW)
    assert completed(session, enrolment) == {SLUG}


def test_a_row_of_the_programme(session, cohort, trainer, enrolment, release):
    learnt(session, enrolment, release)
    found, programme = service.release_of(session, enrolment)
    place = next(p for p in programme.modules if p.slug == SLUG)

    def row():
        done = record(session, enrolment).done
        return module_row(found, place, written_modules(found, programme), done)

    assert (row().steps_done, row().steps, row().missing) == (3, 4, Missing(attend=True))
    make.held(session, trainer, cohort, enrolment, now=NOW, modules=ABOUT)
    assert (row().steps_done, row().steps, bool(row().missing)) == (4, 4, False)


# Pages


@pytest.mark.parametrize(
    ("language", "missing", "none_planned"),
    [
        ("fr", "une journée de formation à son sujet", "Aucune n’est encore planifiée"),
        ("en", "a training day about it", "None is planned yet"),
        ("ar", "يوم تكوين حول موضوعها", "لم يُبرمج أي يوم بعد"),
    ],
)
def test_the_pages_say_what_is_missing(
    session, cohort, trainer, trainee, enrolment, release, language, missing, none_planned
):
    learnt(session, enrolment, release)
    home = f"/learn/{enrolment.id}"
    with clock.frozen(NOW):
        assert missing in trainee.get(f"{home}?lang={language}").text
        page = trainee.get(f"{home}/{SLUG}").text
        assert missing in page
        assert none_planned in page
        far = make.planned(
            session, trainer, cohort, now=NOW, at=NOW + timedelta(9), title="Plus tard",
            modules=ABOUT,
        )  # fmt: skip
        soon = NOW + timedelta(2)
        near = make.planned(session, trainer, cohort, now=NOW, at=soon, modules=ABOUT)
        page = trainee.get(f"{home}/{SLUG}").text
        assert f"/training/{near.id}" in page
        assert f"/training/{far.id}" not in page
    with clock.frozen(NOW + timedelta(days=20)):
        page = trainee.get(f"{home}/{SLUG}").text
        assert f"/training/{far.id}" in page, "its list is still to be closed"


def test_home_does_not_call_completed_what_waits_for_a_day(
    session, cohort, trainer, trainee, enrolment, release
):
    learnt(session, enrolment, release)
    read_all(session, enrolment, release, "a5-listening")
    pass_quiz(session, enrolment.person.actor, enrolment, release, "a5-listening")
    with clock.frozen(NOW):
        assert "Your part is done" in trainee.get("/home?lang=en").text
        make.held(session, trainer, cohort, enrolment, now=NOW, modules=ABOUT)
        assert "All written modules are completed" in trainee.get("/home").text


def test_where_no_day_is_asked_for_nobody_looks_for_one(session, trainee, enrolment, release):
    with clock.frozen(NOW):
        pages = [f"/learn/{enrolment.id}/{slug}" for slug in (SLUG, "a5-listening")]
        for page in pages:
            trainee.get(page)
        with counted() as asks:
            trainee.get(pages[0])
        with counted() as asks_not:
            trainee.get(pages[1])
    assert len(asks) == len(asks_not) + 1
    assert not [one for one in asks_not if "FROM training_session" in one]
