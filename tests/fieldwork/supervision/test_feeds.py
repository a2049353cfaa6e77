"""Calendars read what we write: parsed back, and line by line."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from lms.cohorts.models import CalendarFeed
from lms.cohorts.timetable import feeds
from lms.fieldwork.supervision import service
from lms.fieldwork.supervision.feeds import single
from lms.fieldwork.timetable import feed
from tests.factories import cohorts
from tests.factories import supervision as make
from tests.factories.cohorts import NOW

BASE = "https://coaching.example:8443"
LONG = "Relire l’entretien " + "très long " * 9 + "وقراءة المحضر"


def events(data):
    return list(Calendar.from_ical(data).walk("VEVENT"))


@pytest.fixture
def meeting(session, cohort, supervisor, enrolment):
    return make.session_of(
        session, supervisor, cohort, enrolment, topic=LONG[:190], place="Oujda, salle 2; 1er",
        link="https://reunion.example/abc",
    )  # fmt: skip


def test_what_is_written_can_be_read_back(session, meeting, enrolment):
    (event,) = events(feed(session, enrolment.person, BASE, NOW))
    assert event["uid"] == f"{meeting.id}@coaching.example"
    assert event.decoded("dtstart") == meeting.starts_at
    assert event.decoded("dtend") == meeting.ends_at
    assert event.decoded("dtstamp") == meeting.created_at
    assert (event["sequence"], event["status"]) == (0, "CONFIRMED")
    assert event["location"] == "Oujda, salle 2; 1er"
    assert event["url"] == f"{BASE}/practice/supervision/{meeting.id}"


def test_lines_end_and_fold_as_the_standard_wants(session, meeting, enrolment):
    for data in (feed(session, enrolment.person, BASE, NOW), single(meeting, BASE)):
        assert data.endswith(b"END:VCALENDAR\r\n")
        assert data.count(b"\n") == data.count(b"\r\n")
        lines = data.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        data.decode("utf-8")
        assert re.search(rb"\r\nDTSTART:\d{8}T\d{6}Z\r\n", data)
        assert {b"VERSION:2.0", b"METHOD:PUBLISH", b"CALSCALE:GREGORIAN"} <= set(lines)
        assert sum(line.startswith(b"PRODID:") for line in lines) == 1


def test_a_feed_names_nobody_and_tells_no_topic(session, meeting, enrolment, supervisor, cohort):
    other = cohorts.enrolment(session, None, cohort)
    make.held(
        session, supervisor, cohort, enrolment, other, shared="zz-shared", private="zz-private",
        agreed=[make.will("zz-agreed")],
    )  # fmt: skip
    for person in (enrolment.person, supervisor):
        data = feed(session, person, BASE, NOW)
        text = data.replace(b"\r\n ", b"").decode()
        assert len(events(data)) == 2
        people = (other.person, enrolment.person, supervisor)
        names = [cohort.name, *(one.family_name for one in people)]
        for secret in ("zz-", "Relire", "reunion.example", *names):
            assert secret not in text


def test_the_file_of_one_session_tells_more_to_who_may_see_its_page(meeting, supervisor):
    (event,) = events(single(meeting, BASE))
    assert LONG[:190] in event["description"]
    assert "https://reunion.example/abc" in event["description"]
    assert supervisor.name in event["description"]


def test_changes_keep_the_uid_and_raise_the_sequence(session, meeting, enrolment, supervisor):
    (first,) = events(feed(session, enrolment.person, BASE, NOW))
    moved = make.asked(enrolment, at=NOW + timedelta(days=5))
    later = NOW + timedelta(hours=1)
    service.change(session, supervisor.actor, meeting, meeting.revision, moved, later)
    (second,) = events(feed(session, enrolment.person, BASE, NOW))
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    assert second.decoded("dtstart") == moved.starts_at[0]
    assert second.decoded("dtstamp") == later
    service.cancel(session, supervisor.actor, meeting, meeting.revision, "Grève.", later)
    (third,) = events(feed(session, enrolment.person, BASE, NOW))
    assert (third["uid"], third["status"]) == (first["uid"], "CANCELLED")
    assert third["sequence"] > second["sequence"]


@pytest.mark.parametrize(("language", "word"), [("fr", "Supervision"), ("ar", "الإشراف")])
def test_in_the_persons_language(session, meeting, enrolment, language, word):
    enrolment.person.language = language
    (event,) = events(feed(session, enrolment.person, BASE, NOW))
    assert event["summary"].startswith(word)


def test_an_address_is_replaced_and_ended(session, enrolment):
    actor = enrolment.person.actor
    first = feeds.make_feed(session, actor, NOW)
    assert len(first) == 22
    assert feeds.holder(session, first) is enrolment.person
    assert first not in repr(session.execute(select(CalendarFeed.token_hash)).all())
    second = feeds.make_feed(session, actor, NOW)
    assert feeds.holder(session, first) is None
    assert feeds.holder(session, second) is enrolment.person
    enrolment.person.left_at = NOW
    assert feeds.holder(session, second) is None
    enrolment.person.left_at = None
    feeds.end_feed(session, actor)
    feeds.end_feed(session, actor)
    assert feeds.holder(session, second) is None


def test_a_supervisor_off_the_team_reads_nothing_more(session, meeting, supervisor):
    assert len(events(feed(session, supervisor, BASE, NOW))) == 1
    for held in supervisor.grants:
        held.ended_at = NOW
    assert events(feed(session, supervisor, BASE, NOW)) == []
