"""Banks through the pages: out with a report, in as a draft, hostile files refused in words."""

import gzip
from io import BytesIO

import pytest
from sqlalchemy import func, select

from lms.core import clock
from lms.curriculum import service as content
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionState
from lms.curriculum.exchange import files, gift, moodle, taking
from tests.curriculum.corrections.conftest import LESSON, publish
from tests.curriculum.corrections.pages import fill, form_of, press
from tests.learning.conftest import NOW
from tests.people import person, queries

IN = f"/admin/content/{LESSON}/bank"
OUT = "/admin/content/c6-method/bank"
ONE = "::a::Who decides? {=The group #They live there. ~The coach #No.}\n"
TEXTS = {
    "fr": "::a::Qui décide ? {=Le groupe #Il y vit. ~Le coach #Non.}\n",
    "en": ONE,
    "ar": "::a::من يقرر؟ {=المجموعة #تعيش هناك. ~المدرب #لا.}\n",
}


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


def send(client, sent, url=IN, **more):
    """Fill in the form with these files, by language."""
    data = {
        f"file-{language}": (BytesIO(text if isinstance(text, bytes) else text.encode()), "b.txt")
        for language, text in sent.items()
    }
    fields = {name: values[0] for name, values in form_of(client.get(url)).items()}
    return client.post(url, data={**fields, **more, **data})


def kept(session):
    session.expire_all()
    return list(session.scalars(select(Correction).order_by(Correction.id)).unique())


# Out -------------------------------------------------------------------------------------------


def test_out_says_what_stays_behind_then_gives_the_file(browse, trainer, release):
    desk = browse(trainer)
    assert OUT in desk.get("/admin/content").text
    for name, reader in (("moodle", moodle), ("gift", gift)):
        page = desk.get(f"{OUT}?format={name}&in=ar&lang=en")
        assert page.status_code == 200
        got = desk.get(f"{OUT}/download?format={name}&in=ar")
        assert got.headers["Content-Disposition"].startswith("attachment; filename=")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in got.headers["Cache-Control"]
        bank = reader.read(got.data, "ar")
        ours = [q for q in release.content.questions.values() if q.lesson.startswith("c6-method/")]
        assert bank.items
        assert len(bank.items) <= len(ours)
    assert desk.get(f"{OUT}?format=nothing&in=xx&lesson=none").status_code == 200
    assert desk.get("/admin/content/none/bank").status_code == 404


def test_only_those_who_see_right_answers(session, browse, cohort):
    trainee = browse(person(session, "trainee", cohort=cohort))
    for url in (OUT, f"{OUT}/download", IN):
        assert trainee.get(url).status_code in {403, 404}


# In --------------------------------------------------------------------------------------------


def test_three_languages_become_one_proposal_then_a_release(session, browse, trainer, admin):
    desk, office = browse(trainer), browse(admin)
    sent = send(desk, TEXTS, why="Ours, CC BY")
    assert sent.status_code == 303
    page = desk.get(f"{sent.location}?lang=en")
    assert "Nothing is missing" in page.text
    assert "Who decides?" in desk.get(f"{sent.location}?in=en").text
    (draft,) = kept(session)
    assert draft.state is CorrectionState.DRAFT
    (row,) = draft.content["questions"]
    assert row["feedback"] == {"fr": "Il y vit.", "en": "They live there.", "ar": "تعيش هناك."}
    assert press(desk, draft, "propose").status_code == 303
    (made,) = kept(session)
    assert made.state is CorrectionState.PROPOSED
    assert "Ours, CC BY" in office.get(sent.location).text
    assert press(office, made, "decide", go="accept").status_code == 303
    publish(session, admin.actor, *kept(session))
    new = content.current_release(session).content
    (added,) = [q for q in new.questions.values() if q.text["en"] == "Who decides?"]
    assert added.id == row["id"]
    assert added.lesson == LESSON


def test_one_language_is_completed_in_the_browser(session, browse, trainer):
    desk = browse(trainer)
    sent = send(desk, {"fr": TEXTS["fr"] + "\n::b::Et puis ? {=Rien ~Tout}\n"})
    page = desk.get(f"{sent.location}?lang=en").text
    assert "2 questions lack something" in page
    assert "Propose these questions" not in page
    assert desk.get(f"{sent.location}/edit").location.endswith("check=1")
    first = f"{sent.location}/questions/1"
    assert "Nothing is written here." in desk.get(f"{first}?lang=en").text
    words = {"text": "T", "feedback": "F", "answers-0": "A", "answers-1": "B"}
    words |= {"answers-1-feedback": "N"}
    typed = {f"{n}-{tongue}": w for n, w in words.items() for tongue in ("en", "ar")}
    saved = fill(desk, first, typed)
    assert saved.location.endswith("/questions/2")
    (draft,) = kept(session)
    assert draft.content["questions"][0]["text"]["en"] == "T"
    again = fill(desk, saved.location, {"go": "out", "version": "1"})
    assert again.status_code == 409
    left = fill(desk, saved.location, {"go": "out"})
    assert left.location == sent.location
    page = desk.get(f"{sent.location}?lang=en").text
    assert "Propose these questions" in page
    toml = desk.get(f"{sent.location}/questions.toml")
    assert 'en = "T"' in toml.text
    assert toml.headers["Content-Disposition"].startswith("attachment")
    assert desk.get(f"{sent.location}/questions/9").location == sent.location
    press(desk, kept(session)[0], "withdraw")
    (gone,) = kept(session)
    assert gone.content == {"questions": []}
    assert desk.get(sent.location).status_code == 200


def test_several_languages_in_one_file(session, browse, trainer):
    texts = {code: text.split("::")[2] for code, text in TEXTS.items()}
    both = "".join(f"{{mlang {c}}}{t.split(' {')[0]}{{mlang}}" for c, t in texts.items())
    bank = both.replace("{", r"\{").replace("}", r"\}") + " {=1 #y ~2 #n}"
    send(browse(trainer), {"fr": bank})
    (draft,) = kept(session)
    assert draft.content["languages"] == ["fr", "en", "ar"]
    assert draft.content["questions"][0]["text"]["ar"] == "من يقرر؟"


def test_files_that_differ_and_files_that_are_long(session, browse, trainer):
    desk = browse(trainer)
    sent = send(desk, {**TEXTS, "en": "a {=x ~y ~z}"})
    assert "do not hold the same questions" in desk.get(f"{sent.location}?lang=en").text
    many = "\n\n".join(f"q{n} {{=x ~y}}" for n in range(taking.MOST + 5))
    sent = send(desk, {"fr": many}, first="3")
    assert "55 questions of the file can be taken" in desk.get(f"{sent.location}?lang=en").text
    page = desk.get(sent.location)
    assert len(gzip.compress(page.data)) < 14 * 1024
    assert send(desk, {"fr": many}, first="99").status_code == 422


def test_sent_twice_is_one_proposal(session, browse, trainer):
    desk = browse(trainer)
    key = form_of(desk.get(IN))["record_id"][0]
    for _ in range(2):
        assert send(desk, TEXTS, record_id=key).status_code == 303
    assert session.scalar(select(func.count()).select_from(Correction)) == 1


def test_two_banks_of_one_lesson_stand_side_by_side(session, browse, trainer, admin):
    desk, office = browse(trainer), browse(admin)
    before = len(content.current_release(session).content.questions)
    for number in range(2):
        send(desk, TEXTS)
        press(desk, kept(session)[number], "propose")
        press(office, kept(session)[number], "decide", go="accept")
    done = fill(office, "/admin/releases/new", {"note": "Banks"})
    assert done.status_code == 303, done.text
    session.expire_all()
    assert len(content.current_release(session).content.questions) == before + 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<?xml version="1.0"?>\n<!DOCTYPE quiz [<!ENTITY a "b">]><quiz/>', "Line 2: It holds a"),
        (b"<quiz>\n<question", "Line 2: Its XML breaks off"),
        (b"<html></html>", "Line 1: It is neither"),
        (b"PK\x03\x04 and so on", "It is packed"),
        (gzip.compress(b"<quiz/>", mtime=0), "It is packed"),
        (b"a\n\0{=b}", "Line 2: It holds a character"),
        ("\nÉté ? {=a ~b}".encode("latin-1"), "Line 2: Its letters"),
        (b'<?xml version="1.0" encoding="x-none"?><quiz/>', "This file cannot be taken"),
        ("<quiz/>".encode("utf-16"), "Line 1: Its letters"),
        (b"a{}\n\n" * 2001, "more than 2,000"),
        (b"Only words.", "Not one question"),
        (b"// Nothing.", "holds no question"),
        (b"", "Choose at least one file"),
    ],
)
def test_what_is_no_bank_is_refused_in_words(session, browse, trainer, data, said):
    desk = browse(trainer)
    refused = send(desk, {"en": data}, url=f"{IN}?lang=en", why="From a friend")
    assert refused.status_code == 422
    assert said in refused.text
    assert "From a friend" in refused.text
    assert kept(session) == []


def test_a_file_that_is_too_large(session, browse, trainer, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    assert send(browse(trainer), {"fr": TEXTS["fr"] + " " * 800}).status_code == 303
    refused = send(browse(trainer), {"fr": "x" * 1001}, url=f"{IN}?lang=en")
    assert "larger than 8 MB" in refused.text
    assert len(kept(session)) == 1


def test_a_place_that_is_none_is_refused(session, browse, trainer):
    desk = browse(trainer)
    for more in ({"outcome": "x"}, {"competency": "x"}, {"first": "-1"}, {"first": ""}):
        assert send(desk, TEXTS, **more).status_code == 422
    assert kept(session) == []
    assert desk.get("/admin/content/c6-method/none/bank").status_code == 404


def test_as_many_queries_for_many_questions(browse, trainer):
    desk = browse(trainer)
    counts = set()
    for number in (2, 40):
        bank = "\n\n".join(f"q{n} {{=x ~y}}" for n in range(number))
        url = send(desk, {"fr": bank}).location
        desk.get(url)
        with queries() as seen:
            desk.get(url)
        counts.add(len(seen))
    assert len(counts) == 1
