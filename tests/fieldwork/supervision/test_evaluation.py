"""Confidential answers: nothing that is shown lets anybody be told apart."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.errors import Refusal
from lms.core.mail import MailMessage
from lms.fieldwork.models import SupervisionFeedback
from lms.fieldwork.supervision.evaluation import rules, service
from lms.fieldwork.supervision.evaluation.rules import (
    LEAST_PEOPLE,
    QUESTIONS,
    Answer,
    Quarter,
    coarse,
    shown,
)
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.permits import permits
from tests.factories import cohorts
from tests.factories import supervision as make
from tests.factories.cohorts import NOW
from tests.pages import counted
from tests.people import PERSONAS, person

START = Quarter(2024, 1)
QUARTERS = [START]
while len(QUARTERS) < 8:
    QUARTERS.append(QUARTERS[-1].next)
levels = st.fixed_dictionaries(dict.fromkeys(QUESTIONS, st.integers(0, 4)))
answers = st.lists(
    st.builds(Answer, st.integers(1, 12).map(lambda n: UUID(int=n)), st.sampled_from(QUARTERS),
              levels),
    max_size=60,
    unique_by=lambda one: (one.person_id, one.quarter),
)  # fmt: skip


def closed(quarter):
    """The first moment at which the quarter may be shown."""
    return datetime.combine(quarter.next.starts_on, datetime.min.time(), UTC) + rules.MARGIN


def behind(block, given_answers):
    """The answers that a block is made of."""
    return {
        (one.person_id, one.quarter)
        for one in given_answers
        if block.first <= one.quarter <= block.last
    }


# --- the rule ---


@given(answers)
def test_behind_each_block_stand_five_people(given_answers):
    for block in shown(given_answers, closed(QUARTERS[-1])):
        people = {person_id for person_id, _ in behind(block, given_answers)}
        assert len(people) == block.people >= LEAST_PEOPLE


@given(answers)
def test_blocks_share_no_answer_and_stand_in_order(given_answers):
    blocks = shown(given_answers, closed(QUARTERS[-1]))
    for earlier, later in pairwise(blocks):
        assert earlier.last < later.first


@settings(max_examples=60)
@given(answers)
def test_whatever_is_subtracted_five_people_stand_behind_the_difference(given_answers):
    """Anything seen on any day, less anything seen on any other: nobody, or five at least."""
    seen = []
    for quarter in QUARTERS:
        for moment in (closed(quarter) - timedelta(seconds=1), closed(quarter)):
            seen += [behind(block, given_answers) for block in shown(given_answers, moment)]
            everything = shown(given_answers, moment)
            seen.append(set().union(*(behind(block, given_answers) for block in everything)))
    for one, other in combinations(seen, 2):
        for difference in (one - other, other - one, one & other):
            people = {person_id for person_id, _ in difference}
            assert not people or len(people) >= LEAST_PEOPLE


@given(answers)
def test_what_was_shown_never_changes(given_answers):
    before = []
    for quarter in QUARTERS:
        blocks = shown(given_answers, closed(quarter))
        assert blocks[: len(before)] == before
        before = blocks


@given(answers, st.sampled_from(QUARTERS), levels, st.integers(1, 12))
def test_an_answer_in_an_open_quarter_changes_nothing(given_answers, quarter, new, number):
    now = closed(quarter) - timedelta(seconds=1)
    late = Answer(UUID(int=number), quarter, new)
    assert shown([*given_answers, late], now) == shown(given_answers, now)


@given(answers, st.randoms())
def test_the_order_of_answers_tells_nothing(given_answers, random):
    mixed = list(given_answers)
    random.shuffle(mixed)
    now = closed(QUARTERS[-1])
    assert shown(mixed, now) == shown(given_answers, now)


@given(st.lists(st.floats(0, 4), min_size=1))
def test_means_are_coarse_and_never_extreme(found):
    mean = coarse(found)
    assert mean in {0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5}
    exact = sum(found) / len(found)
    assert abs(mean - exact) <= 0.5


def test_unanimity_is_not_told():
    assert coarse([4] * 5) == coarse([4, 4, 4, 3, 3]) == 3.5
    assert coarse([0] * 5) == coarse([0, 0, 0, 1, 1]) == 0.5


def test_somebody_who_answers_often_counts_once():
    quarters = QUARTERS[:4]
    often = [Answer(UUID(int=1), quarter, make.answers(0)) for quarter in quarters]
    once = [Answer(UUID(int=n), quarters[3], make.answers(4)) for n in range(2, 6)]
    (block,) = shown(often + once, closed(quarters[3]))
    assert block.people == 5
    assert block.means["time"] == coarse([0, 4, 4, 4, 4])
    assert (block.first, block.last) == (quarters[0], quarters[3])


def test_five_people_are_needed_not_five_answers():
    four = [Answer(UUID(int=n), q, make.answers()) for n in range(4) for q in QUARTERS]
    assert shown(four, closed(QUARTERS[-1])) == []


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_a_day_lies_in_its_quarter(day):
    quarter = Quarter.of(day)
    assert quarter.starts_on <= day <= quarter.ends_on
    assert Quarter.read(str(quarter)) == quarter
    assert quarter < quarter.next
    assert Quarter.of(quarter.ends_on + timedelta(days=1)) == quarter.next


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "2026-Q0", "26-Q1", "2026Q1", "x-Q1"])
def test_what_is_no_quarter(text):
    with pytest.raises(ValueError, match=r"^"):
        Quarter.read(text)


@pytest.mark.parametrize(
    "given_levels",
    [{}, {"time": 3}, make.answers() | {"more": 1}, make.answers(5), make.answers(-1)],
)
def test_all_questions_are_answered(given_levels):
    with pytest.raises(Refusal, match="evaluation_incomplete"):
        rules.check_answers(given_levels)


# --- on a database ---


@pytest.fixture
def trainees(session, cohort):
    return [cohorts.enrolment(session, None, cohort) for _ in range(6)]


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


LATER = NOW + timedelta(days=30)
"""The next quarter."""


def test_shown_once_five_have_answered_and_the_quarter_has_ended(
    session, cohort, supervisor, trainees
):
    make.evaluated(session, supervisor, cohort, *trainees[:4])
    assert service.results(session, [supervisor.id], LATER)[supervisor.id] == []
    make.evaluated(session, supervisor, cohort, trainees[4])
    assert service.results(session, [supervisor.id], NOW)[supervisor.id] == []
    (block,) = service.results(session, [supervisor.id], LATER)[supervisor.id]
    assert (str(block.first), block.people) == ("2026-Q2", 5)
    assert set(block.means.values()) == {3.0}


def test_once_a_quarter_and_only_by_those_supervised(
    session, cohort, supervisor, trainer, trainees
):
    one = trainees[0]
    actor = one.person.actor
    with refused("evaluation_not_supervised"):
        service.give(session, actor, one, supervisor.id, make.answers(), NOW)
    make.evaluated(session, supervisor, cohort, one)
    with refused("evaluation_given_before"):
        service.give(session, actor, one, supervisor.id, make.answers(), NOW)
    with refused("evaluation_not_supervised"):
        service.give(session, actor, one, trainer.id, make.answers(), NOW)
    (about,) = service.evaluable(session, one, LATER)
    assert (about.supervisor, about.given) == (supervisor, False)
    service.give(session, actor, one, supervisor.id, make.answers(), LATER)
    assert service.evaluable(session, one, NOW + timedelta(days=92)) == []


def test_who_was_absent_has_nothing_to_say(session, cohort, supervisor, trainees):
    make.held(session, supervisor, cohort, trainees[0], absent=[trainees[1]])
    assert service.evaluable(session, trainees[1], NOW) == []


def test_the_trail_says_given_and_no_more(session, cohort, supervisor, trainees):
    before = session.scalars(select(AuditEntry.id)).all()
    make.held(session, supervisor, cohort, trainees[0])
    session.flush()
    since = select(AuditEntry).where(AuditEntry.id.not_in(before))
    known = len(session.scalars(since).all())
    levels = {name: number % 5 for number, name in enumerate(QUESTIONS)}
    one = trainees[0]
    service.give(session, one.person.actor, one, supervisor.id, levels, NOW)
    session.flush()
    row = session.scalars(since.order_by(AuditEntry.id)).all()[known]
    assert (row.action, row.subject_label, row.details) == (
        "supervision.evaluate", "2026-Q2", {},
    )  # fmt: skip
    assert supervisor.name not in f"{row.subject_label}{row.reason}{row.details}"
    assert str(supervisor.id) not in repr([row.subject_id, row.details, row.case_id])
    mails = session.scalars(select(MailMessage.text)).all()
    assert not [text for text in mails if "questions" in text]
    assert session.scalars(select(SupervisionFeedback.answers)).one() == levels


def test_the_list_is_what_the_table_allows(session, cohort, supervisor, trainees):
    there = cohorts.cohort(session, country="SN")
    _, away = cohorts.team(session, there, "SN")
    make.held(session, supervisor, cohort, trainees[0])
    make.held(session, away, there, cohorts.enrolment(session, None, there))
    session.commit()
    supervisors = [supervisor, away]
    for name in PERSONAS:
        actor = person(session, name).actor
        allowed = {p.id for p in supervisors if permits(actor, Action.SUPERVISION_RESULTS, p)}
        query = service.supervisors_visible_to(actor).with_only_columns(Person.id)
        assert set(session.scalars(query)) == allowed, name


def test_results_cost_one_query(session, cohort, supervisor, trainees):
    make.evaluated(session, supervisor, cohort, *trainees)
    keys = [supervisor.id, trainees[0].person_id]
    session.flush()
    with counted() as statements:
        service.results(session, keys, LATER)
    assert len(statements) == 1
