"""What happens at the edges: two people at once, the way back, long, hostile, one language only."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.curriculum import service as content
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionState
from tests.curriculum.corrections.conftest import LESSON, publish
from tests.curriculum.corrections.pages import fill, form_of, press
from tests.learning.conftest import NOW
from tests.people import person

WRITE = f"/admin/content/{LESSON}/correct"
PUBLISH = "/admin/releases/new"


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def other(session, cohort):
    return person(session, "trainer.sn", cohort=cohort)


def kept(session):
    session.expire_all()
    return list(session.scalars(select(Correction).order_by(Correction.id)).unique())


def written(desk, code, words, url=WRITE):
    """The lesson with these words in it, saved."""
    body = form_of(desk.get(url))[f"body-{code}"][0]
    return fill(desk, url, {f"body-{code}": re.sub("Some .*|Mots .*", words, body)})


def test_two_people_correct_the_same_lesson(session, browse, trainer, other, admin):
    first, second, office = browse(trainer), browse(other), browse(admin)
    for desk, words in ((first, "Mots un."), (second, "Mots deux.")):
        saved = written(desk, "fr", words)
        press(desk, kept(session)[-1], "propose")
        assert press(office, kept(session)[-1], "decide", go="accept").status_code == 303
    one, two = kept(session)

    both = form_of(office.get(PUBLISH)) | {"note": ["Both"]}
    assert both["correction"] == [f"{one.id}~{one.revision}"], "one of the two is ticked"
    both["correction"].append(f"{two.id}~{two.revision}")
    refused = office.post(f"{PUBLISH}?lang=en", data=both)
    assert refused.status_code == 422
    assert "Two of the corrections chosen are about the same thing" in refused.text
    assert fill(office, PUBLISH, {"note": "One"}).status_code == 303

    # the second is not lost: its author sees both, and saves
    left = office.get(f"{PUBLISH}?lang=en").text
    assert "Changed in the meantime" in left
    assert "disabled" in re.search(rf'<input[^>]*id="c-{two.id}"[^>]*>', left).group()
    with clock.frozen(NOW + timedelta(hours=1)):
        _one, two = kept(session)
        assert press(second, two, "rework").status_code == 303
        page = second.get(f"{saved.location}/edit?lang=en")
        assert "Mots un." in page.text
        assert "Changed by others" in page.text
        assert "Mots deux." in form_of(page)["body-fr"][0]
        assert fill(second, f"{saved.location}/edit").status_code == 303
        assert press(second, kept(session)[1], "propose").status_code == 303
        assert press(office, kept(session)[1], "decide", go="accept").status_code == 303
        assert fill(office, PUBLISH, {"note": "Two"}).status_code == 303
    html = content.current_release(session).content.lessons[LESSON].html["fr"]
    assert "Mots deux." in html
    assert "Mots un." not in html


def test_the_way_back_to_a_form_that_was_saved(session, browse, trainer):
    """Back, other words, save: the draft says what was typed last."""
    desk = browse(trainer)
    opened = form_of(desk.get(WRITE))
    for words in ("Un", "Deux"):
        assert desk.post(WRITE, data={**opened, "title-fr": [words]}).status_code == 303
    (draft,) = kept(session)
    assert draft.content["title"]["fr"] == "Deux"

    press(desk, draft, "propose")
    late = desk.post(f"{WRITE}?lang=en", data={**opened, "title-fr": ["Trois"]})
    assert late.status_code == 409
    assert "You have handed this correction in already" in late.text
    again = form_of(late)
    assert again["title-fr"] == ["Trois"]
    assert desk.post(WRITE, data=again).status_code == 303
    assert [one.content["title"]["fr"] for one in kept(session)] == ["Deux", "Trois"]


def test_the_way_back_after_publishing(session, browse, trainer, admin):
    desk, office = browse(trainer), browse(admin)
    saved = written(desk, "fr", "Mots.")
    edit = f"{saved.location}/edit"
    opened = form_of(desk.get(edit))
    press(desk, kept(session)[0], "propose")
    press(office, kept(session)[0], "decide", go="accept")
    form = form_of(office.get(PUBLISH)) | {"note": ["Once"]}
    assert office.post(PUBLISH, data=form).status_code == 303
    now = content.current_id(session)
    twice = office.post(f"{PUBLISH}?lang=en", data=form)
    assert twice.status_code == 409
    assert "Somebody else changed this in the meantime" in twice.text
    assert content.current_id(session) == now
    assert desk.get(edit).status_code == 409
    late = desk.post(f"{edit}?lang=en", data={**opened, "title-fr": ["Plus tard"]})
    assert late.status_code == 409
    assert "the present state is “In a release”" in late.text
    assert form_of(late)["title-fr"] == ["Plus tard"], "what was typed is still there"
    assert press(desk, kept(session)[0], "propose").status_code == 409
    assert kept(session)[0].state is CorrectionState.PUBLISHED


def test_texts_as_long_as_they_may_be(session, browse, trainer):
    desk = browse(trainer)
    long = {"fr": "é " * 29_000, "en": "x " * 29_000, "ar": "ع " * 29_000}
    saved = fill(desk, WRITE, {f"body-{code}": text for code, text in long.items()})
    assert saved.status_code == 303
    assert desk.get(saved.location).status_code == 200
    assert desk.get(saved.location.partition("/edit")[0]).status_code == 200
    (draft,) = kept(session)
    assert {code: len(text) for code, text in draft.content["body"].items()} == {
        code: len(text.strip()) for code, text in long.items()
    }
    huge = fill(desk, WRITE, {"body-ar": "ع" * 400_000})
    assert huge.status_code in {413, 422}


HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror="alert(1)"> [a](javascript:alert(1)) '
    "![b](data:text/html,x) </textarea><svg onload=alert(1)> {{ 7*7 }} +++ \u202egnp"
)


def test_hostile_markdown_is_kept_as_typed_and_does_nothing(session, browse, trainer):
    desk = browse(trainer)
    words = HOSTILE.replace("\u202e", "")
    saved = written(desk, "fr", words)
    assert saved.location.endswith("/edit?check=1")
    (draft,) = kept(session)
    assert words in draft.content["body"]["fr"]
    for url in (saved.location, saved.location.partition("/edit")[0] + "?in=fr"):
        page = desk.get(url)
        assert page.status_code == 200
        assert "{{ 7*7 }}" in page.text
        for piece in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript'):
            assert piece not in page.text, (url, piece)
    assert press(desk, draft, "propose").location.endswith("/edit?check=1")
    assert fill(desk, WRITE, {"body-fr": HOSTILE}).status_code == 422, "a sign that turns the text"


def test_a_change_in_arabic_alone(session, browse, trainer, admin, release):
    desk, office = browse(trainer), browse(admin)
    saved = written(desk, "ar", "كلمات **جديدة** عن المدرب.")
    page = desk.get(f"{saved.location}?in=ar").text
    changed = re.findall(r'class="difference" lang="(\w+)" dir="(\w+)"', page)
    assert changed == [("ar", "rtl")]
    press(desk, kept(session)[0], "propose")
    press(office, kept(session)[0], "decide", go="accept")
    publish(session, admin.actor, *kept(session))
    before = content.files_of(session, release.id)
    after = content.files_of(session, content.current_id(session))
    assert [name for name in after if after[name] != before[name]] == [f"modules/{LESSON}.ar.md"]
