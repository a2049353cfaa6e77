"""A person's page, and the story of a case."""

from flask import render_template

from lms.assessment import service as assessment
from lms.cohorts import service as cohorts
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import db
from lms.credentials import service as credentials
from lms.credentials.rules import verdict
from lms.curriculum import service as curriculum
from lms.insight import story, trail
from lms.insight.routes.blueprint import bp
from lms.people import service as people
from lms.people.models import Person
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard
from lms.policy.permits import permits


@bp.get("/people/<uuid:person_id>")
@guard(Action.PERSON_VIEW, person=people.find_person)
def person(person: Person) -> str:
    """Who it is, roles, cohorts and what remains, certificates."""
    actor = current_actor()
    enrolments = [
        enrolment
        for enrolment in cohorts.enrolments_of(db.session, person.id)
        if permits(actor, Action.LEDGER_VIEW, enrolment)
    ]
    cases = []
    for enrolment in enrolments[:5]:
        release = curriculum.release(db.session, enrolment.cohort.release_id)
        programme = release.programmes[enrolment.cohort.programme]
        ledger = assessment.ledger(db.session, enrolment, release)
        ahead = assessment.ahead_of(enrolment, programme, ledger, clock.now())
        cases.append((enrolment, release, programme, ledger, ahead))
    held = [
        (certificate, verdict(certificate, clock.now()))
        for certificate in credentials.held_by(db.session, person.id)
        if permits(actor, Action.CERTIFICATE_VIEW, certificate)
    ]
    return render_template("insight/person.html", person=person, cases=cases, certificates=held)


@bp.get("/admin/cases/<uuid:enrolment_id>")
@guard(Action.CASE_TRACE, enrolment=cohorts.find_enrolment)
def case(enrolment: Enrolment) -> str:
    """From a certificate to every decision, version, rule and person behind it; printable."""
    found = story.tell(db.session, current_actor(), enrolment, clock.now())
    return render_template(
        "insight/case.html", story=found, trail=trail, now=clock.now(), enrolment=enrolment
    )
