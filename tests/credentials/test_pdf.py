"""The printed certificate: what it says, what lies inside; it fetches nothing, and is sealed."""

import io
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from lms.core.pdf import fetcher
from lms.credentials import pdf, seal
from lms.credentials.attachment import find_credential
from lms.credentials.facts import CertificateFacts
from lms.credentials.offline import ExitCode, verify_file
from lms.credentials.proof import ProofError
from lms.credentials.rules import CertificateKind
from tests.credentials.sample import DID, FACTS, NOW

pytestmark = pytest.mark.slow

LANGUAGES = ("fr", "en", "ar")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def certificate(office, credential):
    return seal.seal(pdf.render(FACTS, "fr", credential), DID, office.signer)


def read(data: bytes) -> str:
    return PdfReader(io.BytesIO(data)).pages[0].extract_text()


def test_one_page_with_both_names(language, credential):
    data = pdf.render(FACTS, language, credential)
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/Lang"] == language
    text = read(data)
    assert "Salma Bennani" in text
    assert "سلمى" in text
    assert "TC-2026-000123" in text
    assert "7F3K-92QD-XM4T-8" in text
    assert "verify.example/verify" in text
    assert 10_000 < len(data) < 60_000


def test_the_credential_lies_inside(credential, language):
    data = pdf.render(FACTS, language, credential)
    assert find_credential(data) == credential
    attached = PdfReader(io.BytesIO(data)).attachments
    assert attached["credential.json"] == [credential]


HOSTILE = "<link rel=attachment href='file:///etc/passwd'>"


@pytest.mark.parametrize(
    "name",
    [
        HOSTILE,
        "<img src=file:///etc/passwd>",
        "<img src=http://127.0.0.1:9/x>",
        "<style>@import 'file:///etc/passwd'</style>",
        "<style>p{background:url(file:///etc/hostname)}</style>",
        "<object data=file:///etc/passwd></object>",
        "<svg><image href='file:///etc/passwd'/></svg>",
        "<a rel=attachment href=file:///etc/passwd>x</a>",
        "<meta http-equiv=refresh content='0;url=file:///etc/passwd'>",
        "{{ 7 * 7 }} {% include 'x' %}",
    ],
)
def test_a_name_is_only_text(name, credential):
    data = pdf.render(replace(FACTS, latin_name=name, demo=True), "fr", credential)
    assert list(PdfReader(io.BytesIO(data)).attachments) == ["credential.json"]
    assert name.split()[0][:5] in read(data)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://127.0.0.1:9/", "data:text/css,a", "font:x"]
)
def test_nothing_is_fetched_even_if_asked(url):
    with pytest.raises(ValueError, match="fetches nothing"):
        fetcher().fetch(url)


PROGRAM = """
import hashlib, sys
from lms.credentials import pdf
from tests.credentials.sample import FACTS

print(hashlib.sha256(pdf.render(FACTS, sys.argv[1], b"{}")).hexdigest())
"""


@pytest.mark.slow
def test_another_process_makes_the_same_bytes():
    made = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, "ar"],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": ".", "TZ": zone},
        ).stdout
        for seed, zone in (("1", "Africa/Casablanca"), ("2", "Asia/Tokyo"))
    }
    assert len(made) == 1


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, latin_name="Ndèye", arabic_name=""),
        replace(FACTS, latin_name="Rakotomalala " * 13, arabic_name="عبد الرحمان " * 12),
        replace(FACTS, arabic_name="عَبْدُ ٱللَّٰهِ لإلهام پیمان"),
        replace(FACTS, valid_until=None, basis={}, place={}, country_code="SN"),
        replace(FACTS, kind=CertificateKind.LEGACY, demo=True, body={"fr": "Centre d’Oujda"}),
        replace(FACTS, title={"fr": "Animateur/Animatrice en coaching territorial"}),
    ],
    ids=["single", "long", "vowels", "least", "legacy", "french-only"],
)
def test_quirks_stay_on_one_page(facts: CertificateFacts, language, credential):
    data = pdf.render(facts, language, credential)
    assert len(PdfReader(io.BytesIO(data)).pages) == 1
    assert ("SPECIMEN" in read(data).replace("\n", "").replace(" ", "")) == facts.demo


def test_a_sealed_certificate_verifies(office, certificate):
    seal.check_seal(certificate, office.keys)
    report = verify_file(certificate, office.keys, now=NOW, status_lists=[office.status()])
    assert report.exit_code is ExitCode.IN_FORCE
    assert len(PdfReader(io.BytesIO(certificate), strict=True).pages) == 1


def test_without_its_seal_it_is_refused(office, credential):
    bare = pdf.render(FACTS, "fr", credential)
    assert verify_file(bare, office.keys, now=NOW).reason == "not_sealed"


def test_a_seal_of_another_key(office, certificate):
    with pytest.raises(ProofError, match="unknown_key"):
        seal.check_seal(certificate, {})


@settings(max_examples=200)
@given(data=st.data())
def test_any_other_byte_of_the_pdf_is_refused(office, certificate, data):
    place = data.draw(st.integers(0, len(certificate) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != certificate[place]))
    forged = certificate[:place] + bytes([byte]) + certificate[place + 1 :]
    assert verify_file(forged, office.keys, now=NOW).credential is None


def test_an_appended_revision_is_refused(office, certificate):
    """An incremental update (ISO 32000-1, section 7.5.6) could show other words."""
    assert verify_file(certificate + b"\n", office.keys, now=NOW).credential is None
    update = certificate + certificate[certificate.rindex(b"startxref") :]
    assert verify_file(update, office.keys, now=NOW).credential is None
