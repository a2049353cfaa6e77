"""Lesson text is rendered once, safely, below the page's h1."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lms.curriculum import markdown

ALLOWED = re.compile(r"</?(?:p|h[2-6]|[uo]l|li|blockquote|hr|br|div|strong|em|code|pre|s|a|t\w+)\b")


def test_raw_html_is_shown_not_obeyed():
    html = markdown.render("<script>alert(1)</script> <b onclick=x>y</b>")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<b" not in html


def test_dangerous_links_do_not_survive():
    html = markdown.render("[x](javascript:alert(1)) [y](data:text/html,x) [z](vbscript:x)")
    assert "href" not in html


def test_links_to_lessons_are_relative_to_a_lesson_page():
    html = markdown.render("[plan](lesson:c6-method/03-action-plan)")
    assert html == '<p><a href="../c6-method/03-action-plan">plan</a></p>\n'


def test_headings_of_a_lesson_are_numbered_those_of_a_task_are_not():
    text = "## Why\n\n# How\n\n## Why"
    html = markdown.render(text, markdown.Surroundings())
    assert re.findall(r'<h2 id="(\w+)">', html) == ["s1", "s2", "s3"]
    assert "id=" not in markdown.render(text)


def test_links_to_other_sites_tell_nothing_about_the_reader():
    html = markdown.render('[site](https://example.org "title")')
    assert html == '<p><a href="https://example.org" rel="noopener noreferrer">site</a></p>\n'


def test_headings_stay_below_the_title():
    assert markdown.render("# A\n\n## B\n\n### C") == "<h2>A</h2>\n<h2>B</h2>\n<h3>C</h3>\n"


def test_tables_have_headers_and_scroll_by_keyboard():
    html = markdown.render("| A | B |\n|:-:|---|\n| 1 | 2 |")
    assert html.startswith('<table tabindex="0">')
    assert html.count('<th scope="col">') == 2
    assert "style" not in html


def test_the_empty_corner_of_a_matrix_heads_nothing():
    html = markdown.render("| | A |\n|---|---|\n| b | 1 |")
    assert "<td></td>" in html
    assert html.count("<th") == 2  # thead, and A
    assert html.count("</th>") == 1


def test_the_outline_knows_lines():
    outline = markdown.outline(
        "## One\n\ntext\n[a](lesson:x/y)\n\n- b\n- <i>c</i>\n\n![p](q.png)\n\n<div>\n\n## Two"
    )
    assert [(h.level, h.text, h.line) for h in outline.headings] == [(2, "One", 1), (2, "Two", 13)]
    assert [(link.lesson, link.line) for link in outline.links] == [("x/y", 4)]
    assert outline.raw_html == (7, 7, 11)
    assert outline.pictures == (markdown.Picture("q.png", "p", 9),)


@given(st.text(max_size=400))
def test_whatever_is_written_only_known_tags_come_out(source: str):
    markdown.outline(source)
    html = markdown.render(source)
    for tag in re.findall(r"<[^>]*>", html):
        assert ALLOWED.match(tag), tag
    assert not re.search(r"<[^>]*\son\w+=", html)


def test_links_between_lessons_lead_below_another_page():
    html = markdown.render("[a](lesson:c6-method/02-plan) [b](https://example.org/../x)")
    moved = markdown.below(html, "/admin/content")
    assert '<a href="/admin/content/c6-method/02-plan">a</a>' in moved
    assert 'href="https://example.org/../x"' in moved
    assert "../c6-method" not in moved
