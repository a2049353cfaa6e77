"""Reading a module's bank of questions."""

from collections.abc import Sequence

from lms.curriculum.format.faults import shown
from lms.curriculum.format.table import Table, report_duplicates
from lms.curriculum.rules import Answer, Question, QuestionKind

MOST_ANSWERS = 12
LEAST_RIGHT_OF_MULTIPLE = 2


def read_questions(top: Table, module: str) -> list[tuple[Table, Question]]:
    """The questions of `questions.toml`, each with its place for later checks."""
    tables = top.tables("question")
    questions = [(table, _question(table, module)) for table in tables]
    report_duplicates([(table, question.id) for table, question in questions], "question")
    top.close()
    return questions


def _question(table: Table, module: str) -> Question:
    kind = table.choice("kind", QuestionKind)
    rows = table.tables("answers")
    question = Question(
        id=table.ident(),
        kind=kind,
        lesson=f"{module}/{table.ident('lesson')}",
        outcome=table.ident("outcome"),
        competency=table.ident("competency"),
        text=table.text("text"),
        feedback=table.text("feedback"),
        answers=tuple(_answer(row, kind) for row in rows),
    )
    table.close()
    report_duplicates(list(zip(rows, (a.id for a in question.answers), strict=True)), "answer")
    _check_answers(table, question, rows)
    return question


def _answer(table: Table, kind: QuestionKind) -> Answer:
    correct = table.flag("correct")
    if kind is QuestionKind.ORDERING and correct is not None:
        table.fault(
            "correct",
            "an ordering has no correct answers",
            "Leave `correct` out: the order in the file is the right order.",
        )
    answer = Answer(
        id=table.ident(),
        correct=bool(correct),
        text=table.own_text(),
        feedback=table.text("feedback") if "feedback" in table else None,
    )
    table.close()
    return answer


def _check_answers(table: Table, question: Question, rows: Sequence[Table]) -> None:
    name = f"question {shown(question.id)}"
    if not 2 <= len(question.answers) <= MOST_ANSWERS:
        table.fault(
            None, f"{name} has {len(question.answers)} answers", f"Give 2 to {MOST_ANSWERS}."
        )
    right = sum(answer.correct for answer in question.answers)
    if question.kind is QuestionKind.SINGLE and right != 1:
        table.fault(
            None,
            f"{name} is single but has {right or 'no'} right answer{'s' if right > 1 else ''}",
            "Mark exactly one answer correct = true, or make it multiple.",
        )
    if question.kind is QuestionKind.MULTIPLE and right < LEAST_RIGHT_OF_MULTIPLE:
        table.fault(
            None,
            f"{name} is multiple but has {right or 'no'} right answer{'s' if right > 1 else ''}",
            "Mark at least two answers correct = true, or make it single.",
        )
    for language in table.source.languages:
        seen: set[str] = set()
        for row, answer in zip(rows, question.answers, strict=True):
            words = answer.text[language].casefold()
            if words and words in seen:
                row.fault(
                    language,
                    f"{name} offers the same words twice in `{language}`",
                    "Make each answer differ.",
                )
            seen.add(words)
