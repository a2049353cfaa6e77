"""Who may not judge whom: every rule by itself, and whatever else is known."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.segregation import (
    ASSESSORS,
    JURORS,
    Candidate,
    Conflict,
    Judge,
    PanelFault,
    assessor_faults,
    conflicts,
    is_from_elsewhere,
    jury_faults,
    trained_recently,
)
from lms.assessment.rules.states import CaseRole, Profile

TODAY = date(2026, 11, 21)
OUJDA, KAOLACK = uuid4(), uuid4()
CANDIDATE = Candidate(uuid4(), "MA", OUJDA, employer="commune de berkane", commune="berkane")
FREE = Judge(uuid4(), "MA", is_assessor=True, is_juror=True, employer="universite", commune="oujda")


def found(judge, role=CaseRole.ASSESSOR, profile=Profile.STANDARD):
    return set(conflicts(judge, CANDIDATE, role, profile, TODAY))


@pytest.mark.parametrize("role", CaseRole)
@pytest.mark.parametrize("profile", Profile)
def test_a_stranger_of_the_pool_is_free(role, profile):
    assert found(FREE, role, profile) == set()


@pytest.mark.parametrize("role", CaseRole)
@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"person_id": CANDIDATE.person_id}, Conflict.IS_CANDIDATE),
        ({"supervised": True}, Conflict.SUPERVISED),
        ({"employer": "commune de berkane"}, Conflict.SAME_EMPLOYER),
        ({"commune": "berkane"}, Conflict.SAME_COMMUNE),
        ({"is_admin": True}, Conflict.ADMIN_OF_CASE),
        ({"stood_down": True}, Conflict.DECLARED),
        ({"is_assessor": False, "is_juror": False}, Conflict.NOT_IN_POOL),
    ],
)
def test_some_ties_exclude_from_every_place(role, profile, known, why):
    assert found(replace(FREE, **known), role, profile) == {why}


def test_unknown_employers_and_communes_are_no_tie():
    nobody = replace(CANDIDATE, employer="", commune="")
    judge = replace(FREE, employer="", commune="")
    assert conflicts(judge, nobody, CaseRole.ASSESSOR, Profile.STRICT, TODAY) == ()


def test_a_trainer_never_sits_on_the_jury_however_long_ago():
    judge = replace(FREE, trained_on=TODAY - timedelta(days=365 * 9))
    for role in JURORS:
        assert found(judge, role) == {Conflict.TRAINED}
    assert found(judge, profile=Profile.STRICT) == set()


@pytest.mark.parametrize(
    ("profile", "refused"),
    [(Profile.LIGHT, True), (Profile.STANDARD, False), (Profile.STRICT, True)],
)
def test_a_recent_trainer_as_assessor(profile, refused):
    judge = replace(FREE, trained_on=TODAY - timedelta(days=30))
    assert (found(judge, profile=profile) == {Conflict.TRAINED_RECENTLY}) is refused


@pytest.mark.parametrize(
    ("last_day", "recent"),
    [
        (date(2024, 11, 21), True),
        (date(2024, 11, 20), False),
        (date(2024, 12, 1), True),
        (date(2024, 10, 31), False),
        (TODAY, True),
        (None, False),
    ],
)
def test_recent_means_24_months_to_the_day(last_day, recent):
    assert trained_recently(replace(FREE, trained_on=last_day), TODAY) is recent


def test_assessors_and_jurors_are_different_people():
    for held in ASSESSORS:
        for role in JURORS:
            assert found(replace(FREE, holds=held), role) == {Conflict.IS_ASSESSOR}
            assert found(replace(FREE, holds=role), held) == {Conflict.IS_JUROR}


def test_the_two_pools_are_apart():
    assessor, juror = replace(FREE, is_juror=False), replace(FREE, is_assessor=False)
    assert found(assessor, CaseRole.CHAIR) == {Conflict.NOT_IN_POOL}
    assert found(juror, CaseRole.THIRD_ASSESSOR) == {Conflict.NOT_IN_POOL}


# People named together ---------------------------------------------------------------------------


def other(**known):
    return replace(FREE, person_id=uuid4(), **known)


def panel(*judges, profile=Profile.STANDARD):
    return set(assessor_faults(judges, CANDIDATE, profile, TODAY))


def test_light_takes_one_assessor():
    assert panel(FREE, profile=Profile.LIGHT) == set()
    assert panel(profile=Profile.LIGHT) == {PanelFault.ONE_ASSESSOR_NEEDED}
    assert panel(FREE, other(), profile=Profile.LIGHT) == {PanelFault.ONE_ASSESSOR_NEEDED}


def test_standard_takes_two_of_whom_one_comes_from_elsewhere():
    assert panel(FREE, other(country_code="SN")) == set()
    assert panel(FREE, other(centre_ids={KAOLACK})) == set()
    assert panel(FREE, other(centre_ids={OUJDA})) == {PanelFault.NONE_FROM_ELSEWHERE}
    assert panel(FREE, FREE) == {PanelFault.SAME_PERSON_TWICE}
    assert panel(other(country_code="SN")) == {PanelFault.TWO_ASSESSORS_NEEDED}


def test_at_most_one_of_two_assessors_trained_the_candidate():
    trainer = other(trained_on=TODAY)
    abroad = other(trained_on=TODAY, country_code="SN")
    assert panel(trainer, other(country_code="SN")) == set()
    assert panel(trainer, abroad) == {PanelFault.BOTH_TRAINED}


def test_where_somebody_comes_from():
    assert not is_from_elsewhere(FREE, CANDIDATE)
    assert is_from_elsewhere(replace(FREE, centre_ids={KAOLACK}), CANDIDATE)
    assert not is_from_elsewhere(replace(FREE, centre_ids={KAOLACK, OUJDA}), CANDIDATE)
    assert not is_from_elsewhere(
        replace(FREE, centre_ids={KAOLACK}), replace(CANDIDATE, centre_id=None)
    )


def test_a_jury_is_three_with_one_chair():
    three = [uuid4() for _ in range(3)]
    assert jury_faults(three, 1) == ()
    assert jury_faults(three[:2], 1) == (PanelFault.QUORUM_NEEDED,)
    assert jury_faults(three, 0) == (PanelFault.ONE_CHAIR_NEEDED,)
    assert PanelFault.SAME_PERSON_TWICE in jury_faults([*three, three[0]], 1)


# Whatever is known -------------------------------------------------------------------------------

judges = st.builds(
    Judge,
    person_id=st.one_of(st.uuids(), st.just(CANDIDATE.person_id)),
    country_code=st.sampled_from(["MA", "SN"]),
    is_assessor=st.booleans(),
    is_juror=st.booleans(),
    employer=st.sampled_from(["", "commune de berkane", "x"]),
    commune=st.sampled_from(["", "berkane", "y"]),
    centre_ids=st.sets(st.sampled_from([OUJDA, KAOLACK])),
    supervised=st.booleans(),
    trained_on=st.none() | st.dates(date(2020, 1, 1), TODAY),
    is_admin=st.booleans(),
    stood_down=st.booleans(),
    holds=st.none() | st.sampled_from(CaseRole),
)
roles, profiles = st.sampled_from(CaseRole), st.sampled_from(Profile)


@given(judges, roles, profiles)
def test_whoever_is_free_is_tied_to_nothing(judge, role, profile):
    if conflicts(judge, CANDIDATE, role, profile, TODAY):
        return
    assert judge.person_id != CANDIDATE.person_id
    assert not any([judge.supervised, judge.is_admin, judge.stood_down])
    assert judge.employer != CANDIDATE.employer
    assert judge.commune != CANDIDATE.commune
    assert role not in JURORS or (judge.trained_on is None and judge.holds not in ASSESSORS)
    if role in ASSESSORS and profile is not Profile.STANDARD:
        assert not trained_recently(judge, TODAY)


@given(judges, roles)
def test_strict_never_allows_what_standard_refuses(judge, role):
    standard = set(conflicts(judge, CANDIDATE, role, Profile.STANDARD, TODAY))
    assert standard <= set(conflicts(judge, CANDIDATE, role, Profile.STRICT, TODAY))


@given(st.lists(judges, max_size=4), profiles)
def test_a_panel_that_passes_is_complete_and_diverse(several, profile):
    if assessor_faults(several, CANDIDATE, profile, TODAY):
        return
    assert len({UUID(str(judge.person_id)) for judge in several}) == len(several)
    assert len(several) == (1 if profile is Profile.LIGHT else 2)
    if profile is not Profile.LIGHT:
        assert any(is_from_elsewhere(judge, CANDIDATE) for judge in several)
        assert sum(trained_recently(judge, TODAY) for judge in several) <= 1
