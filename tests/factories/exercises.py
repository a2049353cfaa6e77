"""The sample content with exercises, and those who mark them."""

from dataclasses import replace

from lms.curriculum.rules import Delivery, Exercise, ExerciseKind, Indicator, TeamActivity
from lms.policy.actor import Role, Scope
from tests.factories import curriculum, people

BOTH = (Delivery.TEXT, Delivery.FILE)


def words(text):
    return {language: f"{text} {language}" for language in ("fr", "en", "ar")}


def exercise(key="c6-x1", **changes):
    given = {
        "id": key,
        "lesson": "c6-method/01-analysis",
        "kind": ExerciseKind.INDIVIDUAL,
        "activity": None,
        "required": False,
        "minutes": 45,
        "deliver": BOTH,
        "rubric": "coaching",
        "criteria": ("problem-solving", "ethics"),
        "title": words(f"Exercise {key}"),
        "task": words("<p>Read the map.</p>"),
        "steps": (Indicator(id="read", text=words("Read")),),
    }
    return Exercise(**given | changes)


def team(key, activity):
    return exercise(
        key, kind=ExerciseKind.TEAM, activity=activity, deliver=(), rubric="", criteria=()
    )


def content(*more):
    """The sample, with one exercise of each kind; `more` replaces or adds."""
    exercises = [
        exercise(),
        exercise("c6-x2", lesson="c6-method/02-objectives", deliver=(Delivery.TEXT,)),
        team("c6-values", TeamActivity.VALUES),
        team("c6-contribution", TeamActivity.CONTRIBUTION),
        *more,
    ]
    kept = {one.id: one for one in exercises}
    modules = {
        slug: replace(
            module,
            required=tuple(
                one.id for one in kept.values() if one.required and one.lesson in module.lessons
            ),
        )
        for slug, module in curriculum.sample().modules.items()
    }
    return replace(curriculum.sample(), exercises=kept, modules=modules)


def trainer_of(session, cohort):
    """Somebody who trains in the cohort."""
    made = people.person(session, cohort.country_code)
    people.grant(session, made, Role.TRAINER, Scope.COHORT, cohort.id)
    return made
