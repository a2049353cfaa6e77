"""Writing a correction: a lesson, a question or a handout, in all languages, with what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from uuid_utils.compat import uuid7

from lms.core import clock, web
from lms.core import files as uploads
from lms.core.db import db
from lms.core.errors import Late, Refusal
from lms.curriculum import service as curriculum
from lms.curriculum.corrections import asking, checking, handouts, remarks, service, showing
from lms.curriculum.corrections import forms as shapes
from lms.curriculum.corrections.checking import Change
from lms.curriculum.corrections.forms import CorrectionForm, HandoutForm, LessonForm
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionKind, CorrectionState, Standing
from lms.curriculum.corrections.service import Base, Wanted, find_correction
from lms.curriculum.routes.blueprint import bp, current, store
from lms.curriculum.routes.content import lesson_or_404
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@dataclass
class Desk:
    """What is written on: a lesson or question, the words shown, and whose draft it is."""

    kind: CorrectionKind
    subject: str
    lesson: str
    title: Mapping[str, str]
    base: Base
    content: dict[str, Any]
    draft: Correction | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which everything must be said."""
        return self.base.languages

    @property
    def shown(self) -> dict[str, Any]:
        """The words on the form, with room for more where there may be more."""
        if self.kind is CorrectionKind.QUESTION:
            return asking.with_blanks(self.content, self.languages)
        return self.content

    def form(self, *, blank: bool = False) -> CorrectionForm:
        """The form, filled in unless `blank`."""
        data: dict[str, Any] = {"release": self.base.release.id}
        if self.draft is not None:
            data |= {"why": self.draft.why, "version": str(self.draft.revision)}
        if blank:
            data = {}
        if self.kind is CorrectionKind.QUESTION:
            return asking.question_form(self.shown, self.languages, **data)
        if self.kind is CorrectionKind.HANDOUT:
            return shapes.handout_form(self.content, self.languages, **data)
        return shapes.lesson_form(self.content, self.languages, **data)

    def typed(self, form: CorrectionForm) -> dict[str, Any]:
        """What was typed."""
        if isinstance(form, LessonForm):
            return shapes.lesson_content(form, self.content, self.languages)
        if isinstance(form, HandoutForm):
            return shapes.handout_content(form, self.languages)
        return asking.question_content(form, self.shown, self.languages)

    def change(self, content: Mapping[str, Any], data: bytes = b"") -> Change:
        """What would become of the files."""
        return Change(self.kind, self.subject, self.lesson, content, data)


# A new one -------------------------------------------------------------------------------------


@bp.route("/admin/content/<module>/<lesson>/correct", methods=["GET", "POST"])
@guard(Action.CORRECTION_CREATE)
def correct_lesson(module: str, lesson: str) -> Any:
    """A lesson, to write on."""
    found = lesson_or_404(current(), module, lesson)
    return _new(CorrectionKind.LESSON, found.id, found.id, found.title)


@bp.route("/admin/content/questions/<question>/correct", methods=["GET", "POST"])
@guard(Action.CORRECTION_CREATE)
def correct_question(question: str) -> Any:
    """A question, to write on."""
    found = current().question(question)
    if found is None:
        abort(404)
    return _new(CorrectionKind.QUESTION, found.id, found.lesson, found.text)


@bp.route("/admin/content/<module>/<lesson>/handout", methods=["GET", "POST"])
@guard(Action.CORRECTION_CREATE)
def attach_handout(module: str, lesson: str) -> Any:
    """A file that trainees may take away."""
    found = lesson_or_404(current(), module, lesson)
    return _new(CorrectionKind.HANDOUT, "", found.id, found.title)


def _new(kind: CorrectionKind, subject: str, lesson: str, title: Mapping[str, str]) -> Any:
    base = _shown_base()
    content = checking.read(base.files, kind, subject, lesson, base.languages)
    if content is None:
        base = service.base(db.session)
        content = checking.read(base.files, kind, subject, lesson, base.languages)
    if content is None:
        abort(404)
    desk = Desk(kind, subject, lesson, title, base, content)
    if request.method == "GET":
        return _page(desk, desk.form())
    return _save(desk, desk.form(blank=True))


def _shown_base() -> Base:
    """The release that the form was made from, so that it is read back into the same shape."""
    key = request.form.get("release", "")
    try:
        return service.base(db.session, key if len(key) == 64 else None)
    except (curriculum.NoRelease, Refusal):
        return service.base(db.session)


# One's own draft -------------------------------------------------------------------------------


@bp.get("/admin/corrections/<uuid:correction_id>/edit")
@guard(Action.CORRECTION_EDIT, view=Action.CORRECTION_VIEW, correction=find_correction)
def edit_correction(correction: Correction) -> Any:
    """The draft, with what the check says of it (`?check=1`), or beside what is published now."""
    if correction.state is not CorrectionState.DRAFT:
        raise Late("illegal_transition", state=correction.state)
    if correction.kind is CorrectionKind.QUESTIONS:
        return redirect(url_for("curriculum.correction", correction_id=correction.id, check=1), 303)
    desk = _of(correction)
    return _page(desk, desk.form(), check="check" in request.args)


@bp.post("/admin/corrections/<uuid:correction_id>/edit")
@guard(Action.CORRECTION_EDIT, view=Action.CORRECTION_VIEW, correction=find_correction)
def save_correction(correction: Correction) -> Any:
    """Keep what was typed; then look at it, or mend what is wrong."""
    if correction.kind is CorrectionKind.QUESTIONS:
        return redirect(url_for("curriculum.correction", correction_id=correction.id), 303)
    desk = _of(correction)
    return _save(desk, desk.form(blank=True))


def _of(correction: Correction) -> Desk:
    return Desk(
        correction.kind,
        correction.subject,
        correction.lesson,
        correction.title,
        service.base(db.session),
        dict(correction.content),
        correction,
    )


def _save(desk: Desk, form: CorrectionForm) -> Any:
    if not form.validate_on_submit():
        return _page(desk, form), 422
    key = desk.draft.id if desk.draft else form.new_id
    try:
        content = desk.typed(form)
        upload = _upload(form, desk)
        if upload is not None:
            desk.subject = handouts.free_name(
                desk.base.files,
                desk.lesson.partition("/")[0],
                handouts.handout_name(upload.name, upload.name.rpartition(".")[2]),
            )
        found = _found(desk, content, upload.data if upload else b"")
        with writing() as session:
            _keep(session, desk, form, key, content, upload)
    except Refusal as refusal:
        beside = form["file"] if refusal.code.startswith(("file_", "handout_")) else None
        form.refuse(refusal, beside if "file" in form else None)
        if refusal.code == "correction_begun":
            form.record_id.data = str(uuid7())
        if desk.draft is not None:  # seen now: saving once more is meant
            db.session.refresh(desk.draft)
            form.version.data = str(desk.draft.revision)
            form.release.data = desk.base.release.id
        return _page(desk, form), refusal.status
    web.say(_("Kept as a draft."))
    if found:
        return redirect(url_for("curriculum.edit_correction", correction_id=key, check=1), 303)
    return redirect(url_for("curriculum.correction", correction_id=key), 303)


def _keep(
    session: Any,
    desk: Desk,
    form: CorrectionForm,
    key: UUID,
    content: dict[str, Any],
    upload: uploads.Upload | None,
) -> None:
    actor, now, why = current_actor(), clock.now(), form.why.data or ""
    seen = desk.base.release.id
    if desk.draft is not None:
        draft = session.get_one(Correction, key)
        if draft.state is not CorrectionState.DRAFT:
            raise Late("illegal_transition", state=draft.state)
        if form.release.data != seen and _moved(session, draft, form.release.data or "", seen):
            raise Late("correction_overtaken")
        service.save(session, actor, draft, form.seen_version, content, why, seen, now)
        return
    kept = uploads.store(session, store(), upload, actor.person_id, now) if upload else None
    wanted = Wanted(
        desk.kind, desk.subject, desk.lesson, desk.title, content, why, kept.id if kept else None
    )
    service.begin(session, actor, key, wanted, seen, now)


def _moved(session: Any, draft: Correction, shown: str, now: str) -> bool:
    """Whether what is corrected reads otherwise now than on the form that was sent."""
    try:
        before = curriculum.files_of(session, shown)
    except (curriculum.NoRelease, Refusal):
        return True
    base = service.base(session, now)
    stands = checking.standing(service.change_of(draft), before, base.files, base.languages)
    return stands is not Standing.SAME


def _upload(form: CorrectionForm, desk: Desk) -> uploads.Upload | None:
    if not isinstance(form, HandoutForm) or desk.draft is not None:
        return None
    if not form.file.data:
        raise Refusal("handout_file")
    return handouts.accept(form.file.data.stream, form.file.data.filename or "")


# The page --------------------------------------------------------------------------------------


def _found(desk: Desk, content: Mapping[str, Any], data: bytes) -> bool:
    """Whether the check of the whole content finds anything."""
    if desk.draft is not None and desk.draft.file is not None:
        data = store().get(desk.draft.file.sha256)
    try:
        made = checking.apply_all(desk.base.files, [desk.change(content, data)])
    except Refusal:
        return False
    return bool(checking.faults(made))


def _remarks(desk: Desk, form: CorrectionForm) -> dict[str, list[remarks.Remark]]:
    data = b""
    if desk.draft is not None and desk.draft.file is not None:
        data = store().get(desk.draft.file.sha256)
    change = desk.change(desk.content, data)
    made = checking.apply_all(desk.base.files, [change])
    return remarks.place(checking.faults(made), change, made, form._fields)


def _page(desk: Desk, form: CorrectionForm, *, check: bool = False) -> str:
    said = _remarks(desk, form) if check else {}
    for name, found in said.items():
        if name in form:
            form[name].errors = [_in_words(one) for one in found]
    now = _published(desk)
    return render_template(
        "curriculum/corrections/write.html",
        desk=desk,
        form=form,
        general=[_in_words(one) for one in said.get(remarks.GENERAL, ())],
        checked=check and not said,
        groups=list(asking.groups(desk.shown, desk.languages))
        if desk.kind is CorrectionKind.QUESTION
        else [],
        now=now,
    )


def _in_words(one: remarks.Remark) -> str:
    text = f"{one.message} {one.remedy}"
    return _("Line %(line)s: %(text)s", line=one.line, text=text) if one.line else text


def _published(desk: Desk) -> list[showing.Passage]:
    """Where somebody else has changed it meanwhile: what is published now, beside the draft."""
    draft = desk.draft
    if draft is None or service.standing(db.session, draft, desk.base) is not Standing.CHANGED:
        return []
    asked = (desk.kind, desk.subject, desk.lesson, desk.languages)
    then = checking.read(curriculum.files_of(db.session, draft.release_id), *asked)
    return showing.passages(desk.kind, then, checking.read(desk.base.files, *asked) or {})
