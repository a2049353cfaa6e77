"""Pages of the course content and its corrections: who sees what, and nothing typed is lost."""

import gzip
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.curriculum import service as content
from lms.curriculum.corrections import service
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionState
from tests.curriculum.corrections.conftest import LESSON, QUESTION, lesson_with, propose, publish
from tests.curriculum.corrections.pages import fill, form_of, press
from tests.factories import curriculum
from tests.learning.conftest import NOW
from tests.people import person, queries

LANGUAGES = ["fr", "en", "ar"]
WRITE = f"/admin/content/{LESSON}/correct"
ASK = f"/admin/content/questions/{QUESTION}/correct"


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


def only(session):
    session.expire_all()
    (found,) = session.scalars(select(Correction)).unique()
    return found


def test_a_lesson_is_written_and_looked_at(session, browse, trainer, admin):
    desk = browse(trainer)
    body = form_of(desk.get(WRITE))["body-fr"][0].replace("words", "mots")
    saved = fill(desk, WRITE, {"body-fr": body, "why": "Plus clair"})
    assert saved.status_code == 303
    page = desk.get(f"{saved.location}?lang=en")
    assert "<del>**words**.\n</del><ins>**mots**.\n</ins>" in page.text
    assert "<strong>mots</strong>" in desk.get(f"{saved.location}?in=fr").text
    made = only(session)
    assert desk.get("/admin/corrections?shelf=mine").text.count(str(made.id)) == 1
    office = browse(admin)
    assert office.get(saved.location).status_code == 404  # a draft is nobody else's


def test_proposed_decided_published(session, browse, trainer, admin, release):
    desk, office = browse(trainer), browse(admin)
    body = form_of(desk.get(WRITE))["body-fr"][0].replace("words", "mots")
    fill(desk, WRITE, {"body-fr": body})
    assert press(desk, only(session), "propose").status_code == 303
    made = only(session)
    assert made.state is CorrectionState.PROPOSED
    assert str(made.id) in office.get("/admin/corrections").text
    refused = press(office, made, "decide", go="decline")
    assert refused.status_code == 422
    assert press(desk, made, "decide", go="accept").status_code == 403
    assert press(office, made, "decide", go="accept", reason="Merci").status_code == 303
    assert press(office, made, "decide", go="accept").status_code == 409
    done = fill(office, "/admin/releases/new", {"note": "Des mots"})
    assert done.status_code == 303
    assert "mots" in office.get(f"{done.location}?lang=fr").text
    new = content.current_release(session)
    assert new.id != release.id
    assert "mots" in new.content.lessons[LESSON].html["fr"]
    assert only(session).state is CorrectionState.PUBLISHED


def test_a_question_and_its_answers(session, browse, trainer):
    desk = browse(trainer)
    fields = form_of(desk.get(ASK))
    assert fields["text-fr"] == ["Question c6-q01 fr"]
    saved = fill(
        desk,
        ASK,
        {
            "text-ar": 'سؤال "آخر"\r\n# ليس تعليقا',
            "answers-1-feedback-fr": "f",
            "answers-1-feedback-en": "e",
            "answers-1-feedback-ar": "a",
            "answers-2-remove": "y",
            "answers-3-fr": "Neuve",
            "answers-3-en": "New",
            "answers-3-ar": "جديد",
        },
    )
    assert saved.status_code == 303
    assert "edit" not in saved.location, "the check finds nothing"
    values = only(session).content
    assert values["text"]["ar"] == 'سؤال "آخر"\n# ليس تعليقا'
    assert [row["id"] for row in values["answers"]] == ["a", "b", "d"]
    assert values["answers"][1]["feedback"] == {"fr": "f", "en": "e", "ar": "a"}
    assert "feedback" not in values["answers"][0]
    again = form_of(desk.get(f"{saved.location}/edit"))
    assert again["answers-2-en"] == ["New"]
    assert fill(desk, f"{saved.location}/edit").status_code == 303
    assert only(session).content == values


@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_stand_beside_their_fields(session, browse, trainer, language):
    desk = browse(trainer)
    bad = {
        "title-en": "",
        "body-fr": "## A\r\n\r\n<b>x</b>\r\n\r\n![](media:x.svg)\r\n\r\n[y](javascript:1)",
        "body-ar": "# One\r\n\r\n[a](lesson:c6-method/09-none)",
        "minutes": "999",
    }
    saved = fill(desk, WRITE, bad)
    assert saved.location.endswith("/edit?check=1"), "kept, and shown what is wrong"
    page = desk.get(f"{saved.location}&lang={language}")
    assert page.status_code == 200
    for name in ("title-en", "body-fr", "body-ar", "minutes"):
        assert f'id="{name}-error"' in page.text, name
    rest = re.sub(r"<textarea.*?</textarea>", "", page.text, flags=re.DOTALL)
    if language != "en":
        for english in ("raw HTML", "Write it", "must be", "Mend"):
            assert english not in rest
    assert form_of(page)["body-ar"] == [bad["body-ar"]]
    made = only(session)
    assert press(desk, made, "propose").status_code == 303
    assert only(session).state is CorrectionState.DRAFT


def test_faults_of_a_question(session, browse, trainer):
    desk = browse(trainer)
    saved = fill(
        desk,
        ASK,
        {"text-ar": "", "answers-1-correct": "y", "answers-2-en": "Answer b en", "feedback-fr": ""},
    )
    page = desk.get(f"{saved.location}&lang=en")
    for name in ("text-ar", "answers-2-en", "feedback-fr"):
        assert f'id="{name}-error"' in page.text, name
    assert "Exactly one answer must be right" in page.text


def test_nothing_typed_is_lost(session, browse, trainer, admin):
    desk = browse(trainer)
    too_long = "x" * 70_000
    refused = fill(desk, WRITE, {"body-en": too_long, "title-fr": "Gardé", "minutes": "many"})
    assert refused.status_code == 422
    kept = form_of(refused)
    assert (kept["body-en"], kept["title-fr"], kept["minutes"]) == ([too_long], ["Gardé"], ["many"])
    hidden = fill(desk, WRITE, {"title-fr": "a\x00b\x07", "body-fr": "a\u202eb"})
    assert hidden.status_code == 422
    assert session.scalar(select(Correction)) is None
    fill(desk, WRITE, {"why": "One"})
    made = only(session)
    stale = fill(desk, f"/admin/corrections/{made.id}/edit", {"why": "Two", "version": "99"})
    assert stale.status_code == 409
    assert form_of(stale)["why"] == ["Two"]
    assert form_of(stale)["version"] == ["1"], "seen now: saving once more is meant"


def test_sent_twice_makes_one(session, browse, trainer):
    desk = browse(trainer)
    fields = form_of(desk.get(WRITE))
    for _ in range(2):
        assert desk.post(WRITE, data=fields).status_code == 303
    only(session)


def test_while_somebody_else_publishes(session, browse, trainer, admin):
    """The form was opened before a release that changes the same lesson, and one that does not."""
    desk = browse(trainer)
    fill(desk, WRITE, {"title-fr": "Mien"})
    made = only(session)
    edit = f"/admin/corrections/{made.id}/edit"
    opened = form_of(desk.get(edit))
    other = propose(session, admin.actor, content=lesson_with(service.base(session), "Autre."))
    service.accept(session, admin.actor, other, other.revision, "", NOW)
    publish(session, admin.actor, other, now=NOW + timedelta(hours=1))
    opened["why"] = ["Kept"]
    refused = desk.post(f"{edit}?lang=en", data=opened)
    assert refused.status_code == 409
    assert "Autre" in refused.text
    assert "Changed by others" in refused.text
    fields = form_of(refused)
    assert (fields["title-fr"], fields["why"]) == (["Mien"], ["Kept"])
    assert desk.post(edit, data=fields).status_code == 303
    session.expire_all()
    assert press(desk, made, "propose").status_code == 303
    assert made.state is CorrectionState.PROPOSED


def test_publishing_a_page_that_is_out_of_date(session, browse, trainer, admin):
    office = browse(admin)
    assert "lms content" not in office.get("/admin/releases/new?lang=en").text
    made = propose(session, trainer.actor)
    service.accept(session, admin.actor, made, made.revision, "", NOW)
    session.commit()
    fields = form_of(office.get("/admin/releases/new"))
    assert office.post("/admin/releases/new", data=fields).status_code == 422  # no note
    fields["note"] = ["x"]
    none = {k: v for k, v in fields.items() if k != "correction"}
    assert office.post("/admin/releases/new", data=none).status_code == 422
    odd = {**fields, "correction": ["zz", "1~2", f"{made.id}~99"]}
    assert office.post("/admin/releases/new", data=odd).status_code == 409
    old = {**fields, "release": ["0" * 64]}
    assert office.post("/admin/releases/new", data=old).status_code == 409
    session.expire_all()
    assert made.state is CorrectionState.ACCEPTED


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_our_own_content(session, browse, language, cohort):
    curriculum.release(session, curriculum.ours(), NOW)
    desk = browse(person(session, "trainer", cohort=cohort))
    lesson = "c2-defining-territorial-coaching/01-definitions-and-metaphors"
    urls = [
        "/admin/content",
        "/admin/content?q=hommes",
        f"/admin/content/{lesson}",
        "/admin/corrections",
    ]
    urls += [f"/admin/content/{lesson}/correct", "/admin/content/questions/c1-q01/correct"]
    urls += [f"/admin/content/{lesson}/handout"]
    for url in urls:
        page = desk.get(url + ("&" if "?" in url else "?") + f"lang={language}&in=ar")
        assert page.status_code == 200, url
        assert b'href="../' not in page.data, "other lessons are reached from a correction too"
        assert len(gzip.compress(page.data, 5)) <= 14 * 1024, (
            url,
            len(gzip.compress(page.data, 5)),
        )
    assert desk.get("/admin/content/none/none").status_code == 404
    assert desk.get("/admin/content/questions/none/correct").status_code == 404
    trainee = browse(person(session, "trainee"))
    assert trainee.get("/admin/content").status_code in {403, 404}


def test_lists_take_the_same_number_of_queries(session, browse, trainer, admin):
    office = browse(admin)
    made = [propose(session, trainer.actor)]
    counts = []
    for _ in range(2):
        for url in ("/admin/corrections", "/admin/content", f"/admin/corrections/{made[0].id}"):
            office.get(url)
            with queries() as seen:
                office.get(url)
            counts.append(len(seen))
        made += [propose(session, trainer.actor) for _ in range(5)]
    assert counts[:3] == counts[3:]
