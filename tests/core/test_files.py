"""Uploads: judged by content, pictures made anew, hostile files refused, names harmless."""

import struct
import zipfile
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from obstore.exceptions import BaseError
from PIL import Image, PngImagePlugin

from lms.core.errors import Refusal
from lms.core.files import LIMIT_MB, MAX_SIDE, FileStore, accept, store

PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nstartxref\n9\n%%EOF\n"
GPS = {1: "N", 2: (14.0, 8.0, 50.0), 3: "W", 4: (16.0, 4.0, 30.0)}
SECRET = b"Kaolack, at home"


def picture(kind="JPEG", size=(64, 48), mode="RGB", colour="red", **options):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def taken(data, name="photo.jpg"):
    """The picture as it is kept, and the bytes."""
    upload = accept(BytesIO(data), name)
    assert upload.media_type == "image/webp"
    image = Image.open(BytesIO(upload.data), formats=["WEBP"])
    image.load()
    return image, upload.data


def refused(data, name="photo.jpg"):
    with pytest.raises(Refusal) as no:
        accept(BytesIO(data), name)
    return no.value.code


def png(width, height, *chunks):
    """A PNG of any announced size, with whatever chunks."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *(chunk(*one) for one in chunks), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


# --- pictures ---


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_become_webp(kind):
    image, _ = taken(picture(kind))
    assert (image.size, image.mode) == ((64, 48), "RGB")


def test_large_pictures_become_smaller():
    image, _ = taken(picture(size=(4000, 1000)))
    assert image.size == (MAX_SIDE, 400)


def test_where_and_with_what_a_picture_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "Camera", SECRET
    exif.get_ifd(0x8825).update(GPS)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    data = picture(exif=exif, xmp=xmp, comment=SECRET, icc_profile=SECRET)
    assert data.count(SECRET) == 4
    image, kept = taken(data)
    assert image.size == (48, 64), "turned as the camera was held"
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    assert SECRET not in kept
    assert b"Camera" not in kept


def test_text_in_a_png_is_not_kept():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    assert SECRET not in taken(picture("PNG", pnginfo=texts))[1]


@pytest.mark.parametrize(
    ("mode", "colour", "kept"),
    [
        ("P", 3, "RGB"),
        ("L", 128, "RGB"),
        ("1", 1, "RGB"),
        ("LA", (128, 90), "RGBA"),
        ("RGBA", (1, 2, 3, 90), "RGBA"),
        ("I;16", 32768, "RGB"),
    ],
)
def test_every_kind_of_colour(mode, colour, kept):
    image, _ = taken(picture("PNG", mode=mode, colour=colour))
    assert image.mode == kept


def test_greys_of_16_bits_keep_their_shade():
    image, _ = taken(picture("PNG", mode="I;16", colour=32768))
    assert 120 < image.getpixel((5, 5))[0] < 136


def test_printers_colours():
    assert taken(picture(mode="CMYK", colour=(0, 255, 255, 0)))[0].mode == "RGB"


# --- hostile ---


@pytest.mark.parametrize("side", [6400, 11000, 20_000, 2**31 - 1])
def test_bombs(side):
    """Small files that would fill the memory: refused by what they announce."""
    data = png(side, side, (b"IDAT", zlib.compress(b"\0" * 100_000)))
    assert len(data) < 10_000
    assert refused(data) in {"file_too_large", "file_broken"}


def test_a_bomb_of_text():
    bomb = (b"zTXt", b"a\0\0" + zlib.compress(b"a" * 80_000_000))
    assert refused(png(8, 8, bomb, (b"IDAT", zlib.compress(b"\0" * 16)))) == "file_broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_half_a_picture(kind, part):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, kind)
    data = out.getvalue()
    assert refused(data[: int(len(data) * part)]) in {"file_broken", "file_type"}


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"MZ\x90\0program",
        b"PK\x03\x04archive",
        b"%!PS-Adobe-3.0\n",
        b"\0" * 100,
        b"BM" + b"\0" * 60,
        picture("TIFF"),
        picture("GIF"),
        picture("BMP"),
        b" " + PDF,
    ],
)
def test_other_types_are_refused(data):
    assert refused(data, "photo.jpg") == "file_type"


def test_a_picture_that_is_also_something_else_is_only_a_picture():
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.html", "<script>alert(1)</script>")
    for extra in (archive.getvalue(), b"<script>alert(1)</script>", PDF, b"<?php evil(); ?>"):
        for kind in ("JPEG", "PNG", "WEBP"):
            _, kept = taken(picture(kind) + extra)
            assert not any(sign in kept for sign in (b"PK\x03\x04", b"<script", b"%PDF", b"<?php"))


def test_nothing_and_too_much():
    assert refused(b"") == "file_empty"
    assert refused(PDF + b"\0" * (LIMIT_MB * 1024 * 1024)) == "file_too_large"


@given(st.binary(max_size=300))
@example(b"%PDF-")
@example(b"RIFF\0\0\0\0WEBPVP8 ")
@example(b"\x89PNG\r\n\x1a\n")
@example(b"\xff\xd8\xff")
def test_any_bytes_are_taken_or_refused(data):
    try:
        accept(BytesIO(data), "x")
    except Refusal as no:
        assert no.code.startswith("file_")  # noqa: PT017 - either way is right


SAMPLES = [picture(kind, (40, 30)) for kind in ("JPEG", "PNG", "WEBP")] + [PDF]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_damaged_files_are_taken_or_refused(data, changes):
    damaged = bytearray(data)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        upload = accept(BytesIO(bytes(damaged)), "x")
    except Refusal as no:
        assert no.code.startswith("file_")  # noqa: PT017 - either way is right
    else:
        if upload.media_type == "image/webp":
            with Image.open(BytesIO(upload.data)) as image:
                image.load()


# --- PDF ---


def test_a_pdf_is_kept_as_it_is():
    upload = accept(BytesIO(PDF), "Convention signée.PDF")
    assert (upload.media_type, upload.name) == ("application/pdf", "Convention signée.pdf")
    assert upload.data == PDF


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PDF[:-8], "file_broken"),
        (b"%PDF-1.7\n%%EOF", "file_broken"),
        (PDF + b"\0" * 3000, "file_broken"),
        (PDF.replace(b"/Catalog", b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "file_acts"),
        (PDF.replace(b"/Catalog", b"/AA<</O<</S /Launch /F(cmd.exe)>>>>"), "file_acts"),
    ],
)
def test_a_pdf_that_is_cut_or_acts(data, code):
    assert refused(data, "x.pdf") == code


def test_words_that_only_look_like_acting():
    plain = PDF.replace(b"/Catalog", b"/Title(/JavaScripting and /Launchpad)")
    assert accept(BytesIO(plain), "x.pdf").data == plain


# --- names ---


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Awa\\photo.jpg", "photo"),
        ("photo.jpg\r\nSet-Cookie: a=b", "photo"),
        ("évaluation de Kaolack.jpeg", "évaluation de Kaolack"),
        ("صورة الورشة.png", "صورة الورشة"),
        ("invoice\u202egpj.exe", "invoicegpj"),
        ("a\0b.jpg", "ab"),
        ("..", "file"),
        ("/", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("x" * 5000 + ".jpg", "x" * 150),
    ],
)
def test_names(name, kept):
    assert accept(BytesIO(SAMPLES[0]), name).name == f"{kept}.webp"
    assert accept(BytesIO(PDF), name).name == f"{kept}.pdf"


@given(st.text())
def test_any_name_is_harmless(name):
    kept = accept(BytesIO(PDF), name).name
    assert kept.endswith(".pdf")
    assert 5 <= len(kept) <= 154
    assert not set(kept) & set("/\\\0\r\n\u202e")


# --- the store ---


def test_what_is_stored_is_found_again(session, tmp_path):
    files = FileStore(tmp_path)
    now = datetime(2026, 5, 4, tzinfo=UTC)
    row = store(session, files, accept(BytesIO(PDF), "x.pdf"), None, now)
    again = store(session, files, accept(BytesIO(PDF), "y.pdf"), None, now)
    session.commit()
    assert files.get(row.sha256) == PDF
    assert (row.size, row.media_type) == (len(PDF), "application/pdf")
    assert row.id != again.id
    assert row.sha256 == again.sha256
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == [row.sha256]


@pytest.mark.parametrize("key", ["../../etc/passwd", "0" * 64, "", "/etc/passwd"])
def test_nothing_else_is_found(tmp_path, key):
    with pytest.raises((FileNotFoundError, ValueError, BaseError)):
        FileStore(tmp_path).get(key)
