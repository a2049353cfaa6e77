"""The signing keys: which, since when. They are changed on the command line alone."""

from flask import render_template

from lms.core import clock
from lms.credentials.multibase import multikey
from lms.credentials.routes.blueprint import body, bp
from lms.policy.actions import Action
from lms.policy.guard import guard


@bp.get("/admin/keys")
@guard(Action.KEYS_VIEW)
def keys() -> str:
    """All keys ever used; the private halves are seen by nobody."""
    now = clock.now()
    published = body().store.published()
    usable = [key for key in published if key.signs_from <= now and key.retired_at is None]
    return render_template(
        "credentials/keys.html",
        keys=[(key, multikey(key.public)) for key in published],
        active=usable[-1] if usable else None,
        did=body().issuer.did,
    )
