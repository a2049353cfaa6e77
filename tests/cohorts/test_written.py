"""The small Markdown in which people write to each other."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.cohorts.written import excerpt, shown

ALLOWED = {
    *("p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a** *b* ~~c~~ `d`", "<strong>a</strong> <em>b</em> <s>c</s> <code>d</code>"),
        ("- a\n- b", '<ul dir="auto">\n<li>a</li>\n<li>b</li>\n</ul>'),
        ("> a", '<blockquote dir="auto">\n<p dir="auto">a</p>\n</blockquote>'),
        ("3. a", '<ol start="3" dir="auto">'),
        ("un\ndeux", "un<br>"),
        ("# titre", "# titre"),
        ("voir https://a.example/x?y=1, oui", 'href="https://a.example/x?y=1"'),
        ("[x](https://a.example)", 'rel="nofollow ugc noopener noreferrer"'),
        ("`https://a.example`", "<code>https://a.example</code>"),
        ("مرحبا", '<p dir="auto">مرحبا</p>'),
    ],
)
def test_what_is_shown(text, html):
    assert html in shown(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/x.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "[x]\n\n[x]: javascript:alert(1)",
        '[x](https://a.example "onclick=alert(1)")',
        "[x](//evil.example)",
        "[x](/account)",
        "&lt;script&gt;",
        'https://a.example/"onmouseover=alert(1)',
        "<a href='x' style='position:fixed'>x</a>",
        "<svg/onload=alert(1)>",
        "```html\n<script>alert(1)</script>\n```",
        "> " * 200 + "x",
        "[" * 300 + "x" + "](y)" * 300,
    ],
)
def test_what_is_hostile_does_nothing(text):
    html = str(shown(text))
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= ALLOWED
    for tag in re.findall(r"<[^>]+>", html):
        assert not re.search(r"\s(on\w+|style|src|title)=", tag)
        assert not re.search(r'href="(?!https?://|mailto:)', tag)


@settings(max_examples=80)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_it_never_fails(text):
    html = str(shown(text))
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= ALLOWED
    assert len(excerpt(text)) <= 141


def test_the_beginning():
    assert excerpt("**Un** `mot`\n\n- deux") == "Un mot - deux"
    assert excerpt("mot " * 100).endswith("…")
