"""What waits for whom, and how often the pages ask the database."""

import pytest
from sqlalchemy import event

from lms.assessment import service
from lms.core.db import db
from tests.factories import assessment as factory
from tests.factories import people
from tests.people import PERSONAS, person

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("state", "programme", "waits"),
    [
        ("submitted", "facilitator", {"admin.ma"}),
        ("admissible", "coach", {"programme"}),
        ("assigned", "coach", {"assessor1", "assessor2", "chair", "juror1", "juror2"}),
        ("assessing", "coach", {"assessor1", "assessor2"}),
        ("concordant", "facilitator", {"assessor1"}),
        ("divergent", "coach", {"programme"}),
        ("jury", "coach", {"chair"}),
        ("certified", "coach", {"programme"}),
        ("notified", "coach", set()),
    ],
)
def test_who_finds_a_case_waiting(session, state, programme, waits):
    factory.case(session, programme).to(state)
    staff = set(PERSONAS) - {"trainee", "partner"}
    found = {n for n in staff if service.number_waiting(session, person(session, n).actor)}
    assert found == waits


def test_what_waits_comes_oldest_first_and_search_ignores_accents(session, browse):
    first = factory.case(session).submitted()
    second = factory.case(session, "coach", "trainee.new")
    second.now = first.now
    second.submitted()
    second.trainee.search_text = "yassine bennis"
    admin = browse("admin.ma")
    page = admin.get("/assessment").text
    assert page.index(first.url()) < page.index(second.url())
    found = admin.get("/assessment?view=all&q=Bénnis").text
    assert second.url() in found
    assert first.url() not in found


def queries(client, url):
    """How many statements a page asks for."""
    statements = []

    def note(_conn, _cursor, statement, *_):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    engine = db.engine
    client.get(url)
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def grow(session, case):
    """More of everything that the pages of a case show."""
    for number in range(12):
        factory.entry(session, case.placement, case.supervisor, minutes_direct=number)
        factory.observation(session, case.enrolment, case.trainer)
        people.person(session, "BE", grants=[("assessor", "all", ""), ("juror", "all", "")])


def test_the_ledgers_of_many_take_as_many_queries_as_one(session):
    case = factory.case(session)
    statements = []

    def note(*_):
        statements.append(1)

    from lms.curriculum import service as curriculum

    release = curriculum.release(session, case.cohort.release_id)
    everyone = [case.enrolment]
    engine, counts = session.get_bind(), []
    for _ in range(2):
        session.flush()
        statements.clear()
        event.listen(engine, "before_cursor_execute", note)
        found = service.ledgers(session, everyone, release)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
        assert found.keys() == {one.id for one in everyone}
        grow(session, case)
        for _more in range(10):
            someone = people.person(session)
            everyone.append(factory.enrolment(session, someone, case.cohort))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "state", "url"),
    [
        ("trainee", "open", "ledger"),
        ("programme", "admissible", "/assign"),
        ("programme", "jury", ""),
        ("chair", "jury", "/deliberate"),
    ],
)
def test_pages_ask_as_often_whatever_they_hold(session, browse, name, state, url):
    case = factory.case(session, "coach")
    person(session, "assessor1")
    case.prepared() if state == "open" else case.to(state)
    address = f"/assessment/ledger/{case.enrolment.id}" if url == "ledger" else case.url(url)
    client = browse(name)
    before = queries(client, address)
    grow(session, case)
    assert queries(client, address) == before
    assert before <= 22


def test_the_list_asks_as_often_for_many_as_for_one(session, browse):
    factory.case(session).submitted()
    client = browse("programme")
    before = queries(client, "/assessment?view=all")
    for _ in range(5):
        someone = people.person(session)
        case = factory.Case(session, "facilitator", "trainee", "MA", complete=False)
        case.enrolment.person = someone
        case.trainee = someone
        case.prepared()
    assert queries(client, "/assessment?view=all") == before
    assert before <= 10
