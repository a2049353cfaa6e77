"""A handout is sent in with its file, decided, published, offered under its lesson and served."""

import zipfile
from io import BytesIO

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.curriculum import service as content
from lms.curriculum.corrections import handouts
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionState
from tests.core.test_audio import mp3, wav
from tests.curriculum.corrections.conftest import LESSON
from tests.curriculum.corrections.pages import fill, form_of, press
from tests.factories import fieldwork
from tests.learning.conftest import NOW, enrol
from tests.people import person

FORM = f"/admin/content/{LESSON}/handout"
WORDS = {
    f"{part}-{code}": f"{part} {code}"
    for part in ("title", "description")
    for code in ("fr", "en", "ar")
}
SAID = {f"transcript-{code}": f"What is said {code}" for code in ("fr", "en", "ar")}
PDF = b"%PDF-1.7\n1 0 obj\nstartxref\n9\n%%EOF\n"
ODT = "application/vnd.oasis.opendocument.text"


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


def odt(extra=""):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", ODT)
        archive.writestr("content.xml", "<x/>")
        if extra:
            archive.writestr(extra, "Sub Main")
    return out.getvalue()


def send(desk, data, name, **more):
    """As a browser sends the form: multipart."""
    sent = {"file": (BytesIO(data), name), **WORDS, **more}
    fields = {key: values[0] for key, values in form_of(desk.get(FORM)).items()}
    return desk.post(f"{FORM}?lang=en", data={**fields, **sent})


def only(session):
    session.expire_all()
    (found,) = session.scalars(select(Correction)).unique()
    return found


@pytest.mark.parametrize(
    ("data", "name", "kept", "media_type"),
    [
        (PDF, "Ordre du jour (été).pdf", "ordre-du-jour-t.pdf", "application/pdf"),
        (fieldwork.picture(), "carte.JPG", "carte.webp", "image/webp"),
        (mp3(), "entretien.mp3", "entretien.mp3", "audio/mpeg"),
        ("qui,rôle\nélue,-5\n".encode(), "acteurs.csv", "acteurs.csv", "text/csv"),
        (odt(), "grille.odt", "grille.odt", ODT),
    ],
)
def test_from_the_form_to_the_lesson(
    session, browse, trainer, admin, cohort, data, name, kept, media_type
):
    desk, office = browse(trainer), browse(admin)
    sent = send(desk, data, name, **(SAID if name.endswith("mp3") else {}))
    assert "edit" not in sent.location, "the check finds nothing"
    assert kept in desk.get(sent.location).text
    assert press(desk, only(session), "propose").status_code == 303
    assert press(office, only(session), "decide", go="accept").status_code == 303
    assert fill(office, "/admin/releases/new", {"note": "A handout"}).status_code == 303
    assert only(session).state is CorrectionState.PUBLISHED

    (handout,) = content.current_release(session).content.lessons[LESSON].handouts
    cohort.release_id = content.current_id(session)
    reader = enrol(session, person(session, "trainee", cohort=cohort), cohort)
    session.commit()
    page = browse(reader.person).get(f"/learn/{reader.id}/{LESSON}?lang=fr").text
    for shown in (handout.address, "title fr", "description fr", f'download="{kept}"'):
        assert shown in page
    assert ("What is said fr" in page) is name.endswith("mp3")

    served = browse(reader.person).get(handout.address)
    assert served.status_code == 200
    assert served.content_type.partition(";")[0] == media_type
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert "immutable" in served.headers["Cache-Control"]
    inline = media_type.startswith(("image/", "audio/"))
    assert ("attachment" in served.headers.get("Content-Disposition", "")) is not inline
    if media_type != "image/webp":  # made anew, without what it told beside
        assert served.data == data


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"MZ\x90\x00 a program", "agenda.pdf", "This type of file is not accepted"),
        (b"<html><script>x</script>", "agenda.pdf", "This type of file is not accepted"),
        (b"%PDF-1.7 cut off", "agenda.pdf", "This file cannot be read"),
        (PDF.replace(b"obj", b"/JavaScript"), "agenda.pdf", "This PDF holds a program"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.jpg", "This file cannot be read"),
        (wav(), "a.mp3", "Accepted: PDF, JPEG, PNG, WebP, MP3, CSV, ODT."),
        (b"a\x00b", "a.csv", "This type of file is not accepted"),
        (b"name\n=HYPERLINK(1)", "a.csv", "A program for tables would calculate this cell"),
        (b"name;age\nA;=1", "a.csv", "A program for tables would calculate this cell"),
        (odt("Basic/Standard/Module1.xml"), "a.odt", "This document holds a program"),
        (b"PK\x03\x04 broken", "a.odt", "This type of file is not accepted"),
        (b"", "a.pdf", "This file is empty"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_in_words_and_nothing_typed_is_lost(
    session, browse, trainer, data, name, says
):
    refused = send(browse(trainer), data, name, **{"title-fr": "Gardé"})
    assert refused.status_code == 422
    assert says in refused.text
    assert form_of(refused)["title-fr"] == ["Gardé"]
    assert session.scalar(select(Correction)) is None


@pytest.mark.parametrize("name", ["a.pdf", "a.csv", "a.odt"])
def test_a_file_that_is_too_large(session, browse, trainer, monkeypatch, name):
    monkeypatch.setattr(handouts, "MOST_BYTES", 1000)
    data = {"a.pdf": PDF, "a.csv": b"", "a.odt": b"PK"}[name] + b" " * 1000 + PDF
    refused = send(browse(trainer), data, name)
    assert refused.status_code == 422
    assert "The file is larger than" in refused.text


def test_no_file_at_all(browse, trainer):
    refused = fill(browse(trainer), f"{FORM}?lang=en", WORDS, drop=("file",))
    assert refused.status_code == 422
    assert "Choose a file" in refused.text


@pytest.mark.parametrize(
    ("data", "name", "without", "beside"),
    [
        (fieldwork.picture(), "a.jpg", "description-ar", "description-ar"),
        (mp3(), "a.mp3", "", "transcript-fr"),
    ],
)
def test_without_words_for_all_it_stays_a_draft(
    session, browse, trainer, data, name, without, beside
):
    desk = browse(trainer)
    sent = send(desk, data, name, **({without: ""} if without else {}))
    assert sent.location.endswith("/edit?check=1")
    page = desk.get(f"{sent.location}&lang=fr").text
    assert f'id="{beside}-error"' in page
    assert press(desk, only(session), "propose").location.endswith("/edit?check=1")
    assert only(session).state is CorrectionState.DRAFT
