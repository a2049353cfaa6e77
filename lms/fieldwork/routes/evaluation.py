"""What trainees think of their supervision: asked once a quarter, shown only added up."""

from typing import Any
from uuid import UUID

from babel.dates import format_date
from flask import render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.paging import paginate
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.supervision.evaluation import service
from lms.fieldwork.supervision.evaluation.forms import EvaluationForm, evaluation_form
from lms.fieldwork.supervision.evaluation.labels import LEVEL_WORDS, QUESTION_WORDS
from lms.fieldwork.supervision.evaluation.rules import LEAST_PEOPLE, QUESTIONS, Block, Quarter
from lms.people.models import Person
from lms.people.service import find_person
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.app_template_filter("quarter")
def quarter_name(quarter: Quarter) -> str:
    """A quarter in words."""
    return str(format_date(quarter.starts_on, "QQQQ y", get_locale()))


@bp.app_template_filter("block_name")
def block_name(block: Block) -> str:
    """From which quarter to which."""
    first, last = quarter_name(block.first), quarter_name(block.last)
    return first if first == last else f"{first} – {last}"


def _supervisor(enrolment: Enrolment, person_id: UUID) -> service.Evaluable:
    for one in service.evaluable(db.session, enrolment, now()):
        if one.supervisor.id == person_id:
            return one
    raise Refusal("evaluation_not_supervised")


@bp.get("/practice/<uuid:enrolment_id>/supervision/evaluate/<uuid:person_id>")
@guard(Action.SUPERVISION_EVALUATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def evaluate_supervisor(enrolment: Enrolment, person_id: UUID) -> str:
    """The questions, never filled in."""
    return _page(evaluation_form(), enrolment, _supervisor(enrolment, person_id))


@bp.post("/practice/<uuid:enrolment_id>/supervision/evaluate/<uuid:person_id>")
@guard(Action.SUPERVISION_EVALUATE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def give_evaluation(enrolment: Enrolment, person_id: UUID) -> Any:
    """Keep the answers."""
    form, key = evaluation_form(), enrolment.id
    about = _supervisor(enrolment, person_id)
    if not about.given:
        if not form.validate_on_submit():
            return _page(form, enrolment, about), 422
        try:
            with writing() as session:
                enrolment = session.get_one(Enrolment, key)
                service.give(session, current_actor(), enrolment, person_id, form.levels(), now())
        except Refusal as refusal:
            if refusal.code != "evaluation_given_before":
                form.refuse(refusal)
                found = db.session.get_one(Enrolment, key)
                return _page(form, found, _supervisor(found, person_id)), 422
    web.say(_("Thank you. Your answers are kept, and shown only together with those of others."))
    return see_other("fieldwork.supervision_of_enrolment", enrolment_id=key)


def _page(form: EvaluationForm, enrolment: Enrolment, about: service.Evaluable) -> str:
    return render_template(
        "fieldwork/supervision/evaluate.html",
        form=form,
        enrolment=enrolment,
        about=about,
        questions=QUESTIONS,
        quarter=service.quarter_of(enrolment, now()),
        least=LEAST_PEOPLE,
    )


@bp.get("/practice/supervisors/<uuid:person_id>/evaluation")
@guard(Action.SUPERVISION_RESULTS, person=find_person)
def supervisor_evaluation(person: Person) -> str:
    """One supervisor's results, block by block."""
    blocks = service.results(db.session, [person.id], now())[person.id]
    return render_template(
        "fieldwork/supervision/results.html",
        person=person,
        blocks=blocks[::-1],
        questions=QUESTION_WORDS,
        levels=LEVEL_WORDS,
        least=LEAST_PEOPLE,
        own=person.id == current_actor().person_id,
    )


@bp.get("/practice/supervisors")
@guard(Action.SUPERVISION_RESULTS_LIST)
def supervisor_evaluations() -> str:
    """All supervisors of the country, with the last block of each."""
    session = db.session
    page = paginate(
        session, service.supervisors_visible_to(current_actor()), Person.id, Person.sort_name
    )
    keys = [person.id for person in page.rows]
    return render_template(
        "fieldwork/supervision/supervisors.html",
        page=page,
        results=service.results(session, keys, now()),
        cohorts=service.cohorts_of(session, keys),
        least=LEAST_PEOPLE,
    )
