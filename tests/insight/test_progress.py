"""A cohort's progress: by name, page by page, with the same number of queries at any size."""

import re

import pytest
from sqlalchemy import select

from lms.assessment import service as assessment
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core import clock
from lms.demo.load import bulk
from lms.insight import roster
from lms.insight.roster import Show

GONE = (EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED)
LIMIT = 13
MANY = 300


@pytest.fixture
def cohort(seeded_session):
    """The cohort of Oujda that `bulk.load` adds to."""
    query = select(Cohort).where(Cohort.country_code == "MA").order_by(Cohort.id)
    return seeded_session.scalars(query).first()


def names(page):
    return re.findall(r'<th scope="row"><a href="/people/([0-9a-f-]+)"', page)


def test_queries_at_two_sizes(as_persona, seeded_session, cohort, count_queries):
    url, browser = f"/cohorts/{cohort.id}/progress", as_persona("admin.ma")
    browser.get(url)
    with count_queries(LIMIT) as few:
        small = browser.get(url).text
    bulk.load(seeded_session, MANY, clock.now())
    with count_queries(LIMIT) as many:
        large = browser.get(url).text
    assert len(few) == len(many)
    assert len(names(small)) < len(names(large)) == 40


def test_three_hundred_people_page_by_page(as_persona, seeded_session, cohort):
    bulk.load(seeded_session, MANY, clock.now())
    browser, url, seen = as_persona("programme"), f"/cohorts/{cohort.id}/progress", []
    while url:
        page = browser.get(url).text
        seen += names(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        url = following[1].replace("&amp;", "&") if following else None
    people = seeded_session.scalars(
        select(Enrolment.person_id).where(
            Enrolment.cohort_id == cohort.id, Enrolment.state.not_in(GONE)
        )
    ).all()
    assert len(seen) == len(set(seen)) == len(people)
    assert set(seen) == {str(key) for key in people}


def test_people_stand_by_name_and_can_be_searched(as_persona, seeded_session, cohort):
    browser, url = as_persona("trainer"), f"/cohorts/{cohort.id}/progress"
    listed = names(browser.get(url, query_string={"sort": "name"}).text)
    query = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.state.not_in(GONE))
    enrolled = seeded_session.scalars(query)
    ordered = sorted(enrolled, key=lambda e: (e.sort_name, str(e.id)))
    assert listed == [str(e.person_id) for e in ordered][:40]
    found = browser.get(url, query_string={"q": "bènnani"})
    assert len(names(found.text)) == 1
    assert "Salma" in found.text
    assert 'class="empty"' in browser.get(url, query_string={"q": "nobody at all"}).text


def test_each_figure_opens_its_rows(as_persona, cohort):
    browser = as_persona("supervisor")
    page = browser.get(f"/cohorts/{cohort.id}/progress").text
    cells = re.findall(r'<td class="[^"]*"><a href="(/assessment/ledger/[^"]+/requirements/)', page)
    assert len(cells) >= 16
    links = re.findall(r'href="(/assessment/ledger/[^"]+/total-practice)"', page)
    assert "rows-title" in browser.get(links[0]).text
    assert browser.get(links[0] + "-of-another-kind").status_code == 404


def test_training_is_told_in_days(as_persona, cohort):
    """Half days are what the ledger adds up, not what anybody says."""
    page = as_persona("trainer").get(f"/cohorts/{cohort.id}/progress?lang=fr").text
    assert re.search(r"Journées de formation <span class=\"of\">/ 40</span>", page)
    asked = f"/cohorts/{cohort.id}/progress?need=training-days&lang=fr"
    assert '<span class="of"> / 40</span>' in as_persona("trainer").get(asked).text


def test_those_at_risk_stand_first_and_can_be_shown_alone(as_persona, seeded_session, cohort):
    browser, url = as_persona("admin.ma"), f"/cohorts/{cohort.id}/progress"
    people = assessment.of_cohort(seeded_session, cohort, clock.now())
    risky = {str(one.person_id) for one in people if one.ahead.risks}
    assert 0 < len(risky) < len(people)
    assert set(names(browser.get(url).text)[: len(risky)]) == risky
    assert set(names(browser.get(url, query_string={"show": "at_risk"}).text)) == risky
    for show in Show:
        listed = browser.get(url, query_string={"show": show.value}).text
        assert len(names(listed)) == len(roster.shown(people, show))


def test_one_requirement_is_told_with_what_is_missing_and_when(as_persona, cohort):
    url = f"/cohorts/{cohort.id}/progress"
    page = as_persona("trainer").get(url, query_string={"need": "total-practice", "lang": "fr"})
    assert "À ce rythme" in page.text
    assert "après la fin de la promotion" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "show=nobody",
        "sort=0",
        "need=x",
        "after=x",
        "after=%00",
        "q=%00",
        "show=&sort=&need=&after=",
    ],
)
def test_what_is_no_choice_is_the_usual(as_persona, cohort, query):
    page = as_persona("trainer").get(f"/cohorts/{cohort.id}/progress?{query}")
    assert page.status_code == 200
    assert names(page.text) or "q=" in query
