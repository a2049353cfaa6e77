"""The tests' own ground: what one test writes no other sees; nothing leaves the machine."""

import smtplib
import socket

import pytest
from sqlalchemy import text

from lms.core.db import write


@pytest.mark.parametrize("turn", [1, 2])
def test_commits_are_undone(session, turn):
    """The second turn would fail on the first one's table."""
    session.execute(text("CREATE TABLE trace (number INTEGER)"))
    session.commit()
    with write(session):
        session.execute(text("INSERT INTO trace VALUES (:turn)"), {"turn": turn})
    with pytest.raises(ZeroDivisionError):
        interrupted(session)
    assert session.scalars(text("SELECT number FROM trace")).all() == [turn]


def interrupted(session):
    with write(session):
        session.execute(text("INSERT INTO trace VALUES (99)"))
        raise ZeroDivisionError


def test_a_clone_is_its_own(database_server, clone_database):
    first, second = clone_database(), clone_database()
    assert first != second
    assert database_server.name in first


def test_network_is_denied():
    with socket.socket() as probe, pytest.raises(pytest.fail.Exception, match="network is denied"):
        probe.connect(("192.0.2.1", 80))


def test_mail_is_denied():
    with pytest.raises(pytest.fail.Exception, match="mail_server"):
        smtplib.SMTP("localhost", 2525)


def test_mail_server_receives(mail_server):
    host, port = mail_server.url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as smtp:
        smtp.sendmail("a@demo.example", ["b@demo.example"], "Subject: essai\n\nBonjour")
    assert b"Bonjour" in mail_server.messages[0].content


def test_a_visitor_and_the_session_see_one_database(client, session):
    """Requests have contexts of their own, on the connection of the test."""
    assert client.get("/static/style.css").status_code == 200
    assert client.get("/nothing-here").status_code == 404
    assert session.scalar(text("SELECT 1")) == 1


def test_a_browser_visits_a_live_server(live_server, page):
    assert page.goto(f"{live_server.url}/static/style.css").status == 200
