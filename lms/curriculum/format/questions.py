"""Reading a module's bank of questions."""

from collections.abc import Mapping, Sequence

from lms.core.folding import fold
from lms.curriculum.format.faults import listed, shown
from lms.curriculum.format.table import Table, report_duplicates
from lms.curriculum.rules import Answer, Choice, Question, QuestionKind, QuestionStep, Text

MOST_ANSWERS = 12
LEAST_RIGHT_OF_MULTIPLE = 2
MOST_CHOICES = 8
MOST_EXTRA_CHOICES = 2
MOST_STEPS = 4
MOST_ACCEPTED = 20

_PARTS = {
    QuestionKind.SINGLE: ("answers",),
    QuestionKind.MULTIPLE: ("answers",),
    QuestionKind.ORDERING: ("answers",),
    QuestionKind.MATCHING: ("answers", "choices"),
    QuestionKind.SHORT: ("accept",),
    QuestionKind.SCENARIO: ("steps",),
    QuestionKind.OPEN: ("rubric", "criteria", "model"),
}
"""What a question holds besides its text and feedback, by its kind."""


def read_questions(top: Table, module: str) -> list[tuple[Table, Question]]:
    """The questions of `questions.toml`, each with its place for later checks."""
    tables = top.tables("question")
    questions = [(table, _question(table, module)) for table in tables]
    report_duplicates([(table, question.id) for table, question in questions], "question")
    top.close()
    return questions


def _question(table: Table, module: str) -> Question:
    kind = table.choice("kind", QuestionKind)
    parts = _PARTS[kind]
    choices = _choices(table) if "choices" in parts else ()
    question = Question(
        id=table.ident(),
        kind=kind,
        lesson=f"{module}/{table.ident('lesson')}",
        outcome=table.ident("outcome"),
        competency=table.ident("competency"),
        text=table.text("text"),
        feedback=table.text("feedback"),
        answers=_answers(table, kind, choices) if "answers" in parts else (),
        choices=choices,
        accept=_accepted(table) if "accept" in parts else {},
        steps=_steps(table) if "steps" in parts else (),
        rubric=table.ident("rubric") if "rubric" in parts else None,
        criteria=table.idents("criteria", required=True) if "criteria" in parts else (),
        model=table.text("model") if "model" in parts else None,
    )
    _refuse_foreign_parts(table, kind)
    table.close()
    _check_right(table, question)
    return question


def _refuse_foreign_parts(table: Table, kind: QuestionKind) -> None:
    """Name what belongs to another kind, rather than call it unknown."""
    for part in dict.fromkeys(name for names in _PARTS.values() for name in names):
        if part in table and part not in _PARTS[kind]:
            table.get(part)
            owners = listed(other for other, names in _PARTS.items() if part in names)
            table.fault(
                part, f"a {kind} question has no `{part}`", f"Remove it, or make it: {owners}."
            )


# Answers ---------------------------------------------------------------------------------------


def _answers(table: Table, kind: QuestionKind, choices: Sequence[Choice]) -> tuple[Answer, ...]:
    rows = table.tables("answers")
    known = [choice.id for choice in choices]
    answers = tuple(_answer(row, kind, known) for row in rows)
    report_duplicates(list(zip(rows, (a.id for a in answers), strict=True)), "answer")
    _check_number(table, len(answers), 2, MOST_ANSWERS, "answers")
    _report_same_words(rows, [answer.text for answer in answers], "answer")
    return answers


def _answer(table: Table, kind: QuestionKind, choices: Sequence[str]) -> Answer:
    correct = table.flag("correct")
    if kind in {QuestionKind.ORDERING, QuestionKind.MATCHING} and correct is not None:
        remedies = {
            QuestionKind.ORDERING: "the order in the file is the right order.",
            QuestionKind.MATCHING: "`match` names the choice that belongs to it.",
        }
        table.fault(
            "correct",
            f"{_a(kind)} has no correct answers",
            f"Leave `correct` out: {remedies[kind]}",
        )
    answer = Answer(
        id=table.ident(),
        correct=bool(correct),
        text=table.own_text(),
        feedback=table.text("feedback") if "feedback" in table else None,
        match=_match(table, choices) if kind is QuestionKind.MATCHING else None,
    )
    table.close()
    return answer


def _a(kind: QuestionKind) -> str:
    return f"an {kind}" if kind is QuestionKind.ORDERING else f"a {kind}"


def _check_right(table: Table, question: Question) -> None:
    """As many right answers as the kind demands."""
    name = f"question {shown(question.id)}"
    right = sum(answer.correct for answer in question.answers)
    said = f"{right or 'no'} right answer{'s' if right > 1 else ''}"
    if question.kind is QuestionKind.SINGLE and right != 1:
        table.fault(
            None,
            f"{name} is single but has {said}",
            "Mark exactly one answer correct = true, or make it multiple.",
        )
    if question.kind is QuestionKind.MULTIPLE and right < LEAST_RIGHT_OF_MULTIPLE:
        table.fault(
            None,
            f"{name} is multiple but has {said}",
            "Mark at least two answers correct = true, or make it single.",
        )


# Matching --------------------------------------------------------------------------------------


def _choices(table: Table) -> tuple[Choice, ...]:
    rows = table.tables("choices")
    choices = []
    for row in rows:
        choices.append(Choice(id=row.ident(), title=row.own_text()))
        row.close()
    report_duplicates(list(zip(rows, (c.id for c in choices), strict=True)), "choice")
    _check_number(table, len(choices), 2, MOST_CHOICES, "choices")
    _report_same_words(rows, [choice.title for choice in choices], "choice")
    matched = {row.get("match") for row in _plain_rows(table.get("answers"))}
    extra = [choice.id for choice in choices if choice.id not in matched]
    if len(extra) > MOST_EXTRA_CHOICES:
        table.fault(
            "choices",
            f"{len(extra)} choices match nothing: {listed(extra)}",
            f"Leave at most {MOST_EXTRA_CHOICES} of them.",
        )
    return tuple(choices)


def _plain_rows(value: object) -> list[Mapping[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _match(table: Table, choices: Sequence[str]) -> str:
    match = table.ident("match")
    if match and match not in choices:
        table.fault("match", f"no choice {shown(match)}", f"Use one of: {listed(choices)}.")
    return match


# Short answers ---------------------------------------------------------------------------------


def _accepted(table: Table) -> Mapping[str, tuple[str, ...]]:
    inner = table.table("accept")
    if inner is None:
        return {}
    accepted = {language: _texts(inner, language) for language in table.source.languages}
    inner.close()
    return accepted


def _texts(table: Table, language: str) -> tuple[str, ...]:
    values = table.items(language, required=True)
    texts = tuple(value.strip() for value in values if isinstance(value, str))
    if len(texts) != len(values) or not all(map(_has_words, texts)):
        table.fault(
            language, "accepted answers must be words", f'Write {language} = ["one", "another"].'
        )
    if len(texts) > MOST_ACCEPTED:
        table.fault(
            language,
            f"{len(texts)} accepted answers",
            f"Give at most {MOST_ACCEPTED}: case, accents and spaces do not count.",
        )
    return texts


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in fold(text))


# Scenarios -------------------------------------------------------------------------------------


def _steps(table: Table) -> tuple[QuestionStep, ...]:
    rows = table.tables("steps")
    steps = tuple(_step(row) for row in rows)
    report_duplicates(list(zip(rows, (step.id for step in steps), strict=True)), "step")
    _check_number(table, len(steps), 2, MOST_STEPS, "steps")
    return steps


def _step(table: Table) -> QuestionStep:
    step = QuestionStep(
        id=table.ident(),
        text=table.text("text"),
        feedback=table.text("feedback"),
        answers=_answers(table, QuestionKind.SCENARIO, ()),
    )
    table.close()
    right = sum(answer.correct for answer in step.answers)
    if right != 1:
        table.fault(
            None,
            f"step {shown(step.id)} has {right or 'no'} right answer{'s' if right > 1 else ''}",
            "Mark exactly one answer of each step correct = true.",
        )
    return step


# Together --------------------------------------------------------------------------------------


def _check_number(table: Table, count: int, least: int, most: int, what: str) -> None:
    if not least <= count <= most:
        name = shown(table.get("id") or "")
        table.fault(None, f"{name} has {count} {what}", f"Give {least} to {most}.")


def _report_same_words(rows: Sequence[Table], texts: Sequence[Text], what: str) -> None:
    for language in rows[0].source.languages if rows else ():
        seen: set[str] = set()
        for row, text in zip(rows, texts, strict=True):
            words = " ".join(text[language].casefold().split()).rstrip(".;, ")
            if words and words in seen:
                row.fault(
                    language,
                    f"the same words twice in `{language}`",
                    f"Make each {what} differ.",
                )
            seen.add(words)
