"""The decision: signed by the assessor (`light`) or by the jury's chair, then released."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.assessment.models import Award, Deliberation, Dossier
from lms.assessment.rules.ledger import Ledger, RowKind
from lms.assessment.rules.scoring import Proposal, Vote, carried
from lms.assessment.rules.segregation import JURORS, QUORUM
from lms.assessment.rules.states import (
    DECIDED,
    OUTCOME_EVENTS,
    AwardKind,
    DossierEvent,
    DossierState,
    Outcome,
    Profile,
)
from lms.assessment.service.cases import award_of, frozen_ledger, hold, move, release_of
from lms.assessment.service.counting import local_date
from lms.assessment.service.panel import place_of
from lms.assessment.service.sheets import (
    handed_in,
    programme_of,
    proposal,
    require_declared,
    sheet_of,
)
from lms.core import audit, jobs, mail
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.settings import Settings
from lms.curriculum.rules import Measure, RequirementKind
from lms.people import service as people
from lms.people.models import Person
from lms.policy.actor import Actor


def sign_light(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    outcome: Outcome,
    reasons: str,
    seen_version: int,
    now: datetime,
) -> None:
    """The one assessor of a `light` case signs the outcome.

    Raises Refusal("reasons_needed") for an outcome other than the rule proposes, or than certified.
    """
    hold(session, dossier, seen_version)
    if dossier.profile is not Profile.LIGHT:
        raise Refusal("jury_decides")
    place_of(dossier, actor)
    require_declared(dossier, actor)
    sheet = sheet_of(session, dossier, actor.person_id)
    if sheet is None or sheet.submitted_at is None:
        raise Refusal("sheet_first")
    _require_reasons(proposal(session, dossier, [sheet]), outcome, reasons)
    _sign(session, actor, dossier, outcome, reasons, now)


def _require_reasons(proposed: Proposal | None, outcome: Outcome, reasons: str) -> None:
    otherwise = proposed is None or outcome is not proposed.outcome
    if not reasons and (otherwise or outcome is not Outcome.CERTIFIED):
        raise Refusal("reasons_needed")


def _sign(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    outcome: Outcome,
    reasons: str,
    now: datetime,
) -> None:
    dossier.outcome, dossier.outcome_reasons = outcome, reasons
    dossier.signed_at, dossier.signed_by_id = now, actor.person_id
    move(session, actor, dossier, OUTCOME_EVENTS[outcome], now, reason=reasons)


# The jury --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Meeting:
    """What the chair writes down of the jury's meeting."""

    held_on: date
    place: str
    votes: Mapping[UUID, Vote]
    """The vote of each member present; who is not in it was not there."""
    minutes: str
    reasons: str


def deliberation_of(session: AnySession, dossier: Dossier) -> Deliberation | None:
    """The record of the jury's meeting."""
    return session.scalar(select(Deliberation).where(Deliberation.dossier_id == dossier.id))


def deliberate(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    meeting: Meeting,
    seen_version: int,
    now: datetime,
) -> Deliberation:
    """Write down the jury's meeting; the chair may mend it until it is signed.

    Raises Refusal: not_at_the_jury, not_a_juror, juror_not_declared, no_quorum, chair_absent,
    no_majority, minutes_needed, held_in_future, reasons_needed.
    """
    hold(session, dossier)
    if dossier.state is not DossierState.JURY:
        raise Refusal("not_at_the_jury", state=dossier.state)
    record = deliberation_of(session, dossier)
    if seen_version != (record.version if record else 0):
        raise Stale
    outcome = _outcome(dossier, meeting, local_date(now, dossier.enrolment))
    _require_reasons(
        proposal(session, dossier, handed_in(session, dossier)), outcome, meeting.reasons
    )
    if record is None:
        record = Deliberation(dossier_id=dossier.id, version=0)
        session.add(record)
    record.held_on, record.place = meeting.held_on, meeting.place
    record.present = [str(key) for key in meeting.votes]
    record.votes = {str(key): vote.value for key, vote in meeting.votes.items()}
    record.minutes, record.reasons = meeting.minutes, meeting.reasons
    record.outcome = outcome
    record.recorded_at, record.recorded_by_id = now, dossier_actor(actor)
    record.version += 1
    session.flush()
    audit.record(session, actor, "dossier.deliberate", dossier, now=now, details=_votes(record))
    return record


def _votes(record: Deliberation) -> dict[str, Any]:
    return {"votes": dict(record.votes), "outcome": record.outcome.value}


def _outcome(dossier: Dossier, meeting: Meeting, today: date) -> Outcome:
    jurors = {a.person_id: a for a in dossier.active if a.role in JURORS}
    if not meeting.votes.keys() <= jurors.keys():
        raise Refusal("not_a_juror")
    if any(jurors[key].declared_at is None for key in meeting.votes):
        raise Refusal("juror_not_declared")
    if dossier.chair_id not in meeting.votes:
        raise Refusal("chair_absent")
    if len(meeting.votes) < QUORUM:
        raise Refusal("no_quorum", number=QUORUM)
    if meeting.held_on > today:
        raise Refusal("held_in_future")
    if not meeting.minutes:
        raise Refusal("minutes_needed")
    votes = {str(key): vote for key, vote in meeting.votes.items()}
    outcome = carried(votes, str(dossier.chair_id))
    if outcome is None:
        raise Refusal("no_majority")
    return outcome


def sign_jury(
    session: AnySession, actor: Actor, dossier: Dossier, seen_version: int, now: datetime
) -> None:
    """The chair signs what the jury carried, as it is written down."""
    hold(session, dossier)
    record = deliberation_of(session, dossier)
    if record is None:
        raise Refusal("minutes_needed")
    if seen_version != record.version:
        raise Stale
    if actor.person_id != dossier.chair_id:
        raise Refusal("not_assigned")
    if not set(record.present) <= {str(key) for key in dossier.juror_ids}:
        raise Refusal("not_a_juror")
    _sign(session, actor, dossier, record.outcome, record.reasons, now)


def dossier_actor(actor: Actor) -> UUID:
    """The key of a person who acts. Raises Refusal when it is nobody."""
    if actor.person_id is None:
        raise Refusal("not_assigned")
    return actor.person_id


# Release ---------------------------------------------------------------------------------------


def release(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    seen_version: int,
    now: datetime,
    settings: Settings,
) -> Award | None:
    """Tell the trainee the decision; if it certifies, confer the title and have it issued.

    Everything in one transaction: state, award, job, mail. A repeat returns what there is.
    Raises Refusal("ledger_changed") when the frozen ledger is not what was handed in.
    """
    hold(session, dossier)
    if dossier.state is DossierState.NOTIFIED:
        return award_of(session, dossier)
    if seen_version != dossier.version:
        raise Stale
    if dossier.state not in DECIDED:
        raise Refusal("not_signed")
    ledger = frozen_ledger(dossier)
    dossier.released_at, dossier.released_by_id = now, actor.person_id
    award = None
    if dossier.outcome is Outcome.CERTIFIED:
        award = _confer(session, actor, dossier, ledger, now)
    move(session, actor, dossier, DossierEvent.RELEASE, now)
    _notify(session, dossier, now, settings)
    return award


def _confer(
    session: AnySession, actor: Actor, dossier: Dossier, ledger: Ledger, now: datetime
) -> Award:
    cohort = dossier.enrolment.cohort
    award = Award(
        person=dossier.enrolment.person,
        person_id=dossier.person_id,
        country_code=dossier.country_code,
        programme=cohort.programme,
        release_id=dossier.release_id,
        kind=AwardKind.ASSESSED,
        awarded_on=local_date(now, dossier.enrolment),
        place=cohort.centre.city if cohort.centre else "",
        dossier=dossier,
        dossier_id=dossier.id,
        legacy_source="",
        facts=printed_facts(session, dossier, ledger),
        signatories=_signatories(session, actor, dossier),
    )
    session.add(award)
    session.flush()
    audit.record(session, actor, "award.confer", award, now=now)
    payload = {"award": str(award.id)}
    jobs.enqueue(session, "credentials.issue", str(award.id), payload, now)
    return award


def printed_facts(session: AnySession, dossier: Dossier, ledger: Ledger) -> dict[str, Any]:
    """Figures of the frozen ledger that may be printed: minutes, activities, observations."""
    programme = programme_of(session, dossier)
    types = {kind.id: kind.counts_as for kind in release_of(session, dossier).practicum.types}
    minutes = 0
    activities: dict[str, int] = {}
    seen: set[str] = set()
    for line in ledger.lines:
        need = programme.requirement(line.requirement)
        if need is not None and need.measure is Measure.TOTAL:
            minutes = line.counted
        if line.kind is RequirementKind.ACTIVITY:
            for row in line.rows:
                if row.kind is RowKind.ENTRY and row.id not in seen:
                    seen.add(row.id)
                    family = types.get(row.label, row.label)
                    activities[family] = activities.get(family, 0) + 1
    observations = len(ledger.row_ids(RowKind.OBSERVATION))
    return {"minutes": minutes, "activities": activities, "observations": observations}


def _signatories(session: AnySession, actor: Actor, dossier: Dossier) -> Sequence[dict[str, str]]:
    signer = session.get_one(Person, dossier.signed_by_id)
    role = "assessor" if dossier.profile is Profile.LIGHT else "chair"
    return [
        {"role": role, "name": signer.name},
        {"role": "programme_admin", "name": actor.display_name},
    ]


def _notify(session: AnySession, dossier: Dossier, now: datetime, settings: Settings) -> None:
    person = dossier.enrolment.person
    context = {
        "dossier": dossier,
        "outcome": dossier.outcome,
        "award": programme_of(session, dossier).award,
        "programme": programme_of(session, dossier).title,
        "reasons": dossier.outcome_reasons,
        "url": f"{settings.base_url}/assessment/dossiers/{dossier.id}",
    }
    mail.send(session, people.recipient(person), "dossier_decided", context, now)
