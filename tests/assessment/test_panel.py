"""Naming people: the system refuses conflicts and says why; each declares or stands down."""

from datetime import timedelta

import pytest

from lms.assessment import service
from lms.assessment.rules.segregation import Conflict, PanelFault
from lms.assessment.rules.states import CaseRole, DossierState
from lms.core.errors import Refusal, Stale
from lms.policy.actor import Role, Scope
from tests.factories import assessment as factory
from tests.factories import people
from tests.people import grant_in, person

pytestmark = pytest.mark.slow


def why_not(case, someone, role=CaseRole.ASSESSOR):
    """Reasons that the assignment page gives for a person."""
    from lms.assessment.service.counting import local_date
    from lms.assessment.service.pool import candidate_of

    members = service.pool(case.session, case.dossier, case.now)
    today = local_date(case.now, case.enrolment)
    member = members[someone.id]
    return set(member.why_not(role, candidate_of(case.dossier), case.dossier, today))


def assessor(session, **fields):
    return people.person(session, "BE", grants=[(Role.ASSESSOR, Scope.ALL, "")], **fields)


def test_the_supervisor_never_assesses(session):
    case = factory.case(session).admissible()
    people.grant(session, case.supervisor, Role.ASSESSOR)
    assert why_not(case, case.supervisor) == {Conflict.SUPERVISED}
    with pytest.raises(Refusal) as refused:
        case.assign(assessor=["supervisor"])
    assert refused.value.code == "conflict"
    assert refused.value.params["why"] is Conflict.SUPERVISED
    assert refused.value.params["name"] == case.supervisor.name


def test_whoever_decided_one_entry_supervised(session):
    case = factory.case(session)
    other = assessor(session)
    case.entries[0].decided_by_id = other.id
    case.admissible()
    assert why_not(case, other) == {Conflict.SUPERVISED}


def test_the_trainer_is_refused_where_one_assesses_alone(session):
    case = factory.case(session).admissible()
    people.grant(session, case.trainer, Role.ASSESSOR)
    people.grant(session, case.trainer, Role.JUROR)
    assert why_not(case, case.trainer) == {Conflict.TRAINED_RECENTLY}
    assert why_not(case, case.trainer, CaseRole.JUROR) == {Conflict.TRAINED}


def test_one_trainer_of_two_assessors_is_allowed_in_standard(session):
    case = factory.case(session, "coach").admissible()
    people.grant(session, case.trainer, Role.ASSESSOR)
    case.assign(assessor=["trainer", "assessor2"])
    assert case.dossier.state is DossierState.ASSIGNED


def test_two_trainers_are_not(session):
    case = factory.case(session, "coach").admissible()
    people.grant(session, case.trainer, Role.ASSESSOR)
    abroad = person(session, "assessor2")
    grant_in(session, abroad, Role.TRAINER, case.cohort)
    with pytest.raises(Refusal) as refused:
        case.assign(assessor=["trainer", "assessor2"])
    assert refused.value.params["why"] is PanelFault.BOTH_TRAINED


def test_a_trainer_of_an_earlier_cohort_is_a_trainer(session):
    case = factory.case(session)
    earlier = factory.cohort(session)
    factory.enrolment(session, case.trainee, earlier)
    other = assessor(session)
    grant_in(session, other, Role.TRAINER, earlier)
    case.admissible()
    assert why_not(case, other) == {Conflict.TRAINED_RECENTLY}


def test_whoever_observed_trained(session):
    case = factory.case(session)
    other = assessor(session)
    factory.observation(session, case.enrolment, other)
    case.admissible()
    assert why_not(case, other) == {Conflict.TRAINED_RECENTLY}


@pytest.mark.parametrize(
    ("tie", "why"),
    [("employer", Conflict.SAME_EMPLOYER), ("commune", Conflict.SAME_COMMUNE)],
)
def test_ties_are_found_whatever_the_accents(session, tie, why):
    case = factory.case(session)
    setattr(case.trainee, tie, "Région de l’Oriental — Béni Mellal")
    other = assessor(session, **{tie: "REGION de l’oriental — Beni  Mellal "})
    case.admissible()
    assert why_not(case, other) == {why}


@pytest.mark.parametrize("name", ["admin.ma", "programme"])
def test_admins_of_the_case_never_judge(session, name):
    case = factory.case(session).admissible()
    admin = person(session, name)
    people.grant(session, admin, Role.ASSESSOR)
    assert why_not(case, admin) == {Conflict.ADMIN_OF_CASE}


def test_another_countrys_admin_may(session):
    case = factory.case(session).admissible()
    admin = person(session, "admin.sn")
    people.grant(session, admin, Role.ASSESSOR)
    assert why_not(case, admin) == set()


def test_the_candidate_never_judges(session):
    case = factory.case(session).admissible()
    people.grant(session, case.trainee, Role.ASSESSOR)
    assert why_not(case, case.trainee) == {Conflict.IS_CANDIDATE} | (
        why_not(case, case.trainee) & {Conflict.SAME_EMPLOYER, Conflict.SAME_COMMUNE}
    )


def test_the_pool_is_that_of_the_country(session):
    case = factory.case(session).admissible()
    near = people.person(session, "MA", grants=[(Role.ASSESSOR, Scope.COUNTRY, "MA")])
    far = people.person(session, "SN", grants=[(Role.ASSESSOR, Scope.COUNTRY, "SN")])
    members = service.pool(session, case.dossier, case.now)
    assert near.id in members
    assert far.id not in members
    with pytest.raises(Refusal, match="not_in_pool"):
        service.assign(
            session,
            case.programme.actor,
            case.dossier,
            {CaseRole.ASSESSOR: [far.id]},
            case.dossier.version,
            case.tick(),
        )


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ({}, "nobody_named"),
        ({"assessor": ["assessor1", "assessor2", "assessor3"]}, "no_such_place"),
        ({"third_assessor": ["assessor3"]}, "no_such_place"),
        ({"assessor": ["assessor1"]}, "panel_fault"),
        ({"chair": ["chair"], "juror": ["juror1"]}, "panel_fault"),
        ({"juror": ["chair", "juror1", "juror2"]}, "panel_fault"),
        ({"chair": ["chair"], "juror": ["juror1", "chair"]}, "panel_fault"),
        ({"chair": ["assessor1"], "juror": ["juror1", "juror2"]}, "conflict"),
    ],
)
def test_what_cannot_be_named(session, names, code):
    case = factory.case(session, "coach").admissible()
    with pytest.raises(Refusal) as refused:
        case.assign(**names)
    assert refused.value.code == code
    assert case.dossier.state is DossierState.ADMISSIBLE


def test_light_has_no_jury(session):
    case = factory.case(session).admissible()
    with pytest.raises(Refusal, match="no_such_place"):
        case.assign(chair=["chair"], juror=["juror1", "juror2"])


def test_jurors_are_not_assessors_of_the_same_case(session):
    case = factory.case(session, "coach").assigned()
    people.grant(session, person(session, "assessor1"), Role.JUROR)
    found = why_not(case, person(session, "assessor1"), CaseRole.JUROR)
    assert found == {Conflict.IS_ASSESSOR}


def test_whoever_stood_down_does_not_come_back_and_another_is_named(session):
    case = factory.case(session).assigned()
    actor = case.as_("assessor1")
    service.stand_down(session, actor, case.dossier, "Un ami.", case.tick())
    assert case.dossier.turn == "programme"
    assert case.dossier.assessor_ids == frozenset()
    assert why_not(case, person(session, "assessor1")) == {Conflict.DECLARED}
    case.assign(assessor=["assessor2"])
    assert (case.dossier.state, case.dossier.turn) == (DossierState.ASSIGNED, "assessors")


def test_standing_down_wants_a_reason(session):
    case = factory.case(session).assigned()
    with pytest.raises(Refusal, match="reason_needed"):
        service.stand_down(session, case.as_("assessor1"), case.dossier, "", case.tick())


def test_nobody_leaves_after_handing_in(session):
    case = factory.case(session).concordant()
    for leave in (
        lambda: service.stand_down(
            session, case.as_("assessor1"), case.dossier, "Trop tard.", case.tick()
        ),
        lambda: service.take_off(
            session,
            case.programme.actor,
            case.dossier,
            person(session, "assessor1").id,
            "Trop tard.",
            case.tick(),
        ),
    ):
        with pytest.raises(Refusal, match="sheet_handed_in"):
            leave()


def test_the_programme_admin_relieves_who_does_not_answer(session):
    case = factory.case(session).assigned()
    silent = person(session, "assessor1")
    service.take_off(
        session, case.programme.actor, case.dossier, silent.id, "Sans réponse.", case.tick()
    )
    assert case.dossier.assignment_of(silent.id) is None


def test_declaring_begins_the_assessment_once(session):
    case = factory.case(session).assigned().declare("assessor1")
    assert case.dossier.state is DossierState.ASSESSING
    first = case.dossier.assignments[0].declared_at
    case.declare("assessor1")
    assert case.dossier.assignments[0].declared_at == first


def test_strangers_have_no_place(session):
    case = factory.case(session).assigned()
    with pytest.raises(Refusal, match="not_assigned"):
        service.declare(session, case.as_("assessor2"), case.dossier, case.tick())


def test_two_admins_do_not_name_over_each_other(session):
    case = factory.case(session).admissible()
    seen = case.dossier.version
    case.assign(assessor=["assessor1"])
    with pytest.raises(Stale):
        service.assign(
            session,
            case.programme.actor,
            case.dossier,
            {CaseRole.ASSESSOR: [person(session, "assessor2").id]},
            seen,
            case.tick(),
        )


def test_a_trainer_of_long_ago_may_assess_again(session):
    case = factory.case(session).admissible()
    people.grant(session, case.trainer, Role.ASSESSOR)
    case.now += timedelta(days=3 * 365)
    assert why_not(case, case.trainer) == set()
