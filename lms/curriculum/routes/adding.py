"""New questions of a draft, one at a time: texts completed, questions left out."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.sending import take_along
from lms.curriculum.corrections import asking, reviewing, service
from lms.curriculum.corrections.forms import CorrectionForm
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionKind, CorrectionState
from lms.curriculum.corrections.service import find_correction
from lms.curriculum.exchange import files
from lms.curriculum.exchange.showing import added
from lms.curriculum.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/admin/corrections/<uuid:correction_id>/questions.toml")
@guard(Action.CORRECTION_VIEW, correction=find_correction)
def questions_file(correction: Correction) -> Answer:
    """The new questions as they are written into the module's file."""
    if correction.kind is not CorrectionKind.QUESTIONS:
        return _back(correction)
    text = files.toml_of(correction.content["questions"])
    answer = Response(text, content_type="application/toml; charset=utf-8")
    return take_along(answer, f"{correction.lesson.replace('/', '-')}-questions.toml")


@bp.get("/admin/corrections/<uuid:correction_id>/questions/<int:number>")
@guard(Action.CORRECTION_EDIT, view=Action.CORRECTION_VIEW, correction=find_correction)
def added_question(correction: Correction, number: int) -> Any:
    """One of the new questions, to write on."""
    row = _row(correction, number)
    if row is None:
        return _back(correction)
    base = service.base(db.session)
    return _page(correction, number, row, _form(correction, row, base), base, check=True)


@bp.post("/admin/corrections/<uuid:correction_id>/questions/<int:number>")
@guard(Action.CORRECTION_EDIT, view=Action.CORRECTION_VIEW, correction=find_correction)
def save_added(correction: Correction, number: int) -> Any:
    """Keep what was typed, or leave the question out; then the next that lacks something."""
    row = _row(correction, number)
    if row is None:
        return _back(correction)
    base = service.base(db.session)
    out = request.form.get("go") == "out"
    form = _form(correction, row, base, blank=True)
    if not out and not form.validate_on_submit():
        return _page(correction, number, row, form, base), 422
    try:
        rows = list(correction.content["questions"])
        if out:
            del rows[number - 1]
        else:
            shown = asking.with_blanks(row, base.languages)
            rows[number - 1] = asking.question_content(form, shown, base.languages)
        with writing() as session:
            draft = session.get_one(Correction, correction.id)
            content = {**draft.content, "questions": rows}
            why = draft.why if out else form.why.data or ""
            seen, now = form.seen_version, clock.now()
            service.save(session, current_actor(), draft, seen, content, why, base.release.id, now)
    except Refusal as refusal:
        form.refuse(refusal)
        db.session.refresh(correction)
        form.version.data = str(correction.revision)
        return _page(correction, number, row, form, base), refusal.status
    web.say(_("Left out.") if out else _("Kept as a draft."))
    return _onward(correction, number, base)


def _onward(correction: Correction, number: int, base: service.Base) -> Answer:
    """To the next question that lacks something, else to the whole."""
    db.session.refresh(correction)
    after = [one.number for one in added(correction, base) if one.missing and one.number >= number]
    if not after:
        return redirect(url_for("curriculum.correction", correction_id=correction.id), 303)
    to = url_for("curriculum.added_question", correction_id=correction.id, number=after[0])
    return redirect(to, 303)


def _back(correction: Correction) -> Answer:
    return redirect(url_for("curriculum.correction", correction_id=correction.id), 303)


def _row(correction: Correction, number: int) -> dict[str, Any] | None:
    """The question as the draft holds it; None where there is no such draft or question."""
    if correction.kind is not CorrectionKind.QUESTIONS:
        return None
    rows: list[dict[str, Any]] = correction.content["questions"]
    draft = correction.state is CorrectionState.DRAFT
    return rows[number - 1] if draft and 1 <= number <= len(rows) else None


def _form(
    correction: Correction, row: dict[str, Any], base: service.Base, *, blank: bool = False
) -> CorrectionForm:
    data = {} if blank else {"why": correction.why, "version": str(correction.revision)}
    return asking.question_form(asking.with_blanks(row, base.languages), base.languages, **data)


def _page(
    correction: Correction,
    number: int,
    row: dict[str, Any],
    form: CorrectionForm,
    base: service.Base,
    *,
    check: bool = False,
) -> str:
    rows = correction.content["questions"]
    remarks = 0
    if check:
        _questions, said = reviewing.looked_at(base.files, correction.module, rows)
        for name, found in said[number - 1].items():
            if name in form:
                form[name].errors = [f"{one.message} {one.remedy}" for one in found]
                remarks += len(found)
    shown = asking.with_blanks(row, base.languages)
    return render_template(
        "curriculum/banks/question.html",
        correction=correction,
        number=number,
        total=len(rows),
        remarks=remarks,
        form=form,
        languages=base.languages,
        groups=list(asking.groups(shown, base.languages)),
    )
