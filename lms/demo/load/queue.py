"""A second supervisor in Oujda who is away, so that the first stands in; words used again."""

from datetime import timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.demo.load.people import address
from lms.demo.load.stage import Stage
from lms.demo.names import names
from lms.fieldwork.placements import service as placements
from lms.fieldwork.queue import absences, comments, escalation
from lms.policy.actor import Role

PHRASES = {
    "fr": (
        "Précisez qui était présent, et ce qui a été décidé.",
        "Bon cadre, bonne écoute. La prochaine fois, notez aussi les points de désaccord.",
        "Joignez la feuille de présence, ou une photo du compte rendu.",
    ),
    "ar": (
        "حددوا من كان حاضرًا وما الذي تقرر.",
        "إنصات جيد وإطار واضح. في المرة القادمة دوّنوا نقاط الاختلاف أيضًا.",
    ),
}
TURN = 14
"""Whose name the second supervisor has."""


def load(stage: Stage, cohort: Cohort, trainees: list[Enrolment]) -> None:
    """The colleague supervises these trainees, and is away this week and the next."""
    session, now = stage.session, stage.now
    supervisor, admin = stage.cast["supervisor"], stage.admin(cohort.country_code).actor
    pool = names(cohort.country_code)
    colleague = stage.hiring.person(
        cohort.country_code, pool[TURN % len(pool)], address(cohort.country_code, 70)
    )
    cohorts.assign(session, admin, cohort, colleague, Role.SUPERVISOR, cohort.created_at)
    theirs = {enrolment.id for enrolment in trainees}
    found, _without = placements.roster(session, cohort)
    keys = [placement.id for placement in found if placement.enrolment_id in theirs]
    placements.assign_supervisor(session, admin, cohort, keys, colleague, stage.ago(30))
    first, last = stage.today - timedelta(days=2), stage.today + timedelta(days=9)
    key = UUID(str(uuid7()))
    absences.plan(
        session, colleague.actor, key, colleague, supervisor, first, last, "Congé annuel.", now
    )
    for language, texts in PHRASES.items():
        for text in texts:
            comments.keep(
                session, supervisor.actor, UUID(str(uuid7())), language, text, stage.ago(60)
            )
    escalation.escalate(session, now)
