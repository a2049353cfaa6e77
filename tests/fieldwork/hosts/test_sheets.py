"""Weekly sheets: what they list, reading their code on bad photos, filing what still fits."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
import segno
from PIL import Image, ImageDraw
from sqlalchemy import select

from lms.core.codes import token_in
from lms.core.errors import Refusal
from lms.core.files import Upload, store
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.content import content_of
from lms.fieldwork.entries.rules import facts_fingerprint
from lms.fieldwork.models import Sheet, Signature
from lms.fieldwork.rules import EntryState, Means
from lms.fieldwork.sheets import service
from lms.fieldwork.signing import service as signing
from tests.factories import fieldwork
from tests.factories.cohorts import NOW
from tests.fieldwork.hosts.conftest import GIVEN
from tests.fieldwork.hosts.photos import photo, scanned, shots

pytestmark = pytest.mark.slow

S = EntryState
MONDAY = date(2026, 6, 1)
TOKEN = "AbCdEfGhIjKlMnOpQrSt_-"
URL = f"https://coaching.example/sheets/{TOKEN}"


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


def sheet_token(data):
    return token_in(data, "sheets")


def page(url=URL):
    """An A4 page at 150 dots an inch, the code 5.2 cm wide as it is printed."""
    paper = Image.new("L", (1240, 1754), 255)
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    side = round(5.2 / 21 * 1240)
    with Image.open(out) as code:
        paper.paste(code.convert("L").resize((side, side)), (1240 - side - 80, 80))
    draw = ImageDraw.Draw(paper)
    for line in range(24):
        draw.line((80, 520 + line * 40, 1160, 520 + line * 40), fill=120, width=2)
    return paper


# --- the code ---


@pytest.mark.parametrize("shot", shots(2), ids=str)
def test_the_code_is_read_on_photos_of_phones(shot):
    assert sheet_token(photo(page(), **shot)) == TOKEN


@pytest.mark.soak
def test_nearly_all_photos_are_read():
    """The others are chosen by hand. A second each: the two above run each time."""
    read = [sheet_token(photo(page(), **shot)) == TOKEN for shot in shots(24, seed=7)]
    assert sum(read) >= 23


def test_a_scanned_pdf_is_read_without_a_library():
    blank = photo(Image.new("L", (800, 1100), 250))
    assert sheet_token(scanned(blank, photo(page()))) == TOKEN
    assert sheet_token(scanned(blank)) is None


@pytest.mark.parametrize(
    "data", [b"", b"x", b"%PDF-1.4", b"\xff\xd8\xff\xe0 half a picture", fieldwork.PDF]
)
def test_what_is_no_picture_has_no_code(data):
    assert sheet_token(data) is None


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/", "https://x.example/sheets/short", f"{URL}x", "متن"]
)
def test_other_codes_name_no_sheet(url):
    assert sheet_token(photo(page(url))) is None


def test_a_huge_picture_is_not_even_opened():
    out = BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert sheet_token(out.getvalue()) is None


# --- sheets ---


@pytest.fixture
def week(session, placement):
    """Three entries of one week, one of them a draft."""
    days = [MONDAY, MONDAY + timedelta(days=2), MONDAY + timedelta(days=6)]
    states = [S.APPROVED, S.SUBMITTED, S.DRAFT]
    return [
        fieldwork.entry(session, placement, state, held_on=day)
        for day, state in zip(days, states, strict=True)
    ]


@pytest.fixture
def sheet(session, enrolment, trainee, placement, week):
    return service.print_sheet(session, trainee, enrolment, MONDAY, placement.id, NOW)


@pytest.fixture
def scan(session, trainee):
    upload = Upload("photo.webp", "image/webp", b"RIFFxxxxWEBP")
    return store(session, fieldwork.files(), upload, trainee.person_id, NOW)


def test_a_sheet_lists_the_week_at_one_place(session, enrolment, placement, supervisor, week):
    elsewhere = fieldwork.placement(session, enrolment, supervisor, host="Région")
    fieldwork.draft(session, elsewhere, held_on=MONDAY)
    fieldwork.draft(session, placement, held_on=MONDAY + timedelta(days=7))
    fieldwork.draft(session, placement, held_on=MONDAY, minutes_direct=0)
    fieldwork.entry(session, placement, S.REJECTED, held_on=MONDAY + timedelta(days=3))
    found = service.weeks(session, enrolment)
    sizes = [(w.monday, w.placement.host, len(w.entries)) for w in found]
    assert sizes[0] == (MONDAY + timedelta(days=7), placement.host, 1)
    assert sorted(sizes[1:]) == [(MONDAY, placement.host, 3), (MONDAY, "Région", 1)]
    assert next(w for w in found if len(w.entries) == 3).minutes == 270


def test_printed_again_it_is_the_same_sheet_until_something_changes(
    session, enrolment, trainee, placement, sheet, week
):
    again = service.print_sheet(session, trainee, enrolment, MONDAY, placement.id, NOW)
    assert again is sheet
    change(session, trainee, week[2], minutes_direct=15)
    fresh = service.print_sheet(session, trainee, enrolment, MONDAY, placement.id, NOW)
    assert fresh is not sheet
    with refused("sheet_empty"):
        service.print_sheet(session, trainee, enrolment, date(2026, 1, 5), placement.id, NOW)


def change(session, trainee, entry, **fields):
    content = replace(content_of(entry), **fields)
    files = fieldwork.files()
    entries.edit_entry(session, trainee, entry, entry.revision, content, "", (), (), files, NOW)


def test_a_scan_marks_what_it_shows_and_stays_as_evidence(session, trainee, sheet, scan, week):
    done = service.file_sheet(session, trainee, sheet, scan, "Feuille", NOW)
    assert (done.marked, done.changed) == (3, 0)
    assert {entry.host_means for entry in week} == {Means.PAPER}
    for entry in week:
        session.expire(entry, ["evidence", "signatures"])
        assert [each.file_id for each in entry.evidence] == [scan.id]
        assert [each.file_id for each in entry.signatures] == [scan.id]
    again = service.file_sheet(session, trainee, sheet, scan, "Feuille", NOW)
    assert again.marked == 3
    assert len(session.scalars(select(Signature)).all()) == 3


def test_what_changed_since_printing_is_not_marked(session, trainee, sheet, scan, week):
    change(session, trainee, week[2], minutes_direct=15)
    entries.withdraw(session, trainee, week[1], NOW)
    done = service.file_sheet(session, trainee, sheet, scan, "Feuille", NOW)
    assert (done.marked, done.changed) == (1, 2)
    assert [entry.host_means for entry in week] == [Means.PAPER, None, None]


def test_another_scan_of_a_sheet_that_is_filed_is_refused(session, trainee, sheet, scan):
    service.file_sheet(session, trainee, sheet, scan, "Feuille", NOW)
    upload = Upload("autre.webp", "image/webp", b"RIFFyyyyWEBP")
    other = store(session, fieldwork.files(), upload, trainee.person_id, NOW)
    with refused("sheet_filed_before"):
        service.file_sheet(session, trainee, sheet, other, "Feuille", NOW)


def test_a_confirmation_on_the_spot_outweighs_paper(session, trainee, sheet, scan, week, make):
    seen = facts_fingerprint(content_of(week[0]))
    signing.answer_entry(session, make(week[0])[0], seen, GIVEN, NOW)
    service.file_sheet(session, trainee, sheet, scan, "Feuille", NOW)
    assert week[0].host_means is Means.QR
    assert session.scalars(select(Sheet)).one().filed_at == NOW
