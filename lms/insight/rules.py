"""What a person should do next: which step of a journey, which task in a case, which card leads."""

from enum import StrEnum


class Task(StrEnum):
    """What a case asks of the person whose turn it is."""

    DECLARE = "declare"
    SCORE = "score"
    SIGN = "sign"
    DELIBERATE = "deliberate"
    ADMIT = "admit"
    ASSIGN = "assign"
    RELEASE = "release"


class NextStep(StrEnum):
    """What a trainee does next in one enrolment."""

    MEND_DOSSIER = "mend_dossier"
    WAIT = "wait"
    HAND_IN = "hand_in"
    LESSON = "lesson"
    QUIZ = "quiz"
    EXERCISE = "exercise"
    EXAM = "exam"
    MEND_ENTRY = "mend_entry"
    PRACTISE = "practise"


class Lead(StrEnum):
    """Which part of the first page stands on top, with its one primary button."""

    JOURNEY = "journey"
    CASE = "case"
    QUEUE = "queue"
    EXERCISE = "exercise"
    OBSERVATION = "observation"
    STAFF = "staff"
    LATE = "late"
    COHORT = "cohort"
    CERTIFICATE = "certificate"
    DECISION = "decision"
    VERIFY = "verify"
    TRACE = "trace"
    NOTHING = "nothing"
