"""Each predicate by itself: whom it means, and that it means nobody by accident."""

from types import SimpleNamespace as Thing
from uuid import UUID

import pytest

from lms.policy import predicates as ask
from lms.policy.actor import PUBLIC, SYSTEM, Actor, Grant, Role, Scope

ME, OTHER = UUID(int=1), UUID(int=2)
HERE, THERE = UUID(int=3), UUID(int=4)


def me(*grants):
    return Actor(person_id=ME, grants=frozenset(Grant(*grant) for grant in grants))


def in_cohort(role, where=HERE):
    return me((role, Scope.COHORT, str(where)))


def standing_in(whom):
    return me(
        (Role.SUPERVISOR, Scope.COHORT, str(HERE)), (Role.SUPERVISOR, Scope.PERSON, str(whom))
    )


@pytest.mark.parametrize(
    ("predicate", "actor", "thing", "answer"),
    [
        (ask.anyone, PUBLIC, None, True),
        (ask.signed_in, PUBLIC, None, False),
        (ask.signed_in, SYSTEM, None, False),
        (ask.signed_in, me(), None, True),
        (ask.own, me(), Thing(person_id=ME), True),
        (ask.own, me(), Thing(person_id=OTHER), False),
        (ask.own, PUBLIC, Thing(person_id=None), False),
        (ask.not_own, me(), Thing(person_id=ME), False),
        (ask.not_own, me(), Thing(person_id=OTHER), True),
        (ask.admin_of_country, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN")),
         Thing(country_code="SN"), True),
        (ask.admin_of_country, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN")),
         Thing(country_code="MA"), False),
        (ask.admin_of_country, me((Role.PARTNER, Scope.COUNTRY, "SN")),
         Thing(country_code="SN"), False),
        (ask.admin_of_country, me(), Thing(country_code=None), False),
        (ask.not_its_admin, me(), Thing(country_code="SN"), True),
        (ask.not_its_admin, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN")),
         Thing(country_code="SN"), False),
        (ask.not_its_admin, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN")),
         Thing(country_code="MA"), True),
        (ask.not_its_admin, me((Role.PROGRAMME_ADMIN, Scope.ALL)),
         Thing(country_code="MA"), False),
        (ask.programme_admin, me((Role.PROGRAMME_ADMIN, Scope.ALL)), None, True),
        (ask.programme_admin, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")), None, False),
        (ask.auditor, me((Role.AUDITOR, Scope.ALL)), None, True),
        (ask.auditor, me((Role.PROGRAMME_ADMIN, Scope.ALL)), None, False),
        (ask.some_country_admin, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")), None, True),
        (ask.some_country_admin, me((Role.PROGRAMME_ADMIN, Scope.ALL)), None, False),
        (ask.some_partner, me((Role.PARTNER, Scope.PARTNER, "x")), None, True),
        (ask.some_partner, me(), None, False),
        (ask.some_case_worker, me((Role.ASSESSOR, Scope.ALL)), None, True),
        (ask.some_case_worker, me((Role.JUROR, Scope.COUNTRY, "MA")), None, True),
        (ask.some_case_worker, in_cohort(Role.TRAINER), None, False),
        (ask.some_supervisor, in_cohort(Role.SUPERVISOR), None, True),
        (ask.some_supervisor, in_cohort(Role.TRAINER), None, False),
        (ask.some_trainer, in_cohort(Role.TRAINER), None, True),
        (ask.some_trainer, in_cohort(Role.SUPERVISOR), None, False),
        (ask.trainer_of_cohort, in_cohort(Role.TRAINER), Thing(cohort_id=HERE), True),
        (ask.trainer_of_cohort, in_cohort(Role.TRAINER, THERE), Thing(cohort_id=HERE), False),
        (ask.trainer_of_cohort, in_cohort(Role.SUPERVISOR), Thing(cohort_id=HERE), False),
        (ask.supervisor_of_cohort, in_cohort(Role.SUPERVISOR), Thing(cohort_id=HERE), True),
        (ask.supervisor_of_cohort, in_cohort(Role.TRAINEE), Thing(cohort_id=HERE), False),
        (ask.trainee_of_cohort, in_cohort(Role.TRAINEE), Thing(cohort_id=HERE), True),
        (ask.trainee_of_cohort, in_cohort(Role.TRAINEE, THERE), Thing(cohort_id=HERE), False),
        (ask.of_cohort, in_cohort(Role.TRAINEE), Thing(cohort_id=HERE), True),
        (ask.of_cohort, in_cohort(Role.TRAINER), Thing(cohort_id=HERE), True),
        (ask.of_cohort, in_cohort(Role.SUPERVISOR), Thing(cohort_id=HERE), True),
        (ask.of_cohort, in_cohort(Role.TRAINER, THERE), Thing(cohort_id=HERE), False),
        (ask.of_cohort, me(), Thing(cohort_id=HERE), False),
        (ask.published, me(), Thing(published=True), True),
        (ask.published, me(), Thing(published=False), False),
        (ask.under_charter, me(), Thing(charter_ids={ME}), True),
        (ask.under_charter, me(), Thing(charter_ids={OTHER}), False),
        (ask.under_charter, PUBLIC, Thing(charter_ids={None}), False),
        (ask.for_office, me(), Thing(to_office=True), True),
        (ask.for_office, me(), Thing(to_office=False), False),
        (ask.its_supervisor, in_cohort(Role.SUPERVISOR),
         Thing(supervisor_id=ME, cohort_id=HERE), True),
        (ask.its_supervisor, in_cohort(Role.SUPERVISOR),
         Thing(supervisor_id=OTHER, cohort_id=HERE), False),
        (ask.its_supervisor, in_cohort(Role.SUPERVISOR, THERE),
         Thing(supervisor_id=ME, cohort_id=HERE), False),
        (ask.its_supervisor, me(), Thing(supervisor_id=ME, cohort_id=HERE), False),
        (ask.its_supervisor, PUBLIC, Thing(supervisor_id=None, cohort_id=HERE), False),
        (ask.stands_in, standing_in(OTHER), Thing(supervisor_id=OTHER, cohort_id=HERE), True),
        (ask.stands_in, standing_in(OTHER), Thing(supervisor_id=OTHER, cohort_id=THERE), False),
        (ask.stands_in, standing_in(OTHER), Thing(supervisor_id=ME, cohort_id=HERE), False),
        (ask.stands_in, in_cohort(Role.SUPERVISOR),
         Thing(supervisor_id=OTHER, cohort_id=HERE), False),
        (ask.stands_in, PUBLIC, Thing(supervisor_id=None, cohort_id=HERE), False),
        (ask.its_stand_in, me(), Thing(stand_in_id=ME), True),
        (ask.its_stand_in, me(), Thing(stand_in_id=OTHER), False),
        (ask.its_stand_in, PUBLIC, Thing(stand_in_id=None), False),
        (ask.its_trainer, me(), Thing(trainer_id=ME), True),
        (ask.its_trainer, PUBLIC, Thing(trainer_id=None), False),
        (ask.handed_in, PUBLIC, Thing(handed_in=True), True),
        (ask.handed_in, me(), Thing(handed_in=False), False),
        (ask.its_assessor, me(), Thing(assessor_ids=[OTHER, ME]), True),
        (ask.its_assessor, me(), Thing(assessor_ids=[OTHER]), False),
        (ask.its_assessor, PUBLIC, Thing(assessor_ids=[None]), False),
        (ask.its_assessor, SYSTEM, Thing(assessor_ids=[None]), False),
        (ask.its_juror, me(), Thing(juror_ids={ME}), True),
        (ask.its_juror, PUBLIC, Thing(juror_ids={None}), False),
        (ask.its_chair, me(), Thing(chair_id=ME), True),
        (ask.its_chair, PUBLIC, Thing(chair_id=None), False),
        (ask.teaches_person, in_cohort(Role.TRAINER), Thing(cohort_ids={HERE, THERE}), True),
        (ask.teaches_person, in_cohort(Role.SUPERVISOR), Thing(cohort_ids={HERE}), True),
        (ask.teaches_person, in_cohort(Role.TRAINER, THERE), Thing(cohort_ids={HERE}), False),
        (ask.teaches_person, in_cohort(Role.TRAINEE), Thing(cohort_ids={HERE}), False),
        (ask.teaches_person, me(), Thing(cohort_ids=set()), False),
        (ask.only_trainee, PUBLIC, Thing(held=[]), True),
        (ask.only_trainee, PUBLIC, Thing(held=[Grant(Role.TRAINEE, Scope.COHORT, "x")]), True),
        (ask.only_trainee, PUBLIC, Thing(held=[Grant(Role.TRAINER, Scope.COHORT, "x")]), False),
        (ask.within_reach, me(), Thing(held=[Grant(Role.TRAINER, Scope.COHORT, "x")]), True),
        (ask.within_reach, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")),
         Thing(held=[Grant(Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")]), True),
        (ask.within_reach, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")),
         Thing(held=[Grant(Role.ASSESSOR, Scope.COUNTRY, "SN")]), False),
        (ask.within_reach, me((Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")),
         Thing(held=[Grant(Role.AUDITOR, Scope.ALL)]), False),
    ],
)  # fmt: skip
def test_predicate(predicate, actor, thing, answer):
    assert predicate(actor, thing) is answer


@pytest.mark.parametrize(
    "predicate",
    [ask.own, ask.not_own, ask.admin_of_country, ask.trainer_of_cohort, ask.its_supervisor,
     ask.stands_in, ask.its_stand_in, ask.its_assessor, ask.its_chair, ask.handed_in,
     ask.teaches_person, ask.within_reach, ask.of_cohort, ask.published, ask.under_charter,
     ask.for_office],
)  # fmt: skip
def test_a_thing_without_what_is_asked_fails_loudly(predicate):
    """A buggy row must never read as a permission."""
    with pytest.raises(AttributeError):
        predicate(me(), Thing())
