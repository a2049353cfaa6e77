"""Weekly sheets: printed by the trainee, and filed by the code on their photo or scan."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.cohorts.forms import ScanForm
from lms.cohorts.models import Enrolment
from lms.cohorts.service import find_enrolment
from lms.core import web
from lms.core.codes import picture_of
from lms.core.db import AnySession, db
from lms.core.errors import Refusal
from lms.core.files import StoredFile, Upload, store
from lms.core.i18n import date_in_words
from lms.core.sending import files
from lms.fieldwork.models import Sheet
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.sheets import service
from lms.fieldwork.sheets.forms import ChooseForm, PrintForm
from lms.fieldwork.sheets.service import Filed, find_by_token, find_sheet
from lms.fieldwork.words import words_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing


@bp.get("/practice/<uuid:enrolment_id>/sheets")
@guard(Action.SHEET_FILE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def sheets(enrolment: Enrolment) -> str:
    """Weeks to print, sheets that were printed, and where their photo goes."""
    return _page(enrolment)


@bp.post("/practice/<uuid:enrolment_id>/sheets")
@guard(Action.SHEET_PRINT, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def print_sheet(enrolment: Enrolment) -> Any:
    """A sheet of one week at one place."""
    form = PrintForm()
    if not form.validate_on_submit() or form.chosen is None:
        raise Refusal("sheet_empty")
    monday, place = form.chosen
    with writing() as session:
        found = service.print_sheet(session, current_actor(), enrolment, monday, place, now())
        key = found.id
    return see_other("fieldwork.sheet", sheet_id=key)


@bp.get("/practice/sheets/<uuid:sheet_id>")
@guard(Action.SHEET_PRINT, sheet=find_sheet)
def sheet(sheet: Sheet) -> str:
    """The sheet for paper: what was done, room to sign, the code that brings it back."""
    cohort = sheet.enrolment.cohort
    entries = [line.entry for line in sheet.lines]
    return render_template(
        "fieldwork/sheets/sheet.html",
        sheet=sheet,
        enrolment=sheet.enrolment,
        placement=entries[0].placement if entries else None,
        entries=entries,
        minutes=sum(entry.minutes_direct for entry in entries),
        changed=sheet.filed_at is None and not all(map(service.is_unchanged, sheet.lines)),
        words=words_of(db.session, cohort),
        zone=cohort.time_zone,
        qr=picture_of(url_for(".scanned", token=sheet.token, _external=True)),
    )


@bp.get("/sheets/<token>")
@guard(Action.SHEET_FILE, sheet=find_by_token)
def scanned(sheet: Sheet) -> Any:
    """Where the code on a sheet leads: to where its photo is handed in. It gives no right."""
    return redirect(url_for(".sheets", enrolment_id=sheet.enrolment_id))


@bp.post("/practice/<uuid:enrolment_id>/sheets/file")
@guard(Action.SHEET_FILE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def file_scan(enrolment: Enrolment) -> Any:
    """A photo or scan: its code says which sheet it is; if unreadable, whoever sent it says so."""
    form, key = ScanForm(), enrolment.id
    is_valid = form.validate_on_submit()
    try:
        scan, token = form.read("sheets")
        found = find_by_token(db.session, token) if token else None
        if found is not None and not can(Action.SHEET_FILE, found):
            raise Refusal("sheet_of_another")
        if not is_valid or found is None:
            return _choose(enrolment, scan)
        sheet_id = found.id
        with writing() as session:
            kept = store(session, files(), scan, current_actor().person_id, now())
            done = _file(session, sheet_id, kept)
    except Refusal as refusal:
        db.session.rollback()
        form.refuse(refusal, form.scan)
        return _page(db.session.get_one(Enrolment, key), form), 422
    return _filed(db.session.get_one(Sheet, sheet_id), done)


@bp.post("/practice/<uuid:enrolment_id>/sheets/choose")
@guard(Action.SHEET_FILE, view=Action.PRACTICE_VIEW, enrolment=find_enrolment)
def choose_sheet(enrolment: Enrolment) -> Any:
    """The scan that could not be read is filed under the sheet that was chosen."""
    form, key = ChooseForm(), enrolment.id
    found = _choices(form, enrolment)
    kept = db.session.get(StoredFile, form.file_id) if form.file_id else None
    if kept is None or kept.uploaded_by_id != current_actor().person_id:
        raise Refusal("scan_missing")
    if not form.validate_on_submit():
        return _choosing(enrolment, form, found), 422
    sheet_id = next(each.id for each in found if str(each.id) == form.sheet.data)
    file_id = kept.id
    try:
        with writing() as session:
            done = _file(session, sheet_id, session.get_one(StoredFile, file_id))
    except Refusal as refusal:
        db.session.rollback()
        enrolment = db.session.get_one(Enrolment, key)
        form.refuse(refusal, form.sheet)
        return _choosing(enrolment, form, _choices(form, enrolment)), 422
    return _filed(db.session.get_one(Sheet, sheet_id), done)


def _file(session: AnySession, sheet_id: Any, kept: StoredFile) -> Filed:
    """File under a sheet, asking once more whether one may."""
    found = session.get_one(Sheet, sheet_id)
    if not can(Action.SHEET_FILE, found):
        raise Refusal("sheet_of_another")
    week = date_in_words(found.week)
    caption = _("Weekly sheet signed by the host, week of %(date)s", date=week)
    return service.file_sheet(session, current_actor(), found, kept, caption, now())


def _filed(found: Sheet, done: Filed) -> Any:
    web.say(
        ngettext(
            "Filed: %(num)d entry is countersigned on paper.",
            "Filed: %(num)d entries are countersigned on paper.",
            done.marked,
        )
    )
    if done.changed:
        web.say(
            ngettext(
                "%(num)d entry has changed since the sheet was printed, and is not marked.",
                "%(num)d entries have changed since the sheet was printed, and are not marked.",
                done.changed,
            ),
            "warn",
        )
    return see_other("fieldwork.sheets", enrolment_id=found.enrolment_id)


def _page(enrolment: Enrolment, form: ScanForm | None = None) -> str:
    own = can(Action.SHEET_PRINT, enrolment)
    return render_template(
        "fieldwork/sheets/sheets.html",
        enrolment=enrolment,
        own=own,
        weeks=service.weeks(db.session, enrolment) if own else [],
        sheets=service.sheets_of(db.session, enrolment),
        marked=service.marked,
        form=form or ScanForm(formdata=None),
    )


def _choose(enrolment: Enrolment, scan: Upload) -> Any:
    """Keep the scan, and ask which sheet it is."""
    key = enrolment.id
    with writing() as session:
        kept = store(session, files(), scan, current_actor().person_id, now())
        file_id = str(kept.id)
    enrolment = db.session.get_one(Enrolment, key)
    form = ChooseForm(formdata=None, data={"file": file_id})
    found = _choices(form, enrolment)
    if not found:
        raise Refusal("sheet_unread")
    return _choosing(enrolment, form, found), 422


def _choices(form: ChooseForm, enrolment: Enrolment) -> list[Sheet]:
    found = [each for each in service.sheets_of(db.session, enrolment) if each.filed_at is None]
    form.sheet.choices = [
        (
            str(each.id),
            ngettext(
                "Week of %(date)s, %(num)d entry",
                "Week of %(date)s, %(num)d entries",
                len(each.lines),
                date=date_in_words(each.week),
            ),
        )
        for each in found
    ]
    return found


def _choosing(enrolment: Enrolment, form: ChooseForm, found: list[Sheet]) -> str:
    return render_template(
        "fieldwork/sheets/choose.html", enrolment=enrolment, form=form, sheets=found
    )
