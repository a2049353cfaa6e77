"""The list of releases, and what each changes."""

from itertools import groupby

from flask import abort, render_template, request

from lms.core.db import db
from lms.curriculum import service
from lms.curriculum.corrections.service import published_in
from lms.curriculum.difference import differences
from lms.curriculum.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard


@bp.get("/admin/releases")
@guard(Action.RELEASE_LIST)
def releases() -> str:
    """All releases; cohorts are moved from one to another on their own page."""
    return render_template("curriculum/releases.html", releases=service.published(db.session))


@bp.get("/admin/releases/<release_id>")
@guard(Action.RELEASE_LIST)
def changes(release_id: str) -> str:
    """What a release changes since another (`?since=`), by default the one before it."""
    known = service.published(db.session)
    numbers = {one.id: number for number, one in enumerate(known)}
    if release_id not in numbers:
        abort(404)
    since = request.args.get("since", "")
    before = known[min(numbers[release_id] + 1, len(known) - 1)]
    before = known[numbers[since]] if since in numbers else before
    new = service.release(db.session, release_id)
    only = request.args.get("programme", "")
    found = differences(
        service.release(db.session, before.id).content,
        new.content,
        only if only in new.programmes else None,
    )
    return render_template(
        "curriculum/changes.html",
        release=known[numbers[release_id]],
        before=before,
        releases=known,
        programmes=new.programmes,
        only=only,
        corrections=published_in(db.session, current_actor(), release_id),
        groups=[(thing, list(group)) for thing, group in groupby(found, lambda one: one.thing)],
    )
