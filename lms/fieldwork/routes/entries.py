"""An entry: its page, and what its author does with it once it is written."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lms.core import web
from lms.core.db import db
from lms.core.sending import send_kept
from lms.fieldwork.coachees import service as coachees
from lms.fieldwork.entries import service, showing
from lms.fieldwork.entries.forms import ReasonForm
from lms.fieldwork.entries.rules import EDITABLE, LATE_AFTER_DAYS, waiting_days
from lms.fieldwork.models import EntryVersion, Evidence, PracticumEntry
from lms.fieldwork.queue.forms import DecideForm, decide_form
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.routes.desk import desk_of
from lms.fieldwork.rules import EntryEvent, EntryState
from lms.fieldwork.service import find_entry, find_evidence
from lms.fieldwork.words import words_of
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing

# --- the page of an entry ---


@bp.get("/practice/entries/<uuid:entry_id>")
@guard(Action.ENTRY_VIEW, entry=find_entry)
def entry(entry: PracticumEntry) -> str:
    """What an entry says, where it stands, and what may be done with it."""
    return entry_page(entry, decide_form(entry))


def entry_page(
    entry: PracticumEntry,
    decide: DecideForm,
    reason: ReasonForm | None = None,
    *,
    seen_number: int | None = None,
) -> str:
    """The page with the form that is being filled in; `seen_number` is the version it was on."""
    cohort = entry.enrolment.cohort
    decides = entry.state is EntryState.SUBMITTED and can(Action.ENTRY_DECIDE, entry)
    waits = None
    if entry.state is EntryState.SUBMITTED and entry.submitted_at is not None:
        waits = waiting_days(entry.submitted_at, now(), cohort.time_zone)
    versions = service.versions_of(db.session, entry)
    own = can(Action.ENTRY_EDIT, entry)
    open_now = own and entry.state in EDITABLE
    return render_template(
        "fieldwork/entry.html",
        entry=entry,
        enrolment=entry.enrolment,
        cohort=cohort,
        words=words_of(db.session, cohort),
        versions=versions,
        deciders=service.names_of(db.session, versions),
        decide=decide if decides else None,
        reason=reason or ReasonForm(data={"version": str(entry.revision)}, formdata=None),
        form=decide if decide.errors else reason,
        events=EntryEvent,
        desk=desk_of(entry, seen_number) if decides else None,
        own=own,
        may_edit=open_now,
        may_revoke=entry.state is EntryState.APPROVED and can(Action.ENTRY_REVOKE, entry),
        sees_reflection=can(Action.ENTRY_READ_REFLECTION, entry),
        waits=waits,
        late=waits is not None and waits >= LATE_AFTER_DAYS,
        missing=_missing(entry) if open_now else None,
        evidence=[each for each in entry.evidence if can(Action.EVIDENCE_VIEW, each)],
        open_to=showing.OPEN_TO,
        **_changes(entry, versions),
    )


def _missing(entry: PracticumEntry) -> showing.Missing:
    """What its author still owes."""
    faults = service.standing_faults(db.session, entry, now())
    silent = entry.id in service.without_reflection(db.session, [entry.id])
    return showing.missing(faults, no_reflection=silent)


def _changes(entry: PracticumEntry, versions: list[EntryVersion]) -> dict[str, Any]:
    """What each version changed, what waits to be handed in, and the pseudonyms in all of it."""
    keys = {*entry.coachees}.union(*(each.content.get("coachees", ()) for each in versions))
    people = coachees.named(db.session, keys)
    if entry.state in EDITABLE and versions:
        said = service.document_of(entry)
    elif len(versions) > 1:
        said = versions[0].content
    else:
        return {"people": people, "changes": {}, "pending": []}
    places = service.placements_of(db.session, entry.enrolment)
    names = showing.Names({str(place.id): place.host for place in places}, people)
    return {
        "people": people,
        "changes": showing.history(versions, names),
        "pending": showing.changed(versions[0].content, said, names),
    }


# --- its author's other acts ---


@bp.post("/practice/entries/<uuid:entry_id>/withdraw")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def withdraw_entry(entry: PracticumEntry) -> Any:
    """Take back what was handed in."""
    key = entry.id
    with writing() as session:
        found = session.get_one(PracticumEntry, key)
        service.withdraw(session, current_actor(), found, now())
    web.say(_("The entry is withdrawn."))
    return see_other("fieldwork.entry", entry_id=key)


@bp.post("/practice/entries/<uuid:entry_id>/delete")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def delete_entry(entry: PracticumEntry) -> Any:
    """Throw a draft away."""
    key, enrolment_id = entry.id, entry.enrolment_id
    with writing() as session:
        found = session.get_one(PracticumEntry, key)
        service.delete(session, current_actor(), found, now())
    web.say(_("The draft is deleted."))
    return see_other("fieldwork.logbook", enrolment_id=enrolment_id)


@bp.post("/practice/entries/<uuid:entry_id>/amend")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def amend_entry(entry: PracticumEntry) -> Any:
    """Open an approved entry again."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return entry_page(entry, decide_form(entry), form), 422
    key = entry.id
    with writing() as session:
        found = session.get_one(PracticumEntry, key)
        service.amend(session, current_actor(), found, form.reason.data or "", now())
    web.say(_("The entry is open again. It counts once it has been approved anew."), "warn")
    return see_other("fieldwork.edit_entry", entry_id=key)


# --- evidence ---


@bp.get("/practice/evidence/<uuid:evidence_id>")
@guard(Action.EVIDENCE_VIEW, evidence=find_evidence)
def evidence(evidence: Evidence) -> Any:
    """A file, to be kept, never run."""
    return send_kept(evidence.file)
