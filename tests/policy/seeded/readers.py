"""Who may ever meet which private text: in the words of `who.py`, from the design."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.assessment.models import Assignment, Deliberation, ScoreSheet
from tests.policy.seeded.things import Thing
from tests.policy.seeded.who import Somebody, may

PRACTICE = "office | owner | its trainer | its supervisors"
ENTRY = (
    "owner | named supervisor & handed in | stand-in & handed in | its trainer & handed in"
    " | office & handed in"
    " | assessor of the case & handed in | juror of the case & handed in"
)
EVIDENCE = (
    "owner | named supervisor & handed in | stand-in & handed in & for the team"
    " | its trainer & handed in & for the team | office & handed in & for the team"
    " | assessor of the case & handed in & for the case"
    " | juror of the case & handed in & for the case"
)
OBSERVATION = (
    "author | owner & handed in | its trainer & handed in | its supervisors & handed in"
    " | office & handed in | assessor of the case & handed in | juror of the case & handed in"
)
MARKED = "its trainer | owner & handed in | office & handed in"
SETTLES = "its trainer & under its charter | its admin & for the office"
CASE = "office | owner | assessor of the case | juror of the case"
JUDGES = "office & not owner | assessor of the case & not owner | juror of the case & not owner"
CORRECTION = (
    "owner & some trainer | owner & programme admin | programme admin & handed in"
    " | auditor & handed in"
)
READERS = {
    "extratime.reason": ("extra time", "its trainer & not owner | its admin & not owner"),
    "openmark.comment": ("open mark", "office | owner | its trainer"),
    "openmark.reason": ("open mark", "office | owner | its trainer"),
    "quizattempt.answers": ("attempt", "owner | its trainer & handed in | office & handed in"),
    "practicumentry.reflection": ("entry", "owner | named supervisor & handed in"),
    "practicumentry.summary": ("entry", ENTRY),
    "practicumentry.decision_comment": ("entry", ENTRY),
    "synceditem.content": ("synced", "owner"),
    "evidence.caption": ("evidence", EVIDENCE),
    "entrytemplate.name": ("template", "owner"),
    "coachee.pseudonym": ("coachee", PRACTICE),
    "observation.setting_note": ("observation", OBSERVATION),
    "observation.notes": ("observation", OBSERVATION),
    "observation.feedback": ("observation", OBSERVATION),
    "observation.trainee_comment": ("observation", OBSERVATION),
    "discussionpost.text": (
        "post",
        "of its cohort & under its charter & not hidden | its trainer & under its charter",
    ),
    "discussionpost.hidden_reason": (
        "post",
        "owner & of its cohort & under its charter | its trainer & under its charter",
    ),
    "discussionthread.title": ("thread", "of its cohort & under its charter"),
    "postreport.reason": ("post report", SETTLES),
    "postreport.text": ("post report", SETTLES),
    "correction.why": ("correction", CORRECTION),
    "absence.reason": ("absence", "owner | named stand-in | its admin"),
    "reusablecomment.text": ("comment", "owner"),
    "attendance.reason": ("attendance", "its trainer | its admin | owner"),
    "attendance.announcement": ("attendance", "its trainer | its admin | owner"),
    "supervisionsession.private_notes": ("supervision", "named supervisor"),
    "supervisionsession.shared_notes": ("supervision", "named supervisor | there"),
    "supervisionpresence.reason": ("presence", "named supervisor | owner"),
    "supervisionaction.text": ("agreed", "named supervisor | owner"),
    "supervisionfeedback.answers": ("evaluation", "nobody"),
    "placement.host_contact": ("placement", PRACTICE),
    "placement.consent_note": ("placement", PRACTICE),
    "placement.interests": ("placement", PRACTICE),
    "signature.comment": ("signature", ENTRY),
    "hostfeedback.comment": ("host feedback", PRACTICE),
    "hostfeedback.giver_name": ("host feedback", PRACTICE),
    "attestation.reason": ("attestation", f"{PRACTICE} | {CASE}"),
    "dossier.statement": ("dossier", CASE),
    "dossier.return_reason": ("dossier", CASE),
    "dossier.outcome_reasons": ("dossier", f"{JUDGES} | owner & told"),
    "deliberation.minutes": ("dossier", JUDGES),
    "deliberation.reasons": ("dossier", f"{JUDGES} | owner & told"),
    "scoresheet.summary": ("dossier", f"writer | {JUDGES} & blind no more"),
    "scoresheet.comments": ("dossier", f"writer | {JUDGES} & blind no more"),
    "assignment.stood_down_reason": ("dossier", "writer | office & not owner"),
    "doubtreport.message": ("doubt", "programme admin"),
    "doubtreport.contact": ("doubt", "programme admin"),
    "doubtreport.answer": ("doubt", "programme admin"),
    "lessonmark.note": ("mark", "owner"),
    "exercisework.text": ("work", "owner"),
    "exerciseversion.text": ("work version", "owner | its trainer | office"),
    "exerciseversion.feedback": ("work version", MARKED),
    "exerciseversion.comments": ("work version", MARKED),
    "valuelist.words": ("values", "owner"),
    "contributionline.text": ("line", "office | its trainer | its supervisors | its trainees"),
    # those who judge a case must know whom they might be tied to
    "person.employer": ("person", "office | owner | who trains or supervises them | judge"),
    "person.commune": ("person", "office | owner | who trains or supervises them | judge"),
    "accountsession.browser": ("session", "owner"),
}
"""Field → the kind of thing it belongs to, and who may read it there."""

STILL_BLIND = {"assigned", "assessing", "divergent"}
"""States in which some assessor has yet to score, so that no sheet is open to the others."""


class Readers:
    """Answers whether somebody may meet a canary."""

    def __init__(self, session: Any, things: dict[str, list[Thing]]) -> None:
        self._by_id = {
            (thing.kind, thing.obj.id): thing
            for kind, found in things.items()
            for thing in found
            if kind in {kind for kind, _ in READERS.values()}
        }
        self._cases = {(t.owner, t.cohort): t for t in things["dossier"]}
        self._parts: dict[UUID, tuple[UUID, UUID | None]] = {}
        for model, writer in (
            (Assignment, Assignment.person_id),
            (ScoreSheet, ScoreSheet.assessor_id),
            (Deliberation, Deliberation.recorded_by_id),
        ):
            for key, dossier, person in session.execute(select(model.id, model.dossier_id, writer)):
                self._parts[key] = (dossier, person)
        self._handed_in = set(
            session.scalars(select(ScoreSheet.id).where(ScoreSheet.submitted_at.is_not(None)))
        )

    def may_meet(self, who: Somebody, field: str, key: UUID) -> bool:
        """Whether this text of this row may be on a page that `who` is shown."""
        kind, words = READERS[field]
        writer = None
        thing = self._by_id.get((kind, key))
        if thing is None:
            dossier, writer = self._parts[key]
            thing = self._by_id[kind, dossier]
        return any(
            self._holds(who, alternative, thing, key, writer) for alternative in words.split("|")
        )

    def _holds(self, who, alternative, thing, key, writer) -> bool:
        parts = [part.strip() for part in alternative.split("&")]
        own = {
            "writer": who.key is not None and who.key == writer,
            "judge": any(
                who.key in case.assessors | case.jurors
                for case in self._cases.values()
                if case.owner == thing.owner
            ),
            "told": thing.state in {"notified", "final"},
            "blind no more": thing.state not in STILL_BLIND and key in self._handed_in,
        }
        judged = self._cases.get((thing.owner, thing.cohort), thing)
        return all(
            own[part]
            if part in own
            else may(who, part, judged if part.endswith("of the case") else thing)
            for part in parts
        )
