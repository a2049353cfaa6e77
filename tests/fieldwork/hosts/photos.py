"""Photos of a paper as phones take them: turned, tilted, blurred, dark, noisy, small."""

import math
import random
from io import BytesIO

from PIL import Image, ImageEnhance, ImageFilter


def _solve(rows):
    """Gauss, for the eight figures of a perspective."""
    size = len(rows)
    for place in range(size):
        best = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        head = rows[place][place]
        rows[place] = [value / head for value in rows[place]]
        for other in range(size):
            if other != place:
                factor = rows[other][place]
                pairs = zip(rows[other], rows[place], strict=True)
                rows[other] = [a - factor * b for a, b in pairs]
    return [row[-1] for row in rows]


def tilted(page, by):
    """Seen from one side: `by` is how much shorter the far edge is."""
    width, height = page.size
    inset = by * width
    to = [(inset, inset / 2), (width - inset / 3, 0), (width, height), (0, height - inset / 2)]
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    rows = []
    for (x, y), (u, v) in zip(to, corners, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    way = _solve(rows)
    perspective = Image.Transform.PERSPECTIVE
    return page.transform(page.size, perspective, way, Image.Resampling.BICUBIC, fillcolor=70)


def photo(page, *, turn=0, tilt=0.0, blur=0.0, light=1.0, noise=0, side=3000, quality=70):
    """A JPEG of the page (in greys) lying on a table."""
    scale = side / max(page.size) * 0.8
    page = page.convert("L").resize(
        (round(page.width * scale), round(page.height * scale)), Image.Resampling.LANCZOS
    )
    table = Image.new("L", (round(page.width * 1.2), round(page.height * 1.2)), 70)
    table.paste(page, (round(page.width * 0.1), round(page.height * 0.1)))
    seen = tilted(table, tilt) if tilt else table
    seen = seen.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=70)
    seen = ImageEnhance.Brightness(seen.filter(ImageFilter.GaussianBlur(blur))).enhance(light)
    if noise:
        grain = Image.effect_noise(seen.size, noise)
        seen = Image.blend(seen, grain, 0.15)
    out = BytesIO()
    seen.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def shots(count, seed=4711):
    """So many ways of taking a photo, each time the same ones."""
    dice = random.Random(seed)
    return [
        {
            "turn": dice.choice([0, 90, 180, 270]) + dice.uniform(-25, 25),
            "tilt": dice.uniform(0, 0.08),
            "blur": dice.uniform(0, 2.0),
            "light": math.exp(dice.uniform(math.log(0.25), 0.2)),
            "noise": dice.choice([0, 20, 40]),
            "side": dice.choice([2000, 2600, 3400]),
            "quality": dice.choice([35, 60, 85]),
        }
        for _ in range(count)
    ]


def scanned(*jpegs):
    """A PDF as a scanner writes it: each page one picture, stored as it is."""
    parts = [b"%PDF-1.4\n"]
    for number, data in enumerate(jpegs, start=1):
        head = (
            f"{number} 0 obj\n<</Type/XObject/Subtype/Image/Filter/DCTDecode/Length {len(data)}>>"
        )
        parts.append(head.encode() + b"\nstream\n" + data + b"\nendstream\nendobj\n")
    parts.append(b"xref\n0 1\ntrailer\n<<>>\nstartxref\n0\n%%EOF")
    return b"".join(parts)
