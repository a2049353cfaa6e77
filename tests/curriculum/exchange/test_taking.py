"""What is said of questions that came in several languages."""

from lms.curriculum.exchange import moodle, taking
from lms.curriculum.exchange.items import LossKind
from lms.curriculum.exchange.taking import take
from tests.factories import curriculum

BANK = """<quiz>
<question type="shortanswer"><name><text>a</text></name><questiontext format="html"><text>
<![CDATA[<span lang="fr" class="multilang">Qui ?</span>
<span lang="en" class="multilang">Who?</span>]]>
</text></questiontext><answer fraction="100"><text>x</text></answer></question>
<question type="shortanswer"><name><text>b</text></name><questiontext format="html">
<text>Où ?</text></questiontext><answer fraction="100"><text>y</text></answer></question>
</quiz>""".encode()
"""The first is translated, the second is not."""


def test_the_same_words_in_two_languages_are_told():
    banks = {language: moodle.read(BANK, language) for language in ("fr", "en")}
    content = curriculum.sample()
    module = next(iter(content.modules.values()))
    question = next(one for one in content.questions.values() if one.lesson in module.lessons)
    lesson = question.lesson.rpartition("/")[2]
    place = taking.place_of(content, module, lesson, question.outcome, question.competency)
    taken = take(banks, content, place)
    assert len(taken.rows) == 2
    assert not taken.losses["fr"]
    assert [(loss.question, loss.kind) for loss in taken.losses["en"]] == [
        ("b", LossKind.SAME_WORDS)
    ]
