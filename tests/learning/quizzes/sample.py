"""Questions of every kind, made without files."""

from hypothesis import strategies as st

from lms.curriculum.rules import Answer, Choice, Question, QuestionKind, QuestionStep

KINDS = list(QuestionKind)


def words(text: str) -> dict[str, str]:
    return {"fr": text}


def answers(right: str, others: str) -> tuple[Answer, ...]:
    return tuple(Answer(n, n in right, words(n)) for n in sorted(right + others))


def question(
    name: str = "q",
    kind: QuestionKind = QuestionKind.SINGLE,
    right: str = "a",
    others: str = "bcd",
    lesson: str = "m/01-x",
) -> Question:
    """A question; for the kinds without answers of their own, `right` and `others` fill parts."""
    told = words(name)
    plain = answers(right, others)
    parts: dict[str, object] = {"answers": plain}
    if kind is QuestionKind.MATCHING:
        letters = sorted(right + others)
        parts = {
            "answers": tuple(Answer(n, False, words(n), match=f"to-{n}") for n in letters),
            "choices": tuple(Choice(f"to-{n}", words(n)) for n in [*letters, "extra"]),
        }
    elif kind is QuestionKind.SHORT:
        parts = {
            "accept": {"fr": ("Sociogramme", "Écoute active"), "ar": ("أثر", "التدريب الترابي")}
        }
    elif kind is QuestionKind.SCENARIO:
        one = answers(right[:1] or "a", "yz")
        parts = {"steps": tuple(QuestionStep(f"s{n}", told, told, one) for n in (1, 2, 3))}
    elif kind is QuestionKind.OPEN:
        parts = {"rubric": "coaching", "criteria": ("ethics", "leadership"), "model": told}
    return Question(name, kind, lesson, "o", "c", told, told, **parts)  # type: ignore[arg-type]


OF_EACH = {kind: question(kind.value, kind, "ab", "cd") for kind in KINDS}
OF_EACH[QuestionKind.SINGLE] = question("single")
OF_EACH[QuestionKind.ORDERING] = question("ordering", QuestionKind.ORDERING, "", "abcd")

pools = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(1, 5), st.integers(2, 6)), max_size=30
).map(
    lambda rows: [
        question(f"q{n}", kind, "", "abcdef"[:number], lesson=f"m/0{lesson}-x")
        for n, (kind, lesson, number) in enumerate(rows)
    ]
)
"""Any bank, of any kinds, from up to five lessons."""

raw = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "x", "s1", "s2", "s3", "text"]),
    st.one_of(
        st.integers(-3, 9),
        st.sampled_from(["a", "b", "to-a", "to-extra", "y", ""]),
        st.text(max_size=20),
        st.booleans(),
    ),
)
"""Whatever a hostile page may send."""
