"""Functions that other rooms call, and mail."""

from datetime import UTC, datetime

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from lms.core import mail
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal
from lms.core.mail import MailMessage
from lms.people import grants, service
from lms.people import jobs as people_jobs
from lms.people import labels as _labels  # noqa: F401 - registers the words
from lms.people.models import Person
from lms.people.rules import Contact, NewPerson, Standing
from lms.policy.actor import SYSTEM, Role, Scope
from tests.factories import cohorts, network
from tests.factories import people as factory
from tests.people import person

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def new(**fields):
    return NewPerson(
        **{"country_code": "SN", "family_name": "Sow", "email": "s@demo.example", **fields}
    )


@pytest.fixture
def settings(app):
    return app.config["SETTINGS"]


def test_the_country_gives_language_and_zone(session, settings):
    network.country(session, "SN")
    made, token = service.invite(session, SYSTEM, new(), NOW, settings)
    assert (made.language, made.time_zone) == ("fr", "Africa/Dakar")
    assert made.standing is Standing.INVITED
    assert len(token) == 22
    assert made.sort_name == "sow"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"country_code": "XX"}, "not_your_country"),
        ({"email": None}, "contact_needed"),
        ({"email": "trainee@demo.example"}, "contact_taken"),
        ({"family_name": "صو"}, "name_not_latin"),
        ({"family_name": ""}, "name_needed"),
    ],
)
def test_refusals_of_an_invitation(session, settings, fields, code):
    network.country(session, "SN")
    person(session)
    with pytest.raises(Refusal, match=code):
        service.invite(session, SYSTEM, new(**fields), NOW, settings)


def test_a_country_admin_invites_at_home(session, settings):
    network.country(session, "SN")
    with pytest.raises(Refusal, match="not_your_country"):
        service.invite(session, person(session, "admin.ma").actor, new(), NOW, settings)
    service.invite(session, person(session, "admin.sn").actor, new(), NOW, settings)


def test_a_race_for_one_address(session, settings, monkeypatch):
    """Two invitations at once on PostgreSQL: the second meets the constraint, not a fault."""
    person(session)
    monkeypatch.setattr(service, "find_by_contact", lambda *_, **__: None)
    with pytest.raises(Refusal, match="contact_taken"):
        service.invite(
            session, SYSTEM, new(country_code="MA", email="trainee@demo.example"), NOW, settings
        )
    assert session.scalar(select(Person.email)) == "trainee@demo.example"


def test_roles_are_given_once_and_ended(session):
    someone, cohort = person(session), cohorts.cohort(session)
    admin = person(session, "admin.ma").actor
    given = [
        grants.give(session, admin, someone, Role.TRAINEE, Scope.COHORT, str(cohort.id), NOW)
        for _ in range(2)
    ]
    assert given[0] is given[1]
    assert someone.cohort_ids == {cohort.id}
    ended = grants.end(
        session, admin, someone, Role.TRAINEE, Scope.COHORT, str(cohort.id), NOW, "fini"
    )
    assert ended == 1
    assert someone.cohort_ids == frozenset()
    rows = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert rows[-2:] == ["grant.give", "grant.end"]


@pytest.mark.parametrize(
    ("persona", "role", "scope", "key"),
    [
        ("admin.ma", Role.JUROR, Scope.ALL, ""),
        ("admin.ma", Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN"),
        ("trainer", Role.TRAINEE, Scope.COHORT, "01a2003b-0000-7000-8000-000000000000"),
        ("programme", Role.TRAINEE, Scope.ALL, ""),
        ("programme", Role.COUNTRY_ADMIN, Scope.COUNTRY, "XX"),
        ("programme", Role.PARTNER, Scope.PARTNER, "x"),
        ("programme", Role.PARTNER, Scope.PARTNER, "01a2003b-0000-7000-8000-000000000000"),
        ("auditor", Role.JUROR, Scope.ALL, ""),
    ],
)
def test_roles_that_are_not_theirs_to_give(session, persona, role, scope, key):
    network.country(session, "SN")
    someone = person(session)
    with pytest.raises(Refusal, match="role_not_yours"):
        grants.give(session, person(session, persona).actor, someone, role, scope, key, NOW)


def test_nothing_for_who_has_left(session):
    someone = factory.person(session, left_at=NOW)
    with pytest.raises(Refusal, match="person_left"):
        grants.give(session, SYSTEM, someone, Role.JUROR, Scope.ALL, "", NOW)


def test_leaving_and_returning_want_a_reason(session):
    someone = person(session)
    for act in (service.leave, service.come_back):
        with pytest.raises(Refusal, match="reason_needed"):
            act(session, SYSTEM, someone, "", NOW)


def test_contacts_are_found(session):
    someone = factory.person(session, phone="+212612345678")
    assert service.find_by_contact(session, Contact(phone="+212612345678")) is someone
    assert service.find_by_contact(session, Contact()) is None
    assert service.find_by_contact(session, Contact(email=someone.email), but=someone) is None


# --- mail ---


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_mail_in_the_persons_language(session, settings, language):
    someone = factory.person(
        session, given_name="N'Golo", family_name="D’Or & <b>Cie</b>", language=language
    )
    service.send_invitation(session, SYSTEM, someone, "t" * 22, NOW, settings)
    people_jobs.mail_reset(session, someone, NOW, settings)
    for message in session.scalars(select(MailMessage)):
        assert "N'Golo D’Or & <b>Cie</b>" in message.text
        assert "&#39;" not in message.text
        assert "&amp;" not in message.text
        assert "<b>Cie" not in message.html
        assert (
            f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in message.html
        )
        assert "https://coaching.example/" in message.text
        assert "<table" not in message.html
        assert "\n" not in message.subject
        assert message.subject
        composed = mail.compose(settings, message)
        assert composed["Content-Language"] == language
        assert [part.get_content_type() for part in composed.iter_parts()] == [
            "text/plain",
            "text/html",
        ]
    subjects = {each.subject for each in session.scalars(select(MailMessage))}
    with force_locale("en"):
        assert len(subjects) == 2


def test_no_mail_without_an_address(session, settings):
    someone = factory.person(session, email=None, login_name="kaddour")
    assert not service.send_invitation(session, SYSTEM, someone, "t" * 22, NOW, settings)
    assert service.recipient(someone).address is None
    assert session.scalars(select(MailMessage)).all() == []
