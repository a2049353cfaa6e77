"""What the public may know of a programme, and the list of releases."""

from flask import Blueprint, Flask, abort, render_template

from lms.core.db import db
from lms.core.i18n import NATIVE_NAMES, current_language
from lms.curriculum import service
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
