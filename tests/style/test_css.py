"""House rules of the look: one small stylesheet, no physical sides, nothing inline, contrast."""

import gzip
import re
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "lms" / "static"
TEMPLATES = sorted(p for p in (ROOT / "templates").rglob("*.html") if "_preview" not in p.parts)
# Mail clients and the PDF maker read no linked stylesheet.
PAGES = [
    p for p in TEMPLATES if not {"emails", "pdf"} & set(p.relative_to(ROOT / "templates").parts)
]
CSS = (STATIC / "style.css").read_text(encoding="utf-8")

# Templates that may mark text as safe, each with its reason.
_LESSON = "a lesson's text, sanitised by nh3 when its release was published"
SAFE_ALLOWED = {
    "curriculum/corrections/_lesson.html": _LESSON,
    "pdf/certificate.html": "the QR code, an SVG that segno draws for us",
    "learning/exercises/_parts.html": _LESSON,
    "learning/lesson.html": _LESSON,
    "learning/reading.html": _LESSON,
    "learning/print.html": _LESSON,
    "curriculum/discover.html": _LESSON,
    "curriculum/discover_lesson.html": _LESSON,
}

KIB = 1024


def packed(*paths: Path) -> int:
    """Bytes over the wire."""
    return sum(len(gzip.compress(path.read_bytes(), 5)) for path in paths)


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b"
    r"|(?<![\w-])(?:left|right|top|bottom)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?<![\w-])(?:min-|max-)?(?:width|height)\s*:"
)


def test_no_physical_sides() -> None:
    """Right-to-left pages need logical properties: inset-inline-start, inline-size."""
    css = re.sub(r"@media[^{]*", "", without_comments(CSS))
    found = [m.group(0) for m in PHYSICAL.finditer(css)]
    assert not found, f"use logical properties instead of {found}"


def test_sizes() -> None:
    assert packed(STATIC / "style.css") <= 16 * KIB, (
        "the stylesheet is over 16 KB after gzip: drop a part"
    )
    every_page = [STATIC / "js" / name for name in ("app.js", "draft.js")]
    assert packed(*every_page) <= 10 * KIB, "the modules of every page are over 10 KB after gzip"
    assert packed(STATIC / "icons.svg") <= 4 * KIB, "the icon sprite is over 4 KB after gzip"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_no_inline_code(path: Path) -> None:
    """The security policy refuses it: styles go into style.css, behaviour into lms/static/js/."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style\b", text), f"{path}: <style> element"
    assert not re.search(r"\sstyle\s*=", text), f"{path}: style attribute"
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text), f"{path}: inline script"
    assert not re.search(r"<[^>{]*\son[a-z]+\s*=", text), f"{path}: event attribute"
    assert "javascript:" not in text, f"{path}: javascript: address"
    assert not re.search(r"<(?:script|link|img)\b[^>]*https?://", text), f"{path}: third party"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_nothing_is_marked_safe(path: Path) -> None:
    """Make Markup where the text is made (`lms.core`), not in a template."""
    name = str(path.relative_to(ROOT / "templates"))
    if name not in SAFE_ALLOWED:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false", text), (
            f"{name}: |safe; give the reason in SAFE_ALLOWED"
        )


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", block))


def block_after(start: str) -> str:
    at = CSS.index(start) + len(start)
    return CSS[at : CSS.index("}", at)]


LIGHT = tokens(block_after(":root {"))
DARK = tokens(block_after(':root[data-theme="dark"] {'))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    channels = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("paper", "surface", "sunk")
TEXT_ON = [
    *product(("ink", "muted", "primary", "accent", "ok", "warn", "bad"), GROUNDS),
    *product(("ink",), ("primary-soft", "accent-soft", "ok-soft", "warn-soft", "bad-soft")),
    *((name, f"{name}-soft") for name in ("primary", "accent", "ok", "warn", "bad")),
    ("muted", "primary-soft"),
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-bad", "bad"),
    ("paper", "accent"),
]


def too_weak(theme: dict[str, str], pairs: Iterable[tuple[str, str]], least: float) -> list[str]:
    """Pairs of colours, by token or value, with less contrast than asked."""
    figures = {(a, b): contrast(theme.get(a, a), theme.get(b, b)) for a, b in pairs}
    return [f"{a} on {b}: {figure:.2f}" for (a, b), figure in figures.items() if figure < least]


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_contrast(name: str, theme: dict[str, str]) -> None:
    """WCAG 2.2 AA: 4.5 for text, 3 for the edges of boxes and the focus ring."""
    weak = too_weak(theme, TEXT_ON, 4.5)
    weak += too_weak(theme, product(("#ffffff", "#f3c7a8"), ("hero", "hero-end")), 4.5)
    weak += too_weak(theme, product(("edge", "accent"), GROUNDS), 3)
    assert not weak, f"{name} theme: {weak}"


def test_both_dark_themes_are_alike() -> None:
    asked = tokens(block_after(':root:not([data-theme="light"]) {'))
    assert asked == DARK, "the dark tokens stand twice in style.css: change both"


def test_every_icon_exists() -> None:
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    call = re.compile(r"(?<!_)\bicon\('([\w-]+)'")
    wanted = {(p.name, name) for p in PAGES for name in call.findall(p.read_text(encoding="utf-8"))}
    missing = {(page, name) for page, name in wanted if name not in known}
    assert not missing, f"draw them in icons.svg, or use one of {sorted(known)}: {missing}"
