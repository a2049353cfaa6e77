"""Start page, help, manifest, health: what needs no account, and what it costs."""

import gzip
import shutil

import pytest

from lms.core import clock, jobs, schema
from lms.insight import health


def test_start_takes_one_query(as_persona, count_queries):
    browser = as_persona("anonymous")
    browser.get("/")
    with count_queries(1):
        page = browser.get("/")
    assert len(gzip.compress(page.data)) <= 14 * 1024
    assert "Set-Cookie" not in page.headers


def test_start_without_content_still_opens(client, session):
    page = client.get("/?lang=en")
    assert page.status_code == 200
    assert 'action="/verify"' in page.text
    assert "/sign-in" in page.text


def test_first_load_is_six_files_and_sixty_kilobytes(as_persona):
    import re

    browser = as_persona("anonymous")
    page = browser.get("/", headers={"Accept-Encoding": "gzip"})
    html = gzip.decompress(page.data).decode() if page.content_encoding == "gzip" else page.text
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+|/manifest[^"]+)', html))
    files = {
        f.replace("&amp;", "&") for f in files if "icon-192" not in f
    }  # asked for by phones only
    total = len(page.data)
    for file in files:
        total += len(browser.get(file, headers={"Accept-Encoding": "gzip"}).data)
    assert len(files) + 1 <= 6, files
    assert total <= 60 * 1024


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_manifest_speaks_the_language(client, language):
    answer = client.get(f"/manifest.webmanifest?lang={language}")
    assert answer.mimetype == "application/manifest+json"
    assert answer.json["lang"] == language
    assert answer.json["dir"] == ("rtl" if language == "ar" else "ltr")


# --- health ---


def test_alive(client):
    assert client.get("/healthz").json == {"status": "alive"}


def test_ready(app, client, tmp_path):
    (app.config["SETTINGS"].data_dir / "keys").mkdir(parents=True, exist_ok=True)
    answer = client.get("/readyz")
    parts = {"database", "migrations", "queue", "disk", "keys", "pdf"}
    assert set(answer.json) == parts | {"status"}
    assert answer.status_code == (200 if answer.json["status"] == "ready" else 503)
    assert all(answer.json[part]["ok"] for part in ("database", "migrations", "queue", "disk"))


@pytest.mark.parametrize(
    ("part", "what"),
    [("migrations", "old"), ("disk", "full"), ("queue", "stuck"), ("database", "gone")],
)
def test_what_is_wrong_is_named_and_makes_503(client, session, monkeypatch, part, what):
    if what == "old":
        monkeypatch.setattr(schema, "current", lambda _connection: "0000")
    if what == "full":
        usage = shutil.disk_usage("/")._replace(free=1)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    if what == "stuck":
        jobs.enqueue(session, "core.deliver_mail", "late", {}, clock.now() - health.MAX_WAIT * 2)
    if what == "gone":
        monkeypatch.setattr(health, "_database", lambda _session: 1 / 0)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["status"] == "not ready"
    assert answer.json[part] == {"ok": False, "wrong": answer.json[part]["wrong"]}
    assert answer.json[part]["wrong"]
