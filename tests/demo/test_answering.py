"""What people of the demonstration answer: whoever has to pass a quiz passes, whatever is drawn."""

import pytest

from lms.curriculum.release import Release
from lms.curriculum.rules import QuestionKind
from lms.demo.load import answering
from lms.demo.load.people import address
from lms.learning.quizzes.papers import exam_of, paper_of
from lms.learning.quizzes.rules import scoring
from lms.learning.quizzes.rules.drawing import draw
from lms.learning.statistics.rules import Remark, Response, figures
from lms.learning.statistics.service import offered
from tests.factories import curriculum

PEOPLE = [address("MA", number) for number in range(300, 349)]
MARK = {"x": 3}


@pytest.fixture(scope="module")
def papers():
    release = Release("0" * 64, curriculum.ours())
    found = []
    for programme in release.programmes.values():
        found += [paper_of(release, programme, slug) for slug in programme.written]
        found.append(exam_of(release, programme))
    return found


def drawn(paper, seed):
    pool = {question.id: question for question in paper.pool}
    return [pool[one.id] for one in draw(paper.pool, paper.quiz.draw, seed)]


def marked(questions, given):
    """Points by question, open answers being marked well."""
    marks = {q.id: MARK for q in questions if q.kind is QuestionKind.OPEN}
    return {q.id: scoring.earned(q, given[q.id], marks.get(q.id)) for q in questions}


def test_who_must_pass_passes_whatever_is_drawn(papers):
    for paper in papers:
        for who in PEOPLE[:6]:
            for seed in range(3):
                questions = drawn(paper, f"{who} {seed}")
                worth = scoring.out_of(questions)
                least = scoring.needed(worth, paper.quiz.pass_percent)
                given = answering.answers(questions, who, 2, worth - least)
                score = sum(marked(questions, given).values())
                assert scoring.is_pass(score, worth, paper.quiz.pass_percent), (paper.key, who)


def test_what_is_answered_could_have_been_typed(papers):
    for paper in papers:
        for who in PEOPLE[:6]:
            questions = drawn(paper, who)
            given = answering.answers(questions, who)
            assert given == answering.answers(questions, who)
            for question in questions:
                assert scoring.tidy(question, given[question.id]) == given[question.id]


def test_a_slip_costs_a_point(papers):
    questions = papers[0].pool
    worth = scoring.out_of(questions)

    def points(who, may_lose):
        return sum(marked(questions, answering.answers(questions, who, 1, may_lose)).values())

    for who in PEOPLE[:8]:
        slips = worth - points(who, None)
        for lost in (0, 1, 3):
            assert points(who, lost) == worth - min(lost, slips)


def test_statistics_have_something_to_tell(papers):
    """Most pass at once; questions differ, and agree with the rest; the misleading one shows."""
    paper = next(one for one in papers if one.key == "c1-frame-and-context")
    responses, passed = {question.id: [] for question in paper.pool}, 0
    for who in PEOPLE:
        questions = drawn(paper, who)
        given = answering.answers(questions, who)
        points = marked(questions, given)
        worth, score = scoring.out_of(questions), sum(points.values())
        passed += scoring.is_pass(score, worth, paper.quiz.pass_percent)
        for q in questions:
            own, earned = scoring.points(q), points[q.id]
            chosen = tuple(given[q.id])
            response = Response(q.id, earned, own, score - earned, worth - own, chosen)
            responses[q.id].append(response)
    assert 0.55 < passed / len(PEOPLE) < 0.95
    found = {q.id: figures(q.id, responses[q.id], offered(q)) for q in paper.pool}
    (misleading, wrong) = next(iter(answering.MISLEADING.items()))
    assert Remark.REVERSED in found[misleading].remarks
    (tempting,) = (one for one in found[misleading].chosen if one.id == wrong)
    assert Remark.ATTRACTIVE in tempting.remarks
    others = [one for one in found.values() if one.question != misleading]
    assert max(one.facility for one in others) - min(one.facility for one in others) > 0.3
    agree = [one.discrimination for one in others if one.discrimination is not None]
    assert sum(agree) / len(agree) > 0.25
    assert any(0 < one.share < 0.5 for each in others for one in each.chosen if not one.correct)
