"""Everything that the trail and the table speak of has words, in three languages."""

import ast
import re

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from lms.assessment.rules import DossierState
from lms.core.audit import AuditEntry
from lms.core.jobs import JobState
from lms.core.labels import has_label
from lms.insight import permissions, trail
from lms.insight.acts import ACTS
from lms.insight.commands import LIFECYCLES
from lms.insight.rules import Task
from lms.people.rules import TokenKind
from lms.policy.actions import Action
from lms.policy.actor import SYSTEM
from lms.policy.table import POLICY
from tests.house.source import ROOT

SUBJECTS = {
    "Cohort": "cohort",
    "Enrolment": "enrolment",
    "Announcement": "announcement",
    "Post of a discussion": "discussionpost",
    "Question under a lesson": "lessonquestion",
    "Training session": "trainingsession",
    "Correction": "correction",
    "Exercise": "exercisework",
    "Values of a team": "teamround",
    "Contribution of a team": "teamround",
    "Quiz attempt": "quizattempt",
    "Placement": "placement",
    "Practice entry": "practicumentry",
    "Observation": "observation",
    "Supervision session": "supervisionsession",
    "Dossier": "dossier",
    "Certificate": "certificate",
}
"""Lifecycles and the kind under which the trail speaks of them."""
NETWORK = {"centre", "partner", "convention"}
ACT = re.compile(r"[a-z_]+\.[a-z_-]+")


def branches(argument: ast.expr) -> list[ast.expr]:
    """Both names where the code says `this if … else that`."""
    return [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]


def recorded() -> set[str]:
    """Acts that the code hands to the trail: names written out, and those that it composes."""
    acts = {f"{kind}.{verb}" for kind in NETWORK for verb in ("add", "change", "end")}
    acts |= {"country.change"}
    acts |= {f"access.make-{kind.value}" for kind in TokenKind}
    for path in (ROOT / "lms").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.record", "_change"}:
                acts |= {
                    part.value
                    for argument in node.args
                    for part in branches(argument)
                    if isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and ACT.fullmatch(part.value)
                }
    for title, table in LIFECYCLES.items():
        acts |= {f"{SUBJECTS[title]}.{event.value}" for _, event in table}
    return acts


def test_every_act_has_words_and_none_is_superfluous():
    acts = recorded()
    assert not acts - set(ACTS), "add words to lms/insight/acts.py"
    assert not set(ACTS) - acts, "nothing records these acts: take them out"


def test_the_demonstrations_trail_is_all_words(seeded_session):
    rows = seeded_session.scalars(select(AuditEntry)).all()
    assert rows
    wordless = {row.action for row in rows if row.action not in ACTS}
    wordless |= {row.subject_kind for row in rows if row.subject_kind not in trail.KINDS}
    assert not wordless


def test_states_before_and_after_are_told(app):
    with app.app_context():
        row = AuditEntry(
            action="dossier.admit",
            subject_kind="dossier",
            before=DossierState.SUBMITTED.value,
            after=DossierState.ADMISSIBLE.value,
        )
        assert trail.change(row)
        assert not trail.change(AuditEntry(subject_kind="dossier", before=None, after="open"))
        assert not trail.change(AuditEntry(subject_kind="person", before="a", after="b"))


def test_an_act_of_an_older_version_is_still_shown(app):
    with app.app_context():
        row = AuditEntry(action="dossier.bless", subject_kind="dossier")
        assert "dossier.bless" in trail.describe(row)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (AuditEntry(actor_id=None, actor_label=SYSTEM.display_name), "the system"),
        (AuditEntry(actor_id=None, actor_label=""), "the public"),
    ],
    ids=["system", "public"],
)
def test_who_acted_when_nobody_was_signed_in(app, row, words):
    with app.test_request_context("/?lang=en"):
        assert trail.who(row) == words


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_table_is_all_words(app, language):
    with app.test_request_context(f"/?lang={language}"), force_locale(language):
        shown = permissions.areas()
    assert sum(len(rows) for _, rows in shown) == len(Action)
    assert all(row.ways and all(row.ways) for _, rows in shown for row in rows)


def test_no_words_are_left_of_what_the_table_no_longer_has():
    parts = [action.value.partition(":") for action in Action]
    used = {p.__name__ for rows in POLICY.values() for row in rows for p in row}
    assert set(permissions.AREAS) == {area for area, _, _ in parts}
    assert set(permissions.ACTS) == {act for _, _, act in parts}
    assert set(permissions.PREDICATES) == used


@pytest.mark.parametrize("member", [*Task, *JobState], ids=lambda member: member.value)
def test_labels(member):
    assert has_label(member)
