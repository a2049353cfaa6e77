"""Whatever a question of ours says, it comes back from Moodle's formats as it went out."""

import re
from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.curriculum.exchange import gift, moodle
from lms.curriculum.exchange.html import lines, marked_of
from lms.curriculum.exchange.items import Item, ItemAnswer
from lms.curriculum.phrasing import is_plain, literal, phrased
from lms.curriculum.rules import QuestionKind as Kind

pytestmark = pytest.mark.slow

SIGNS = st.text(st.sampled_from("ab é ع1*`_<>&#{}~=:\\-.)%[]\n\"'؟|!$/;"), min_size=1, max_size=14)
NASTY = st.sampled_from(
    ["**a**", "*a* b", "`a*b`", "- a\n- b", "1. a\n2. b", "- a\n   - b", "x\n\n- *a*\n- b\n\ny",
     "&lt;", "<b>a</b>", "]]>", "<!--", "%50%a", "[html]a", "//", "::a::", "$CATEGORY: a", "{}",
     "\\n", "\\", "_____", "a->b", "{mlang fr}a", "####", "T", "#3", "\u200f", "\ufeffa"]
)  # fmt: skip
TEXT = st.lists(st.one_of(SIGNS, NASTY), min_size=1, max_size=3).map("".join).map(lines)
TEXT = TEXT.filter(lambda text: text and "mlang" not in text)
WORDS = TEXT.map(lambda text: " ".join(text.split()))
MAYBE = st.one_of(st.just(""), TEXT)


def several(of, least=2):
    return st.lists(of, min_size=least, max_size=4, unique_by=str.casefold)


@st.composite
def questions(draw, arrows=True):
    """A question of any kind but scenarios, which Moodle does not have."""
    kind = draw(st.sampled_from([one for one in Kind if one is not Kind.SCENARIO]))
    parts = {}
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        texts = draw(several(TEXT, 3))
        right = draw(st.sets(st.sampled_from(texts), min_size=2))
        right = {texts[0]} if kind is Kind.SINGLE else right
        said = draw(st.lists(MAYBE, min_size=len(texts), max_size=len(texts)))
        rows = zip(texts, said, strict=True)
        parts["answers"] = tuple(ItemAnswer(t, t in right, s) for t, s in rows)
    elif kind is Kind.ORDERING:
        parts["answers"] = tuple(map(ItemAnswer, draw(several(TEXT))))
    elif kind is Kind.MATCHING:
        left, right = draw(several(TEXT)), draw(several(WORDS))
        pairs = zip(left, right, strict=False)
        parts["answers"] = tuple(ItemAnswer(a, match=b) for a, b in pairs)
        parts["extra"] = tuple(right[len(left) :])
    elif kind is Kind.SHORT:
        parts["accept"] = tuple(draw(several(WORDS.filter(lambda text: "*" not in text), 1)))
    elif arrows:
        parts["model"] = draw(MAYBE)
    return Item("c9-q01", kind, draw(TEXT), draw(MAYBE), **parts)


@settings(max_examples=120)
@given(questions())
def test_moodle_xml_gives_back_what_it_was_given(item):
    again = moodle.read(moodle.write([item], ""), "fr")
    assert (again.items, again.losses) == ([item], [])


def holds_an_arrow(item):
    """GIFT has no way to write one where pairs stand."""
    words = [t for a in item.answers for t in (a.text, a.match)] + [*item.extra, *item.accept]
    return any("->" in text for text in words)


@settings(max_examples=120)
@given(
    questions(arrows=False).filter(
        lambda item: item.kind is not Kind.ORDERING and not holds_an_arrow(item)
    )
)
def test_gift_gives_back_what_it_was_given(item):
    again = gift.read(gift.write([item], "A"), "fr")
    assert [one.kind for one in again.items] == [item.kind]
    (came,) = again.items
    assert (came.text, came.feedback, came.answers) == (item.text, item.feedback, item.answers)
    assert (came.extra, came.accept, came.category) == (item.extra, item.accept, "A")
    assert again.losses == []


# The little Markdown of questions ---------------------------------------------------------------


@settings(max_examples=120)
@given(TEXT)
def test_plain_words_read_as_they_are_written(text):
    shown = unescape(str(phrased(literal(text))).replace("<br>", " "))
    assert "".join(shown.split()) == "".join(text.split())
    assert not is_plain(text) or literal(text) == text


@settings(max_examples=60)
@given(TEXT)
def test_nothing_but_a_few_tags_is_made_of_a_text(text):
    tags = set(re.findall(r"</?(\w+)[^>]*>", str(phrased(text))))
    assert tags <= {"br", "strong", "em", "code"}


@settings(max_examples=60)
@given(
    TEXT,
    st.lists(
        st.sampled_from(
            ["<b>", "</b>", "<p>", "<li>", "</ul>", "<ol>", "a", "* ", "<a href='https://x'>"]
        ),
        max_size=9,
    ),
)
def test_whatever_a_page_says_no_word_is_lost(text, tags):
    html = escape(text).join(["", *tags])
    said, _lost = marked_of(html)
    words = re.sub(r"<[^>]*>", "", html)
    shown = re.sub(r"<[^>]*>", "", str(phrased(said))).replace("(https://x)", "")
    assert re.sub(r"[\W_]|\d+", "", unescape(shown)) == re.sub(r"[\W_]|\d+", "", unescape(words))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Who **decides** *here*?", "Who <strong>decides</strong> <em>here</em>?"),
        ("a\nb\n\nc", "a<br>b<br><br>c"),
        ("Look:\n\n- a\n- b\n\nThen", "Look:<br><br>– a<br>– b<br><br>Then"),
        ("1. a\n2. `b`", "1. a<br>2. <code>b</code>"),
        (
            "<script>x</script> [a](javascript:x)",
            "&lt;script&gt;x&lt;/script&gt; [a](javascript:x)",
        ),
        ("The _____ of _____.", "The _____ of _____."),
        ("# a > b | c ![x](y)", "# a &gt; b | c ![x](y)"),
    ],
)
def test_how_a_text_is_shown(text, html):
    assert str(phrased(text)) == html
