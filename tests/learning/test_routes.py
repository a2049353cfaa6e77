"""Pages of learning over HTTP: what they show, what they change, what they cost."""

import gzip
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.core import clock
from lms.learning import service
from lms.learning.models import LessonCompletion, QuizAttempt
from lms.learning.quizzes import service as quizzes
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.learning.quizzes.shown import shown
from tests.factories import curriculum
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.learning.test_service import pass_quiz, read_all, right, start
from tests.pages import counted, token_of
from tests.people import person

LANGUAGES = ["fr", "en", "ar"]


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def home(enrolment):
    return f"/learn/{enrolment.id}"


@pytest.fixture
def passed(session, enrolment, actor, release):
    """The trainee has completed the first module."""
    read_all(session, enrolment, release)
    return pass_quiz(session, actor, enrolment, release)


@pytest.fixture
def at_work(session, passed, enrolment, actor, release):
    """And tries its quiz again: there is something of everything that a page can show."""
    return start(session, actor, enrolment, release)


def post(client, address, page_address, **data):
    """Send a form as its page would, with the page's token."""
    return client.post(address, data={"csrf_token": token_of(client.get(page_address)), **data})


def words_of_answers(release, attempt):
    """Everything that would give an answer away."""
    for question, _ in quizzes.asked(release, attempt):
        yield from question.feedback.values()
        for answer in question.answers:
            yield from (answer.feedback or {}).values()


# Programme and modules


def test_the_way_in(trainee, home):
    answer = trainee.get("/learn")
    assert (answer.status_code, answer.location) == (302, home)


def test_somebody_in_no_cohort_is_told_so(browse, session):
    page = browse(person(session, "admin.ma")).get("/learn?lang=en")
    assert "not enrolled" in page.text


def test_two_enrolments_give_a_choice(browse, session, enrolment, release):
    other = enrol(session, enrolment.person, cohort_on(session, release, country="SN"))
    page = browse(enrolment.person).get("/learn")
    assert f"/learn/{other.id}" in page.text
    assert f"/learn/{enrolment.id}" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_programme(trainee, home, language):
    page = trainee.get(f"{home}?lang={language}")
    assert f"Module C6 {language}" in page.text
    assert {"fr": "Cadre", "en": "Frame", "ar": "إطار"}[language] in page.text
    assert f"{home}/c6-method/01-analysis" in page.text


def test_the_next_step_is_the_one_after_the_last_post(session, trainee, home, enrolment, release):
    service.mark_read(session, enrolment, release.lesson("c6-method", "01-analysis"), NOW)
    page = trainee.get(f"{home}?lang=en")
    assert re.search(r'class="button" href="[^"]*/c6-method/02-objectives"', page.text)


def test_a_locked_module_says_what_comes_first(trainee, home):
    page = trainee.get(f"{home}/a5-listening?lang=en")
    assert "First complete" in page.text
    assert trainee.get(f"{home}/a5-listening/01-attention").location == f"{home}/a5-listening"
    answer = post(trainee, f"{home}/a5-listening/01-attention", f"{home}/c6-method/01-analysis")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "place",
    ["/c9-none", "/a1-frame", "/c6-method/99-none", "/c9-none/01-x", "/c6-method/01-analysis/x"],
)
def test_what_is_not_there(trainee, home, place):
    assert trainee.get(home + place).status_code == 404


# Lessons


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_and_the_language_switch_keeps_the_place(trainee, home, language):
    page = trainee.get(f"{home}/c6-method/02-objectives?lang={language}")
    assert f"<h1>Objectives {language}</h1>" in page.text
    for other in LANGUAGES:
        assert f"{home}/c6-method/02-objectives?lang={other}" in page.text


def test_a_get_changes_nothing(session, trainee, home):
    for place in ("", "/c6-method", "/c6-method/01-analysis", "/c6-method/quiz"):
        assert trainee.get(home + place).status_code == 200
    for model in (LessonCompletion, QuizAttempt):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_read_and_on(session, trainee, home):
    lesson = f"{home}/c6-method/01-analysis"
    answer = post(trainee, lesson, lesson)
    assert (answer.status_code, answer.location) == (303, f"{home}/c6-method/02-objectives")
    answer = post(trainee, answer.location, answer.location)
    assert answer.location == f"{home}/c6-method/quiz"
    # again, by the back button: nothing new
    assert post(trainee, lesson, f"{home}/c6-method/quiz").status_code == 303
    assert session.scalar(select(func.count()).select_from(LessonCompletion)) == 2


def test_a_post_without_a_token_is_refused(session, trainee, home):
    assert trainee.post(f"{home}/c6-method/01-analysis").status_code == 400
    assert session.scalar(select(func.count()).select_from(LessonCompletion)) == 0


@pytest.mark.usefixtures("passed")
def test_a_shared_lesson_is_read_everywhere(trainee, home):
    page = trainee.get(f"{home}/a5-listening/02-objectives?lang=en")
    assert "Mark" not in page.text
    assert "read" in page.text


@pytest.mark.usefixtures("passed")
def test_links_between_lessons_lead_somewhere(trainee, home):
    page = trainee.get(f"{home}/a5-listening/01-attention")
    assert 'href="../c6-method/01-analysis"' in page.text
    assert trainee.get(f"{home}/c6-method/01-analysis").status_code == 200


def test_a_lesson_outside_the_programme_is_for_reading_only(browse, session):
    ours = curriculum.release(session, curriculum.ours())
    outside = next(
        slug for slug in ours.content.modules if slug not in ours.programme("coach").written
    )
    cohort = cohort_on(session, ours, "coach")
    enrolment = enrol(session, person(session, "trainee", cohort=cohort), cohort)
    client = browse(enrolment.person)
    own = [name for name in ours.module(outside).lessons if name.startswith(outside)]
    for lesson in own:
        page = client.get(f"/learn/{enrolment.id}/{lesson}?lang=en")
        assert "for reading only" in page.text
    shared = [name for name in ours.module(outside).lessons if not name.startswith(outside)]
    for lesson in shared:
        address = f"/learn/{enrolment.id}/{lesson}"
        assert client.get(address).status_code == 200


# Quizzes


def begin(client, home, module="c6-method"):
    answer = post(client, f"{home}/{module}/quiz", f"{home}/{module}/quiz")
    assert answer.status_code == 303
    return answer.location


def fields(answers, attempt, release):
    """Answers as the form sends them: by number and place, never by id."""
    sent = {}
    for row in shown(quizzes.asked(release, attempt), answers):
        places = {answer.id: str(at) for at, answer in enumerate(row.answers, start=1)}
        if row.kind == "ordering":
            sent |= {f"{row.name}-{places[name]}": str(at) for name, at in row.given.items()}
        elif row.given:
            sent[row.name] = [places[name] for name in row.given]
    return sent


def the_attempt(session):
    session.expire_all()
    return session.scalars(select(QuizAttempt).order_by(QuizAttempt.number.desc())).first()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_quiz(session, trainee, home, release, language):
    address = begin(trainee, home)
    attempt = the_attempt(session)
    page = trainee.get(f"{address}?lang={language}")
    assert page.text.count("<fieldset") == 3
    answers = fields(right(release, attempt), attempt, release)
    saved = post(trainee, address, address, version="1", then="check", **answers)
    assert saved.location == f"{address}/check"
    check = trainee.get(saved.location)
    assert f"Answer a {language}" in check.text or f"Step a {language}" in check.text
    done = post(trainee, f"{address}/submit", saved.location, version="2")
    assert done.location == f"{address}/result"
    result = trainee.get(done.location)
    for question, _ in quizzes.asked(release, attempt):
        assert question.feedback[language] in result.text
    assert the_attempt(session).passed


def test_no_answer_leaves_the_server_before_it_is_submitted(session, trainee, home, release):
    address = begin(trainee, home)
    attempt = the_attempt(session)
    for place in ("", "/check"):
        page = trainee.get(f"{address}{place}").text
        assert "correct" not in page
        for words in words_of_answers(release, attempt):
            assert words not in page
    assert trainee.get(f"{address}/result").location == address


def test_the_order_shown_does_not_give_the_answer_away(session, trainee, home, release):
    address = begin(trainee, home)
    attempt = the_attempt(session)
    page = trainee.get(address).text
    for question, drawn in quizzes.asked(release, attempt):
        texts = {answer.id: answer.text["fr"] for answer in question.answers}
        start = page.index(question.text["fr"])
        places = [page.index(f">{texts[name]}<", start) for name in drawn.answers]
        assert places == sorted(places)


def test_unanswered_questions_are_named(session, trainee, home, release):
    address = begin(trainee, home)
    attempt = the_attempt(session)
    answers = right(release, attempt)
    first, *missing = answers
    post(
        trainee, address, address, version="1", **fields({first: answers[first]}, attempt, release)
    )
    page = trainee.get(f"{address}/check?lang=en").text
    assert "2 questions are not answered" in page
    numbers = {drawn["id"]: at for at, drawn in enumerate(attempt.questions, start=1)}
    for name in missing:
        assert f'href="{address}#q-{numbers[name]}">Question' in page


def test_a_half_done_ordering_is_kept(session, trainee, home):
    address = begin(trainee, home)
    while not any(q["id"] == "c6-q03" for q in the_attempt(session).questions):
        post(trainee, f"{address}/leave", address)
        address = begin(trainee, home)
    asked = [q["id"] for q in the_attempt(session).questions]
    name = f"q-{asked.index('c6-q03') + 1}"
    post(trainee, address, address, version="1", **{f"{name}-1": "2", f"{name}-2": "2"})
    page = trainee.get(f"{address}?lang=en").text
    assert page.count('<option value="2" selected>') == 2
    assert "data-twice>" in page


def test_a_stale_form_keeps_what_was_typed(session, trainee, home, release):
    address = begin(trainee, home)
    attempt = the_attempt(session)
    answers = right(release, attempt)
    first, second, *_ = answers
    post(
        trainee, address, address, version="1", **fields({first: answers[first]}, attempt, release)
    )
    stale = post(
        trainee,
        address,
        f"{address}?lang=en",
        version="1",
        **fields({second: answers[second]}, attempt, release),
    )
    assert stale.status_code == 409
    assert "saved from another window" in stale.text
    assert stale.text.count(" checked") + stale.text.count(" selected") >= len(answers[second])
    assert 'name="version" type="hidden" value="2"' in stale.text
    # nothing of the other window's was overwritten, and saving again now works
    assert the_attempt(session).answers == {first: answers[first]}
    assert (
        post(
            trainee,
            address,
            address,
            version="2",
            **fields({second: answers[second]}, attempt, release),
        ).status_code
        == 303
    )


def test_a_double_submit_gives_one_result(session, trainee, home):
    address = begin(trainee, home)
    for _ in range(2):
        answer = post(trainee, f"{address}/submit", f"{home}/c6-method/01-analysis", version="1")
        assert (answer.status_code, answer.location) == (303, f"{address}/result")
    assert session.scalar(select(func.count()).select_from(QuizAttempt)) == 1


def test_a_double_start_gives_one_attempt(session, trainee, home):
    first = begin(trainee, home)
    assert post(trainee, f"{home}/c6-method/quiz", first).location == first
    assert session.scalar(select(func.count()).select_from(QuizAttempt)) == 1


def test_coming_back_to_a_submitted_attempt(session, trainee, home):
    address = begin(trainee, home)
    post(trainee, f"{address}/submit", f"{address}/check", version="1")
    for place in ("", "/check"):
        assert trainee.get(address + place).location == f"{address}/result"
    elsewhere = f"{home}/c6-method/01-analysis"
    assert post(trainee, address, elsewhere, version="1").location == f"{address}/result"
    assert post(trainee, f"{address}/leave", elsewhere).status_code == 303
    assert the_attempt(session).state is AttemptState.FINISHED


def test_answers_that_changed_since_they_were_checked_are_shown_again(session, trainee, home):
    address = begin(trainee, home)
    answer = post(trainee, f"{address}/submit", f"{address}/check?lang=en", version="9")
    assert answer.status_code == 409
    assert "The answers changed since you looked" in answer.text
    assert the_attempt(session).state is AttemptState.IN_PROGRESS


def test_saving_as_one_goes(session, trainee, home, release):
    address = begin(trainee, home)
    answers = fields(right(release, the_attempt(session)), the_attempt(session), release)
    token = token_of(trainee.get(address))
    json = {"Accept": "application/json"}
    data = {"csrf_token": token, "version": "1", **answers}
    saved = trainee.post(address, data=data, headers=json)
    assert saved.json == {"version": 2, "saved": "09:30", "left": 14 * 24 * 3600}
    stale = trainee.post(address, data={**data, "version": "1", "q-1": "2"}, headers=json)
    assert stale.status_code in {200, 409}
    post(trainee, f"{address}/submit", f"{address}/check", version="2")
    closed = trainee.post(address, data={**data, "q-2": ["3"]}, headers=json)
    assert closed.status_code == 409
    assert closed.json["closed"] is True


def test_the_time_is_over(session, browse, trainee, enrolment, home, release):
    address = begin(trainee, home)
    answers = right(release, the_attempt(session))
    post(trainee, address, address, version="1", **fields(answers, the_attempt(session), release))
    with clock.frozen(NOW + timedelta(days=14, minutes=1)):
        trainee = browse(enrolment.person)
        page = trainee.get(f"{address}?lang=en")
        assert "The time for changing answers is over" in page.text
        late = post(trainee, address, address, version="2")
        assert late.status_code == 409
        assert the_attempt(session).answers == answers
        post(trainee, f"{address}/submit", f"{address}/check", version="2")
        assert the_attempt(session).passed


def test_the_deadline_is_told_in_the_cohorts_zone(session, trainee, home):
    address = begin(trainee, home)
    page = trainee.get(f"{address}?lang=en").text
    # 9:30 UTC, fourteen days later; Morocco is on UTC+0 during Ramadan and on UTC+1 otherwise
    assert re.search(r"until 16 March 2026 (09|10):30 \(Casablanca time\)", page)


@pytest.mark.parametrize(
    "data",
    [
        {"version": "not a number"},
        {"version": "1", "q-1": "\x00", "q-2": "\x00", "q-3": "\x00"},
        {"version": "1", "q-1-1": "99999999999999", "q-2-1": "99", "q-3-1": "7"},
        {"version": "1", "q-1-1": "²", "q-2-1": "²", "q-3-1": "²"},
        {"version": "1", "q-1": "-1", "q-2": "-1", "q-3": "-1"},
        {"version": "1", "q-1": ["1", "2", "3"] * 50, "q-2": "0", "q-3": "99"},
        {"version": "1", "q-" + "x" * 5000: "1" * 100_000},
        {},
    ],
)
def test_bad_input_is_no_fault_of_ours(session, trainee, home, data):
    address = begin(trainee, home)
    assert post(trainee, address, address, **data).status_code in {303, 409}
    assert trainee.get(address).status_code == 200


@pytest.mark.usefixtures("passed")
def test_history_and_another_attempt(trainee, home):
    begin(trainee, home)
    page = trainee.get(f"{home}/c6-method/quiz?lang=en").text
    assert page.index("Attempt 2") < page.index("Attempt 1")
    assert "3 of 3" in page


# Who may


def test_who_sees_what(browse, client, session, cohort, passed, at_work, home):
    attempt, open_one = passed, at_work
    trainer = browse(person(session, "trainer", cohort=cohort))
    abroad = browse(person(session, "admin.sn"))
    classmate = browse(person(session, "trainee.new", cohort=cohort))
    nobody = client
    for place in (home, f"{home}/c6-method/01-analysis", f"/learn/attempts/{attempt.id}/result"):
        assert trainer.get(place).status_code == 200
        assert abroad.get(place).status_code == 404
        assert classmate.get(place).status_code == 404
        assert nobody.get(place).status_code == 302
    page = trainer.get(f"/learn/attempts/{open_one.id}?lang=en")
    assert "Not handed in yet" in page.text
    assert "Question c6" not in page.text


def test_a_trainer_reads_but_does_nothing_in_anothers_name(
    browse, session, cohort, enrolment, home
):
    trainer = browse(person(session, "trainer", cohort=cohort))
    page = trainer.get(f"{home}/c6-method/01-analysis")
    assert '<form class="inline"' not in page.text
    account = trainer.get("/learn")
    assert account.status_code == 200
    for place in ("c6-method/01-analysis", "c6-method/quiz"):
        answer = trainer.post(f"{home}/{place}", data={"csrf_token": ""})
        assert answer.status_code in {400, 403}


# What it costs


@pytest.mark.parametrize(
    ("place", "most"),
    [
        ("", 5),
        ("/c6-method", 5),
        ("/c6-method/01-analysis", 3),
        ("/a5-listening/02-objectives", 3),
        ("/c6-method/quiz", 5),
    ],
)
def test_few_queries(trainee, home, at_work, place, most):
    trainee.get(home + place)
    with counted() as statements:
        assert trainee.get(home + place).status_code == 200
    assert len(statements) <= most, statements


@pytest.mark.parametrize(("place", "most"), [("", 2), ("/check", 2), ("/result", 3)])
def test_few_queries_in_a_quiz(session, trainee, at_work, place, most):
    attempt = at_work
    if place == "/result":
        quizzes.submit(session, attempt.enrolment.person.actor, attempt, 1, NOW)
    address = f"/learn/attempts/{attempt.id}{place}"
    trainee.get(address)
    with counted() as statements:
        assert trainee.get(address).status_code == 200
    assert len(statements) <= most, statements


def test_progress_takes_one_query_for_any_number(session, cohort, release):
    people = [
        enrol(session, person(session, name), cohort).id for name in ("trainee", "trainee.new")
    ]
    session.commit()
    for ids in (people[:1], people):
        with counted() as statements:
            service.progress(session, ids)
        assert len(statements) == 1


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_our_own_content_weighs_little(browse, session, language):
    """Each HTML page at most 14 KB after gzip, a lesson seen again at most 8 KB."""
    ours = curriculum.release(session, curriculum.ours())
    heaviest = {}
    for slug in ours.programmes:
        cohort = cohort_on(session, ours, slug)
        enrolment = enrol(session, person(session, "trainee", cohort=cohort), cohort)
        client = browse(enrolment.person)
        pages = [f"/learn/{enrolment.id}", f"/programmes/{slug}"]
        for module in ours.programme(slug).written:
            pages += [f"/learn/{enrolment.id}/{module}", f"/learn/{enrolment.id}/{module}/quiz"]
            pages += [
                f"/learn/{enrolment.id}/{module}/{lesson.slug}" for lesson in ours.lessons(module)
            ]
            read_all(session, enrolment, ours, module)
            pass_quiz(session, enrolment.person.actor, enrolment, ours, module)
            attempt = start(session, enrolment.person.actor, enrolment, ours, module)
            pages += [f"/learn/attempts/{attempt.id}", f"/learn/attempts/{attempt.id}/check"]
        pages += [
            f"/learn/attempts/{one.id}/result"
            for one in quizzes.attempts_of(session, enrolment.id)
            if one.score is not None
        ]
        for address in pages:
            page = client.get(f"{address}?lang={language}")
            assert page.status_code == 200, address
            heaviest[address] = len(gzip.compress(page.data, 5))
    for address, size in heaviest.items():
        lesson = address.count("/") == 4 and not address.endswith(("quiz", "check", "result"))
        assert size <= (8 if lesson else 14) * 1024, f"{address}: {size}"
