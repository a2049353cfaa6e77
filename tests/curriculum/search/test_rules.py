"""What people type and what a text says are compared as people compare them."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.curriculum.search import rules
from lms.curriculum.search.passages import passages
from lms.curriculum.search.rules import Passage, asked, excerpts, words

HTML = (
    "<p>Avant tout.</p><h2 id='s1'>Les acteurs</h2><p>L’élue écoute.</p><ul><li>un</li>"
    "<li>deux</li></ul><p><img src='/media/x.svg' alt='Un sociogramme'></p>"
    "<h3 id='s2'>Après</h3><p>a &lt; b</p>"
)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("enjeux", "un enjeu"),
        ("enjeu", "Les Enjeux"),
        ("ECOUTE", "L’écoute active"),
        ("l'acteur", "les acteurs"),
        ("coll", "collectivité"),
        ("المجال", "مجالات"),
        ("مجال", "والمجالِ"),
        ("اهداف", "بالأهداف"),
        ("جماعة", "للجماعات"),
        ("مدرِّب", "المدرب"),
        ("٢٠١١", "constitution de 2011"),
        ("du territoire", "nos territoires"),
    ],
)
def test_found(typed, text):
    stems = words(text).split()
    assert all(any(one.meets(stem) for stem in stems) for one in asked(typed))


@pytest.mark.parametrize(
    ("typed", "text"), [("ct", "ctenophore"), ("acteur", "facteur"), ("ال", "المجال")]
)
def test_not_found(typed, text):
    assert not any(one.meets(stem) for one in asked(typed) for stem in words(text).split())


@pytest.mark.parametrize("typed", ["", "  ", "«»!?\"'()*:&|", "\0\x01", "ـــ", "َُِ"])
def test_nothing_to_look_for(typed):
    assert asked(typed) == ()


def test_a_search_has_an_end():
    assert len(asked("x" * 10_000)[0].stem) <= rules.LONGEST
    assert len(asked(" ".join(f"mot{n}" for n in range(99)))) == rules.MOST


@given(st.text())
def test_whatever_is_typed_is_letters_and_digits(text):
    for one in asked(text):
        assert one.stem.isalnum()
        assert one.stem == one.stem.strip()
        assert one.meets(one.stem)


def test_a_lesson_is_read_heading_by_heading():
    assert passages(HTML) == (
        Passage("", "", "Avant tout."),
        Passage("s1", "Les acteurs", "L’élue écoute. un deux Un sociogramme"),
        Passage("s2", "Après", "a < b"),
    )


def test_words_in_context():
    text = f"{'avant ' * 60}les enjeux du territoire{' après' * 60}"
    (found,) = excerpts([Passage("s1", "Titre", text)], asked("enjeu territoires"))
    assert [piece for piece, hit in found.pieces if hit] == ["enjeux", "territoire"]
    whole = "".join(piece for piece, _ in found.pieces)
    assert whole.startswith("… avant")
    assert whole.endswith("après …")
    assert len(whole) < 4 * rules.AROUND


def test_the_passages_that_hold_most_come_in_their_order():
    told = ["un acteur", "rien", "un acteur, un enjeu", "acteur enjeu"]
    parts = [Passage(f"s{n}", "", text) for n, text in enumerate(told)]
    assert [one.anchor for one in excerpts(parts, asked("acteurs enjeux"))] == ["s2", "s3"]


@given(st.text(), st.text(min_size=1))
def test_an_excerpt_says_only_what_the_text_says(text, typed):
    for found in excerpts(passages(f"<p>{escape(text)} {escape(typed)}</p>"), asked(typed)):
        whole = "".join(piece for piece, _ in found.pieces)
        told = whole.removeprefix("… ").removesuffix(" …")
        assert told in passages(f"<p>{escape(text)} {escape(typed)}</p>")[0].text
        assert any(hit for _, hit in found.pieces)
