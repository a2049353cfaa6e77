"""A host's feedback: complete or not at all, once a link; one a person and placement counts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.fieldwork.feedback import service
from lms.fieldwork.feedback.rules import Degree, Question, is_complete, mean
from lms.fieldwork.rules import LinkPurpose, Means
from lms.fieldwork.service import counted_host_feedbacks
from tests.factories import fieldwork
from tests.factories.cohorts import NOW
from tests.fieldwork.hosts.conftest import FEEDBACK, GIVEN

ANSWERS = {key: int(value) for key, value in FEEDBACK.items()}


def test_the_questionnaire_is_short():
    assert 4 <= len(Question) <= 6
    assert [degree.value for degree in Degree] == [0, 1, 2, 3, 4]


@given(st.dictionaries(st.sampled_from([*map(str, Question), "other"]), st.integers(-1, 5)))
def test_complete_means_every_question_and_nothing_else(answers):
    fits = set(answers) == set(map(str, Question)) and all(0 <= n <= 4 for n in answers.values())
    assert is_complete(answers) is fits
    assert not fits or 0 <= mean(answers) <= 4


def give(session, make, placement, later=0, **fields):
    link, _token = make(placement, LinkPurpose.FEEDBACK, Means.LINK)
    now = NOW + timedelta(hours=later)
    given = type(GIVEN)(**{**vars(GIVEN), **fields})
    return service.give(session, link, ANSWERS, given, now)


def test_given_once_a_link(session, placement, make):
    link, _token = make(placement, LinkPurpose.FEEDBACK)
    with pytest.raises(Refusal, match="feedback_incomplete"):
        service.give(session, link, {}, GIVEN, NOW)
    assert link.used_at is None
    service.give(session, link, ANSWERS, GIVEN, NOW)
    with pytest.raises(Refusal, match="link_used"):
        service.give(session, link, ANSWERS, GIVEN, NOW)
    assert len(service.of_placement(session, placement)) == 1


def test_one_of_each_person_at_each_placement_counts(session, enrolment, supervisor, make):
    here = fieldwork.placement(session, enrolment, supervisor)
    there = fieldwork.placement(session, enrolment, supervisor, host="Région")
    first = give(session, make, here)
    give(session, make, here, later=1, name="FATIMA  Zahra el Idrissi")
    other = give(session, make, here, later=2, name="Hassan Alaoui")
    again = give(session, make, there, later=3)
    counted = counted_host_feedbacks(session, [enrolment.id])[enrolment.id]
    assert [each.id for each in counted] == [first.id, other.id, again.id]
    assert counted[0].given_at == NOW
