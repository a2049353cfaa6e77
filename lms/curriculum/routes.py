"""What the public may know of a programme, and the list of releases."""

from itertools import groupby

from flask import Blueprint, Flask, abort, render_template, request

from lms.core.db import db
from lms.core.i18n import NATIVE_NAMES, current_language
from lms.curriculum import service
from lms.curriculum.difference import differences
from lms.curriculum.release import Release
from lms.curriculum.rules import Text
from lms.policy.actions import Action
from lms.policy.guard import guard

bp = Blueprint("curriculum", __name__)


def init_app(app: Flask) -> None:
    """Register the pages, and the filter that picks a text's language: `module.title|words`."""
    app.jinja_env.filters.update(words=words, language_name=language_name)
    app.register_blueprint(bp)


def words(text: Text) -> str:
    """A text of the content in the language of the request, else in any that it has."""
    return text.get(current_language()) or next(iter(text.values()), "")


def language_name(code: str) -> str:
    """A language in its own words."""
    return NATIVE_NAMES.get(code, code)


def _current() -> Release:
    release = service.current_release(db.session)
    if release is None:
        abort(404)
    return release


@bp.get("/programmes/<slug>")
@guard(Action.PUBLIC_READ)
def programme(slug: str) -> str:
    """What a title takes: modules, thresholds, how it is decided."""
    release = _current()
    found = release.programme(slug)
    if found is None:
        abort(404)
    return render_template(
        "curriculum/programme.html",
        programme=found,
        release=release,
        rubric=release.rubric(found.rubric),
    )


@bp.get("/rubrics/<slug>")
@guard(Action.PUBLIC_READ)
def rubric(slug: str) -> str:
    """The grid on which practice is scored, with what one sees and hears at each level."""
    release = _current()
    found = release.rubric(slug)
    if found is None:
        abort(404)
    programmes = [p for p in release.programmes.values() if p.rubric == slug]
    return render_template("curriculum/rubric.html", rubric=found, programmes=programmes)


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
        groups=[(thing, list(group)) for thing, group in groupby(found, lambda one: one.thing)],
    )
