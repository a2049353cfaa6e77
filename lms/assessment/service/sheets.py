"""Score sheets: each assessor's own, unseen by the other until both are handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.assessment.models import Assignment, Dossier, ScoreSheet
from lms.assessment.rules.scoring import (
    Marks,
    Proposal,
    agree,
    combined,
    diverging_criteria,
    may_read_others,
    propose,
    sheet_faults,
)
from lms.assessment.rules.segregation import ASSESSORS, JURORS
from lms.assessment.rules.states import CaseRole, DossierEvent, DossierState, Outcome, Profile
from lms.assessment.service.cases import convene_if_ready, hold, move, release_of
from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.curriculum.rules import Programme, Rubric
from lms.policy.actor import Actor

_SCORED_IN = {
    CaseRole.ASSESSOR: frozenset({DossierState.ASSESSING}),
    CaseRole.THIRD_ASSESSOR: frozenset({DossierState.DIVERGENT}),
}


@dataclass(frozen=True)
class Scores:
    """What an assessor writes on their sheet."""

    levels: Mapping[str, int]
    comments: Mapping[str, str]
    recommendation: Outcome | None
    summary: str


def programme_of(session: AnySession, dossier: Dossier) -> Programme:
    """The programme by which the dossier is judged."""
    return release_of(session, dossier).programmes[dossier.enrolment.cohort.programme]


def rubric_of(session: AnySession, dossier: Dossier) -> Rubric:
    """The rubric on which it is scored."""
    release = release_of(session, dossier)
    return release.content.rubrics[programme_of(session, dossier).rubric]


def sheet_of(session: AnySession, dossier: Dossier, person_id: UUID | None) -> ScoreSheet | None:
    """One assessor's sheet."""
    return session.scalar(
        select(ScoreSheet).where(
            ScoreSheet.dossier_id == dossier.id, ScoreSheet.assessor_id == person_id
        )
    )


def save_sheet(
    session: AnySession,
    actor: Actor,
    dossier: Dossier,
    scores: Scores,
    seen_version: int,
    now: datetime,
) -> ScoreSheet:
    """Keep what has been scored so far; only its author reads it.

    Raises Stale when the sheet was changed elsewhere since `seen_version` (0: not begun).
    """
    hold(session, dossier)
    _require_turn(dossier, actor)
    sheet = sheet_of(session, dossier, actor.person_id)
    if sheet is None:
        sheet = ScoreSheet(
            dossier_id=dossier.id,
            assessor_id=actor.person_id,
            levels={},
            comments={},
            summary="",
            version=0,
            saved_at=now,
        )
        session.add(sheet)
    if sheet.submitted_at is not None:
        raise Refusal("sheet_handed_in")
    if seen_version != sheet.version:
        raise Stale
    known = {criterion.id for criterion in rubric_of(session, dossier).criteria}
    sheet.levels = {name: level for name, level in scores.levels.items() if name in known}
    sheet.comments = {name: text for name, text in scores.comments.items() if name in known}
    sheet.recommendation, sheet.summary = scores.recommendation, scores.summary
    sheet.version += 1
    sheet.saved_at = now
    session.flush()
    return sheet


def hand_in(
    session: AnySession, actor: Actor, dossier: Dossier, seen_version: int, now: datetime
) -> None:
    """Hand the sheet in, for good. With the last one the case moves on. A repeat changes nothing.

    Raises Refusal: sheet_incomplete, recommendation_missing, summary_needed.
    """
    hold(session, dossier)
    sheet = sheet_of(session, dossier, actor.person_id)
    if sheet is not None and sheet.submitted_at is not None:
        return
    place = _require_turn(dossier, actor)
    if sheet is None or seen_version != sheet.version:
        raise Stale
    _require_complete(session, dossier, sheet)
    sheet.submitted_at = now
    session.flush()
    details = {"role": place.role.value, "sheet": str(sheet.id)}
    audit.record(session, actor, "dossier.hand-in-sheet", dossier, now=now, details=details)
    _settle(session, actor, dossier, now)


def _require_complete(session: AnySession, dossier: Dossier, sheet: ScoreSheet) -> None:
    rubric, programme = rubric_of(session, dossier), programme_of(session, dossier)
    faults = sheet_faults(sheet.levels, sheet.comments, [c.id for c in rubric.criteria])
    if faults:
        raise Refusal("sheet_incomplete", number=len(faults))
    if sheet.recommendation is None:
        raise Refusal("recommendation_missing")
    proposed = propose(sheet.levels, programme.criteria).outcome
    if not sheet.summary and (sheet.recommendation is not proposed):
        raise Refusal("summary_needed", proposed=proposed)


def _settle(session: AnySession, actor: Actor, dossier: Dossier, now: datetime) -> None:
    """Once all sheets that were asked for are in: do they agree?"""
    sheets = handed_in(session, dossier)
    if dossier.state is DossierState.DIVERGENT:
        move(session, actor, dossier, DossierEvent.MODERATE, now)
    elif dossier.profile is Profile.LIGHT:
        move(session, actor, dossier, DossierEvent.CONCUR, now)
    elif len(sheets) >= 2:
        one, other = (marks(sheet) for sheet in sheets[:2])
        event = DossierEvent.CONCUR if agree(one, other) else DossierEvent.DIVERGE
        details: dict[str, object] = {"criteria": list(diverging_criteria(one, other))}
        move(session, actor, dossier, event, now, details=details)
    convene_if_ready(session, actor, dossier, now)


def handed_in(session: AnySession, dossier: Dossier) -> list[ScoreSheet]:
    """The sheets that were handed in, in the order in which they came. Not for reading aloud."""
    return list(
        session.scalars(
            select(ScoreSheet)
            .where(ScoreSheet.dossier_id == dossier.id, ScoreSheet.submitted_at.is_not(None))
            .order_by(ScoreSheet.submitted_at, ScoreSheet.id)
        )
    )


def readable(session: AnySession, actor: Actor, dossier: Dossier) -> list[ScoreSheet]:
    """The handed-in sheets that the actor may read now; one's own is always among them.

    Assessors read nobody else's before both are in; the trainee never reads sheets, but the
    reasons of the decision.
    """
    if actor.person_id == dossier.person_id:
        return []
    sheets = handed_in(session, dossier)
    place = dossier.assignment_of(actor.person_id)
    own = [sheet for sheet in sheets if sheet.assessor_id == actor.person_id]
    scores = place is not None and place.role in ASSESSORS and not own
    return sheets if may_read_others(dossier.state, still_scores=scores) else own


def marks(sheet: ScoreSheet) -> Marks:
    """The sheet as the rules see it. It must be handed in."""
    if sheet.recommendation is None:
        raise Refusal("recommendation_missing")
    return Marks(sheet.levels, sheet.recommendation)


def proposal(
    session: AnySession, dossier: Dossier, sheets: Sequence[ScoreSheet]
) -> Proposal | None:
    """What the programme's rule makes of these sheets together."""
    levels = combined([marks(sheet) for sheet in sheets])
    return propose(levels, programme_of(session, dossier).criteria) if levels else None


def diverging(sheets: Sequence[ScoreSheet]) -> tuple[str, ...]:
    """Criteria on which the first two sheets lie far apart."""
    if len(sheets) < 2:
        return ()
    return diverging_criteria(marks(sheets[0]), marks(sheets[1]))


def still_to_score(session: AnySession, actor: Actor, dossier: Dossier) -> bool:
    """Whether a sheet of the actor's is awaited now."""
    place = dossier.assignment_of(actor.person_id)
    if place is None or dossier.state not in _SCORED_IN.get(place.role, frozenset()):
        return False
    sheet = sheet_of(session, dossier, actor.person_id)
    return sheet is None or sheet.submitted_at is None


def require_declared(dossier: Dossier, actor: Actor) -> None:
    """Nobody opens a case given to them before declaring to have no conflict in it."""
    place = dossier.assignment_of(actor.person_id)
    if place is not None and place.declared_at is None:
        raise Refusal("declare_first")


def _require_turn(dossier: Dossier, actor: Actor) -> Assignment:
    place = dossier.assignment_of(actor.person_id)
    if place is None or place.role in JURORS:
        raise Refusal("not_assigned")
    require_declared(dossier, actor)
    if dossier.state not in _SCORED_IN[place.role]:
        raise Refusal("not_being_scored", state=dossier.state)
    return place
