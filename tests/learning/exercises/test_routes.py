"""Pages of exercises over HTTP: what they show and keep, to whom, and what they cost."""

import re
from io import BytesIO

import pytest
from PIL import Image

from lms.core import clock
from lms.learning.exercises import service
from lms.learning.exercises.rules import WorkState
from tests.factories import people
from tests.learning.conftest import NOW, enrol
from tests.learning.test_routes import post
from tests.pages import counted
from tests.people import person


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def page(enrolment):
    return f"/learn/{enrolment.id}/c6-method/exercises/c6-x1"


@pytest.fixture
def desk(browse, trainer):
    """Where the trainer is signed in."""
    return browse(trainer)


def picture():
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return BytesIO(out.getvalue()), "carte.png"


def send(client, page, action="hand_in", **data):
    version = re.search(r'name="version" value="(\d+)"', client.get(page).text).group(1)
    return post(client, page, page, **{"action": action, "version": version, **data})


def work_of(session, enrolment):
    session.expire_all()
    return service.work_of(session, enrolment.id, "c6-x1")


def test_the_task_stands_under_its_lesson_and_in_its_module(trainee, enrolment, page):
    for place in (
        f"/learn/{enrolment.id}/c6-method",
        f"/learn/{enrolment.id}/c6-method/01-analysis",
    ):
        assert page in trainee.get(place).text
    shown = trainee.get(page).text
    assert "Read the map." in shown
    assert "Exercise c6-x1 fr" in shown


def test_handed_in_with_a_file_marked_returned_and_accepted(
    session, trainee, desk, page, enrolment
):
    answer = send(trainee, page, text="Trois acteurs.", files=picture())
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    work = work_of(session, enrolment)
    assert (work.state, work.kept_files[0].file.media_type) == (WorkState.HANDED_IN, "image/webp")
    sent = desk.get(f"/learn/exercises/files/{work.kept_files[0].id}")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent.headers["Content-Security-Policy"]

    place = f"/learn/work/{work.id}"
    assert place in desk.get("/learn/exercises").text
    assert place in desk.get("/home").text
    assert "Trois acteurs." in desk.get(place).text
    post(desk, f"{place}/look", place)
    told = trainee.get(page).text
    assert "withdraw" not in told
    bare = {"version": work_of(session, enrolment).revision}
    again = post(desk, f"{place}/mark", place, decision="return", **bare)
    assert (again.status_code, 'id="feedback-error"' in again.text) == (422, True)
    thin = bare | {"levels-ethics": "1", "feedback": "Nommez les autres."}
    again = post(desk, f"{place}/mark", place, decision="return", **thin)
    assert (again.status_code, "Nommez les autres." in again.text) == (422, True)
    kept = post(desk, f"{place}/mark", place, decision="keep", **thin)
    assert kept.status_code == 303
    assert "Nommez les autres." not in trainee.get(page).text, "not before it is decided"
    told = thin | {"comments-ethics": "Un seul.", "version": work_of(session, enrolment).revision}
    assert post(desk, f"{place}/mark", place, decision="return", **told).status_code == 303

    back = trainee.get(page).text
    assert "Nommez les autres." in back
    assert "Un seul." in back
    send(trainee, page, text="Cinq acteurs.")
    post(desk, f"{place}/look", place)
    shown = desk.get(place).text
    assert "<del>Trois </del>" in shown
    assert "<ins>Cinq </ins>" in shown
    good = {
        "version": work_of(session, enrolment).revision,
        "levels-problem-solving": "3",
        "levels-ethics": "2",
    }
    assert post(desk, f"{place}/mark", place, decision="accept", **good).status_code == 303
    assert work_of(session, enrolment).state is WorkState.ACCEPTED
    wrong = post(
        desk, f"{place}/reopen", place, reason="", version=work_of(session, enrolment).revision
    )
    assert wrong.status_code == 422
    again = post(
        desk,
        f"{place}/reopen",
        place,
        reason="Niveau",
        version=work_of(session, enrolment).revision,
    )
    assert again.status_code == 303
    assert work_of(session, enrolment).state is WorkState.LOOKED_AT


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.svg", b"<svg/>"),
        ("a.docx", b"PK\x03\x04 word"),
        ("a.pdf", b"%PDF- broken"),
        ("b.png", b""),
    ],
)
def test_other_files_are_refused_and_nothing_typed_is_lost(
    session, trainee, page, enrolment, name, body
):
    answer = send(trainee, page, text="Trois acteurs.", files=(BytesIO(body), name))
    assert (answer.status_code, "Trois acteurs." in answer.text) == (422, True)
    assert 'id="files-error"' in answer.text
    assert work_of(session, enrolment) is None


def test_what_cannot_be_handed_in_is_kept(session, trainee, page, enrolment):
    assert send(trainee, page, text="").status_code == 422
    send(trainee, page, action="draft", text="Un début.")
    work = work_of(session, enrolment)
    assert (work.state, work.text) == (WorkState.DRAFT, "Un début.")
    assert send(trainee, page, action="draft", text="x" * 20_001).status_code == 422


def test_two_windows_are_told_apart(session, trainee, page, enrolment):
    send(trainee, page, action="draft", text="Première fenêtre.")
    answer = send(trainee, page, action="draft", text="Deuxième fenêtre.", version="0")
    assert (answer.status_code, "Deuxième fenêtre." in answer.text) == (409, True)
    assert work_of(session, enrolment).text == "Première fenêtre."
    assert 'name="version" value="1"' in answer.text


def test_pressed_twice_and_changed_after_handing_in(session, trainee, page, enrolment):
    first = {"action": "hand_in", "version": "0", "text": "Trois acteurs."}
    for _ in range(2):
        assert (
            post(trainee, page, f"/learn/{enrolment.id}/c6-method/quiz", **first).status_code == 303
        )
    assert work_of(session, enrolment).number == 1
    late = post(
        trainee, page, f"/learn/{enrolment.id}/c6-method/quiz", **first | {"text": "Autre chose."}
    )
    assert late.status_code == 409
    assert (
        post(trainee, f"/learn/work/{work_of(session, enrolment).id}/withdraw", page).status_code
        == 303
    )
    assert work_of(session, enrolment).state is WorkState.DRAFT


def test_two_trainers_at_one_piece_of_work(
    session, browse, trainee, desk, other_trainer, page, enrolment
):
    send(trainee, page, text="Trois acteurs.")
    place, second = f"/learn/work/{work_of(session, enrolment).id}", browse(other_trainer)
    post(desk, f"{place}/look", place)
    assert post(second, f"{place}/look", place).status_code == 409
    seen = work_of(session, enrolment).revision
    assert post(second, f"{place}/look", place, take_over="yes").status_code == 303
    words = {"version": seen, "decision": "return", "feedback": "Mes mots."}
    words |= {"levels-ethics": "4", "comments-ethics": "Mon détail."}
    answer = post(desk, f"{place}/mark", "/sign-out", **words)
    assert (answer.status_code, "Mes mots." in answer.text) == (409, True)
    fresh = words | {"version": work_of(session, enrolment).revision, "levels-ethics": "2"}
    fresh |= {"levels-problem-solving": "2"}
    assert post(second, f"{place}/mark", "/sign-out", **fresh).status_code == 303
    answer = post(desk, f"{place}/mark", "/sign-out", **words)
    assert answer.status_code == 409
    unsent = answer.text.partition("Vos mots n’ont pas été envoyés")[2].partition("notice ")[0]
    assert "Mon détail." in unsent
    assert "Mes mots." in unsent


def test_only_those_concerned_see_it(session, browse, trainee, desk, page, enrolment, cohort):
    send(trainee, page, text="Trois acteurs.")
    place = f"/learn/work/{work_of(session, enrolment).id}"
    colleague = person(session, "trainee.new", cohort=cohort)
    enrol(session, colleague, cohort)
    supervisor = person(session, "supervisor", cohort=cohort)
    for who in (colleague, supervisor, person(session, "admin.sn"), person(session, "partner")):
        assert browse(who).get(place).status_code == 404, who.name
    for who in (person(session, "admin.ma"), person(session, "auditor")):
        assert "Trois acteurs." in browse(who).get(place).text, who.name
        assert post(browse(who), f"{place}/look", "/sign-out").status_code == 403, who.name


def test_a_module_that_is_not_open_takes_nothing(trainee, enrolment):
    place = f"/learn/{enrolment.id}/a5-listening/exercises/c6-x2"
    assert trainee.get(place).status_code == 302
    assert post(trainee, place, "/sign-out", action="draft", text="x").status_code == 409


def test_unknown_and_team_exercises(trainee, enrolment, cohort):
    base = f"/learn/{enrolment.id}/c6-method/exercises"
    assert trainee.get(f"{base}/c6-x9").status_code == 404
    answer = trainee.get(f"{base}/c6-values")
    assert answer.headers["Location"] == f"/cohorts/{cohort.id}/activities/c6-values"


def test_a_queue_costs_the_same_for_two_and_for_twelve(session, desk, cohort, release, files, x1):
    costs = []
    for number in (2, 10):
        for _ in range(number):
            someone = people.person(session)
            made = enrol(session, someone, cohort)
            work = service.save(session, someone.actor, made, x1, 0, "Mine.", (), (), files, NOW)
            service.hand_in(session, someone.actor, work, x1, NOW)
        desk.get("/learn/exercises")
        with counted() as statements:
            desk.get("/learn/exercises")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 6
