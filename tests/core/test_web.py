"""What every page gets: headers, static files kept for ever, errors that say what to do."""

import re

import pytest
from flask import request
from sqlalchemy import Engine, event

from lms.core import web
from lms.core.db import db
from lms.policy.actor import Actor
from tests.core import toy as toys
from tests.core.toy import HOME, HTML, JSON, Client


@pytest.fixture(scope="module")
def app(sqlite_server, make_app):
    url = sqlite_server.clone()
    app = toys.toy(make_app(url))
    yield app
    with app.app_context():
        db.engine.dispose()
    sqlite_server.drop(url)


@pytest.fixture
def visitor(app):
    return Client(app)


@pytest.fixture
def queries(app):
    """Statements sent to any database."""
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


# --- headers ---


@pytest.mark.parametrize(
    "path",
    ["/toy/page", "/toy/open", "/nothing", "/toy/raise/fault", "/static/style.css", "/toy/outbox"],
)
def test_headers(visitor, path):
    headers = visitor.get(path).headers
    assert headers["Content-Security-Policy"] == web.CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Server" not in headers


def test_the_policy_allows_nothing_foreign_and_nothing_inline():
    rules = dict(rule.strip().split(" ", 1) for rule in web.CSP.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    allowed = {word for rule in rules.values() for word in rule.split()}
    assert allowed == {"'none'", "'self'", "data:"}
    assert "data:" not in rules["script-src"]


@pytest.mark.parametrize("path", ["/toy/page", "/toy/open", "/nothing", "/toy/outbox", "/healthz"])
@pytest.mark.parametrize("headers", [HTML, JSON], ids=["html", "json"])
def test_pages_are_never_kept(visitor, path, headers):
    answer = visitor.get(path, headers=headers)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers


def test_no_hsts_without_tls(make_app):
    app = toys.toy(make_app("sqlite:////x", LMS_BASE_URL="http://localhost:8000"))
    answer = Client(app).get("/toy/open", base_url="http://localhost:8000")
    assert "Strict-Transport-Security" not in answer.headers


# --- cookies and the database ---


@pytest.mark.parametrize("path", ["/toy/page", "/toy/open", "/nothing", "/help", "/toy/outbox"])
def test_a_stranger_costs_no_query_and_gets_no_cookie(visitor, queries, path):
    answer = visitor.get(path)
    assert "Set-Cookie" not in answer.headers
    assert not queries


def test_the_cookie(visitor):
    cookie = visitor.get("/toy/open?lang=ar").headers["Set-Cookie"]
    assert cookie.startswith("lms=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("cookie", ["", "x", "e30.a.b", "\x7f", "a" * 4000])
def test_a_broken_cookie_is_a_strangers(app, cookie):
    visitor = Client(app)
    visitor.set_cookie("lms", cookie, domain="coaching.example")
    assert visitor.get("/toy/page").status_code == 200


def test_a_message_is_shown_once(app, visitor, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    assert visitor.post("/toy/say").status_code == 303
    shown = visitor.get("/toy/page").text
    assert "Gardé &lt;b&gt;ici&lt;/b&gt;" in shown
    assert "Gardé" not in visitor.get("/toy/page").text


# --- static files ---


def test_a_static_file_is_kept_for_ever_under_its_fingerprint(visitor):
    with visitor.application.test_request_context("/"):
        address = web.static("style.css")
    assert re.fullmatch(r"/static/style\.css\?v=[0-9a-f]{12}", address)
    answer = visitor.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.data == web.static_file("style.css").read_bytes()
    again = visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("version", ["", "?v=", "?v=000000000000", "?w=1"])
def test_another_version_is_asked_for_again(visitor, version):
    """While servers are being updated, the old file must not be kept under the new address."""
    answer = visitor.get(f"/static/style.css{version}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_static_files_are_sent_small(visitor):
    plain = visitor.get("/static/style.css", headers={"Accept-Encoding": "identity"})
    small = visitor.get("/static/style.css", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data) / 3
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in small.headers["Vary"]
    icon = visitor.get("/static/icon-192.png", headers={"Accept-Encoding": "gzip"})
    assert icon.headers["Content-Type"] == "image/png"
    assert "Content-Encoding" not in icon.headers


@pytest.mark.parametrize(
    "path",
    ["none.css?v=1", "", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "%2fetc/passwd", "a%00b"],
)
def test_no_other_file_is_sent_and_no_absence_kept(visitor, path):
    answer = visitor.get(f"/static/{path}")
    assert answer.status_code in {404, 308}
    assert "immutable" not in answer.headers["Cache-Control"]


def test_a_static_file_tells_nothing_about_anybody(app, queries):
    toys.PEOPLE["awa"] = Actor(display_name="Awa", language="ar")
    answer = Client(app, "awa").get("/static/style.css?lang=en")
    assert "Set-Cookie" not in answer.headers
    assert not queries


# --- errors ---

CODES = [400, 401, 403, 404, 409, 413, 429, 500, 503]


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize("code", [*CODES, 410, 416, 418, 501, 502])
def test_an_error_has_a_page_in_each_language(visitor, code, language):
    answer = visitor.get(f"/toy/abort/{code}", headers=HTML | {"Accept-Language": language})
    assert answer.status_code == code
    assert answer.mimetype == "text/html"
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in answer.text
    heading = re.search(r"<h1>(.+?)</h1>", answer.text)
    assert heading
    assert bool(re.search("[\u0600-\u06ff]", heading[1])) == (language == "ar")
    assert 'href="/help"' in answer.text


@pytest.mark.parametrize("code", [*CODES, 418, 502])
def test_an_error_has_words_in_json(visitor, code):
    told = {
        language: visitor.get(
            f"/toy/abort/{code}", headers=JSON | {"Accept-Language": language}
        ).json
        for language in ("fr", "en", "ar")
    }
    assert all(one["error"] == code for one in told.values())
    assert len({one["message"] for one in told.values()}) == 3


def test_who_says_nothing_gets_a_page(visitor):
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "image/webp"}):
        assert visitor.get("/nothing", headers=headers).mimetype == "text/html"
    assert visitor.get("/nothing", headers={"Content-Type": "application/json"}).is_json


def test_a_method_that_is_not_offered(visitor, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    answer = visitor.post("/toy/open")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert set(visitor.get("/toy/say").headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert visitor.delete("/toy/open", headers=JSON).json["error"] == 405


def test_head_and_options(visitor):
    head = visitor.head("/toy/page")
    assert (head.status_code, head.data) == (200, b"")
    assert (visitor.head("/nothing").status_code, visitor.head("/nothing").data) == (404, b"")
    options = visitor.options("/toy/outbox")
    assert options.status_code == 200
    assert "GET" in options.headers["Allow"]
    assert not options.data


@pytest.mark.parametrize(
    "host", ["evil.example", "coaching.example.evil.example", "a@b", "evil.example:443", "[::1]"]
)
@pytest.mark.parametrize("who", ["", "awa"])
def test_another_host(app, host, who):
    """Answered with a page, never with a fault, nor with that host in any address."""
    toys.PEOPLE["awa"] = Actor(display_name="Awa")
    for headers in (HTML, JSON):
        client = Client(app, who)
        answer = client.get("/toy/page", headers=headers | {"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_a_form_without_its_token(visitor):
    answer = visitor.post("/toy/say")
    assert answer.status_code == 400
    assert visitor.post("/toy/say", headers=JSON).json["error"] == 400


def test_a_form_that_is_too_large(visitor):
    answer = visitor.post("/toy/say", data={"text": "x" * (13 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "<h1>" in answer.text


@pytest.mark.parametrize("headers", [HTML, JSON], ids=["html", "json"])
def test_a_fault_says_a_number_and_no_more(visitor, headers, caplog):
    answer = visitor.get("/toy/raise/fault", headers=headers | {"Accept-Language": "en"})
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert "secret" not in answer.text
    number = re.search(r"fault ([0-9a-f]{8}) person", caplog.text)[1]
    assert number in answer.text
    assert "a secret inside" in caplog.text


def test_a_refusal_keeps_its_words(visitor):
    answer = visitor.get("/toy/raise/large", headers=HTML | {"Accept-Language": "en"})
    assert answer.status_code == 409
    assert "This file is too large: 10 MB at most." in answer.text
    told = visitor.get("/toy/raise/throttled", headers=JSON | {"Accept-Language": "en"})
    assert told.status_code == 429
    assert told.json["message"].endswith("7 min.")


def test_a_refusal_without_words_is_still_a_refusal(visitor):
    answer = visitor.get("/toy/raise/unheard_of", headers=HTML | {"Accept-Language": "en"})
    assert answer.status_code == 409
    assert "not possible" in answer.text


def test_a_record_changed_by_somebody_else(visitor):
    answer = visitor.get("/toy/raise/stale", headers=HTML | {"Accept-Language": "en"})
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.text


@pytest.mark.parametrize("what", ["busy", "full"])
def test_a_database_that_does_not_answer(visitor, what):
    answer = visitor.get(f"/toy/raise/{what}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("headers", [HTML, JSON], ids=["html", "json"])
def test_a_person_whose_database_is_away(app, headers):
    """The error's own page asks for nobody's name or language."""
    client = Client(app, "database-down")
    for path, code in (("/toy/page", 503), ("/toy/outbox", 503), ("/nothing", 404)):
        answer = client.get(path, headers=headers | {"Accept-Language": "ar"})
        assert answer.status_code == code
        assert re.search("[\u0600-\u06ff]", answer.get_data(as_text=True)) or answer.json["message"]


def test_a_page_that_cannot_be_made_does_not_hide_its_error(app, visitor, monkeypatch):
    def broken():
        raise ZeroDivisionError

    monkeypatch.setitem(app.jinja_env.globals, "nav_items", broken)
    answer = visitor.get("/nothing")
    assert answer.status_code == 404
    assert "<h1>" in answer.text
    assert visitor.get("/toy/page").status_code == 500


@pytest.mark.parametrize(
    "query",
    ["endpoint=x", "_external=1&_scheme=javascript", "_method=PUT", "_anchor=%22%3E", "self=1"],
)
@pytest.mark.parametrize("path", ["/toy/page", "/nothing", "/toy/raise/fault", "/toy/abort/404"])
def test_no_name_in_an_address_breaks_a_page(visitor, path, query):
    expected = visitor.get(path).status_code
    answer = visitor.get(f"{path}?{query}")
    assert answer.status_code == expected
    assert "javascript:" not in answer.text


def test_a_value_in_an_address_that_the_route_has_too(visitor):
    answer = visitor.get("/toy/abort/404?code=abc&number=x")
    assert answer.status_code == 404
    assert 'href="/toy/abort/404?code=abc&amp;number=x&amp;lang=ar"' in answer.text


def test_languages_of_an_address_that_shows_no_page(app, visitor, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    assert 'href="/?lang=ar"' in visitor.post("/toy/open").text
    assert 'href="/toy/abort/409?lang=ar"' in visitor.post("/toy/abort/409").text


def test_behind_a_proxy(make_app):
    """The address of a person comes from as many proxies as there are, no more."""
    app = make_app("sqlite:////x", LMS_TRUSTED_PROXIES="1")
    seen = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme, request.host)))
    headers = {
        "X-Forwarded-For": "198.51.100.9, 203.0.113.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "coaching.example",
    }
    Client(app).get("/nothing", headers=headers, base_url="http://127.0.0.1:8000")
    assert seen == [("203.0.113.7", "https", "coaching.example")]


def test_without_a_proxy_nothing_is_believed(app, visitor):
    answer = visitor.get(
        "/toy/page",
        headers=HTML | {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "1.1.1.1"},
    )
    assert answer.status_code == 200
    assert "evil" not in answer.text
    assert HOME.startswith("https")
