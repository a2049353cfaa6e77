"""The way of a trainee in eight steps: who does what, and where the demonstration has it ready."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import LazyString, lazy_gettext

from lms.core.db import AnySession
from lms.demo import places


@dataclass(frozen=True)
class Step:
    """One step: as whom, what to do and see, and how to find the place."""

    title: LazyString
    persona: str
    text: LazyString
    find: Callable[[AnySession], str]


STEPS = (
    Step(
        lazy_gettext("Read a lesson"),
        "trainee",
        lazy_gettext(
            "Salma follows the coach programme in Oujda. Read her next lesson and press “Read, "
            "go on”: her progress moves, and she can go on from any device."
        ),
        places.lesson,
    ),
    Step(
        lazy_gettext("Take a quiz"),
        "trainee",
        lazy_gettext(
            "Questions are drawn and shuffled on the server and frozen with the attempt. Answer "
            "some, close the page, come back: your answers are still there."
        ),
        places.quiz,
    ),
    Step(
        lazy_gettext("Log practice in the field"),
        "trainee",
        lazy_gettext(
            "Note an interview or a workshop, hand it in, or mend the entry that came back with a "
            "question. Its minutes do not count yet."
        ),
        places.logbook,
    ),
    Step(
        lazy_gettext("Approve it"),
        "supervisor",
        lazy_gettext(
            "Driss supervises. His queue shows the oldest entry first. Approve one, or send it "
            "back with a question."
        ),
        lambda _session: url_for("fieldwork.queue"),
    ),
    Step(
        lazy_gettext("See what remains"),
        "trainee",
        lazy_gettext(
            "Only approved hours count. Each figure opens the rows behind it: the same ledger is "
            "what assessors and jury will read."
        ),
        places.ledger,
    ),
    Step(
        lazy_gettext("Assess a candidate"),
        "assessor1",
        lazy_gettext(
            "Léopold neither trained nor supervised this candidate; the system refuses anyone who "
            "did. Declare that you have no conflict of interest, choose the levels, sign."
        ),
        places.case_to_score,
    ),
    Step(
        lazy_gettext("Release the decision"),
        "programme",
        lazy_gettext(
            "A signed decision waits. Releasing it reserves a register number, signs the "
            "credential and prints the certificate in three languages."
        ),
        places.case_to_release,
    ),
    Step(
        lazy_gettext("Change one letter and verify"),
        "",
        lazy_gettext(
            "Anyone can verify a certificate, without an account. Then change one letter of the "
            "signed document and see it refused."
        ),
        lambda _session: url_for("demo.tamper"),
    ),
)
