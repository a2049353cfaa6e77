"""Pages of supervision: planning, writing down, ticking off, calendars, evaluating."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from lms.fieldwork.models import SupervisionAction, SupervisionFeedback, SupervisionSession
from lms.fieldwork.rules import SupervisionState
from lms.fieldwork.supervision import service
from tests.factories import cohorts
from tests.factories import supervision as make
from tests.factories.cohorts import NOW
from tests.pages import counted, post
from tests.people import person

DAY = timedelta(days=1)


@pytest.fixture
def others(session, cohort):
    return [cohorts.enrolment(session, None, cohort) for _ in range(3)]


@pytest.fixture
def desk(browse, supervisor):
    return browse(supervisor)


def plan(desk, cohort, *trainees, **fields):
    page = f"/practice/cohorts/{cohort.id}/supervision/new"
    given = {
        "kind": "group" if len(trainees) > 1 else "individual",
        "trainees": [str(one.id) for one in trainees],
        "day": "2026-06-18",
        "at": "14:30",
        "minutes": "60",
        "weeks": "1",
        "place": "Centre d’Oujda",
        "topic": "Relire un atelier",
    }
    return post(desk, page, page, **(given | fields))


def number(session, model=SupervisionSession):
    return session.scalar(select(func.count()).select_from(model))


# --- planning ---


def test_a_session_is_planned_at_the_hour_on_the_cohorts_clocks(session, desk, cohort, enrolment):
    answer = plan(desk, cohort, enrolment)
    assert answer.status_code == 303
    made = session.scalars(select(SupervisionSession)).unique().one()
    local = made.starts_at.astimezone(ZoneInfo("Africa/Casablanca"))
    assert (local.day, local.hour, local.minute) == (18, 14, 30)
    page = desk.get(answer.location)
    assert "14:30–15:30" in page.text
    assert "Casablanca" in page.text


def test_several_weeks_at_once(session, desk, cohort, enrolment):
    assert plan(desk, cohort, enrolment, weeks="4").status_code == 303
    assert number(session) == 4


def test_sending_twice_plans_once(session, desk, cohort, enrolment):
    same = {"record_id": "01900000-0000-7000-8000-0000000000aa"}
    first = plan(desk, cohort, enrolment, **same)
    second = plan(desk, cohort, enrolment, despite="y", **same)
    assert first.location == second.location
    assert number(session) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": ""}, "Choisissez"),
        ({"trainees": []}, "Choisissez au moins un stagiaire"),
        ({"kind": "group"}, "au moins deux stagiaires"),
        ({"day": "2026-02-31"}, "existe pas"),
        ({"day": "2027-06-18"}, "hors des dates"),
        ({"day": "2026-03-01"}, "plus de 30 jours"),
        ({"at": "25:00"}, "14:30"),
        ({"at": ""}, "heure"),
        ({"minutes": "5"}, "10"),
        ({"minutes": "quatre"}, "nombre"),
        ({"weeks": "27"}, "26"),
        ({"place": "", "link": ""}, "Dites où"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"trainees": ["01900000-0000-7000-8000-0000000000ff"]}, ""),
    ],
)
def test_what_is_refused_keeps_what_was_typed(session, desk, cohort, enrolment, fields, words):
    answer = plan(desk, cohort, enrolment, **({"topic": "Mot gardé"} | fields))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Mot gardé" in answer.text
    assert number(session) == 0


def test_an_hour_that_never_comes_is_said(session, browse):
    ends_on = date(2027, 12, 1)
    brussels = cohorts.cohort(session, time_zone="Europe/Brussels", ends_on=ends_on)
    _, supervisor = cohorts.team(session, brussels)
    one = cohorts.enrolment(session, None, brussels)
    answer = plan(browse(supervisor), brussels, one, day="2027-03-28", at="02:30")
    assert answer.status_code == 422
    assert "change d’heure" in answer.text


def test_a_clash_is_told_once_and_may_be_accepted(session, desk, cohort, enrolment, others):
    plan(desk, cohort, enrolment)
    answer = plan(desk, cohort, others[0], at="15:00")
    assert answer.status_code == 422
    assert "déjà pris" in answer.text
    assert number(session) == 1
    assert plan(desk, cohort, others[0], at="15:00", despite="y").status_code == 303
    assert number(session) == 2


def test_moving_and_cancelling(session, desk, cohort, supervisor, enrolment):
    made = make.session_of(session, supervisor, cohort, enrolment)
    home = f"/practice/supervision/{made.id}"
    answer = post(
        desk, f"{home}/edit", f"{home}/edit", kind="individual", trainees=[str(enrolment.id)],
        day="2026-06-20", at="09:00", minutes="45", place="Jerada",
    )  # fmt: skip
    assert answer.status_code == 303
    assert "Jerada" in desk.get(home).text
    stale = post(desk, f"{home}/cancel", home, reason="Grève.", version="1")
    assert stale.status_code == 409
    assert "Grève." in stale.text
    nameless = post(desk, f"{home}/cancel", home, reason="")
    assert nameless.status_code == 422
    assert post(desk, f"{home}/cancel", home, reason="Grève.").status_code == 303
    page = desk.get(home)
    assert "Grève." in page.text
    assert post(desk, f"{home}/cancel", home, reason="Encore.").status_code == 409


# --- writing down ---


def hold(desk, made, **fields):
    page = f"/practice/supervision/{made.id}/hold"
    given = {"minutes": "60"}
    for one in made.presences:
        given[f"who-{one.enrolment_id.hex}-state"] = "present"
    return post(desk, page, page, **(given | fields))


@pytest.fixture
def past(session, supervisor, cohort, enrolment, others):
    at = NOW - DAY
    return make.session_of(session, supervisor, cohort, enrolment, others[0], at=at, now=at - DAY)


def test_written_down_it_counts(session, desk, browse, past, enrolment, others):
    absent = others[0].id.hex
    answer = hold(
        desk, past, minutes="50", shared_notes="Notes communes", private_notes="Pour moi seul",
        **{
            f"who-{absent}-state": "excused", f"who-{absent}-reason": "Malade",
            "agreed-0-text": "Relire la charte", "agreed-0-whom": "",
            "agreed-0-due_on": "2026-07-01",
            "agreed-1-text": "Téléphoner", "agreed-1-whom": str(others[0].id),
        },
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    assert past.state is SupervisionState.HELD
    page = desk.get(answer.location).text
    for words in ("Notes communes", "Pour moi seul", "Malade", "Relire la charte", "Téléphoner"):
        assert words in page
    there = browse(enrolment.person).get(answer.location).text
    assert "Notes communes" in there
    assert "Relire la charte" in there
    for words in ("Pour moi seul", "Malade", "Téléphoner"):
        assert words not in there
    away = browse(others[0].person).get(answer.location).text
    assert "Malade" in away
    assert "Téléphoner" in away
    for words in ("Notes communes", "Pour moi seul", "Relire la charte"):
        assert words not in away


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"minutes": "2"}, "10"),
        ({"agreed-0-text": "Relire", "agreed-0-due_on": "31/02/2026"}, "existe pas"),
    ],
)
def test_what_is_refused_keeps_the_notes(desk, past, fields, words):
    answer = hold(desk, past, shared_notes="Notes gardées", private_notes="Privé", **fields)
    assert answer.status_code == 422
    for text in (words, "Notes gardées", "Privé"):
        assert text in answer.text
    assert past.state is SupervisionState.PLANNED


def test_presence_is_asked_of_each(desk, past, enrolment):
    answer = hold(desk, past, **{f"who-{enrolment.id.hex}-state": ""})
    assert answer.status_code == 422
    assert "chaque stagiaire" in answer.text


def test_a_form_opened_before_is_stale_and_keeps_its_words(session, desk, past):
    page = f"/practice/supervision/{past.id}/private"
    home = f"/practice/supervision/{past.id}"
    assert post(desk, page, home, private_notes="Avant").status_code == 303
    answer = hold(desk, past, version="1", shared_notes="Notes gardées")
    assert answer.status_code == 409
    assert "Notes gardées" in answer.text
    stale = post(desk, page, home, private_notes="Après", version="1")
    assert stale.status_code == 409
    assert "Après" in stale.text


def test_what_is_to_come_cannot_be_written_down(session, desk, cohort, supervisor, enrolment):
    made = make.session_of(session, supervisor, cohort, enrolment)
    assert desk.get(f"/practice/supervision/{made.id}/hold").status_code == 409
    assert "Faire le compte rendu" not in desk.get(f"/practice/supervision/{made.id}").text


def test_a_correction_brings_back_what_was_written(session, desk, past):
    hold(desk, past, private_notes="Privé", **{"agreed-0-text": "Relire", "agreed-0-whom": ""})
    home = f"/practice/supervision/{past.id}"
    answer = post(desk, f"{home}/reopen", home, reason="Durée fausse.")
    assert answer.location.endswith("/hold")
    form = desk.get(answer.location).text
    assert form.count('value="Relire"') == 1
    assert "Privé" in form
    assert hold(desk, past, minutes="30", **{"agreed-0-text": "Relire"}).status_code == 303
    assert number(session, SupervisionAction) == 2


def test_a_trainee_ticks_off_and_back(session, browse, cohort, supervisor, enrolment):
    made = make.held(session, supervisor, cohort, enrolment, agreed=[make.will()])
    (action,) = session.scalars(select(SupervisionAction)).unique()
    mine = browse(enrolment.person)
    home = f"/practice/supervision/{made.id}"
    act = f"/practice/supervision/actions/{action.id}"
    for turn, done in (("done", True), ("done", True), ("open", False)):
        assert post(mine, f"{act}/{turn}", home).status_code == 303
        session.refresh(action)
        assert (action.done_at is not None) is done
    listed = mine.get(f"/practice/{enrolment.id}/supervision").text
    assert action.text in listed


# --- timetable and calendars ---


def test_the_week_day_by_day(session, browse, desk, cohort, supervisor, enrolment, others, trainer):
    make.session_of(session, supervisor, cohort, enrolment, at=NOW + DAY, topic="Le mien")
    make.session_of(session, supervisor, cohort, others[0], at=NOW + DAY, topic="Le sien")
    make.session_of(session, supervisor, cohort, enrolment, at=NOW + 8 * DAY, topic="Plus tard")
    mine = browse(enrolment.person).get("/practice/timetable").text
    assert "Le mien" in mine
    assert "jeudi 11 juin" in mine
    assert "Le sien" not in mine
    assert "Plus tard" not in mine
    assert "Plus tard" in browse(enrolment.person).get("/practice/timetable?week=2026-06-18").text
    followed = browse(trainer)
    assert "Le sien" in followed.get("/practice/timetable").text
    assert "Le sien" not in followed.get("/practice/timetable?mine=1").text
    for strange in ("x", "2026-99-99", "0001-01-01", "9999-12-31"):
        assert desk.get(f"/practice/timetable?week={strange}").status_code == 200
    assert (
        "Rien cette semaine" in browse(person(session, "partner")).get("/practice/timetable").text
    )


def test_a_calendar_of_ones_own(session, app, browse, client, cohort, supervisor, enrolment):
    make.session_of(session, supervisor, cohort, enrolment)
    mine = browse(enrolment.person)
    page = post(mine, "/practice/timetable/feed", "/practice/timetable")
    token = re.search(r"/calendar/([\w-]+)\.ics", page.text).group(1)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    found = client.get(f"/calendar/{token}.ics")
    assert found.status_code == 200
    assert found.content_type == "text/calendar; charset=utf-8"
    assert len(list(Calendar.from_ical(found.data).walk("VEVENT"))) == 1
    again = client.get(f"/calendar/{token}.ics", headers={"If-None-Match": found.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/calendar/{token}x.ics").status_code == 404
    assert token not in mine.get("/practice/timetable").text
    post(mine, "/practice/timetable/feed/end", "/practice/timetable")
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_one_session_as_a_file(session, desk, cohort, supervisor, enrolment):
    made = make.session_of(session, supervisor, cohort, enrolment)
    found = desk.get(f"/practice/supervision/{made.id}/session.ics")
    assert found.content_type == "text/calendar; charset=utf-8"
    assert "attachment" in found.headers["Content-Disposition"]
    assert len(list(Calendar.from_ical(found.data).walk("VEVENT"))) == 1


# --- evaluation ---


def evaluate(browser, enrolment, supervisor, **fields):
    page = f"/practice/{enrolment.id}/supervision/evaluate/{supervisor.id}"
    return post(browser, page, page, **({k: str(v) for k, v in make.answers().items()} | fields))


def test_answers_are_given_once_and_shown_nowhere(session, browse, cohort, supervisor, enrolment):
    make.held(session, supervisor, cohort, enrolment)
    mine = browse(enrolment.person)
    assert evaluate(mine, enrolment, supervisor, time="").status_code == 422
    assert evaluate(mine, enrolment, supervisor, time="7").status_code == 422
    assert evaluate(mine, enrolment, supervisor).status_code == 303
    assert evaluate(mine, enrolment, supervisor, time="0").status_code == 303
    (given,) = session.scalars(select(SupervisionFeedback)).unique()
    assert given.answers == make.answers()
    page = f"/practice/{enrolment.id}/supervision/evaluate/{supervisor.id}"
    assert 'type="radio"' not in mine.get(page).text
    assert evaluate(mine, enrolment, enrolment.person).status_code == 409


def test_results_are_shown_to_supervisor_and_administration(
    session, browse, cohort, supervisor, others, admin, clock_at
):
    five = [*others, *(cohorts.enrolment(session, None, cohort) for _ in range(2))]
    make.evaluated(session, supervisor, cohort, *five)
    page = f"/practice/supervisors/{supervisor.id}/evaluation"
    people = [supervisor, admin, person(session, "programme")]
    for who in people:
        assert "Rien à montrer" in browse(who).get(page).text
    clock_at(NOW + 30 * DAY)
    for who in people:
        text = browse(who).get(page).text
        assert "2e trimestre 2026" in text
        assert "5 stagiaires" in text
        assert not [one for one in five if one.person.family_name in text]
    for who in (others[0].person, person(session, "auditor"), person(session, "admin.sn")):
        assert browse(who).get(page).status_code == 404
    assert supervisor.name in browse(admin).get("/practice/supervisors").text


@pytest.fixture
def clock_at():
    from lms.core import clock

    stack = []

    def at(moment):
        frozen = clock.frozen(moment)
        frozen.__enter__()
        stack.append(frozen)

    yield at
    for frozen in reversed(stack):
        frozen.__exit__(None, None, None)


# --- constant queries ---


@pytest.mark.parametrize(
    "path",
    ["/practice/{one}/supervision", "/practice/cohorts/{cohort}/supervision",
     "/practice/timetable", "/practice/supervision/{meeting}", "/home"],
)  # fmt: skip
def test_pages_cost_the_same_for_any_number(
    session, desk, cohort, supervisor, enrolment, others, path
):
    made = make.held(
        session, supervisor, cohort, enrolment, *others, agreed=[make.will("Un")], days=1
    )
    url = path.format(one=enrolment.id, cohort=cohort.id, meeting=made.id)

    def cost():
        session.commit()
        session.expire_all()
        with counted() as statements:
            assert desk.get(url).status_code == 200
        return len(statements)

    make.session_of(session, supervisor, cohort, enrolment, at=NOW + DAY)
    cost()
    few = cost()
    for turn in range(4):
        make.held(
            session, supervisor, cohort, enrolment, *others, days=1, agreed=[make.will(str(turn))]
        )
        make.session_of(session, supervisor, cohort, *others, at=NOW + DAY + timedelta(hours=turn))
    again = make.written(enrolment, *others, agreed=[make.will(f"Deux {n}") for n in range(5)])
    service.reopen(session, supervisor.actor, made, made.revision, "Encore.", NOW)
    service.hold(session, supervisor.actor, made, made.revision, again, NOW)
    assert cost() == few
