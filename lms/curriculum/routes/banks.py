"""Question banks: for Moodle out of a module, and from Moodle in under a lesson."""

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.errors import Refusal
from lms.core.labels import label
from lms.core.sending import take_along
from lms.curriculum.corrections import service
from lms.curriculum.corrections.rules import CorrectionKind
from lms.curriculum.corrections.service import Wanted
from lms.curriculum.exchange import files, taking
from lms.curriculum.exchange.forms import BankForm, bank_form
from lms.curriculum.exchange.items import Bank, UnreadableBank
from lms.curriculum.exchange.showing import in_words
from lms.curriculum.release import Release
from lms.curriculum.routes.blueprint import bp, current, words
from lms.curriculum.routes.content import chosen_language, lesson_or_404
from lms.curriculum.rules import Module, Question
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

TYPES = {"moodle": "application/xml", "gift": "text/plain; charset=utf-8"}


# Out -------------------------------------------------------------------------------------------


@bp.get("/admin/content/<module>/bank")
@guard(Action.CONTENT_LIST)
def questions_out(module: str) -> str:
    """What of a module's questions, or of one `?lesson=`, another system takes."""
    release, found, questions = _asked(module)
    name, language = _format(), chosen_language(release)
    _data, bank = files.written(questions, name, found.title[language], language)
    return render_template(
        "curriculum/banks/out.html",
        release=release,
        module=found,
        lesson=_lesson(release, found),
        lessons=[release.content.lessons[key] for key in found.lessons if _own(found, key)],
        name=name,
        language=language,
        questions=questions,
        names={one.id: words(one.text) for one in questions},
        lines=taking.report(taking.as_rows(bank.losses)),
        carried=len({q.id for q in questions} - {x.question for x in bank.losses if x.dropped}),
        in_words=in_words,
    )


@bp.get("/admin/content/<module>/bank/download")
@guard(Action.CONTENT_LIST)
def bank_file(module: str) -> Response:
    """The bank as a file."""
    release, found, questions = _asked(module)
    name, language = _format(), chosen_language(release)
    data, _bank = files.written(questions, name, found.title[language], language)
    lesson = _lesson(release, found)
    stem = lesson.slug if lesson else found.slug
    answer = Response(data, content_type=TYPES[name])
    return take_along(answer, f"{found.code}-{stem}-{language}.{files.FORMATS[name]}")


def _asked(module: str) -> tuple[Release, Module, list[Question]]:
    release = current()
    found = release.module(module)
    if found is None:
        abort(404)
    lesson = _lesson(release, found)
    wanted = {lesson.id} if lesson else {key for key in found.lessons if _own(found, key)}
    return release, found, [q for q in release.content.questions.values() if q.lesson in wanted]


def _own(module: Module, lesson: str) -> bool:
    return lesson.startswith(f"{module.slug}/")


def _lesson(release: Release, module: Module) -> Any:
    key = f"{module.slug}/{request.args.get('lesson', '')}"
    return release.content.lessons.get(key)


def _format() -> str:
    asked = request.args.get("format", "")
    return asked if asked in files.FORMATS else "moodle"


# In --------------------------------------------------------------------------------------------


@bp.get("/admin/content/<module>/<lesson>/bank")
@guard(Action.CORRECTION_CREATE)
def questions_in(module: str, lesson: str) -> str:
    """Which files, and what their questions examine."""
    lesson_or_404(current(), module, lesson)
    return _page(module, lesson, _form(module, first=True), {})


@bp.post("/admin/content/<module>/<lesson>/bank")
@guard(Action.CORRECTION_CREATE)
def take_questions(module: str, lesson: str) -> Any:
    """Read the files; what can be carried becomes a draft, with the report of the rest."""
    release = current()
    found = lesson_or_404(release, module, lesson)
    form = _form(module)
    if not form.validate_on_submit():
        return _page(module, lesson, form, {}), 422
    banks = _banks(form, release)
    if banks is None:
        return _page(module, lesson, form, {}), 422
    try:
        taken = _taken(form, release, banks, found.id)
        key = form.new_id
        title, why = found.title, form.why.data or ""
        wanted = Wanted(CorrectionKind.QUESTIONS, found.id, found.id, title, taken.content, why)
        with writing() as session:
            service.begin(session, current_actor(), key, wanted, release.id, clock.now())
    except Refusal as refusal:
        beside = {"bank_start": form.first, "bank_place": form.outcome}.get(refusal.code)
        form.refuse(refusal, beside)
        return _page(module, lesson, form, banks), 422
    web.say(_("Kept as a draft. The files themselves are not kept."))
    return redirect(url_for("curriculum.correction", correction_id=key), 303)


def _form(module: str, *, first: bool = False) -> BankForm:
    release = current()
    found = release.content.modules[module]
    names = {c.id: c.title for r in release.content.rubrics.values() for c in r.criteria}
    form = bank_form(
        release.languages,
        [(one.id, words(one.text)) for one in found.outcomes],
        [(one, words(names.get(one, {})) or one) for one in found.competencies],
    )
    if first:
        form.outcome.data = next((one.id for one in found.outcomes), "")
        form.competency.data = next(iter(found.competencies), "")
    return form


def _banks(form: BankForm, release: Release) -> dict[str, Bank] | None:
    """What was read, by language; None where a file is refused, which is said beside it."""
    sent: dict[str, bytes] = {}
    for language in release.languages:
        upload = form[f"file-{language}"].data
        data = upload.stream.read(files.MAX_BYTES + 1) if upload else b""
        if data:
            sent[language] = data
    if not sent:
        form.refuse(Refusal("bank_none"), form[f"file-{release.languages[0]}"])
        return None
    banks: dict[str, Bank] = {}
    for language, data in sent.items():
        try:
            alone = {language: data}
            banks |= files.read_all(alone if len(sent) > 1 else sent, release.languages)
        except UnreadableBank as bad:
            code = "bank_unreadable_at" if bad.line else "bank_unreadable"
            refusal = Refusal(code, line=bad.line, why=label(bad.fault))
            form.refuse(refusal, form[f"file-{language}"])
    return None if form.errors else banks


def _taken(form: BankForm, release: Release, banks: dict[str, Bank], lesson: str) -> taking.Taken:
    module = release.content.modules[lesson.partition("/")[0]]
    outcome, competency = form.outcome.data or "", form.competency.data or ""
    known = {one.id for one in module.outcomes}
    if outcome not in known or competency not in module.competencies:
        raise Refusal("bank_place")
    place = taking.place_of(release.content, module, lesson, outcome, competency)
    first = form.first.data or 1
    taken = taking.take(banks, release.content, place, first)
    if not taken.found:
        raise Refusal("bank_empty" if any(taken.losses.values()) else "bank_nothing")
    if not taken.rows:
        raise Refusal("bank_start", number=taken.found)
    return taken


def _page(module: str, lesson: str, form: BankForm, banks: dict[str, Bank]) -> str:
    release = current()
    losses = [row for bank in banks.values() for row in taking.as_rows(bank.losses)]
    return render_template(
        "curriculum/banks/in.html",
        release=release,
        module=release.module(module),
        lesson=release.content.lessons[f"{module}/{lesson}"],
        form=form,
        lines=taking.report(losses[: taking.MOST_LOSSES]),
        in_words=in_words,
        most=taking.MOST,
    )
