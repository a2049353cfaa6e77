"""The dossier from the trainee's hands to its admission by the country."""

from dataclasses import dataclass
from datetime import datetime

from lms.assessment.models import Dossier
from lms.assessment.rules.freezing import fingerprint, freeze
from lms.assessment.rules.ledger import Ledger
from lms.assessment.rules.states import IN_HAND, DossierEvent, DossierState, Profile
from lms.assessment.rules.turns import Party
from lms.assessment.service.cases import dossier_of, hold, move
from lms.assessment.service.counting import ledger, programme_of
from lms.cohorts.models import Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core import audit, files
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.curriculum import service as curriculum
from lms.fieldwork import service as fieldwork
from lms.policy.actor import Actor


@dataclass(frozen=True)
class Preparation:
    """What the trainee adds to the ledger."""

    statement: str
    report: files.Upload | None = None
    """A new report; None keeps the one that is there."""


def current_ledger(session: AnySession, enrolment: Enrolment) -> Ledger:
    """What counts now, by the release to which the cohort is pinned."""
    release = curriculum.release(session, enrolment.cohort.release_id)
    return ledger(session, enrolment, release)


def prepare(
    session: AnySession,
    actor: Actor,
    enrolment: Enrolment,
    given: Preparation,
    seen_version: int,
    store: files.FileStore,
    now: datetime,
) -> Dossier:
    """Keep statement and report; the dossier stays in the trainee's hands until it is submitted."""
    _require_active(enrolment)
    dossier = dossier_of(session, enrolment.id)
    if dossier is None:
        dossier = _open(session, actor, enrolment, now)
    else:
        hold(session, dossier)
        if dossier.state not in IN_HAND:
            raise Refusal("dossier_handed_in", state=dossier.state)
        if seen_version not in {0, dossier.version}:
            raise Stale
    changed = dossier.statement != given.statement or given.report is not None
    dossier.statement = given.statement
    if given.report is not None:
        kept = files.store(session, store, given.report, actor.person_id, now)
        dossier.report_file = kept
    if changed:
        dossier.version += 1
        audit.record(session, actor, "dossier.prepare", dossier, now=now)
    session.flush()
    return dossier


def _open(session: AnySession, actor: Actor, enrolment: Enrolment, now: datetime) -> Dossier:
    release = curriculum.release(session, enrolment.cohort.release_id)
    programme = programme_of(release, enrolment)
    dossier = Dossier(
        enrolment=enrolment,
        enrolment_id=enrolment.id,
        state=DossierState.OPEN,
        since=now,
        turn=Party.CANDIDATE,
        profile=Profile(programme.decision.value),
        release_id=release.id,
        statement="",
        ledger={},
        ledger_hash="",
        version=1,
        created_at=now,
        return_reason="",
        outcome_reasons="",
        assignments=[],
    )
    session.add(dossier)
    session.flush()
    audit.record(session, actor, "dossier.open", dossier, now=now, after=dossier.state.value)
    return dossier


def submit(
    session: AnySession, actor: Actor, dossier: Dossier, seen_version: int, now: datetime
) -> None:
    """Hand the dossier in: freezes the ledger, the release, the manner of decision, the entries.

    A repeat changes nothing. Raises Refusal("ledger_incomplete") while something remains.
    """
    hold(session, dossier)
    if dossier.state is DossierState.SUBMITTED:
        return
    if seen_version != dossier.version:
        raise Stale
    enrolment = dossier.enrolment
    _require_active(enrolment)
    if not dossier.statement:
        raise Refusal("statement_missing")
    counted = current_ledger(session, enrolment)
    if not counted.is_complete:
        raise Refusal("ledger_incomplete", number=len(counted.remaining))
    release = curriculum.release(session, enrolment.cohort.release_id)
    dossier.release_id = release.id
    dossier.profile = Profile(programme_of(release, enrolment).decision.value)
    dossier.ledger = freeze(counted)
    dossier.ledger_hash = fingerprint(dossier.ledger)
    dossier.submitted_at = now
    fieldwork.lock_entries(session, actor, enrolment, now)
    details: dict[str, object] = {"ledger": dossier.ledger_hash, "release": release.id}
    move(session, actor, dossier, DossierEvent.SUBMIT, now, details=details)


def withdraw(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    reason: str,
    seen_version: int,
    now: datetime,
) -> None:
    """Take the dossier back, before anybody is assigned; its entries may be changed again."""
    hold(session, dossier)
    if dossier.state is DossierState.WITHDRAWN:
        return
    _let_go(session, actor, dossier, DossierEvent.WITHDRAW, reason, seen_version, now)


def admit(
    session: AnySession, actor: Actor, dossier: Dossier, seen_version: int, now: datetime
) -> None:
    """Find the dossier complete and in order, for the country."""
    hold(session, dossier, seen_version)
    move(session, actor, dossier, DossierEvent.ADMIT, now)


def give_back(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    reason: str,
    seen_version: int,
    now: datetime,
) -> None:
    """Return the dossier to the trainee, saying what is to be mended."""
    hold(session, dossier)
    _let_go(session, actor, dossier, DossierEvent.RETURN, reason, seen_version, now)
    dossier.return_reason = reason
    session.flush()


def _let_go(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    event: DossierEvent,
    reason: str,
    seen_version: int,
    now: datetime,
) -> None:
    if seen_version != dossier.version:
        raise Stale
    if not reason:
        raise Refusal("reason_needed")
    move(session, actor, dossier, event, now, reason=reason)
    fieldwork.unlock_entries(session, actor, dossier.enrolment, now, reason)


def _require_active(enrolment: Enrolment) -> None:
    if enrolment.state is not EnrolmentState.ENROLLED:
        raise Refusal("not_enrolled_now", state=enrolment.state)
