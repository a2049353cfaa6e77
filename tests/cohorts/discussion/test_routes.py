"""Pages of the charter and of discussions: who gets where, what is kept, how often they ask."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from uuid_utils.compat import uuid7

from lms.cohorts.discussion import switch
from lms.cohorts.discussion.rules import PostState
from lms.cohorts.models import DiscussionPost, DiscussionThread, PostReport, ThreadMark
from tests.factories.cohorts import NOW
from tests.pages import counted, post

HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://evil.example/p.png)\n\n"
    "<img src=x onerror=alert(1)> <https://example.org>\n\n[a]: javascript:alert(1)\n[a]"
)


@pytest.fixture
def room(cohort):
    return f"/cohorts/{cohort.id}/discussion"


def test_charter_first(session, browse, cohort, salma, room):
    phone, page = browse(salma), f"/cohorts/{cohort.id}/charter"
    assert phone.get(room).headers["Location"].endswith(page)
    assert phone.get(f"{room}/new").status_code == 404
    assert "Ce qui se dit ici reste ici" in phone.get(page).text
    refused = post(phone, page, page, name="Salma Amrani")
    assert refused.status_code == 422
    assert 'value="Salma Amrani"' in refused.text
    assert post(phone, page, page, name="Salma Amrani", agreed="y").status_code == 303
    assert "Salma Amrani" in phone.get(page).text
    assert phone.get(room).status_code == 200
    assert post(phone, f"{page}/take-back", page).status_code == 303
    assert phone.get(room).status_code == 302


def test_who_has_signed_is_for_team_and_office(browse, cohort, trainer, admin, salma, signed):
    page = f"/cohorts/{cohort.id}/charter"
    for who, sees in ((trainer, True), (admin, True), (salma, False)):
        assert ('id="signers"' in browse(who).get(page).text) is sees


def test_a_discussion_from_the_first_word_on(session, browse, salma, yassine, signed, room):
    phone, other = browse(salma), browse(yassine)
    bad = post(phone, f"{room}/new", f"{room}/new", title="", text="Mes mots")
    assert bad.status_code == 422
    assert "Mes mots" in bad.text
    begun = post(phone, f"{room}/new", f"{room}/new", title="Un élu", text="Que **faire** ?")
    place = begun.headers["Location"]
    page = other.get(place)
    assert "<strong>faire</strong>" in page.text
    assert "<title>Un élu ·" in page.text
    assert "data-seen" in page.text
    assert "data-seen" not in phone.get(place).text, "whoever writes has read"
    key = "01900000-0000-7000-8000-00000000000b"
    for _ in range(2):
        said = post(other, place, place, record_id=key, text="Voici")
        assert said.headers["Location"].endswith(f"#p-{key}")
    assert post(other, place, place, text="").status_code == 422
    assert len(session.scalars(select(DiscussionPost)).unique().all()) == 2
    assert post(other, f"{place}/seen", place).status_code == 303
    form = f"/cohorts/posts/{key}/edit"
    assert post(other, form, form, text="Voici mieux").status_code == 303
    assert post(other, form, form, text="x", version="1").status_code == 409
    assert "modifié le" in phone.get(place).text
    assert phone.get(form).status_code == 403
    assert post(other, f"/cohorts/posts/{key}/delete", place).status_code == 303
    assert "Supprimé par son auteur" in phone.get(place).text


def test_what_is_hostile_stays_text(browse, salma, yassine, thread):
    place = f"/cohorts/discussion/{thread.id}"
    post(browse(yassine), place, place, text=HOSTILE)
    page = browse(salma).get(place).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert 'rel="nofollow ugc noopener noreferrer"' in page


def test_a_hidden_post_is_for_moderators_alone(browse, trainer, salma, yassine, thread, say):
    made, place = say(yassine, "zz-secret-zz"), f"/cohorts/discussion/{thread.id}"
    desk = browse(trainer)
    form = f"/cohorts/posts/{made.id}/hide"
    assert post(desk, form, form, reason="").status_code == 422
    assert post(desk, form, form, reason="On la reconnaît.").status_code == 303
    assert "zz-secret-zz" in desk.get(place).text
    for who, reads_reason in ((salma, False), (yassine, True)):
        phone = browse(who)
        page = phone.get(place).text
        assert "zz-secret-zz" not in page
        assert ("On la reconnaît." in page) is reads_reason
        for address in (f"/cohorts/posts/{made.id}/edit", f"/cohorts/posts/{made.id}/report"):
            assert "zz-secret-zz" not in phone.get(address).text
    assert post(desk, f"/cohorts/posts/{made.id}/show", place).status_code == 303
    assert "zz-secret-zz" in browse(salma).get(place).text


def test_reported_and_settled(session, browse, trainer, admin, salma, yassine, thread, say):
    made, place = say(yassine), f"/cohorts/discussion/{thread.id}"
    phone, desk = browse(salma), browse(trainer)
    form = f"/cohorts/posts/{made.id}/report"
    assert post(phone, form, form, reason="Blessant", to_office="y").status_code == 303
    report = session.scalars(select(PostReport)).unique().one()
    for who in (desk, browse(admin)):
        assert f"/cohorts/reports/{report.id}" in who.get("/cohorts/reports").text
    one = f"/cohorts/reports/{report.id}"
    assert browse(salma).get(one).status_code == 404
    assert post(desk, one, one, outcome="hide", reason="").status_code == 422
    assert post(desk, one, one, outcome="dance").status_code == 422
    assert post(desk, one, one, outcome="hide", reason="Blessant.").status_code == 303
    session.expire_all()
    assert made.state is PostState.HIDDEN
    assert browse(admin).get(place).status_code == 404
    assert one in desk.get("/cohorts/reports", query_string={"settled": 1}).text


def test_messages_stop_with_one_press_and_without_signing_in(session, app, client, salma, thread):
    secret = app.config["SETTINGS"].secret_key
    place = f"/discussion-mail/{switch.token_of(secret, salma.id, thread.id)}"
    shown = client.get(place)
    assert shown.status_code == 200
    assert thread.title not in shown.text
    mark = session.get(ThreadMark, {"thread_id": thread.id, "person_id": salma.id})
    assert mark.mails
    assert post(client, place, place, what="one").status_code == 200
    session.expire_all()
    assert not mark.mails
    assert client.get("/discussion-mail/nonsense").status_code == 404


def test_the_switches_on_the_pages(session, browse, salma, thread, room):
    phone, place = browse(salma), f"/cohorts/discussion/{thread.id}"
    for page, address in ((place, f"{place}/mail"), (room, f"{room}/mail")):
        assert f"{address}/off" in phone.get(page).text
        assert post(phone, f"{address}/off", page).status_code == 303
        assert post(phone, f"{address}/on", page).status_code == 303


def test_too_fast_is_said_and_nothing_is_lost(browse, yassine, thread, say):
    for _ in range(8):
        say(yassine)
    place = f"/cohorts/discussion/{thread.id}"
    answer = post(browse(yassine), place, place, text="Encore un mot")
    assert answer.status_code == 422
    assert "Encore un mot" in answer.text
    assert "5 min" in answer.text


def fill(session, cohort, author, threads, posts):
    """Many discussions, and many posts in the first of them."""
    keys = [uuid7() for _ in range(threads)]
    session.execute(
        insert(DiscussionThread),
        [
            {
                "id": key, "cohort_id": cohort.id, "author_id": author.id, "title": f"sujet {n}",
                "title_hidden": False, "replies": posts, "created_at": NOW,
                "last_post_at": NOW + timedelta(seconds=n),
            }
            for n, key in enumerate(keys)
        ],
    )  # fmt: skip
    session.execute(
        insert(DiscussionPost),
        [
            {
                "id": uuid7(), "thread_id": keys[0], "author_id": author.id, "opening": n == 0,
                "text": f"mots {n}", "state": PostState.VISIBLE, "hidden_reason": "", "version": 1,
                "search_text": f"mots {n}", "created_at": NOW + timedelta(seconds=n),
            }
            for n in range(posts)
        ],
    )  # fmt: skip
    session.commit()
    return keys[0]


def test_ten_thousand_posts_ask_no_more_often(
    session, browse, cohort, salma, yassine, signed, room
):
    phone = browse(salma)
    numbers = []
    for threads, posts in ((3, 3), (60, 10_000)):
        key = fill(session, cohort, yassine, threads, posts)
        place = f"/cohorts/discussion/{key}"
        asked = []
        for address in (room, f"{room}?q=mots+2", place, f"{place}/newest"):
            with counted() as statements:
                page = phone.get(address)
            assert page.status_code in {200, 302}
            asked.append(len(statements))
        numbers.append(asked)
    assert numbers[0] == numbers[1]
    assert max(numbers[0]) <= 8, numbers
    last = phone.get(phone.get(f"{place}/newest").headers["Location"])
    assert "mots 9999" in last.text
    assert "mots 9974" not in last.text
    assert 'rel="prev"' in last.text
