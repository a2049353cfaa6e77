"""Moodle XML in and out. Banks that others published were tried by hand; see docs/figures.md."""

import pytest

from lms.curriculum.exchange import moodle
from lms.curriculum.exchange.items import BankFault, LossKind, UnreadableBank
from lms.curriculum.rules import QuestionKind


def bank(*questions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>{"".join(questions)}</quiz>'.encode()


def question(kind: str, inside: str, text: str = "<p>Who <b>decides</b>?</p>") -> str:
    return (
        f'<question type="{kind}"><name><text>Q</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
        f"<generalfeedback><text>Because.</text></generalfeedback>{inside}</question>"
    )


def answer(text: str, fraction: str, feedback: str = "") -> str:
    return (
        f'<answer fraction="{fraction}"><text>{text}</text>'
        f"<feedback><text>{feedback}</text></feedback></answer>"
    )


def number(text: str, tolerance: str) -> str:
    return (
        f'<answer fraction="100"><text>{text}</text><feedback><text/></feedback>'
        f"<tolerance>{tolerance}</tolerance></answer>"
    )


def read(*questions: str, language: str = "en"):
    return moodle.read(bank(*questions), language)


def one(*questions: str, language: str = "en"):
    found = read(*questions, language=language)
    assert found.losses == []
    (item,) = found.items
    return item


def test_one_right_answer():
    item = one(
        question(
            "multichoice", "<single>true</single>" + answer("A", "100", "Yes") + answer("B", "0")
        )
    )
    assert (item.kind, item.text) == (QuestionKind.SINGLE, "Who **decides**?")
    assert item.feedback == "Because."
    assert [(a.text, a.correct, a.feedback) for a in item.answers] == [
        ("A", True, "Yes"),
        ("B", False, ""),
    ]


def test_several_right_answers():
    item = one(
        question(
            "multichoice",
            "<single>false</single>" + answer("A", "50") + answer("B", "50") + answer("C", "-100"),
        )
    )
    assert item.kind is QuestionKind.MULTIPLE
    assert [a.correct for a in item.answers] == [True, True, False]


@pytest.mark.parametrize(("language", "words"), [("fr", "Vrai"), ("en", "True"), ("ar", "صحيح")])
def test_true_or_false(language, words):
    item = one(
        question("truefalse", answer("true", "100") + answer("false", "0")), language=language
    )
    assert item.answers[0].text == words
    assert item.answers[0].correct


def test_pairs_with_a_choice_too_many():
    rows = "".join(
        f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
        for left, right in [("Rabat", "Morocco"), ("Dakar", "Senegal"), ("", "Belgium")]
    )
    item = one(question("matching", rows))
    assert [(a.text, a.match) for a in item.answers] == [("Rabat", "Morocco"), ("Dakar", "Senegal")]
    assert item.extra == ("Belgium",)


def test_short_answers_ordering_essay():
    found = read(
        question("shortanswer", answer("SWOT", "100") + answer("Swot matrix", "100")),
        question("ordering", answer("first", "1") + answer("second", "2")),
        question("essay", "<graderinfo><text>A good one</text></graderinfo>"),
    )
    short, order, essay = found.items
    assert short.accept == ("SWOT", "Swot matrix")
    assert [a.text for a in order.answers] == ["first", "second"]
    assert (essay.kind, essay.model) == (QuestionKind.OPEN, "A good one")


@pytest.mark.parametrize(
    ("xml", "kind", "dropped"),
    [
        (question("stack", answer("3", "100")), LossKind.KIND, True),
        (question("numerical", answer("3", "100")), LossKind.NUMBER, False),
        (question("numerical", number("3", "0.5")), LossKind.RANGE, True),
        (question("numerical", answer("*", "100")), LossKind.RANGE, True),
        (question("numerical", answer("3", "0")), LossKind.NO_RIGHT_ANSWER, True),
        (question("cloze", ""), LossKind.KIND, True),
        (question("cloze", "", text="A {1:SA:=x} B {1:SA:=y}"), LossKind.GAPS, True),
        (question("cloze", "", text="A {1:SORTING:=x}"), LossKind.KIND, True),
        (question("cloze", "", text="A {1:MC:=x}"), LossKind.TOO_FEW_ANSWERS, True),
        (question("cloze", "", text="A {1:MULTICHOICE}"), LossKind.KIND, True),
        (question("cloze", "", text="A {1:NM:=7:0.5}"), LossKind.RANGE, True),
        (question("cloze", "", text="A {1:NUMERICAL:=zero}"), LossKind.RANGE, True),
        (
            question("multichoice", answer("A", "0") + answer("B", "0")),
            LossKind.NO_RIGHT_ANSWER,
            True,
        ),
        (question("multichoice", answer("A", "100")), LossKind.TOO_FEW_ANSWERS, True),
        (
            question("multichoice", answer("A", "100") + answer("a", "0")),
            LossKind.DUPLICATE_ANSWER,
            True,
        ),
        (question("multichoice", answer("A", "100") + answer("B", "50")), LossKind.PARTIAL, False),
        (
            question("multichoice", answer("A", "100") + answer("B", "-50")),
            LossKind.DEDUCTION,
            False,
        ),
        (question("shortanswer", answer("*wot", "100")), LossKind.WILDCARD, True),
        (question("shortanswer", answer("x", "100") + answer("y", "40")), LossKind.PARTIAL, False),
        (
            question("essay", "", text="<p>See <img src='@@PLUGINFILE@@/a.png' alt='map'></p>"),
            LossKind.PICTURE,
            False,
        ),
        (question("essay", "", text="<pre>a\nb</pre>"), LossKind.LAYOUT, False),
        (question("essay", "", text=" "), LossKind.UNREADABLE, True),
    ],
)
def test_what_cannot_be_carried_is_told(xml, kind, dropped):
    found = read(xml)
    assert [(loss.question, loss.kind, loss.dropped) for loss in found.losses] == [
        ("Q", kind, dropped)
    ]
    assert bool(found.items) is not dropped


def test_formatting_becomes_our_markdown():
    text = (
        "<p>Read <b>all</b> of <i>this</i>:</p><ul><li>1 &lt; 2</li><li>a*b*c</li></ul>"
        "<ol><li>x<ul><li>y</li></ul></li><li><code>z</code></li></ol>"
        "<p>See <a href='https://example.org/a'>here</a><br>and there</p>"
    )
    assert one(question("essay", "", text=text)).text == (
        "Read **all** of *this*:\n\n- 1 < 2\n- a\\*b\\*c\n\n"
        "1. x\n   - y\n2. `z`\n\nSee here (https://example.org/a)\nand there"
    )


def test_what_cannot_be_said_so_stays_plain_words():
    found = read(question("essay", "", text='<p>a<b>"b"</b>c * d</p>'))
    assert (found.items[0].text, found.losses[0].kind) == ('a"b"c * d', LossKind.LAYOUT)


def test_a_number_that_is_exact_is_a_short_answer():
    (item,) = read(question("numerical", number("3.5", "0") + answer("1822", "100"))).items
    assert (item.kind, item.accept) == (QuestionKind.SHORT, ("3.5", "3,5", "1822"))


@pytest.mark.parametrize(
    ("gap", "kind", "answers"),
    [
        ("{1:SHORTANSWER:=water#Yes~%50%H2O#Half~*#No}", QuestionKind.SHORT, ("water",)),
        ("{:MW:%100%eau~=l\\'eau}", QuestionKind.SHORT, ("eau", "l'eau")),
        ("{1:NM:=100:0}", QuestionKind.SHORT, ("100",)),
        ("{2:MULTICHOICE:=soil \\} \\~~moon &amp; dust}", QuestionKind.SINGLE, ("soil } ~",)),
        ("{1:MCHS:%100%a~b~c#why}", QuestionKind.SINGLE, ("a",)),
        ("{1:MULTIRESPONSE:%50%a~%50%b~%-100%c}", QuestionKind.MULTIPLE, ("a", "b")),
    ],
)
def test_a_text_with_one_gap(gap, kind, answers):
    (item,) = read(question("cloze", "", text=f"<p>Plants <b>need</b> {gap}.</p>")).items
    assert (item.kind, item.text) == (kind, "Plants **need** _____.")
    right = item.accept or tuple(a.text for a in item.answers if a.correct)
    assert right == answers


def test_what_is_said_to_a_short_answer_explains_it():
    asked = question("shortanswer", answer("a", "100", "Yes") + answer("b", "0", "No"))
    found = read(asked.replace("Because.", ""))
    assert found.items[0].feedback == "Yes"
    assert [loss.kind for loss in found.losses] == [LossKind.REMARK]


def test_categories_are_kept():
    category = '<question type="category"><category><text>{}</text></category></question>'
    found = read(
        category.format("$course$/top/Limits/Money // debts"), question("essay", ""),
        category.format("$module$/top/"), question("essay", ""),
    )  # fmt: skip
    assert [item.category for item in found.items] == ["Limits / Money / debts", ""]


def test_every_question_is_carried_or_named():
    kinds = ["multichoice", "cloze", "stack", "numerical", "essay", "matching", "x", ""]
    found = read(*(question(kind, "") for kind in kinds), question("cloze", "", text="{1:SA:=a}"))
    assert len(found.items) + sum(loss.dropped for loss in found.losses) == len(kinds) + 1


def test_a_text_in_several_languages_gives_each_its_own():
    spans = '<span lang="{}" class="multilang">{}</span>'
    span = spans.format("fr", "Qui ?") + spans.format("en", "Who?")
    filtered = "{mlang fr}Qui ?{mlang}{mlang en}Who?{mlang}"
    listed = "{mlang fr,ar}Qui ?{mlang}{mlang en_us, other}Who?{mlang}"
    for text in (span, filtered, listed):
        assert one(question("essay", "", text=text), language="fr").text == "Qui ?"
        assert one(question("essay", "", text=text), language="en").text == "Who?"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"not xml", 1),
        (b"<quiz>\n<question", 2),
        (b"<html></html>", 1),
        (b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz/>', 1),
        ("<quiz/>".encode("utf-16"), 1),
        (b"\xff\xfe\xff", 1),
    ],
)
def test_what_is_no_bank_is_refused(data, line):
    with pytest.raises(UnreadableBank) as refused:
        moodle.read(data, "en")
    assert refused.value.line == line


def test_letters_of_another_kind_are_named_as_such():
    bank = '<?xml version="1.0" encoding="{}"?>\n<quiz><!-- é --></quiz>'
    with pytest.raises(UnreadableBank) as refused:
        moodle.read(bank.format("UTF-8").encode("latin-1"), "en")
    assert (refused.value.line, refused.value.fault) == (2, BankFault.ENCODING)
    assert moodle.read(bank.format("ISO-8859-1").encode("latin-1"), "en").items == []


def test_scripts_and_hidden_signs_stay_behind():
    item = one(
        question(
            "essay", "", text="<script>hit()</script>Why\u202e &amp; how\x01?".replace("\x01", "")
        )
    )
    assert item.text == "Why & how?"
