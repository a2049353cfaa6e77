"""What trainees' logbooks hold beside plain entries: pseudonyms, pictures, templates, versions."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from lms.demo.load.pictures import wall
from lms.demo.load.stage import Stage
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries import templates
from lms.fieldwork.entries.rules import EntryContent
from lms.fieldwork.models import Coachee, PracticumEntry
from lms.fieldwork.rules import EntryEvent, EntryState, EvidenceAccess

NAMESPACE = UUID("2a1a3ad5-5b0a-4c5e-8b52-8a2f36c1d0f4")


def load(stage: Stage) -> None:
    """One trainee's logbook, with something of each kind."""
    salma = stage.cast["trainee"]
    mine = stage.session.scalars(
        select(PracticumEntry)
        .where(
            PracticumEntry.enrolment.has(person_id=salma.id),
            PracticumEntry.state == EntryState.APPROVED,
        )
        .order_by(PracticumEntry.held_on, PracticumEntry.id)
    ).all()
    for kind, name in (
        ("workshop", "Atelier du mardi"),
        ("individual-interview", "Entretien, une heure"),
    ):
        like = next(entry for entry in mine if entry.type == kind)
        templates.keep(stage.session, salma.actor, like, name, stage.ago(20))
    _amend(stage, mine[-1])
    _note(stage, mine[-1])


def _amend(stage: Stage, entry: PracticumEntry) -> None:
    """One entry was corrected after its approval, and approved again."""
    salma, supervisor = entry.enrolment.person.actor, entry.supervisor
    if supervisor is None:
        raise LookupError("an approved entry has a supervisor")
    when = max(stage.ago(1), (entry.decided_at or stage.now) + timedelta(hours=2))
    reason = "J’avais oublié deux agents de la commune et le temps de préparation."
    entries.amend(stage.session, salma, entry, reason, when)
    said = entries.content_of(entry)
    people = {**said.participants, "agent": said.participants.get("agent", 0) + 2}
    better = replace(
        said,
        participants=people,
        minutes_preparation=said.minutes_preparation + 15,
        summary=f"{said.summary} Deux agents de la commune ont aidé à restituer les échanges.",
    )
    entries.edit_entry(
        stage.session, salma, entry, entry.revision, better, entry.reflection,
        [wall()], (), stage.files, when, EvidenceAccess.SUPERVISOR,
    )  # fmt: skip
    entries.submit(stage.session, salma, entry, when)
    entries.decide(
        stage.session, supervisor.actor, entry, entry.revision, EntryEvent.APPROVE,
        "C’est plus complet, merci.", when, tell=False,
    )  # fmt: skip


def _note(stage: Stage, like: PracticumEntry) -> None:
    """A note taken on the spot, to be completed in the evening."""
    person = stage.session.scalars(
        select(Coachee).where(Coachee.enrolment_id == like.enrolment_id).order_by(Coachee.pseudonym)
    ).first()
    noted = EntryContent(
        placement_id=like.placement_id,
        type="individual-coaching",
        form="",
        held_on=stage.today - timedelta(days=1),
        minutes_direct=45,
        minutes_indirect=0,
        minutes_preparation=0,
        role="",
        participants={"elected": 1},
        stakes=(),
        limits=(),
        purposes=(),
        summary="",
        consent_basis=None,
        coachees=(str(person.id),) if person else (),
    )
    entries.write_entry(
        stage.session, like.enrolment.person.actor, like.enrolment,
        uuid5(NAMESPACE, "note"), noted, "", (), stage.files, stage.ago(1),
    )  # fmt: skip
