"""The course content, for those who may correct it: modules, lessons, questions."""

from flask import abort, render_template, request

from lms.core.db import db
from lms.core.i18n import current_language
from lms.curriculum.corrections import looking, service
from lms.curriculum.corrections.rules import CorrectionState
from lms.curriculum.release import Release
from lms.curriculum.routes.blueprint import bp, current
from lms.curriculum.rules import Lesson
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard


@bp.get("/admin/content")
@guard(Action.CONTENT_LIST)
def content() -> str:
    """All modules and lessons, searched by `?q=`, with what waits at each."""
    asked = request.args.get("q", "")[:200]
    waiting = service.waiting(db.session, current_actor())
    return render_template(
        "curriculum/content/index.html",
        modules=looking.content_list(current(), waiting, asked),
        asked=asked,
        waiting=waiting,
        proposed=[one for one in waiting if one.state is CorrectionState.PROPOSED],
        accepted=[one for one in waiting if one.state is CorrectionState.ACCEPTED],
    )


@bp.get("/admin/content/<module>/<lesson>")
@guard(Action.CONTENT_LIST)
def content_lesson(module: str, lesson: str) -> str:
    """One lesson as it is taught, its handouts and questions, and what is open about it."""
    release = current()
    found = lesson_or_404(release, module, lesson)
    return render_template(
        "curriculum/content/lesson.html",
        release=release,
        module=release.module(module),
        lesson=found,
        language=chosen_language(release),
        questions=looking.questions_of(release, found.id),
        waiting=[
            one for one in service.waiting(db.session, current_actor()) if one.lesson == found.id
        ],
    )


def lesson_or_404(release: Release, module: str, lesson: str) -> Lesson:
    """The lesson under the module that holds its files."""
    found = release.content.lessons.get(f"{module}/{lesson}")
    if found is None or release.module(module) is None:
        abort(404)
    return found


def chosen_language(release: Release) -> str:
    """The language of the content to look at: `?in=`, else that of the page."""
    asked = request.args.get("in", "") or current_language()
    return asked if asked in release.languages else release.languages[0]
