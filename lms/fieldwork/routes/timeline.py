"""A trainee's timeline."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core.addresses import same_page
from lms.core.db import db
from lms.core.labels import label
from lms.fieldwork.queue.timeline import Happening, read_place
from lms.fieldwork.queue.timeline import timeline as lines
from lms.fieldwork.routes.blueprint import bp
from lms.fieldwork.words import programme_of, words_of
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard


@bp.get("/practice/<uuid:enrolment_id>/timeline")
@guard(Action.PRACTICE_VIEW, enrolment=find_enrolment)
def timeline(enrolment: Enrolment) -> str:
    """Entries, observations, supervision, hosts' words, attestations: the newest first."""
    asked = request.args.get("kind", "")
    kind = Happening(asked) if asked in {each.value for each in Happening} else None
    after = read_place(request.args.get("after", ""))
    found = lines(db.session, current_actor(), enrolment, kind, after)
    programme = programme_of(db.session, enrolment.cohort)
    return render_template(
        "fieldwork/queue/timeline.html",
        enrolment=enrolment,
        cohort=enrolment.cohort,
        own=current_actor().person_id == enrolment.person_id,
        lines=found.lines,
        following=same_page(after=found.following.text) if found.following else None,
        first=same_page(after=None) if after else None,
        words=words_of(db.session, enrolment.cohort),
        requirements={each.id: each for each in programme.requirements},
        kinds=[
            (
                _("All"),
                url_for("fieldwork.timeline", enrolment_id=enrolment.id),
                kind is None,
                None,
            ),
            *(
                (
                    label(each),
                    url_for("fieldwork.timeline", enrolment_id=enrolment.id, kind=each.value),
                    each is kind,
                    None,
                )
                for each in Happening
            ),
        ],
    )
