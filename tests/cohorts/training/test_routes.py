"""Pages of training: planning, ticking, the code, papers, statements, one timetable."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from lms.cohorts.models import Attendance, TrainingMaterial, TrainingScan, TrainingSession
from lms.cohorts.training import attendance, codes, queries
from lms.cohorts.training.rules import Attended, TrainingState
from tests.factories import cohorts, fieldwork, people
from tests.factories import training as make
from tests.factories.cohorts import NOW
from tests.pages import counted, post

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def browse(app, session, client):
    """Call it with a person for a browser in which they are signed in."""

    def signed_in(someone):
        browser = type(client)(app, session)
        signer = app.session_interface.get_signing_serializer(app)
        token = signer.dumps({"_user_id": people.token(session, someone), "lang": "fr"})
        name, host = app.config["SESSION_COOKIE_NAME"], app.config["SETTINGS"].hostname
        browser.set_cookie(name, token, domain=host)
        return browser

    return signed_in


@pytest.fixture
def desk(browse, trainer):
    return browse(trainer)


@pytest.fixture
def today(session, cohort, trainer, enrolment, others):
    return make.planned(session, trainer, cohort, at=NOW - HOUR)


def plan(desk, cohort, trainer, **fields):
    page = f"/cohorts/{cohort.id}/training/new"
    given = {
        "title": "Posture", "day": "2026-06-18", "begins": "09:00", "ends": "16:30",
        "worth": "whole", "times": "1", "rhythm": "daily", "place": "Oujda",
        "trainers": [str(trainer.id)],
    }  # fmt: skip
    return post(desk, page, page, **(given | fields))


def number(session, model=TrainingSession):
    return session.scalar(select(func.count()).select_from(model))


# --- planning ---


def test_a_day_is_planned_on_the_clocks_of_the_cohort(session, desk, cohort, trainer):
    answer = plan(desk, cohort, trainer, times="3", modules=["a1-frame"])
    assert answer.status_code == 303
    assert number(session) == 3
    page = desk.get(answer.location).text
    assert "09:00–16:30" in page
    assert "Casablanca" in page
    assert "A1 · " in page
    feed = desk.get(f"{answer.location}/training.ics")
    (event,) = Calendar.from_ical(feed.data).walk("VEVENT")
    assert event["summary"].endswith("Posture")
    assert "Posture" in desk.get(f"/cohorts/{cohort.id}/training").text
    assert "Posture" in desk.get("/practice/timetable?week=2026-06-18").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "titre"),
        ({"ends": "08:00"}, "précède"),
        ({"ends": "26:00"}, "14:30"),
        ({"day": "2027-06-18"}, "hors des dates"),
        ({"times": "27"}, "26"),
        ({"place": "", "link": ""}, "Dites où"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"trainers": []}, "au moins un formateur"),
        ({"trainers": ["01900000-0000-7000-8000-0000000000ff"]}, ""),
        ({"worth": "two"}, ""),
    ],
)
def test_what_is_refused_keeps_what_was_typed(session, desk, cohort, trainer, fields, words):
    answer = plan(desk, cohort, trainer, **({"note": "Mot gardé"} | fields))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Mot gardé" in answer.text
    assert number(session) == 0


def test_a_clash_is_told_and_may_be_planned_all_the_same(session, desk, cohort, trainer):
    plan(desk, cohort, trainer)
    again = plan(desk, cohort, trainer)
    assert again.status_code == 422
    assert trainer.name in again.text
    assert plan(desk, cohort, trainer, despite="y").status_code == 303


def test_moving_and_cancelling_and_what_is_out_of_date(session, desk, cohort, trainer, today):
    page = f"/training/{today.id}"
    fields = {
        "title": "Autre", "day": "2026-06-19", "begins": "09:00", "ends": "12:00",
        "worth": "half", "place": "Berkane", "trainers": [str(trainer.id)],
    }  # fmt: skip
    assert post(desk, f"{page}/edit", f"{page}/edit", **fields).status_code == 303
    assert post(desk, f"{page}/edit", f"{page}/edit", **fields, version="1").status_code == 409
    stale = post(desk, f"{page}/cancel", page, reason="x", version="1")
    assert stale.status_code == 409
    assert post(desk, f"{page}/cancel", page, reason="").status_code == 422
    assert post(desk, f"{page}/cancel", page, reason="Grève").status_code == 303
    assert "Grève" in desk.get(page).text
    closed = desk.get(f"{page}/list")
    assert (closed.status_code, closed.location) == (303, page)
    assert "toast warn" in desk.get(page).text


# --- the list ---


def tick(desk, meeting, act="save", **marks):
    page = f"/training/{meeting.id}/list"
    shown = desk.get(page).text
    fields = dict(re.findall(r'name="(who-[0-9a-f]{32}-seen)"[^>]*value="(\w+)"', shown))
    for key in list(fields):
        fields[key.replace("seen", "mark")] = fields[key]
    for key, value in marks.items():
        fields[f"who-{key}"] = value
    return post(desk, page, page, act=act, **fields)


def test_from_the_list_to_the_statement(session, desk, browse, today, enrolment, others):
    late, absent = others
    marks = {f"{late.id.hex}-mark": "late", f"{absent.id.hex}-mark": "excused"}
    assert tick(desk, today, **marks).status_code == 303
    # nothing said of one, no reason for the other
    open_ = tick(desk, today, act="close")
    assert (open_.status_code, "il en reste 1" in open_.text) == (422, True)
    everybody = tick(desk, today, act="everybody")
    assert everybody.status_code == 303
    undo = re.search(r'action="(/training/[^"]*/undo/[^"]*)"', desk.get(everybody.location).text)
    desk.post(undo.group(1), data={"csrf_token": desk.token})
    assert queries.attendances(session, today)[enrolment.id].mark is Attended.EXPECTED
    tick(desk, today, act="everybody")
    assert tick(desk, today, act="close").status_code == 422
    closed = tick(desk, today, act="close", **{f"{absent.id.hex}-reason": "Malade zz"})
    assert closed.status_code == 303
    session.refresh(today)
    assert today.state is TrainingState.HELD
    own = browse(enrolment.person)
    statement = own.get(f"/training/of/{enrolment.id}").text
    assert "1 jour" in statement
    assert "Malade zz" not in own.get(f"/training/{today.id}").text
    assert "Malade zz" in browse(absent.person).get(f"/training/{today.id}").text
    ledger = own.get(f"/assessment/ledger/{enrolment.id}").text
    row = f"/assessment/ledger/{enrolment.id}/training/{today.id}"
    assert row in ledger
    assert own.get(row).status_code == 200
    # set right afterwards
    found = queries.attendances(session, today)[late.id]
    page = f"/training/attendance/{found.id}/correct"
    assert post(desk, page, page, mark="absent", seen="late", reason="").status_code == 422
    assert post(desk, page, page, mark="absent", seen="present", reason="x").status_code == 409
    assert post(desk, page, page, mark="absent", seen="late", reason="Vu").status_code == 303
    assert browse(late.person).get(row.replace(str(enrolment.id), str(late.id))).status_code == 404


def test_a_list_that_has_changed_meanwhile_is_shown_again(session, desk, today, enrolment):
    page = f"/training/{today.id}/list"
    desk.get(page)
    attendance.check_in(session, enrolment.person.actor, today, NOW)
    key = f"who-{enrolment.id.hex}"
    fields = {f"{key}-mark": "absent", f"{key}-seen": "expected", f"{key}-reason": "Mot gardé"}
    answer = post(desk, page, page, act="save", **fields)
    assert answer.status_code == 409
    assert "Mot gardé" in answer.text


# --- the code ---


def test_a_trainee_types_what_the_screen_shows(session, desk, browse, today, enrolment, trainer):
    page = f"/training/{today.id}/code"
    assert "Refresh" not in desk.get(page).headers
    post(desk, f"{page}/show", page)
    shown = desk.get(page)
    code = codes.code_at(attendance.secret_of(session, today), codes.step_of(NOW))
    assert f"{code[:3]} {code[3:]}" in shown.text
    assert int(shown.headers["Refresh"]) == codes.seconds_left(NOW)
    phone = browse(enrolment.person)
    assert code in phone.get(f"/attend?code={code}").text
    assert post(phone, "/attend", "/attend", code="").status_code == 422
    assert post(phone, "/attend", "/attend", code="222222").status_code == 422
    answer = post(phone, "/attend", "/attend", code=f"{code[:3]} {code[3:].lower()}")
    assert answer.status_code == 303
    assert answer.location.endswith(f"/training/{today.id}")
    assert "1 sur 3" in desk.get(page).text
    stranger = browse(cohorts.enrolment(session).person)
    kindly = post(stranger, "/attend", "/attend", code=code)
    assert (kindly.status_code, "pas inscrit" in kindly.text) == (422, True)
    for _ in range(10):
        last = post(stranger, "/attend", "/attend", code="333333")
    assert post(stranger, "/attend", "/attend", code=code).status_code == 429
    assert last.status_code == 422
    assert number(session, Attendance) == 1


# --- announced beforehand ---


def test_an_absence_is_announced_and_taken_back(session, desk, browse, today, enrolment, others):
    phone, page = browse(enrolment.person), f"/training/{today.id}"
    assert post(phone, f"{page}/absence", page, reason="").status_code == 422
    assert post(phone, f"{page}/absence", page, reason="Enfant malade zz").status_code == 303
    assert "Enfant malade zz" in desk.get(f"{page}/list").text
    assert "Enfant malade zz" not in browse(others[0].person).get(page).text
    assert post(phone, f"{page}/absence/take-back", page).status_code == 303
    assert "Enfant malade zz" not in desk.get(f"{page}/list").text


# --- papers ---


def test_material_is_handed_out_and_taken_back(session, desk, browse, today, enrolment):
    page = f"/training/{today.id}"
    assert post(desk, f"{page}/material", page, title="x").status_code == 422
    file = (BytesIO(fieldwork.PDF), "plan.pdf")
    assert post(desk, f"{page}/material", page, title="Plan", file=file).status_code == 303
    made = session.scalars(select(TrainingMaterial)).unique().one()
    address = f"/training/material/{made.id}"
    assert browse(enrolment.person).get(address).data == fieldwork.PDF
    assert post(desk, f"{address}/remove", page).status_code == 303
    assert number(session, TrainingMaterial) == 0


def test_a_photo_of_the_sheet_is_kept_once(session, desk, browse, today, enrolment):
    page = f"/training/{today.id}"
    for _ in range(2):
        file = (BytesIO(fieldwork.PDF), "feuille.pdf")
        assert post(desk, f"{page}/scan", page, scan=file).status_code == 303
    scan = session.scalars(select(TrainingScan)).unique().one()
    assert desk.get(f"/training/scans/{scan.id}").status_code == 200
    assert browse(enrolment.person).get(f"/training/scans/{scan.id}").status_code == 403
    assert post(desk, f"{page}/scan", page).status_code == 422
    unread = post(
        desk, f"/cohorts/{today.cohort_id}/training/scan", f"/cohorts/{today.cohort_id}/training",
        scan=(BytesIO(fieldwork.PDF), "feuille.pdf"),
    )  # fmt: skip
    assert (unread.status_code, "illisible" in unread.text) == (422, True)


# --- one timetable ---


def test_a_week_takes_the_same_queries_for_any_number(session, cohort, trainer, desk, enrolment):
    numbers = []
    for turn in range(2):
        for day in range(1 + 4 * turn):
            make.planned(session, trainer, cohort, at=NOW + 2 * HOUR + day * HOUR, minutes=30)
        desk.get("/practice/timetable")
        with counted() as statements:
            assert desk.get("/practice/timetable").status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
