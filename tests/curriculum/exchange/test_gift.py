"""GIFT in and out. Banks that others published were tried by hand; see docs/figures.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.curriculum.exchange import gift
from lms.curriculum.exchange.items import LossKind, UnreadableBank
from lms.curriculum.rules import QuestionKind


def read(text: str, language: str = "en"):
    return gift.read(text.encode(), language)


def one(text: str):
    found = read(text)
    assert found.losses == []
    (item,) = found.items
    return item


def test_choices_with_feedback_and_a_title():
    item = one("// a comment\n$CATEGORY: x\n\n::T::Who?{=The group #Yes ~The coach #No\n\n~Nobody}")
    assert (item.name, item.text, item.kind) == ("T", "Who?", QuestionKind.SINGLE)
    assert [(a.text, a.correct, a.feedback) for a in item.answers] == [
        ("The group", True, "Yes"),
        ("The coach", False, "No"),
        ("Nobody", False, ""),
    ]


def test_weights_make_several_right():
    item = one("Which?{~%50%A ~%50%B ~%-100%C ####Two of them}")
    assert item.kind is QuestionKind.MULTIPLE
    assert [a.correct for a in item.answers] == [True, True, False]
    assert item.feedback == "Two of them"


def test_pairs_short_true_essay_and_a_gap():
    pairs = one("Match{=Rabat -> Morocco =Dakar -> Senegal = -> Belgium}")
    assert pairs.extra == ("Belgium",)
    assert one("Name it{=SWOT =%100%FFOM}").accept == ("SWOT", "FFOM")
    assert [a.correct for a in one("It is so{F#why#because}").answers] == [False, True]
    assert one("Tell{}").kind is QuestionKind.OPEN
    assert one("The {=group ~coach} decides.").text == "The _____ decides."


def test_numbers_categories_and_formats():
    found = read("$CATEGORY: $course$/top/Money//debts\n\nHow many?{#=3.5:0#Yes =%50%3:1#Half}")
    (item,) = found.items
    assert (item.accept, item.feedback) == (("3.5", "3,5"), "Yes")
    assert item.category == "Money/debts"
    kinds = [loss.kind for loss in found.losses]
    assert kinds == [LossKind.REMARK, LossKind.PARTIAL, LossKind.NUMBER]
    assert one(r"[markdown]Who **decides**?\n\n- a{=x ~y}").text == "Who **decides**?\n\n- a"
    assert one("[html]<p>Who <b>decides</b>?</p>{=x ~y}").text == "Who **decides**?"
    assert one("[plain]Who **decides**?{=x ~y}").text == r"Who \*\*decides\*\*?"
    assert one("Who\ndecides?{=x ~y}").text == "Who decides?"


def test_escaped_signs():
    item = one(r"A \{x\} \= \~ \# 1\:2?{=yes\=1 ~no}")
    assert item.text == "A {x} = ~ # 1:2?"
    assert item.answers[0].text == "yes=1"


@pytest.mark.parametrize(
    ("text", "kind", "dropped"),
    [
        ("How many?{#3}", LossKind.NUMBER, False),
        ("How many?{#3:0.5}", LossKind.RANGE, True),
        ("How many?{#3.1..3.2}", LossKind.RANGE, True),
        ("Only words", LossKind.KIND, True),
        ("Open {=a", LossKind.UNREADABLE, True),
        ("Nothing{hello}", LossKind.UNREADABLE, True),
        ("Part?{=a ~%50%b ~c}", LossKind.PARTIAL, False),
        ("Wild{=a*}", LossKind.WILDCARD, True),
    ],
)
def test_what_cannot_be_carried_is_told(text, kind, dropped):
    found = read(text)
    assert [(loss.kind, loss.dropped) for loss in found.losses] == [(kind, dropped)]


def test_what_is_not_text_is_refused_with_its_line():
    with pytest.raises(UnreadableBank) as refused:
        gift.read(b"one{}\n\n\xff", "en")
    assert refused.value.line == 3


@given(st.text(st.sampled_from("ab{}=~#\\:%-> \n/$[]T"), max_size=60))
def test_nothing_makes_it_fall_over(text):
    read(text)
