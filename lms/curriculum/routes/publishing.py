"""A new release out of accepted corrections."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Late, Refusal, Stale
from lms.curriculum import service as curriculum
from lms.curriculum import sources
from lms.curriculum.corrections import service
from lms.curriculum.corrections.forms import PublishForm
from lms.curriculum.corrections.rules import CorrectionKind, Standing
from lms.curriculum.routes.blueprint import bp, store
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/admin/releases/new")
@guard(Action.RELEASE_PUBLISH)
def new_release() -> Any:
    """What the next release would change; each accepted correction may be left out."""
    return _page(PublishForm(), None)


@bp.post("/admin/releases/new")
@guard(Action.RELEASE_PUBLISH)
def publish_release() -> Any:
    """Check everything once more, then publish in one transaction."""
    form = PublishForm()
    chosen = _chosen()
    if not form.validate_on_submit():
        return _page(form, chosen), 422
    try:
        if not form.note.data:
            form.refuse(Refusal("correction_note"), form.note)
            return _page(form, chosen), 422
        prepared = _prepared(form.release.data or "", chosen)
        with writing() as session:
            made = service.publish(
                session, current_actor(), chosen, prepared, form.note.data, clock.now()
            )
    except curriculum.FaultyContent as faulty:
        form.refuse(Refusal("faulty_content", number=len(faulty.faults)))
        return _page(form, chosen), 422
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, chosen), refusal.status
    web.say(_("Published. Cohorts stay with their release until they are moved."))
    return redirect(url_for("curriculum.changes", release_id=made), 303)


def _chosen() -> dict[UUID, int]:
    """Key and revision of each correction ticked; what is no such thing is left out."""
    found = {}
    for text in request.form.getlist("correction")[:500]:
        key, _sep, revision = text.partition("~")
        try:
            found[UUID(key)] = int(revision[:9])
        except ValueError:
            continue
    return found


def _prepared(seen: str, chosen: dict[UUID, int]) -> service.Prepared:
    base = service.base(db.session)
    if seen != base.release.id:
        raise Stale
    corrections = [one for one in service.accepted(db.session) if one.id in chosen]
    for one in corrections:
        if service.standing(db.session, one, base) is not Standing.SAME:
            raise Late("correction_overtaken")
    files = service.together(base, corrections, store())
    content = curriculum.prepare(files)
    return service.Prepared(base.release.id, content, sources.pack(files))


def _page(form: PublishForm, chosen: dict[UUID, int] | None) -> str:
    base = service.base(db.session)
    rows, seen = [], set()
    for one in service.accepted(db.session):
        fits = service.standing(db.session, one, base) is Standing.SAME
        # added questions stand beside each other; of two other corrections of a thing, one goes in
        adds = one.kind is CorrectionKind.QUESTIONS
        first = adds or (one.kind, one.subject) not in seen
        seen.add((one.kind, one.subject))
        ticked = fits and first if chosen is None else one.id in chosen
        rows.append({"correction": one, "fits": fits, "ticked": ticked})
    form.release.data = base.release.id
    return render_template(
        "curriculum/corrections/publish.html", form=form, rows=rows, release=base.release
    )
