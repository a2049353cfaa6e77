"""`lms docs …`: documentation written by the code, so that it cannot drift."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import click

from lms.assessment import rules as assessment
from lms.cohorts import rules as cohorts
from lms.cohorts.announcements import rules as announcements
from lms.cohorts.discussion import rules as discussion
from lms.cohorts.training import rules as training
from lms.core.settings import Settings
from lms.credentials import rules as credentials
from lms.curriculum.corrections import rules as corrections
from lms.fieldwork import rules as fieldwork
from lms.learning.activities import rules as activities
from lms.learning.exercises import rules as exercises
from lms.learning.questions import rules as questions
from lms.learning.quizzes.rules import attempts as quizzes
from lms.policy.actions import Action
from lms.policy.table import POLICY

Table = Mapping[tuple[Any, Any], Any]
"""(state, event) → state, of whichever lifecycle."""
LIFECYCLES: Mapping[str, Table] = {
    "Correction": corrections.TRANSITIONS,
    "Cohort": cohorts.COHORT_TRANSITIONS,
    "Enrolment": cohorts.ENROLMENT_TRANSITIONS,
    "Announcement": announcements.ANNOUNCEMENT_TRANSITIONS,
    "Post of a discussion": discussion.POST_TRANSITIONS,
    "Question under a lesson": questions.QUESTION_TRANSITIONS,
    "Exercise": exercises.TRANSITIONS,
    "Values of a team": activities.VALUES_TRANSITIONS,
    "Contribution of a team": activities.CONTRIBUTION_TRANSITIONS,
    "Quiz attempt": quizzes.TRANSITIONS,
    "Training session": training.TRAINING_TRANSITIONS,
    "Placement": fieldwork.PLACEMENT_TRANSITIONS,
    "Practice entry": fieldwork.ENTRY_TRANSITIONS,
    "Observation": fieldwork.OBSERVATION_TRANSITIONS,
    "Supervision session": fieldwork.SUPERVISION_TRANSITIONS,
    "Dossier": assessment.TRANSITIONS,
    "Certificate": credentials.TRANSITIONS,
}


def register(cli: click.Group) -> None:
    """Mount the commands."""
    cli.add_command(docs)


@click.group()
def docs() -> None:
    """Print what the code says of itself, as Markdown."""


def diagram(transitions: Table) -> str:
    """A lifecycle as a Mermaid state diagram."""
    targets = set(transitions.values())
    starts = dict.fromkeys(state for state, _ in transitions if state not in targets)
    first = list(starts) or [next(iter(transitions))[0]]
    lines = ["stateDiagram-v2", f"    [*] --> {first[0].value}"]
    lines += [
        f"    {state.value} --> {after.value}: {event.value}"
        for (state, event), after in transitions.items()
    ]
    return "\n".join(lines)


def all_diagrams() -> str:
    """Every lifecycle, with its title."""
    return "\n\n".join(
        f"### {title}\n\n```mermaid\n{diagram(table)}\n```" for title, table in LIFECYCLES.items()
    )


@docs.command()
def states() -> None:
    """Print the lifecycles as Mermaid diagrams.

    Example: lms docs states
    """
    click.echo(all_diagrams())


@docs.command()
def permissions() -> None:
    """Print the policy table.

    Example: lms docs permissions
    """
    click.echo("| act | allowed to |\n| --- | --- |")
    for action in Action:
        ways = [" and ".join(p.__name__ for p in row) for row in POLICY[action]]
        click.echo(f"| `{action.value}` | {' · '.join(ways)} |")


@docs.command()
def settings() -> None:
    """Print all settings with their defaults.

    Example: lms docs settings
    """
    click.echo("| variable | default | what |\n| --- | --- | --- |")
    for item in fields(Settings):
        default = item.metadata["default"] or "–"
        click.echo(f"| `LMS_{item.name.upper()}` | `{default}` | {item.metadata['help']} |")
