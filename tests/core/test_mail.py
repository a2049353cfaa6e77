"""Mail to a real SMTP server: three languages, names as they are, nothing twice, nothing lost."""

import email
import re
from datetime import UTC, datetime, timedelta
from email import policy

import pytest
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from lms.core import jobs, mail
from lms.core.db import db, write
from lms.core.jobs import Job, JobState
from lms.core.mail import MailMessage, Recipient

pytestmark = pytest.mark.slow

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
EMPTY = "This file is empty. Choose another one."
TEMPLATES = {
    "emails/toy.txt": f"{{{{ _('{EMPTY}') }}}}\n{{{{ to.name }}}}, {{{{ story }}}}\n",
    "emails/toy.html": "<p lang={{ lang }}>{{ subject }} {{ to.name }} {{ story }}",
}
PEOPLE = [
    Recipient("Élodie N’Diaye-Ço", "elodie@coaching.example", "fr"),
    Recipient("John O'Neill, Jr. <x>", "john@coaching.example", "en"),
    Recipient("أحمد الإدريسي العلوي", "ahmed@coaching.example", "ar"),
]


@pytest.fixture
def post(database, make_app, mail_server):
    """An application that sends to the mail server: `post(**settings)` gives its session."""
    opened = []

    def make(**settings):
        app = make_app(database, **{"LMS_MAIL_URL": mail_server.url} | settings)
        app.jinja_loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_loader])
        context = app.app_context()
        context.push()
        engine = db.engine
        connection = engine.connect()
        outer = connection.execution_options(lms_write=True).begin()
        db._app_engines[app][None] = connection
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        opened.append((context, connection, outer, engine))
        return db.session

    yield make
    for context, connection, outer, engine in opened:
        db.session.remove()
        outer.rollback()
        connection.close()
        engine.dispose()
        context.pop()


@pytest.fixture
def session(post):
    return post()


def send(session, to, story="voilà", **context):
    with write(session):
        return mail.send(session, to, "toy", {"story": story, **context}, NOW).id


def work(session, now=NOW):
    return jobs.run_pending(session, lambda: now)


def received(mail_server):
    """What the server was given, as mail programs read it."""
    return [
        email.message_from_bytes(envelope.content, policy=policy.default)
        for envelope in mail_server.messages
    ]


@pytest.mark.parametrize("to", PEOPLE, ids=lambda to: to.language)
def test_in_the_language_of_whoever_gets_it(session, mail_server, to):
    key = send(session, to)
    assert work(session) == 1
    (got,) = received(mail_server)
    envelope = mail_server.messages[0]
    assert envelope.rcpt_tos == [to.address]
    assert (got["To"].addresses[0].display_name, got["To"].addresses[0].addr_spec) == (
        to.name,
        to.address,
    )
    assert len(got["To"].addresses) == 1
    words = {"fr": "Ce fichier est vide", "en": "This file is empty", "ar": "هذا الملف فارغ"}
    assert got["Subject"].startswith(words[to.language])
    assert got["Content-Language"] == to.language
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Date"].datetime == NOW
    assert got["Message-ID"] == f"<{key}@localhost>"
    text = got.get_body(("plain",)).get_content()
    assert text.strip() == f"{to.name}, voilà"
    html = got.get_body(("html",)).get_content()
    assert f"<p lang={to.language}>" in html
    assert "<x>" not in html
    assert all(line.isascii() for line in envelope.content.splitlines()), "for any old server"
    assert max(map(len, envelope.content.splitlines())) < 998
    assert session.get_one(MailMessage, key).sent_at == NOW


def test_many_at_once_each_to_its_own(session, mail_server):
    for to in PEOPLE:
        send(session, to)
    work(session)
    sent = [envelope.rcpt_tos for envelope in mail_server.messages]
    assert sent == [[to.address] for to in PEOPLE]


def test_a_name_brings_no_header_and_no_address(session, mail_server):
    evil = 'Awa\r\nBcc: x@evil.example\r\n\r\nText", <y@evil.example>'
    send(session, Recipient(evil, "awa@coaching.example", "fr"), story=evil)
    work(session)
    (got,) = received(mail_server)
    assert mail_server.messages[0].rcpt_tos == ["awa@coaching.example"]
    assert got["Bcc"] is None
    assert [one.addr_spec for one in got["To"].addresses] == ["awa@coaching.example"]


@pytest.mark.parametrize("sign", ["\r\n", "\u2028", "\x85", "\x0b"])
def test_a_subject_stays_on_its_line(session, mail_server, monkeypatch, sign):
    monkeypatch.setitem(TEMPLATES, "emails/toy.txt", "{{ story }}\nText")
    send(session, PEOPLE[0], story=f"Un{sign}Bcc: x@evil.example")
    work(session)
    (got,) = received(mail_server)
    assert got["Bcc"] is None
    assert "\n" not in got["Subject"]


@pytest.mark.parametrize(
    "address", ["a@x.example, b@y.example", "a@x.example\r\nBcc: b@y.example", "no address", "@"]
)
def test_an_address_that_is_not_one_fails_visibly(session, mail_server, address):
    send(session, Recipient("Awa", address, "fr"))
    assert work(session) == 0
    assert not mail_server.messages
    assert session.scalars(select(Job)).one().error


def test_without_an_address_it_is_kept_unsent(session, mail_server):
    key = send(session, Recipient("Awa", None, "fr"))
    assert work(session) == 0
    assert not mail_server.messages
    assert session.get_one(MailMessage, key).sent_at is None
    assert not session.scalars(select(Job)).all()


def test_what_is_undone_is_not_sent(session, mail_server):
    with pytest.raises(ZeroDivisionError):
        interrupted(session)
    work(session)
    assert not mail_server.messages
    assert not session.scalars(select(MailMessage)).all()


def interrupted(session):
    with write(session):
        mail.send(session, PEOPLE[0], "toy", {"story": ""}, NOW)
        raise ZeroDivisionError


def test_a_server_that_fails_then_works_sends_once(session, mail_server):
    tries = []
    accept = mail_server.handle_DATA

    async def fail_twice(*args):
        tries.append(1)
        return "451 try again later" if len(tries) < 3 else await accept(*args)

    mail_server.handle_DATA = fail_twice
    key = send(session, PEOPLE[2])
    now = NOW
    for _ in range(6):
        work(session, now)
        now += timedelta(hours=1)
    assert len(tries) == 3
    assert len(mail_server.messages) == 1
    assert session.get_one(MailMessage, key).sent_at is not None
    assert session.scalars(select(Job.status)).one() is JobState.DONE


def test_a_bad_farewell_sends_nothing_twice(session, mail_server):
    """The server took the message and then fell over: taken is taken."""

    async def rude(*_):
        return "421 going down"

    mail_server.handle_QUIT = rude
    send(session, PEOPLE[0])
    for hour in range(3):
        work(session, NOW + timedelta(hours=hour))
    assert len(mail_server.messages) == 1
    assert session.scalars(select(Job.status)).one() is JobState.DONE


def test_a_refused_recipient_stands_as_failed(session, mail_server):
    async def unknown(*_):
        return "550 no such mailbox"

    mail_server.handle_RCPT = unknown
    send(session, PEOPLE[0])
    assert work(session) == 0
    assert "550" in session.scalars(select(Job.error)).one()
    assert not mail_server.messages


def test_no_server_at_all(mail_server, post):
    session = post(LMS_MAIL_URL="smtp://127.0.0.1:1")
    send(session, PEOPLE[0])
    assert work(session) == 0
    assert "Connection refused" in session.scalars(select(Job.error)).one()


def test_the_outbox_only_counts_as_sent(post, mail_server):
    session = post(LMS_MAIL_URL="outbox:")
    key = send(session, PEOPLE[0])
    assert work(session) == 1
    assert session.get_one(MailMessage, key).sent_at == NOW
    assert not mail_server.messages


def test_a_sender_with_a_comma(post, mail_server):
    session = post(LMS_SITE_NAME="Coaching, territorial <بالعربية>", LMS_MAIL_FROM="a@b.example")
    send(session, PEOPLE[0])
    work(session)
    (got,) = received(mail_server)
    (sender,) = got["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (
        "Coaching, territorial <بالعربية>",
        "a@b.example",
    )
    assert re.search(r"@b\.example>$", got["Message-ID"])


def test_a_long_story_arrives_whole(session, mail_server):
    story = "كلمة " * 4000
    send(session, PEOPLE[2], story=story)
    work(session)
    text = received(mail_server)[0].get_body(("plain",)).get_content()
    assert text.split() == [
        *PEOPLE[2].name.split()[:-1],
        f"{PEOPLE[2].name.split()[-1]},",
        *story.split(),
    ]
