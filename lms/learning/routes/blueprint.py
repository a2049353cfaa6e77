"""The blueprint of learning, and what its pages share."""

from typing import NoReturn

from babel.dates import get_timezone_location
from flask import Blueprint, abort, url_for
from flask_babel import get_locale

from lms.cohorts.models import Enrolment
from lms.core.db import db
from lms.curriculum.release import Release
from lms.curriculum.rules import Module, Programme, ProgrammeModule
from lms.learning import service
from lms.learning.outline import find_place
from lms.learning.rules import Step

bp = Blueprint("learning", __name__)


def place_of(enrolment: Enrolment, slug: str) -> tuple[Release, Programme, ProgrammeModule, Module]:
    """A written module of the enrolment's programme, or 404."""
    release, programme = service.release_of(db.session, enrolment)
    place = find_place(programme, slug)
    module = release.module(slug)
    if place is None or module is None:
        _missing()
    return release, programme, place, module


def step_url(enrolment: Enrolment, step: Step | None) -> str:
    """Address of the next thing to do; the programme's page when there is none."""
    if step is None:
        return url_for("learning.programme", enrolment_id=enrolment.id)
    if step.exercise is not None:
        return url_for(
            "learning.exercise",
            enrolment_id=enrolment.id,
            module=step.module,
            exercise=step.exercise,
        )
    if step.lesson is None:
        return url_for("learning.quiz", enrolment_id=enrolment.id, module=step.module)
    return url_for(
        "learning.lesson", enrolment_id=enrolment.id, module=step.module, lesson=step.lesson
    )


def zone_name(zone: str) -> str:
    """A time zone by its city, in the language of the request."""
    return str(get_timezone_location(zone, locale=get_locale(), return_city=True))


def _missing() -> NoReturn:
    abort(404)
