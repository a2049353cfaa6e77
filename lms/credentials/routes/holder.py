"""One's own certificates: download, share, see whether they hold."""

from flask import render_template

from lms.core import clock
from lms.core.db import db
from lms.credentials import service
from lms.credentials.routes.blueprint import bp, in_language, printed_day
from lms.credentials.rules import standing
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard


@bp.get("/certificates")
@guard(Action.CERTIFICATE_HOLD)
def mine() -> str:
    """My certificates, and what is being prepared."""
    person_id = current_actor().person_id
    assert person_id is not None  # noqa: S101 - the guard lets nobody else in
    now = clock.now()
    held = service.held_by(db.session, person_id)
    return render_template(
        "credentials/mine.html",
        held=[(certificate, certificate.said, standing(certificate, now)) for certificate in held],
        preparing=service.awards_in_preparation(db.session, person_id),
        words=in_language,
        printed_day=printed_day,
    )
