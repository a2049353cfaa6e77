"""The words of the craft in three languages, and finding them among what is open to all."""

from flask import render_template, request

from lms.core.db import db
from lms.core.i18n import current_language
from lms.curriculum.glossary import by_letter, holds
from lms.curriculum.routes.blueprint import bp, current
from lms.curriculum.search import rules
from lms.curriculum.search import service as search_service
from lms.curriculum.search.results import results
from lms.policy.actions import Action
from lms.policy.guard import guard

SIDE_BY_SIDE = 16
"""Most terms whose definitions are shown in all languages at once: the page stays light."""


@bp.get("/glossary")
@guard(Action.PUBLIC_READ)
def glossary() -> str:
    """All terms; those of one `?letter=`; or those that hold every word of `?q=`, however said."""
    release = current()
    known = release.content.glossary
    asked = request.args.get("q", "")
    wanted = rules.asked(asked)
    languages = search_service.in_order(release.languages, current_language(), "")
    letters = by_letter(known.values(), languages[0])
    letter = request.args.get("letter", "")
    groups = [group for group in letters if letter in {"", group[0]}]
    if wanted:
        groups = by_letter((t for t in known.values() if holds(t, wanted)), languages[0])
    terms = [term for _, group in groups for term in group]
    return render_template(
        "curriculum/glossary.html",
        letters=[name for name, _ in letters],
        letter=letter if groups and letter and not wanted else "",
        groups=groups,
        side_by_side=len(terms) <= SIDE_BY_SIDE,
        every=known,
        shown={term.id for term in terms},
        languages=languages,
        asked=asked,
    )


@bp.get("/search")
@guard(Action.PUBLIC_READ)
def search() -> str:
    """What everybody may read that holds all words of `?q=`: open lessons and terms."""
    release = current()
    asked, only = request.args.get("q", ""), request.args.get("in", "")
    wanted = rules.asked(asked)
    languages = search_service.in_order(release.languages, current_language(), only)
    discover = release.content.discover
    lessons = discover.lessons if discover else ()
    hits = search_service.find(db.session, release, wanted, languages, lessons)
    return render_template(
        "curriculum/search.html",
        found=results(release, hits, wanted),
        asked=asked,
        only=only,
        release=release,
        nothing_asked=not wanted,
    )
