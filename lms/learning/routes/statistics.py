"""Question statistics: for those who teach, and for those who write questions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from babel import numbers
from flask import abort, render_template, request, url_for

from lms.cohorts.models import Cohort
from lms.cohorts.service import visible_to
from lms.core.db import db
from lms.core.i18n import current_language
from lms.core.paging import Page
from lms.curriculum.release import Release
from lms.curriculum.rules import Module, Question, Text
from lms.curriculum.service import current_release
from lms.learning.quizzes.papers import exam_of
from lms.learning.quizzes.rules.attempts import EXAM
from lms.learning.routes.blueprint import bp
from lms.learning.statistics import rules, service
from lms.learning.statistics.service import QuestionFigures
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard

SIZE = 15


@bp.get("/learn/statistics")
@guard(Action.STATISTICS_VIEW)
def statistics() -> str:
    """Every quiz as a whole: how many people, how many passed."""
    release, cohorts, chosen = _asked()
    found = {one.key: one for one in service.quizzes(db.session, current_actor(), chosen)}
    return render_template(
        "learning/statistics/index.html",
        modules=sorted(release.content.modules.values(), key=lambda module: module.order),
        found=found,
        exam=found.get(EXAM),
        cohorts=cohorts,
        chosen=chosen,
        least=rules.LEAST,
    )


@bp.get("/learn/statistics/<module>")
@guard(Action.STATISTICS_VIEW)
def question_statistics(module: str) -> str:
    """One quiz, question by question; what needs a look stands first."""
    release, cohorts, chosen = _asked()
    known, pool = _pool(release, module)
    rows, attempts = service.questions(
        db.session, current_actor(), release, known.slug if known else EXAM, pool, chosen
    )
    return render_template(
        "learning/statistics/questions.html",
        module=known,
        page=_page(rows),
        pressing=sum(row.figures.presses for row in rows),
        signed=_signed,
        attempts=attempts,
        most=service.MOST,
        cohorts=cohorts,
        chosen=chosen,
        rules=rules,
        answers=_answers,
    )


def _asked() -> tuple[Release, list[Cohort], UUID | None]:
    """The release, the cohorts that the actor may choose from, and the one asked for."""
    release = current_release(db.session)
    if release is None:
        abort(404)
    cohorts = list(db.session.scalars(visible_to(current_actor()).order_by(Cohort.name, Cohort.id)))
    asked = request.args.get("cohort", "")
    chosen = next((cohort.id for cohort in cohorts if str(cohort.id) == asked), None)
    if asked and chosen is None:
        abort(404)
    return release, cohorts, chosen


def _pool(release: Release, key: str) -> tuple[Module | None, Sequence[Question]]:
    if key == "exam":
        papers = [exam_of(release, programme) for programme in release.programmes.values()]
        pool = {q.id: q for paper in papers if paper is not None for q in paper.pool}
        return None, list(pool.values())
    module = release.module(key)
    if module is None:
        abort(404)
    return module, release.question_pool(key)


def _page(rows: Sequence[QuestionFigures]) -> Page[QuestionFigures]:
    """Questions after `?after=`, those that need a look first."""
    ordered = sorted(rows, key=lambda row: (row.figures.urgency, row.question.id))
    names = [row.question.id for row in ordered]
    after = request.args.get("after", "")
    start = names.index(after) + 1 if after in names else 0
    shown = ordered[start : start + SIZE]
    more = start + SIZE < len(ordered)
    return Page(
        rows=shown,
        next_url=_here(after=shown[-1].question.id) if more else None,
        previous_url=_here(after=names[start - SIZE - 1] if start > SIZE else "")
        if start
        else None,
        total=len(ordered),
    )


def _here(after: str) -> str:
    kept: dict[str, Any] = {"cohort": request.args.get("cohort") or None, "after": after or None}
    module = (request.view_args or {})["module"]
    return url_for("learning.question_statistics", module=module, **kept)


def _signed(value: float) -> str:
    """A correlation with its sign, as the language writes decimals."""
    return numbers.format_decimal(value, "+0.00;\N{MINUS SIGN}0.00", locale=current_language())


def _answers(question: Question) -> dict[str, Text]:
    """The words of each answer, under the name by which it is counted."""
    words = {answer.id: answer.text for answer in question.answers}
    for step in question.steps:
        words |= {f"{step.id}/{answer.id}": answer.text for answer in step.answers}
    return words
