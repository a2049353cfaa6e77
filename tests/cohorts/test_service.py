"""Cohorts, enrolments, teams and rosters in the database."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from lms.cohorts import enrolling, service
from lms.cohorts.jobs import send
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.roster import service as rosters
from lms.cohorts.roster.rules import RowFault, Verdict, read
from lms.cohorts.rules import (
    COHORT_TRANSITIONS,
    ENDED,
    ENROLMENT_TRANSITIONS,
    REASON_OPTIONAL,
    CohortData,
    CohortEvent,
    CohortState,
    EnrolmentEvent,
    EnrolmentState,
)
from lms.core import audit, jobs
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.core.mail import MailMessage
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.actor import Role
from lms.policy.permits import permits
from tests.factories import cohorts as factory
from tests.factories import curriculum, network, people
from tests.factories.cohorts import NOW
from tests.pages import counted
from tests.people import PERSONAS, person


def data(session, **fields):
    given = CohortData(
        country_code="MA",
        centre_id=None,
        programme="coach",
        release_id=curriculum.release(session, curriculum.ours()).id,
        name="Oujda 2026",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        time_zone="Africa/Casablanca",
    )
    return replace(given, **fields)


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


# --- cohorts ---


def test_a_cohort_is_founded_once(session, admin):
    network.country(session)
    key = uuid7()
    made = service.create_cohort(session, admin.actor, key, data(session), NOW)
    again = service.create_cohort(session, admin.actor, key, data(session, name="Autre"), NOW)
    assert again is made
    assert (made.name, made.state) == ("Oujda 2026", CohortState.PLANNED)


def test_a_cohort_stays_within_the_scope_of_its_founder(session, admin):
    network.country(session, "SN")
    with refused("country_out_of_scope"):
        service.create_cohort(session, admin.actor, uuid7(), data(session, country_code="SN"), NOW)
    session.rollback()


def test_a_cohort_with_impossible_facts_is_refused(session, admin):
    centre = network.centre(session, "SN")
    for code, fields in {
        "centre_elsewhere": {"centre_id": centre.id},
        "cohort_dates_reversed": {"ends_on": date(2025, 1, 1)},
        "cohort_dates_far": {"ends_on": date(2060, 1, 1)},
        "programme_not_in_release": {"programme": "astronaut"},
    }.items():
        with refused(code):
            service.create_cohort(session, admin.actor, uuid7(), data(session, **fields), NOW)


def test_a_stale_change_is_refused(session, admin, cohort):
    new = data(session, programme="facilitator", name="Nouveau", release_id=cohort.release_id)
    service.edit_cohort(session, admin.actor, cohort, 1, new, "", NOW)
    assert cohort.revision == 2
    with pytest.raises(Stale):
        service.edit_cohort(session, admin.actor, cohort, 1, new, "", NOW)


def test_another_release_wants_a_reason_and_is_recorded(session, admin, cohort):
    release = curriculum.release(session)
    new = data(
        session, programme="facilitator", name=cohort.name, release_id=release.id,
        starts_on=cohort.starts_on, ends_on=cohort.ends_on,
    )  # fmt: skip
    with refused("reason_needed"):
        service.edit_cohort(session, admin.actor, cohort, 1, new, "", NOW)
    session.expire(cohort)
    service.edit_cohort(session, admin.actor, cohort, 1, new, "Nouvelles leçons.", NOW)
    row = session.scalar(select(AuditEntry).where(AuditEntry.action == "cohort.edit"))
    assert row.details["after"] == {"release_id": release.id}
    assert row.reason == "Nouvelles leçons."


@pytest.mark.parametrize(("state", "event"), list(product(CohortState, CohortEvent)))
def test_every_pair_of_a_cohorts_life(session, admin, state, event):
    cohort = factory.cohort(session, state=state)
    if (state, event) in COHORT_TRANSITIONS:
        service.change_cohort(session, admin.actor, cohort, event, "Parce que.", NOW)
        assert cohort.state is COHORT_TRANSITIONS[state, event]
    else:
        with refused("illegal_transition"):
            service.change_cohort(session, admin.actor, cohort, event, "Parce que.", NOW)
        assert cohort.state is state


def test_steps_that_want_a_reason(session, admin):
    for state, event in COHORT_TRANSITIONS:
        cohort = factory.cohort(session, state=state)
        if event in REASON_OPTIONAL:
            service.change_cohort(session, admin.actor, cohort, event, "", NOW)
        else:
            with refused("reason_needed"):
                service.change_cohort(session, admin.actor, cohort, event, "", NOW)


def test_a_cohort_with_people_is_not_called_off(session, admin):
    cohort = factory.cohort(session, state=CohortState.OPEN)
    factory.enrolment(session, None, cohort)
    with refused("cohort_has_people"):
        service.change_cohort(session, admin.actor, cohort, CohortEvent.CANCEL, "Non.", NOW)


# --- enrolments ---


@pytest.mark.parametrize(("state", "event"), list(product(EnrolmentState, EnrolmentEvent)))
def test_every_pair_of_an_enrolments_life(session, admin, state, event):
    ended = NOW if state in ENDED else None
    enrolment = factory.enrolment(session, state=state, ended_at=ended)
    target = factory.cohort(session)

    def change():
        if event is EnrolmentEvent.TRANSFER:
            return enrolling.transfer(session, admin.actor, enrolment, target, "Parce que.", NOW)
        return enrolling.change(session, admin.actor, enrolment, event, "Parce que.", NOW)

    if (state, event) in ENROLMENT_TRANSITIONS:
        change()
        assert enrolment.state is ENROLMENT_TRANSITIONS[state, event]
        assert (enrolment.ended_at is not None) is (enrolment.state in ENDED)
    else:
        with refused("illegal_transition"):
            change()
        assert enrolment.state is state


def test_the_role_follows_the_enrolment(session, admin, cohort):
    someone = people.person(session)
    enrolment = enrolling.enrol(session, admin.actor, cohort, someone, NOW)
    assert cohort.id in someone.cohort_ids
    assert enrolling.enrol(session, admin.actor, cohort, someone, NOW) is enrolment
    enrolling.change(session, admin.actor, enrolment, EnrolmentEvent.PAUSE, "Maladie.", NOW)
    assert cohort.id in someone.cohort_ids
    enrolling.change(session, admin.actor, enrolment, EnrolmentEvent.WITHDRAW, "Départ.", NOW)
    assert cohort.id not in someone.cohort_ids
    with refused("enrolment_ended_before"):
        enrolling.enrol(session, admin.actor, cohort, someone, NOW)
    enrolling.change(session, admin.actor, enrolment, EnrolmentEvent.RESUME, "Retour.", NOW)
    assert cohort.id in someone.cohort_ids


def test_a_transfer_moves_the_role(session, admin, cohort):
    enrolment = factory.enrolment(session, None, cohort)
    target = factory.cohort(session)
    moved = enrolling.transfer(session, admin.actor, enrolment, target, "Déménagement.", NOW)
    assert moved.transferred_from_id == enrolment.id
    assert enrolment.person.cohort_ids == {target.id}
    assert service.lineage(session, [moved.id]) == {moved.id: moved.id, enrolment.id: moved.id}


def test_a_transfer_stays_within_programme_and_country(session, admin, cohort):
    enrolment = factory.enrolment(session, None, cohort)
    for target in (
        cohort,
        factory.cohort(session, "coach"),
        factory.cohort(session, country="SN"),
        factory.cohort(session, state=CohortState.CLOSED),
    ):
        with refused("transfer_not_there"):
            enrolling.transfer(session, admin.actor, enrolment, target, "Non.", NOW)
        assert target not in enrolling.transfer_targets(session, enrolment)


def test_who_may_not_be_enrolled(session, admin, cohort):
    with refused("person_not_available"):
        enrolling.enrol(session, admin.actor, cohort, people.person(session, "SN"), NOW)
    trainer, _ = factory.team(session, cohort)
    with refused("is_on_team"):
        enrolling.enrol(session, admin.actor, cohort, trainer, NOW)
    closed = factory.cohort(session, state=CohortState.CLOSED)
    with refused("cohort_takes_nobody"):
        enrolling.enrol(session, admin.actor, closed, people.person(session), NOW)


# --- team ---


def test_the_team_comes_and_goes(session, admin, cohort):
    someone = people.person(session)
    service.assign(session, admin.actor, cohort, someone, Role.TRAINER, NOW)
    service.assign(session, admin.actor, cohort, someone, Role.TRAINER, NOW)
    assert service.team(session, cohort.id) == {Role.TRAINER: [someone], Role.SUPERVISOR: []}
    service.unassign(session, admin.actor, cohort, someone, Role.TRAINER, NOW)
    assert service.team(session, cohort.id)[Role.TRAINER] == []


def test_who_may_not_join_the_team(session, admin, cohort):
    trainee = factory.enrolment(session, None, cohort).person
    with refused("is_trainee_here"):
        service.assign(session, admin.actor, cohort, trainee, Role.TRAINER, NOW)
    with refused("person_not_available"):
        service.assign(
            session, admin.actor, cohort, people.person(session, "SN"), Role.TRAINER, NOW
        )
    with refused("not_a_team_role"):
        service.assign(
            session, admin.actor, cohort, people.person(session), Role.COUNTRY_ADMIN, NOW
        )


# --- who sees what: query and table agree ---


def test_the_queries_see_what_the_table_allows(session):
    here, there = factory.cohort(session), factory.cohort(session, country="SN")
    factory.team(session, here)
    factory.team(session, there, "SN")
    factory.enrolment(session, person(session, "trainee"), here)
    factory.enrolment(session, person(session, "trainee.sn"), there)
    factory.enrolment(session, None, here)
    factory.cohort(session)
    for name in PERSONAS:
        actor = person(session, name).actor
        for model, query, action in (
            (Cohort, service.visible_to(actor), Action.COHORT_VIEW),
            (Enrolment, service.enrolments_visible_to(actor), Action.ENROLMENT_VIEW),
        ):
            allowed = {
                one.id for one in session.scalars(select(model)) if permits(actor, action, one)
            }
            assert {one.id for one in session.scalars(query)} == allowed, (name, model)


# --- rosters ---


def judged(session, cohort, text):
    return rosters.judge(session, cohort, read(text))


def verdicts(session, cohort, text):
    return [(each.verdict, each.fault) for each in judged(session, cohort, text)]


def test_each_row_gets_its_verdict(session, cohort):
    known = people.person(session, email="connue@example.org")
    member = people.person(session, email="membre@example.org")
    factory.enrolment(session, member, cohort)
    left = people.person(session, email="partie@example.org", left_at=NOW)
    ended = people.person(session, email="finie@example.org")
    factory.enrolment(session, ended, cohort, state=EnrolmentState.WITHDRAWN, ended_at=NOW)
    people.person(session, "SN", email="ailleurs@example.org")
    people.person(session, email="une@example.org", phone="+212612000001")
    people.person(session, email="autre@example.org", phone="+212612000002")
    trainer, _ = factory.team(session, cohort)
    assert known.id
    assert left.id
    rows = {
        "Nadia NEUVE;nadia@example.org": (Verdict.NEW, None),
        "Connue DEJA;connue@example.org": (Verdict.KNOWN, None),
        "Membre DEJA;membre@example.org": (Verdict.ENROLLED, None),
        "Nadia ENCORE;nadia@example.org": (Verdict.DUPLICATE, None),
        "Partie LOIN;partie@example.org": (Verdict.ERROR, RowFault.LEFT),
        "Finie HIER;finie@example.org": (Verdict.ERROR, RowFault.ENDED),
        "Ailleurs LOIN;ailleurs@example.org": (Verdict.ERROR, RowFault.NOT_HERE),
        "Deux GENS;une@example.org;0612000002": (Verdict.ERROR, RowFault.TWO_PEOPLE),
        f"Karim FORME;{trainer.email}": (Verdict.ERROR, RowFault.ON_TEAM),
        "Numéro FAUX;faux@example.org;06 12 34 56 78 90 12 34": (Verdict.ERROR, RowFault.BAD_PHONE),
        "Quatre 4;x@example.org": (Verdict.ERROR, RowFault.NOT_LATIN),
    }
    assert verdicts(session, cohort, "\n".join(rows)) == list(rows.values())


def take(session, admin, cohort, text):
    seen = rosters.digest(judged(session, cohort, text))
    return rosters.take_in(session, admin.actor, cohort, read(text), seen, NOW)


def test_a_roster_is_taken_in_once(session, admin, cohort):
    text = "Salma BENNANI;salma@example.org\nOmar Idrissi;0612345678\nAïcha Diop"
    taken = take(session, admin, cohort, text)
    assert [each.enrolment.person.name for each in taken] == [
        "Salma BENNANI", "Omar Idrissi", "Aïcha Diop",
    ]  # fmt: skip
    assert taken[1].enrolment.person.phone == "+212612345678"
    assert taken[2].enrolment.person.login_name == "aicha.diop"
    assert take(session, admin, cohort, text) == []
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 3


def test_two_of_one_name_get_two_names_to_sign_in(session, admin, cohort):
    people.person(session, login_name="aicha.diop")
    taken = take(session, admin, cohort, "Aïcha Diop\nMoussa Sarr")
    assert taken[0].enrolment.person.login_name == "aicha.diop2"


def test_a_roster_that_has_changed_is_shown_again(session, admin, cohort):
    text = "Salma BENNANI;salma@example.org\nOmar Idrissi;omar@example.org"
    seen = rosters.digest(judged(session, cohort, text))
    people.person(session, "SN", email="omar@example.org")
    with refused("roster_changed"):
        rosters.take_in(session, admin.actor, cohort, read(text), seen, NOW)
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 0


def test_a_roster_is_taken_in_whole_or_not_at_all(session, admin, cohort, monkeypatch):
    record = audit.record

    def failing(session, actor, action, subject, **rest):
        if action == "enrolment.create" and subject.person.email == "o@example.org":
            raise Refusal("contact_taken")
        return record(session, actor, action, subject, **rest)

    monkeypatch.setattr(audit, "record", failing)
    session.commit()
    with refused("contact_taken"):
        take(session, admin, cohort, "Salma B;s@example.org\nOmar I;o@example.org")
    session.rollback()
    assert session.scalar(select(Person).where(Person.email == "s@example.org")) is None


def test_judging_costs_the_same_for_any_number_of_rows(session, cohort):
    def cost(number):
        rows = read("\n".join(f"Nom N{'a' * n};n{n}@example.org" for n in range(1, number)))
        with counted() as statements:
            rosters.judge(session, cohort, rows)
        return len(statements)

    assert cost(3) == cost(150) <= 6


def test_lists_that_are_empty_or_endless(session, cohort):
    with refused("roster_empty"):
        judged(session, cohort, " \n \n")
    with refused("roster_too_long"):
        judged(session, cohort, "A B\n" * 1002)


def test_invitations_are_mailed_once_by_a_job(session, app, admin, cohort):
    text = "Salma BENNANI;salma@example.org\nOmar Idrissi;omar@example.org\nAïcha Diop"
    take(session, admin, cohort, text)
    session.commit()
    assert session.scalars(select(MailMessage)).all() == []
    asked = session.scalar(select(jobs.Job).where(jobs.Job.name == "cohorts.send_invitations"))
    for _ in range(2):
        send(session, asked.payload, NOW)
    sent = session.scalars(select(MailMessage).order_by(MailMessage.to_address)).all()
    assert [each.to_address for each in sent] == ["omar@example.org", "salma@example.org"]
    assert admin.name in sent[0].text


def test_a_thousand_are_taken_in_with_few_statements(session, admin, cohort):
    def cost(number):
        here = factory.cohort(session)
        names = (
            f"P{chr(97 + n % 26)}{chr(97 + n // 26)} NOM{'x' * (number % 7)}" for n in range(number)
        )
        text = "\n".join(f"{name};{here.id.hex}{n}@example.org" for n, name in enumerate(names))
        seen = rosters.digest(judged(session, here, text))
        with counted() as statements:
            assert len(take(session, admin, here, text)) == number
        assert seen
        return len(statements)

    assert cost(10) == cost(200) <= 40
