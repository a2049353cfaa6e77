"""Verification over HTTP, the holder's page, the register."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest

from lms.core import clock
from lms.core.db import write
from lms.credentials import jobs, service
from lms.credentials.codes import show_code
from lms.credentials.issuer import body_of
from lms.credentials.offline import ExitCode, verify_file
from lms.credentials.rules import RevocationCategory
from lms.policy.actor import SYSTEM
from tests.factories import credentials as factory
from tests.factories.credentials import NOW
from tests.people import client_for, person

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def issued(session):
    return factory.certificate(session)


@pytest.fixture
def printed(session):
    award = factory.award(session)
    jobs.issue(session, {"award": str(award.id)}, NOW)
    return factory.all_of(session)[0]


def token_of(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


# --- by link ---


def test_every_printed_field_is_shown(client, issued):
    page = client.get(f"/verify/{issued.token}?lang=fr").text
    facts = issued.said
    for text in (
        facts.latin_name,
        facts.register_number,
        facts.title["fr"],
        facts.allows["fr"],
        facts.issuer.name,
        "Oujda",
        "20 novembre 2026",
        "20 novembre 2029",
    ):
        assert text in page


def test_both_scripts(client, session):
    holder = person(session, "trainee")
    certificate = factory.certificate(session, holder=holder)
    for language in ("fr", "ar"):
        page = client.get(f"/verify/{certificate.token}?lang={language}").text
        assert "سلمى العمراني" in page
        assert "Salma Amrani" in page


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_every_verdict_has_its_page(client, session, language):
    rows = {name: factory.certificate(session) for name in ("valid", "suspended", "revoked")}
    replaced = factory.certificate(session)
    with write(session):
        service.suspend(session, SYSTEM, rows["suspended"], "x", NOW)
        category = RevocationCategory.MISCONDUCT
        service.revoke(session, SYSTEM, rows["revoked"], category, "a secret reason", now=NOW)
        service.replace(session, SYSTEM, replaced, "x", NOW)
    factory.issue(session, replaced.award, NOW, version=2)
    titles = set()
    for row in (*rows.values(), replaced):
        answer = client.get(f"/verify/{row.token}?lang={language}")
        assert answer.status_code == 200
        assert "secret" not in answer.text
        titles.add(re.search(r"<h1>(.*?)</h1>", answer.text)[1])
    with clock.frozen(NOW + 2000 * DAY):
        answer = client.get(f"/verify/{rows['valid'].token}?lang={language}")
        titles.add(re.search(r"<h1>(.*?)</h1>", answer.text)[1])
    assert len(titles) == 5


def test_private_but_public(client, issued):
    """Nobody keeps the page, indexes it, or learns its address from a link."""
    answer = client.get(f"/verify/{issued.token}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers
    email = issued.award.person.email
    assert email not in answer.text
    assert str(issued.id) not in answer.text


def test_unknown(client):
    answer = client.get("/verify/AAAAAAAAAAAAAAAAAAAAAA")
    assert answer.status_code == 404
    assert 'href="/verify"' in answer.text
    answer = client.get("/verify/AAAAAAAAAAAAAAAAAAAAAA", headers=JSON)
    assert (answer.status_code, answer.json["verdict"]) == (404, "unknown")


def test_json(client, issued):
    answer = client.get(f"/verify/{issued.token}", headers=JSON)
    assert answer.json["verdict"] == "valid"
    assert answer.json["in_force"] is True
    assert answer.json["since"] == "2026-11-20T00:00:00Z"
    assert answer.json["certificate"]["register_number"] == issued.register_number
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    same = {**JSON, "If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/verify/{issued.token}", headers=same).status_code == 304


def test_json_changes_with_the_verdict(client, session, issued):
    before = client.get(f"/verify/{issued.token}", headers=JSON)
    with write(session):
        service.suspend(session, SYSTEM, issued, "x", NOW)
    same = {**JSON, "If-None-Match": before.headers["ETag"]}
    after = client.get(f"/verify/{issued.token}", headers=same)
    assert (after.status_code, after.json["verdict"]) == (200, "suspended")


def test_two_queries(client, issued, count_queries):
    url = f"/verify/{issued.token}"
    client.get(url)
    for headers in ({}, JSON):
        with count_queries(2):
            assert client.get(url, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("facts", lambda c: {**c.facts, "latin_name": "Somebody Else"}),
        ("facts", lambda c: {**c.facts, "title": {"fr": "Professeur"}}),
        ("credential", lambda c: c.credential.replace("Bennani", "Bennami")),
        ("credential", lambda c: "{}"),
        ("credential", lambda c: json.dumps({**json.loads(c.credential), "proof": []})),
        ("valid_until", lambda c: c.valid_until + DAY),
        ("register_number", lambda c: "TC-2020-000001"),
    ],
)
def test_a_row_changed_by_hand_is_not_confirmed(client, session, issued, column, value):
    setattr(issued, column, value(issued))
    session.commit()
    answer = client.get(f"/verify/{issued.token}")
    assert answer.status_code == 503
    assert "Somebody Else" not in answer.text
    assert client.get(f"/verify/{issued.token}", headers=JSON).json["verdict"] == "unconfirmed"


# --- by typed code ---


def test_a_typed_code_leads_to_the_page(client, issued):
    answer = client.post("/verify", data={"code": show_code(issued.code).lower()})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/verify/{issued.token}"
    assert client.get("/verify", query_string={"code": issued.code}).status_code == 303


@pytest.mark.parametrize(
    "typed",
    ["", "x", "TC-2026-000001", "7F3K-92QD-XM4T-0", "UUUU-UUUU-UUUU-U", "\0" * 9, "x" * 10**5],
)
def test_a_wrong_code_is_told(client, issued, typed):
    answer = client.post("/verify", data={"code": typed})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def wrong_codes():
    from lms.credentials.codes import new_code

    while True:
        yield new_code()


def test_guessing_is_slowed_down(client, issued):
    codes = wrong_codes()
    limit = service.CODE_LIMIT.tries
    for _ in range(limit):
        assert client.post("/verify", data={"code": next(codes)}).status_code == 422
    assert client.post("/verify", data={"code": next(codes)}).status_code == 429
    assert client.post("/verify", data={"code": issued.code}).status_code == 429
    with clock.frozen(NOW + service.CODE_LIMIT.window + timedelta(seconds=1)):
        assert client.post("/verify", data={"code": issued.code}).status_code == 303


def test_misspelling_is_not_guessing(client, issued):
    for _ in range(40):
        client.post("/verify", data={"code": issued.code[:12] + "Z"})
        client.post("/verify", data={"code": issued.code[:5]})
    assert client.post("/verify", data={"code": issued.code}).status_code == 303


def test_the_code_form_sets_no_cookie(client):
    answer = client.get("/verify")
    assert "Set-Cookie" not in answer.headers
    assert "csrf_token" not in answer.text


# --- material ---


def test_material_of_verification(app, client, session, issued):
    """What a stranger fetches suffices to verify without us."""
    jobs.sign_status_lists(session, {}, NOW)
    did_json = client.get("/.well-known/did.json")
    credential = client.get(f"/credentials/{issued.token}.json")
    lists = [client.get(f"/status/{p}/1.json") for p in ("revocation", "suspension")]
    for answer in (did_json, credential, *lists):
        assert answer.status_code == 200
        assert "json" in answer.mimetype
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"].startswith("public")
        assert "Set-Cookie" not in answer.headers
        again = client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    from lms.credentials.did import assertion_keys

    keys = assertion_keys(did_json.json)
    report = verify_file(credential.data, keys, now=NOW, status_lists=[a.data for a in lists])
    assert report.exit_code is ExitCode.IN_FORCE


def test_did_and_credential_agree(app, client, issued):
    document = client.get("/.well-known/did.json").json
    assert document["id"] == body_of(app).issuer.did == "did:web:coaching.example"
    proofs = client.get(f"/credentials/{issued.token}.json").json["proof"]
    assert {p["verificationMethod"] for p in proofs} <= set(document["assertionMethod"])


@pytest.mark.parametrize(
    "path",
    [
        "/status/revocation/9.json",
        "/status/message/1.json",
        "/credentials/none.json",
        "/certificates/none.pdf",
        "/achievements/nobody/1",
        "/achievements/facilitator/1999",
    ],
)
def test_what_is_not_there(client, session, path):
    factory.certificate(session)
    assert client.get(path).status_code == 404


def test_pdf_in_each_language(client, printed):
    bodies = set()
    for language in ("fr", "en", "ar"):
        answer = client.get(f"/certificates/{printed.token}.pdf?lang={language}")
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Language"] == language
        assert f"{printed.register_number}-{language}.pdf" in answer.headers["Content-Disposition"]
        bodies.add(answer.data)
    assert len(bodies) == 3
    assert client.get(f"/certificates/{printed.token}.pdf?lang=xx").status_code == 200


def test_a_request_never_prints(client, issued):
    answer = client.get(f"/certificates/{issued.token}.pdf")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_what_a_title_attests(client, issued):
    path = f"/achievements/{issued.programme}/{issued.programme_version}"
    assert client.get(path).status_code == 200
    document = client.get(path, headers=JSON).json
    signed = json.loads(issued.credential)["credentialSubject"]["achievement"]
    assert document["id"] == signed["id"]
    for name in ("name", "description", "criteria", "version"):
        assert document[name] == signed[name]


# --- files ---


def check_file(client, data=None, text="", name="certificate.json"):
    page = client.get("/verify/file").text
    form = {"csrf_token": token_of(page), "text": text}
    if data is not None:
        form["file"] = (BytesIO(data), name)
    return client.post("/verify/file", data=form, content_type="multipart/form-data")


def test_change_one_letter_and_verify(client, issued):
    good = check_file(client, text=issued.credential)
    assert 'class="verdict ok"' in good.text
    assert issued.register_number in good.text
    bad = check_file(client, text=issued.credential.replace("Bennani", "Bennami"))
    assert 'class="verdict bad"' in bad.text
    assert "Bennami" not in re.sub(r"<textarea.*?</textarea>", "", bad.text, flags=re.DOTALL)


def test_check_a_pdf(app, client, printed):
    data = app.extensions["files"].get(printed.documents[0].sha256)
    assert 'class="verdict ok"' in check_file(client, data, name="a.pdf").text
    forged = bytearray(data)
    forged[len(data) // 2] ^= 1
    assert 'class="verdict bad"' in check_file(client, bytes(forged), name="a.pdf").text


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 nothing", b"\x89PNG", b"{}", b"\xff" * 100, b"[" * 50_000]
)
def test_other_files_get_an_answer(client, data):
    answer = check_file(client, data)
    assert answer.status_code == 200
    assert 'class="verdict' in answer.text
    assert check_file(client).status_code == 422


def test_a_revoked_file(client, session, issued):
    with write(session):
        service.revoke(session, SYSTEM, issued, RevocationCategory.ERROR, "x", now=NOW)
    assert 'class="verdict bad"' in check_file(client, text=issued.credential).text


# --- doubts ---


def send_doubt(client, token="", **fields):
    url = f"/verify/report?token={token}"
    page = client.get(url).text
    record = re.search(r'name="record_id"[^>]*value="([^"]+)"', page)[1]
    form = {"csrf_token": token_of(page), "record_id": record, "message": "odd", **fields}
    return client.post(url, data=form)


def test_a_doubt_reaches_the_programme(app, client, session, issued):
    assert send_doubt(client, issued.token, contact="a@b.example").status_code == 200
    admin = client_for(app, person(session, "programme"))
    page = admin.get("/admin/doubts").text
    assert issued.register_number in page
    link = re.search(r'href="(/admin/doubts/[^"]+)"', page)[1]
    page = admin.get(link).text
    assert "a@b.example" in page
    answer = admin.post(link, data={"csrf_token": token_of(page), "answer": "a forgery"})
    assert answer.status_code == 303
    assert "a@b.example" not in admin.get(link).text


def test_doubts_are_not_a_flood(client, issued):
    codes = [send_doubt(client).status_code for _ in range(service.REPORT_LIMIT.tries + 1)]
    assert codes == [200] * service.REPORT_LIMIT.tries + [422]


def test_an_empty_doubt(client):
    assert send_doubt(client, message=" ").status_code == 422


# --- holder ---


def test_my_certificates(app, session, printed):
    mine = client_for(app, printed.award.person)
    page = mine.get("/certificates").text
    assert printed.register_number in page
    assert f"/verify/{printed.token}" in page
    assert f"/certificates/{printed.token}.pdf" in page
    other = client_for(app, person(session, "trainer")).get("/certificates").text
    assert printed.register_number not in other


def test_waiting_for_it(app, session):
    award = factory.award(session)
    page = client_for(app, award.person).get("/certificates")
    assert page.status_code == 200
    assert "20 novembre 2026" in page.text


# --- register ---


@pytest.mark.parametrize(
    ("persona", "sees"),
    [
        ("programme", {"MA", "SN"}),
        ("auditor", {"MA", "SN"}),
        ("admin.ma", {"MA"}),
        ("admin.sn", {"SN"}),
        ("admin.be", set()),
        ("partner", set()),
    ],
)
def test_who_sees_the_register(app, session, persona, sees):
    rows = {code: factory.certificate(session, country=code) for code in ("MA", "SN")}
    browser = client_for(app, person(session, persona))
    page = browser.get("/admin/register").text
    assert {code for code, row in rows.items() if row.register_number in page} == sees
    for code, row in rows.items():
        expected = 200 if code in sees else 404
        assert browser.get(f"/admin/register/{row.id}").status_code == expected


def test_others_do_not(app, client, session):
    assert client_for(app, person(session, "trainee")).get("/admin/register").status_code == 403
    assert client.get("/admin/register").status_code == 302


def test_search_and_filter(app, session):
    holder = person(session, "trainee")
    one, two = factory.certificate(session, holder=holder), factory.certificate(session)
    with write(session):
        service.suspend(session, SYSTEM, two, "x", NOW)
    admin = client_for(app, person(session, "programme"))

    def found(**query):
        page = admin.get("/admin/register", query_string=query).text
        return [row.register_number in page for row in (one, two)]

    assert found(q="amrani salma") == [True, False]
    assert found(q="العمراني") == [True, False]
    assert found(q=two.register_number.lower()) == [False, True]
    assert found(verdict="suspended") == [False, True]
    assert found(verdict="valid") == [True, False]
    assert found(country="SN") == [False, False]
    assert found(verdict="nonsense", country="'; --") == [False, False]


def test_register_pages_and_queries(app, session, count_queries):
    rows = [factory.certificate(session) for _ in range(28)]
    admin = client_for(app, person(session, "programme"))
    admin.get("/admin/register")
    with count_queries(6):
        first = admin.get("/admin/register").text
    assert rows[-1].register_number in first
    assert rows[0].register_number not in first
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert rows[0].register_number in admin.get(following).text


def act(browser, path, **fields):
    page = browser.get(path)
    return browser.post(path, data={"csrf_token": token_of(page.text), **fields})


def test_suspend_and_reinstate(app, client, session, issued):
    admin = client_for(app, person(session, "programme"))
    base = f"/admin/register/{issued.id}"
    assert act(admin, f"{base}/suspend", reason="enquiry").status_code == 303
    assert client.get(f"/verify/{issued.token}", headers=JSON).json["verdict"] == "suspended"
    assert act(admin, f"{base}/suspend", reason="again").status_code == 422
    assert act(admin, f"{base}/reinstate", reason="unfounded").status_code == 303
    assert client.get(f"/verify/{issued.token}", headers=JSON).json["verdict"] == "valid"
    assert "enquiry" in admin.get(base).text


def test_revoke_needs_category_reason_and_consent(app, client, session, issued):
    admin = client_for(app, person(session, "programme"))
    path = f"/admin/register/{issued.id}/revoke"
    complete = {"category": "error", "reason": "wrong person", "sure": "y"}
    for missing in complete:
        fields = {name: value for name, value in complete.items() if name != missing}
        assert act(admin, path, **fields).status_code == 422
    assert act(admin, path, **complete).status_code == 303
    answer = client.get(f"/verify/{issued.token}", headers=JSON).json
    assert (answer["verdict"], answer["revocation_category"]) == ("revoked", "error")


def test_nobody_revokes_their_own(app, session):
    programme = person(session, "programme")
    certificate = factory.certificate(session, holder=programme)
    browser = client_for(app, programme)
    assert browser.get(f"/admin/register/{certificate.id}").status_code == 200
    assert browser.get(f"/admin/register/{certificate.id}/revoke").status_code == 403


def test_a_country_admin_reads_only(app, session, issued):
    browser = client_for(app, person(session, "admin.ma"))
    page = browser.get(f"/admin/register/{issued.id}")
    assert page.status_code == 200
    assert "/revoke" not in page.text
    assert browser.get(f"/admin/register/{issued.id}/revoke").status_code == 403


def test_keys_page(app, session, issued):
    page = client_for(app, person(session, "auditor")).get("/admin/keys").text
    assert issued.kid in page
    assert "PRIVATE" not in page
