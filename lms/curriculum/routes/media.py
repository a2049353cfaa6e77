"""Pictures and handouts of the course."""

import re

from flask import Response, abort, request

from lms.core.addresses import attachment
from lms.core.db import db
from lms.curriculum import service
from lms.curriculum.format.kinds import TYPES
from lms.curriculum.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import guard

NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]+")


@bp.get("/media/<name>")
@guard(Action.PUBLIC_READ)
def media(name: str) -> Response:
    """A picture or handout: its name is its content, so it may be kept for ever."""
    media_type = TYPES.get(name.rpartition(".")[2], ("",))[0]
    known = media_type and NAME.fullmatch(name)
    body = service.media(db.session, name) if known else None
    if body is None:
        abort(404)
    answer = Response(body, mimetype=media_type)
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    if not media_type.startswith(("image/", "audio/")):
        answer.headers["Content-Disposition"] = attachment(name)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.set_etag(name)
    answer.make_conditional(request)
    return answer
