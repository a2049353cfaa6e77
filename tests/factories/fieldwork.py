"""Placements, entries in any state, observations and attestations, led there by the services."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

from flask import current_app
from PIL import Image
from uuid_utils.compat import uuid7

from lms.core.files import Upload
from lms.curriculum import service as curriculum
from lms.fieldwork.attestations import service as attestations
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.rules import EntryContent
from lms.fieldwork.models import Placement
from lms.fieldwork.observations import service as observations
from lms.fieldwork.observations.service import ObservationContent
from lms.fieldwork.rules import ConsentBasis, EntryEvent, EntryState, PlacementState
from lms.fieldwork.service import lock_entries
from lms.policy.actor import SYSTEM
from tests.factories.cohorts import NOW

PDF = b"%PDF-1.4\nxref\nstartxref\n0\n%%EOF"


def files():
    return current_app.extensions["files"]


def picture():
    """A small JPEG, as a phone would send it."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def placement(session, of, supervisor=None, **fields):
    """Where a trainee practises, under way."""
    given = {
        "host": "Commune de Berkane",
        "territory": "Berkane",
        "starts_on": date(2026, 2, 1),
        "ends_on": date(2026, 12, 1),
        "state": PlacementState.RUNNING,
        "created_at": datetime(2026, 1, 25, tzinfo=UTC),
    }
    made = Placement(enrolment=of, supervisor=supervisor, **(given | fields))
    session.add(made)
    session.flush()
    return made


def content(placed=None, **fields):
    """What a complete entry says."""
    given = {
        "placement_id": placed.id if placed else None,
        "type": "workshop",
        "form": "working-group",
        "held_on": date(2026, 6, 1),
        "minutes_direct": 90,
        "minutes_indirect": 30,
        "minutes_preparation": 60,
        "role": "led",
        "participants": {"elected": 2, "citizen": 11},
        "stakes": ("social-cohesion",),
        "limits": (),
        "purposes": ("collaboration",),
        "summary": "Atelier sur les priorités du quartier.",
        "consent_basis": ConsentBasis.CONSENT,
    }
    return EntryContent(**(given | fields))


def draft(session, placed, reflection="", uploads=(), now=NOW, **fields):
    """An entry being written."""
    trainee = placed.enrolment.person.actor
    made = entries.write_entry(
        session,
        trainee,
        placed.enrolment,
        uuid7(),
        content(placed, **fields),
        reflection,
        uploads,
        files(),
        now,
    )
    evening = datetime.combine(made.held_on, time(19), tzinfo=UTC)
    made.received_at = min(now, evening)  # noted when it happened
    session.flush()
    return made


def entry(session, placed, state=EntryState.SUBMITTED, now=NOW, **fields):
    """An entry in a state, led there by those whose turn it was."""
    made = draft(session, placed, now=now, **fields)
    trainee, supervisor = placed.enrolment.person.actor, placed.supervisor.actor
    if state is EntryState.DRAFT:
        return made
    if state is EntryState.DELETED:
        entries.delete(session, trainee, made, now)
        return made
    entries.submit(session, trainee, made, now)
    later = now + timedelta(hours=1)
    decisions = {
        EntryState.NEEDS_INFO: EntryEvent.ASK,
        EntryState.REJECTED: EntryEvent.REJECT,
        EntryState.SUBMITTED: None,
        EntryState.WITHDRAWN: None,
    }
    decision = decisions.get(state, EntryEvent.APPROVE)
    if state is EntryState.WITHDRAWN:
        entries.withdraw(session, trainee, made, later)
    elif decision is not None:
        words = "Combien de personnes ?"
        entries.decide(session, supervisor, made, made.revision, decision, words, later, tell=False)
    if state is EntryState.AMENDED:
        entries.amend(session, trainee, made, "Erreur de durée.", later)
    elif state is EntryState.REVOKED:
        entries.revoke(session, supervisor, made, made.revision, "Doublon.", later)
    elif state is EntryState.LOCKED:
        lock_entries(session, SYSTEM, placed.enrolment, later)
    return made


def rubric_of(session, enrolment):
    release = curriculum.release(session, enrolment.cohort.release_id)
    return release.rubric(release.programme(enrolment.cohort.programme).rubric)


def observed(**fields):
    """What a trainer noted."""
    given = {
        "observed_on": date(2026, 6, 2),
        "place": "Berkane",
        "setting": "workshop",
        "setting_note": "",
        "entry_id": None,
        "scores": {"leadership-objectives": 3, "leadership-resources": 2},
        "feedback": "Bonne écoute.",
    }
    return ObservationContent(**(given | fields))


def observation(session, of, trainer, now=NOW, **fields):
    """An observation being written."""
    grid = rubric_of(session, of)
    return observations.begin(session, trainer.actor, of, uuid7(), observed(**fields), grid, now)


def shared(session, of, trainer, now=NOW, **fields):
    """An observation that waits for the trainee."""
    made = observation(session, of, trainer, now, **fields)
    observations.share(session, trainer.actor, made, now)
    return made


def attestation(session, of, admin, requirement="supervision", amount=60, now=NOW):
    """An attestation with its paper."""
    release = curriculum.release(session, of.cohort.release_id)
    need = release.programme(of.cohort.programme).requirement(requirement)
    upload = Upload("liste.pdf", "application/pdf", PDF)
    return attestations.attest(
        session, admin.actor, of, uuid7(), need, amount, "Liste signée.", upload, files(), now
    )
