"""Finding a word in the lessons of one's programme, and in the glossary."""

from flask import render_template, request

from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core.db import db
from lms.core.i18n import current_language
from lms.curriculum.search import rules
from lms.curriculum.search import service as search_service
from lms.curriculum.search.results import results
from lms.curriculum.search.service import in_order
from lms.learning import service
from lms.learning.outline import written_modules
from lms.learning.records import record
from lms.learning.routes.blueprint import bp
from lms.learning.rules import ModuleState, module_state
from lms.policy.actions import Action
from lms.policy.guard import can, guard


@bp.get("/learn/<uuid:enrolment_id>/search")
@guard(Action.LEARNING_VIEW, enrolment=find_enrolment)
def search(enrolment: Enrolment) -> str:
    """Lessons of the programme and terms that hold all words of `?q=`, in context."""
    release, programme = service.release_of(db.session, enrolment)
    modules = written_modules(release, programme)
    places = {lesson: module for module in reversed(modules) for lesson in module.lessons}
    asked, only = request.args.get("q", ""), request.args.get("in", "")
    wanted = rules.asked(asked)
    languages = in_order(release.languages, current_language(), only)
    hits = search_service.find(db.session, release, wanted, languages, places)
    locked = set()
    if can(Action.LEARN, enrolment):
        done = record(db.session, enrolment).done
        locked = {
            module.slug
            for module in modules
            if module_state(module, modules, done) is ModuleState.LOCKED
        }
    return render_template(
        "learning/search.html",
        enrolment=enrolment,
        programme=programme,
        found=results(release, hits, wanted),
        places=places,
        locked=locked,
        asked=asked,
        only=only,
        release=release,
        nothing_asked=not wanted,
    )
