"""Sessions: one query with a cookie, none without; dead at once when they should be."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lms.core import clock
from lms.people import service
from lms.people.models import AccountSession
from lms.people.sessions import service as sessions
from lms.people.sessions.service import Device
from lms.policy.actor import SYSTEM
from tests.factories import people as factory
from tests.people import client_for, csrf, person, queries, signed_in, submit, visitor

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def cookie_of(client):
    return client.get_cookie("lms", domain="coaching.example").value


def last_seen(session):
    return session.scalar(select(AccountSession.last_seen_at))


def test_a_token_gives_its_person(session):
    someone = person(session, "admin.ma")
    token = factory.token(session, someone)
    with queries() as seen:
        user = sessions.load(session, token, clock.now())
    assert len(seen) == 1
    assert user.id == someone.id
    assert user.actor == someone.actor
    assert user.get_id() == token
    assert token not in str(session.execute(select(AccountSession.__table__)).all())


@pytest.mark.parametrize("token", ["", "x", "\x00", "é" * 5000, "\ud800", "' OR 1=1 --"])
def test_other_tokens_give_nobody(session, token):
    factory.token(session, person(session))
    assert sessions.load(session, token, clock.now()) is None


@pytest.mark.parametrize(
    ("kept", "age", "lives"),
    [
        (False, timedelta(hours=11, minutes=59), True),
        (False, timedelta(hours=12, minutes=1), False),
        (True, timedelta(days=29), True),
        (True, timedelta(days=31), False),
    ],
)
def test_sessions_grow_old(session, kept, age, lives):
    token = sessions.open_session(session, person(session), NOW, kept=kept)
    assert (sessions.load(session, token, NOW + age) is not None) == lives


def test_ended_grants_do_not_count(session):
    someone = person(session, "admin.ma")
    token = factory.token(session, someone)
    someone.active_grants[0].ended_at = clock.now()
    session.flush()
    assert sessions.load(session, token, clock.now()).actor.grants == frozenset()


def test_no_query_without_a_cookie(app, session):
    client = visitor(app)
    client.get("/sign-in")
    with queries() as seen:
        assert client.get("/sign-in").status_code == 200
    assert seen == []


def test_one_query_with_a_cookie(app, session):
    client = client_for(app, person(session))
    with queries() as seen:
        assert client.get("/sign-out").status_code == 200
    assert len(seen) == 1


def test_a_stale_cookie_is_taken_away(app, session):
    client = client_for(app, person(session))
    session.execute(AccountSession.__table__.delete())
    assert client.get("/account").status_code == 302
    with queries() as seen:
        client.get("/sign-in")
    assert seen == []


def test_last_seen_is_written_every_five_minutes(app, session):
    with clock.frozen(NOW):
        client = client_for(app, person(session))
    for minutes, expected in ((1, 0), (4, 0), (6, 6), (8, 6), (12, 12)):
        with clock.frozen(NOW + timedelta(minutes=minutes)):
            client.get("/sign-out").close()
        session.rollback()
        assert last_seen(session) == NOW + timedelta(minutes=expected)


def test_a_language_asked_for_stays(app, session):
    someone = person(session)
    client = client_for(app, someone)
    page = client.get("/account?lang=ar")
    page.close()
    session.refresh(someone)
    assert someone.language == "ar"
    assert 'lang="ar"' in client.get("/account").text
    client.get("/account?lang=xx").close()
    session.refresh(someone)
    assert someone.language == "ar"


def test_a_leaver_loses_access_at_once(app, session):
    someone = person(session, "supervisor")
    client = client_for(app, someone)
    assert client.get("/account").status_code == 200
    service.leave(session, SYSTEM, someone, "Fin de contrat", clock.now())
    assert client.get("/account").status_code == 302


def test_signing_out_kills_the_session_not_only_the_cookie(app, session):
    someone = person(session)
    client = client_for(app, someone)
    copied = cookie_of(client)
    answer = client.post("/sign-out", data={"csrf_token": csrf(client)})
    assert answer.status_code == 303
    assert "cache" in answer.headers["Clear-Site-Data"]
    thief = visitor(app)
    thief.set_cookie("lms", copied, domain="coaching.example")
    assert thief.get("/account").status_code == 302


def test_a_get_signs_nobody_out(app, session):
    client = client_for(app, person(session))
    assert client.get("/sign-out").status_code == 200
    assert client.get("/account").status_code == 200


def test_the_list_shows_open_sessions_only(session):
    someone, other = person(session), person(session, "trainer")
    phone = Device("192.0.2.7", "Mozilla/5.0 (Linux; Android 13) Chrome/120 Safari")
    sessions.open_session(session, someone, NOW, device=phone, kept=True)
    token = sessions.open_session(session, someone, NOW)
    factory.token(session, other)
    old = sessions.load(session, token, NOW).session_id
    assert len(sessions.listed(session, someone.id, NOW)) == 2
    sessions.end_one(session, old, NOW)
    assert [each.address for each in sessions.listed(session, someone.id, NOW)] == ["192.0.2.7"]


def test_one_ends_ones_own_sessions_alone(app, session):
    someone, other = person(session), person(session, "trainer")
    client = client_for(app, someone)
    phone = client_for(app, someone)
    theirs = client_for(app, other)
    keys = {
        row.person_id: row.id
        for row in session.scalars(select(AccountSession).order_by(AccountSession.id))
    }
    stranger = submit(client, f"/account/sessions/{keys[other.id]}/end", page="/account")
    assert stranger.status_code == 404
    assert theirs.get("/account").status_code == 200
    mine = submit(client, f"/account/sessions/{keys[someone.id]}/end", page="/account")
    assert mine.status_code == 303
    assert phone.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_all_others_end_at_once(app, session):
    someone = person(session)
    client = client_for(app, someone)
    others = [client_for(app, someone) for _ in range(3)]
    page = client.get("/account")
    assert page.text.count("/end") >= 3
    submit(client, "/account/sessions/end-others", page="/account")
    assert [other.get("/account").status_code for other in others] == [302] * 3
    assert client.get("/account").status_code == 200


def test_ending_the_present_session_signs_out(app, session):
    client = client_for(app, person(session))
    key = session.scalar(select(AccountSession.id))
    answer = submit(client, f"/account/sessions/{key}/end", page="/account")
    assert answer.location == "/sign-in"
    assert client.get("/account").status_code == 302


def test_signing_in_anew_rotates_everything(app, session):
    someone = person(session)
    client = signed_in(visitor(app), someone)
    before, seed = cookie_of(client), csrf(client)
    form = {"who": someone.email, "password": factory.PASSWORD, "csrf_token": seed}
    assert client.post("/sign-in", data=form).status_code == 303
    assert cookie_of(client) != before
    assert client.post("/sign-out", data={"csrf_token": seed}).status_code == 400
    ended = select(func.count()).where(AccountSession.ended_at.is_not(None))
    assert session.scalar(ended) == 1
