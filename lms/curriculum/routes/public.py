"""What the public may know of a programme."""

from flask import abort, render_template

from lms.curriculum.routes.blueprint import bp, current
from lms.policy.actions import Action
from lms.policy.guard import guard


@bp.get("/programmes/<slug>")
@guard(Action.PUBLIC_READ)
def programme(slug: str) -> str:
    """What a title takes: modules, thresholds, how it is decided."""
    release = current()
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
    release = current()
    found = release.rubric(slug)
    if found is None:
        abort(404)
    programmes = [p for p in release.programmes.values() if p.rubric == slug]
    return render_template("curriculum/rubric.html", rubric=found, programmes=programmes)
