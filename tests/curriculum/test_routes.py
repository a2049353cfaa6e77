"""Public pages of a programme and a rubric; the list of releases."""

import gzip
from datetime import timedelta

import pytest
from sqlalchemy import event

from lms.core.db import db
from tests.factories import curriculum
from tests.learning.conftest import NOW
from tests.people import person

LANGUAGES = ["fr", "en", "ar"]


@pytest.fixture
def ours(session):
    return curriculum.release(session, curriculum.ours(), NOW)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ["coach", "facilitator"])
def test_what_a_certificate_takes(client, ours, slug, language):
    page = client.get(f"/programmes/{slug}?lang={language}")
    assert page.status_code == 200
    programme = ours.programme(slug)
    for requirement in programme.requirements:
        assert requirement.title[language].split("’")[0] in page.text
    for place in programme.modules:
        assert place.code in page.text
    preparing = {"fr": "En préparation", "en": "In preparation", "ar": "قيد الإعداد"}[language]
    assert page.text.count(preparing) >= sum(place.planned for place in programme.modules)
    proposed = {"fr": "(proposé)", "en": "(proposed)", "ar": "(مقترح)"}[language]
    counted = [r for r in programme.requirements if r.kind.value != "modules"]
    assert page.text.count(proposed) >= len(counted)
    assert len(gzip.compress(page.data, 5)) <= 14 * 1024


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rubric(client, ours, language):
    page = client.get(f"/rubrics/territorial-coaching?lang={language}")
    rubric = ours.rubric("territorial-coaching")
    for criterion in rubric.criteria:
        assert criterion.title[language] in page.text
    assert sum(len(c.indicators) for c in rubric.criteria if c.id != "ethics") == 15
    assert len(gzip.compress(page.data, 5)) <= 14 * 1024


def test_a_public_page_takes_one_query(client, ours):
    statements = []

    def note(_connection, _cursor, statement, *_):
        if not statement.lstrip().upper().startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    client.get("/programmes/coach")
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.get("/programmes/coach")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(statements) == 1


def test_what_is_not_there(client, session):
    assert client.get("/programmes/coach").status_code == 404
    curriculum.release(session)
    assert client.get("/programmes/none").status_code == 404
    assert client.get("/rubrics/none").status_code == 404


def test_who_sees_the_releases(client, session, browse, ours):
    assert client.get("/admin/releases").status_code == 302
    page = browse(person(session, "programme")).get("/admin/releases?lang=en")
    assert ours.id[:12] in page.text
    assert browse(person(session, "trainee")).get("/admin/releases").status_code in {403, 404}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_release_changes(session, browse, ours, language):
    sample = curriculum.release(session, published_at=NOW - timedelta(days=30))
    admin = browse(person(session, "programme"))
    for query in ("", f"&since={sample.id}", "&since=nonsense&programme=coach"):
        page = admin.get(f"/admin/releases/{ours.id}?lang={language}{query}")
        assert page.status_code == 200
        assert ours.module("c7-competencies").title[language] in page.text
    first = admin.get(f"/admin/releases/{sample.id}?lang=en")
    assert "Nothing differs" in first.text
    assert admin.get("/admin/releases/nonsense").status_code == 404
