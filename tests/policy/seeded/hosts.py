"""What hosts are asked and have answered, for the matrix: links, sheets, signatures, feedback."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.fieldwork.feedback.rules import Question
from lms.fieldwork.models import (
    ConfirmationLink,
    HostFeedback,
    Placement,
    PracticumEntry,
    Sheet,
    SheetEntry,
    Signature,
)
from lms.fieldwork.rules import EntryState, LinkPurpose, Means, Party
from lms.people.sessions.service import hash_token
from tests.policy.seeded.things import Thing

NOW = datetime.now(UTC)
TOKENS = ("seeded-link-to-an-entry", "seeded-link-to-feedback")
USED = "seeded-link-that-was-used"
COHORTS = ("Coachs, Oujda 2026", "Animateurs, Kaolack 2026", "Animateurs, Bruxelles 2027")


def things(session):
    """Links, sheets, signatures and feedback, with the facts from the raw rows."""
    of_case = {
        key: {"owner": person, "cohort": cohort, "country": country}
        for key, person, cohort, country in session.execute(
            select(
                Enrolment.id, Enrolment.person_id, Enrolment.cohort_id, Cohort.country_code
            ).join(Cohort, Cohort.id == Enrolment.cohort_id)
        )
    }
    for link in session.scalars(select(ConfirmationLink).order_by(ConfirmationLink.id)):
        yield Thing("host link", link, **of_case[link.enrolment_id])
    for sheet in session.scalars(select(Sheet).order_by(Sheet.id)):
        keys = {"token": sheet.token}
        yield Thing("sheet", sheet, keys=keys, **of_case[sheet.enrolment_id])
    for given in session.scalars(select(HostFeedback).order_by(HostFeedback.id)):
        yield Thing("host feedback", given, **of_case[given.enrolment_id])
    entries = {
        key: (supervisor, state.value not in {"draft", "deleted"})
        for key, supervisor, state in session.execute(
            select(PracticumEntry.id, PracticumEntry.supervisor_id, PracticumEntry.state)
        )
    }
    for signature in session.scalars(select(Signature).order_by(Signature.id)):
        facts = of_case[signature.enrolment_id]
        if signature.placement_id and signature.file_id:
            yield Thing("host signature", signature, **facts)
        supervisor, handed_in = entries.get(signature.entry_id, (None, True))
        more = {"supervisor": supervisor, "handed_in": handed_in}
        yield Thing("signature", signature, **facts, **more)


def add(session, stored):
    """One of each for a trainee of each cohort."""
    for number, name in enumerate(COHORTS):
        enrolment = session.scalars(
            select(Enrolment)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .where(Cohort.name == name)
            .order_by(Enrolment.id)
        ).first()
        place = session.scalars(
            select(Placement).where(Placement.enrolment_id == enrolment.id)
        ).first() or _placement(session, enrolment)
        entry = session.scalars(
            select(PracticumEntry)
            .where(
                PracticumEntry.enrolment_id == enrolment.id,
                PracticumEntry.placement_id.is_not(None),
                PracticumEntry.state.in_([EntryState.SUBMITTED, EntryState.APPROVED]),
            )
            .order_by(PracticumEntry.state.desc(), PracticumEntry.id)
        ).first()
        _answered(session, enrolment, place, stored)
        if entry is not None:
            _of_entry(session, enrolment, entry, stored, first=number == 0)
        if number == 0:
            _link(session, enrolment, TOKENS[1], LinkPurpose.FEEDBACK, placement=place)
            _link(session, enrolment, USED, LinkPurpose.FEEDBACK, placement=place, used_at=NOW)
    session.flush()


def _placement(session, enrolment):
    made = Placement(
        enrolment=enrolment,
        host="Commune",
        territory="Commune",
        starts_on=NOW.date(),
        ends_on=NOW.date() + timedelta(days=30),
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def _link(session, enrolment, token, purpose, **fields):
    made = ConfirmationLink(
        enrolment=enrolment,
        token_hash=hash_token(token),
        purpose=purpose,
        means=Means.LINK,
        created_by_id=enrolment.person_id,
        created_at=NOW,
        expires_at=NOW + timedelta(days=14),
        **fields,
    )
    session.add(made)
    session.flush()
    return made


def _answered(session, enrolment, place, stored):
    session.add(
        HostFeedback(
            enrolment=enrolment,
            placement=place,
            giver_name="Hôte",
            giver_role="Maire",
            answers={question.value: 3 for question in Question},
            comment="Bon travail.",
            given_at=NOW,
        )
    )
    session.add(
        Signature(
            enrolment=enrolment,
            placement_id=place.id,
            party=Party.HOST,
            means=Means.PAPER,
            fingerprint="0" * 64,
            signer_name="Hôte",
            file_id=stored.id,
            signed_at=NOW,
            voided_at=NOW,
        )
    )


def _of_entry(session, enrolment, entry, stored, *, first):
    token = TOKENS[0] if first else f"seeded-link-{entry.id}"
    link = _link(session, enrolment, token, LinkPurpose.ENTRY, entry=entry)
    session.add(
        Signature(
            enrolment=enrolment,
            entry_id=entry.id,
            party=Party.HOST,
            means=Means.LINK,
            fingerprint="0" * 64,
            signer_name="Hôte",
            objects=True,
            comment="Nous étions quatre.",
            link_id=link.id,
            signed_at=NOW,
        )
    )
    session.add(
        Sheet(
            enrolment=enrolment,
            token=f"seeded{entry.id.hex[-16:]}",
            week=entry.held_on - timedelta(days=entry.held_on.weekday()),
            placement_id=entry.placement_id,
            printed_at=NOW,
            lines=[SheetEntry(position=1, entry_id=entry.id, fingerprint="0" * 64)],
        )
    )
