"""Pages of announcements."""

import pytest
from sqlalchemy import select

from lms.cohorts.models import Announcement, AnnouncementVisit
from tests.factories.cohorts import NOW
from tests.pages import counted, post


@pytest.fixture
def place(cohort):
    return f"/cohorts/{cohort.id}/announcements"


def write(desk, place, **fields):
    given = {"title": "Salle 4", "text": "On **change** de salle.", "day": "", "at": ""}
    return post(desk, f"{place}/new", f"{place}/new", **(given | fields))


def one(session):
    return session.scalars(select(Announcement)).unique().one()


def test_written_and_read(session, browse, trainer, trainee, place):
    desk, phone = browse(trainer), browse(trainee)
    empty = phone.get(place)
    assert "Pas encore d’annonce" in empty.text
    assert write(desk, place).status_code == 303
    page = phone.get(place)
    assert "<strong>change</strong>" in page.text
    assert "data-seen" in page.text
    assert post(phone, f"{place}/seen", place, until=NOW.isoformat()).status_code == 303
    assert session.scalars(select(AnnouncementVisit.seen_at)).one() == NOW
    assert "data-seen" not in phone.get(place).text


@pytest.mark.parametrize(
    "until", ["", "yesterday", "2026-01-01T00:00", "9999-01-01T00:00:00+00:00"]
)
def test_a_broken_until_harms_nobody(session, browse, trainer, trainee, place, until):
    write(browse(trainer), place)
    assert post(browse(trainee), f"{place}/seen", place, until=until).status_code == 303
    assert session.scalars(select(AnnouncementVisit.seen_at)).one() == NOW


def test_a_double_press_tells_once(session, browse, trainer, place):
    desk = browse(trainer)
    key = "01900000-0000-7000-8000-00000000000a"
    for _ in range(2):
        assert write(desk, place, record_id=key).status_code == 303
    assert str(one(session).id) == key


def test_bad_hours_lose_nothing(session, browse, trainer, place):
    desk = browse(trainer)
    for fields in ({"day": "2026-06-20"}, {"day": "2020-01-01", "at": "10:00"}, {"at": "25:99"}):
        answer = write(desk, place, **fields)
        assert answer.status_code == 422
        assert "On **change** de salle." in answer.text
    assert write(desk, place, title="").status_code == 422
    assert not session.scalars(select(Announcement)).unique().all()


def test_planned_changed_withdrawn_undone(session, browse, trainer, trainee, place):
    desk, phone = browse(trainer), browse(trainee)
    write(desk, place, day="2026-06-20", at="14:30")
    made = one(session)
    assert "Salle 4" not in phone.get(place).text
    form = f"/cohorts/announcements/{made.id}/edit"
    page = desk.get(form)
    assert 'value="14:30"' in page.text
    answer = post(desk, form, form, title="Salle 5", text="Voilà", day="2026-06-21", at="08:00")
    assert answer.status_code == 303
    stale = post(desk, form, form, title="x", text="y", day="2026-06-21", at="08:00", version="1")
    assert stale.status_code == 409
    assert post(desk, f"/cohorts/announcements/{made.id}/withdraw", place).status_code == 303
    page = desk.get(place)
    assert f"/cohorts/announcements/{made.id}/restore" in page.text
    assert post(desk, f"/cohorts/announcements/{made.id}/restore", place).status_code == 303
    session.expire_all()
    assert one(session).title == "Salle 5"


def test_readers_see_that_it_changed_and_staff_what_it_said(
    session, browse, trainer, trainee, place
):
    desk, phone = browse(trainer), browse(trainee)
    write(desk, place)
    form = f"/cohorts/announcements/{one(session).id}/edit"
    assert post(desk, form, form, title="Salle 5", text="Voilà").status_code == 303
    read, kept = phone.get(place).text, desk.get(place).text
    assert "modifié" in read
    assert "Salle 4" not in read
    assert "Salle 4" in kept
    assert "<strong>change</strong>" in kept
    assert "1 formulation antérieure" in kept


def test_withdrawing_asks_first_without_a_script(session, browse, trainer, trainee, place):
    desk, phone = browse(trainer), browse(trainee)
    write(desk, place)
    asked = f"/cohorts/announcements/{one(session).id}/withdraw"
    assert asked in desk.get(place).text
    page = desk.get(asked)
    assert f'action="{asked}"' in page.text
    assert phone.get(asked).status_code == 403
    assert "Salle 4" in phone.get(place).text, "asking changes nothing"
    assert post(desk, asked, asked).status_code == 303
    assert "Salle 4" not in phone.get(place).text
    assert desk.get(asked).status_code == 303, "there is nothing left to ask"


def test_search_ignores_accents_and_hamza(browse, trainer, trainee, place):
    desk, phone = browse(trainer), browse(trainee)
    write(desk, place, title="Évaluation", text="أسئلة الأسبوع")
    for words in ("evaluation", "اسئله"):
        assert "Évaluation" in phone.get(place, query_string={"q": words}).text
    assert "Rien trouvé" in phone.get(place, query_string={"q": "zzz"}).text


def test_the_list_asks_as_often_for_two_as_for_twenty(session, browse, trainee, place, tell):
    phone = browse(trainee)
    numbers = []
    for _ in range(2):
        for _ in range(2 if not numbers else 20):
            tell()
        session.commit()
        with counted() as statements:
            page = phone.get(place)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 6
    assert 'rel="next"' in page.text
    assert "?after=" in page.text
