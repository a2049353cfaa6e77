"""A picture as a trainee would take it, nobody on it."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from lms.core.files import Upload, accept

NOTES = ((40, 40, "#e9c46a"), (150, 60, "#7fd3a2"), (260, 35, "#f0a274"), (90, 150, "#6cc9be"))
"""Paper notes on a wall: where, and of which colour."""


@cache
def wall() -> Upload:
    """A picture of a wall with notes: nobody is on it."""
    image = Image.new("RGB", (400, 260), "#f3efe7")
    draw = ImageDraw.Draw(image)
    for x, y, colour in NOTES:
        draw.rectangle((x, y, x + 84, y + 84), fill=colour)
        for line in range(3):
            draw.line((x + 12, y + 24 + 18 * line, x + 70, y + 24 + 18 * line), fill="#566563")
    out = BytesIO()
    image.save(out, "JPEG")
    out.seek(0)
    return accept(out, "mur-de-l-atelier.jpg")


@cache
def signed_sheet() -> Upload:
    """A photo of a signed sheet: lines, a stamp and a signature, nothing to read."""
    image = Image.new("RGB", (420, 594), "#fdfcf8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((300, 30, 390, 120), outline="#1c2a29", width=6)
    for line in range(9):
        draw.line((30, 170 + 24 * line, 390, 170 + 24 * line), fill="#9aa6a4", width=2)
    draw.ellipse((230, 440, 330, 540), outline="#31508f", width=5)
    draw.line(((70, 520), (110, 470), (130, 530), (170, 480), (210, 515)), fill="#1c2a29", width=4)
    out = BytesIO()
    image.rotate(2, expand=True, fillcolor="#6b5a45").save(out, "JPEG")
    out.seek(0)
    return accept(out, "feuille-signee.jpg")
