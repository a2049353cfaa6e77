"""The confidentiality charter of a cohort: reading, accepting, taking back."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lms.cohorts import service as cohorts
from lms.cohorts.discussion import charter as service
from lms.cohorts.discussion.forms import CharterForm
from lms.cohorts.discussion.rules import CHARTER
from lms.cohorts.models import Cohort
from lms.cohorts.routes.blueprint import bp, now, see_other
from lms.core import web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.forms import Form
from lms.core.i18n import current_language
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


def _page(form: CharterForm, cohort: Cohort) -> str:
    actor, session = current_actor(), db.session
    sees_all = can(Action.COHORT_PROGRESS, cohort)
    own = service.standing(session, cohort.id, actor.person_id)
    return render_template(
        "cohorts/discussion/charter.html",
        form=form,
        cohort=cohort,
        own=own,
        is_current=own is not None and own.charter == CHARTER,
        edition=CHARTER,
        signers=service.signers(session, cohort.id) if sees_all else None,
        number=cohorts.counts(session, [cohort.id]).get(cohort.id, 0),
        may_accept=can(Action.CHARTER_ACCEPT, cohort),
    )


@bp.get("/cohorts/<uuid:cohort_id>/charter")
@guard(Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def charter(cohort: Cohort) -> str:
    """The text, one's own word on it, and for team and administration who has given theirs."""
    return _page(CharterForm(data={"name": current_actor().display_name}), cohort)


@bp.post("/cohorts/<uuid:cohort_id>/charter")
@guard(Action.CHARTER_ACCEPT, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def accept_charter(cohort: Cohort) -> Any:
    """Give one's word."""
    form, key = CharterForm(), cohort.id
    if not form.validate_on_submit():
        return _page(form, cohort), 422
    with writing() as session:
        service.accept(
            session, current_actor(), cohort, form.name.data or "", current_language(), now()
        )
    web.say(_("Thank you: the discussion is open to you."))
    return see_other("cohorts.discussion", cohort_id=key)


@bp.post("/cohorts/<uuid:cohort_id>/charter/take-back")
@guard(Action.CHARTER_ACCEPT, view=Action.COHORT_VIEW, cohort=cohorts.find_cohort)
def take_back_charter(cohort: Cohort) -> Any:
    """Stand by it no longer."""
    form, key = Form(), cohort.id
    if not form.validate_on_submit():
        raise Refusal("not_possible")
    with writing() as session:
        service.take_back(session, current_actor(), cohort, now())
    web.say(_("You have taken your word back: the discussion is closed to you."))
    return see_other("cohorts.charter", cohort_id=key)
