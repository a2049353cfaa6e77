"""What the demonstration lacks and the matrix needs: files, drafts, people who left or stood down.

Rows are written directly: nothing here has to be likely, only to be seen or not to be seen.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from lms.assessment.models import Assignment, Deliberation, Dossier, ScoreSheet
from lms.assessment.rules import CaseRole, DossierState, Outcome
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import EnrolmentState
from lms.core.files import StoredFile
from lms.core.jobs import Job, JobState
from lms.credentials.models import Certificate, DoubtReport
from lms.demo.personas import BY_KEY
from lms.fieldwork.models import (
    Absence,
    Attestation,
    Evidence,
    Observation,
    PracticumEntry,
    ReusableComment,
)
from lms.fieldwork.rules import COUNTS, EntryState, EvidenceAccess, ObservationState
from lms.people.models import AccessToken, AccountSession, Person, RoleGrant
from lms.people.rules import TokenKind
from lms.people.sessions.service import hash_token
from lms.policy.actor import Role, Scope
from tests.policy.seeded import (
    community,
    corrections,
    exercises,
    hosts,
    quizzes,
    supervision,
    training,
)

NOW = datetime.now(UTC)
INVITATION = "seeded-invitation-token"
RESET = "seeded-reset-token"


def add(session, files):
    """All of it."""
    stored = StoredFile(
        sha256=files.put(b"%PDF-1.4\nseeded\n%%EOF"),
        size=21,
        media_type="application/pdf",
        name="piece.pdf",
        created_at=NOW,
    )
    session.add(stored)
    session.flush()
    _people(session)
    _fieldwork(session, stored)
    _cases(session, stored)
    _office(session)
    supervision.add(session)
    training.add(session, stored)
    community.add(session)
    exercises.add(session, stored)
    hosts.add(session, stored)
    corrections.add(session)
    session.flush()


def persona(session, key):
    """A persona's record."""
    return session.scalars(select(Person).where(Person.email == BY_KEY[key].email)).one()


def _enrolled(session, cohort_name):
    return session.scalars(
        select(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.name == cohort_name)
        .order_by(Enrolment.id)
    ).all()


def _people(session):
    def person(email, country, **fields):
        given = {"password_hash": "-", "created_at": NOW - timedelta(days=30)}
        made = Person(
            country_code=country,
            family_name=email.partition("@")[0].title(),
            given_name="Test",
            email=email,
            **(given | fields),
        )
        session.add(made)
        session.flush()
        return made

    def grant(holder, role, scope, scope_id="", **fields):
        key = str(scope_id)
        since = NOW - timedelta(days=30)
        held = RoleGrant(role=role, scope=scope, scope_id=key, granted_at=since, **fields)
        holder.grants.append(held)

    oujda = _enrolled(session, "Coachs, Oujda 2026")
    kaolack = _enrolled(session, "Animateurs, Kaolack 2026")
    person("left@demo.example", "MA", left_at=NOW - timedelta(days=3))
    invited = person("invited@demo.example", "SN", password_hash=None)
    # resides in Morocco, but more than Morocco's administrator may touch
    abroad = person("abroad@demo.example", "MA")
    grant(abroad, Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN")
    everywhere = person("everywhere@demo.example", "MA")
    grant(everywhere, Role.AUDITOR, Scope.ALL)
    # trainees who are more than trainees: their trainer must not make codes for them
    grant(oujda[3].person, Role.SUPERVISOR, Scope.COHORT, kaolack[0].cohort_id)
    grant(kaolack[1].person, Role.TRAINER, Scope.COHORT, oujda[0].cohort_id)
    # one who withdrew, the role ended with it
    gone = oujda[-1]
    gone.state, gone.ended_at = EnrolmentState.WITHDRAWN, NOW - timedelta(days=5)
    for held in gone.person.grants:
        held.ended_at, held.reason = NOW - timedelta(days=5), "withdrawn"
    # a trainer who trains no more
    former = person("former@demo.example", "MA")
    ended = {"ended_at": NOW - timedelta(days=4), "reason": "ended"}
    grant(former, Role.TRAINER, Scope.COHORT, oujda[0].cohort_id, **ended)
    # a colleague in whose hands the supervisor's entries are for some days
    colleague, away = person("stand-in@demo.example", "MA"), persona(session, "supervisor")
    grant(colleague, Role.SUPERVISOR, Scope.COHORT, oujda[0].cohort_id)
    grant(colleague, Role.SUPERVISOR, Scope.PERSON, away.id)
    session.add(
        Absence(
            supervisor_id=away.id,
            stand_in_id=colleague.id,
            starts_on=NOW.date() - timedelta(days=1),
            ends_on=NOW.date() + timedelta(days=5),
            reason="leave",
            created_at=NOW - timedelta(days=2),
        )
    )
    session.add(
        ReusableComment(person_id=away.id, language="fr", text="words to keep", created_at=NOW)
    )
    # one who stands in for somebody of a team that they have left
    outside = person("outside@demo.example", "MA")
    grant(outside, Role.SUPERVISOR, Scope.PERSON, away.id)
    # named once, no longer of the team
    removed = person("removed@demo.example", "MA")
    for entry in session.scalars(
        select(PracticumEntry)
        .where(PracticumEntry.enrolment_id == oujda[2].id)
        .order_by(PracticumEntry.id)
        .limit(3)
    ):
        entry.supervisor_id = removed.id
    for someone in (oujda[1].person, kaolack[0].person, persona(session, "trainee")):
        session.add(
            AccountSession(
                person_id=someone.id,
                token_hash=hash_token(f"seeded {someone.id}"),
                created_at=NOW,
                last_seen_at=NOW,
                address="203.0.113.7",
                browser="Firefox",
            )
        )
    for token, kind in ((INVITATION, TokenKind.INVITATION), (RESET, TokenKind.RESET)):
        session.add(
            AccessToken(
                person=invited,
                kind=kind,
                token_hash=hash_token(token),
                created_at=NOW,
                expires_at=NOW + timedelta(days=7),
            )
        )
    session.flush()


def _fieldwork(session, stored):
    """Files at an entry and an attestation of each case; drafts; what was thrown away."""
    for enrolment in session.scalars(select(Enrolment)).all():
        entries = session.scalars(
            select(PracticumEntry)
            .where(PracticumEntry.enrolment_id == enrolment.id)
            .order_by(PracticumEntry.id)
        ).all()
        counted = [entry for entry in entries if entry.state in COUNTS]
        for entry in counted[:1]:
            for access in EvidenceAccess:
                session.add(Evidence(entry=entry, file=stored, caption="photo", access=access))
        for entry in counted[1:2]:
            session.add(Evidence(entry=entry, file=stored, caption="taken away", removed_at=NOW))
        attested = session.scalars(
            select(Attestation)
            .where(Attestation.enrolment_id == enrolment.id)
            .order_by(Attestation.id)
        ).all()
        for attestation in attested[:1]:
            attestation.file_id = stored.id

    salma = session.scalars(
        select(Enrolment).where(Enrolment.person_id == persona(session, "trainee").id)
    ).one()
    colleague = _enrolled(session, "Coachs, Oujda 2026")[1]
    earlier = _enrolled(session, "Coachs, Oujda 2025")[0]
    coumba = _enrolled(session, "Animateurs, Kaolack 2026")[0]
    nicolas = _enrolled(session, "Animateurs, Bruxelles 2027")[0]
    for enrolment in (salma, colleague, earlier, coumba, nicolas):
        like = _any_entry(session, enrolment) or _any_entry(session, salma)
        for state in (EntryState.DRAFT, EntryState.DELETED, EntryState.WITHDRAWN):
            # a supervisor is named already: a draft is nobody else's all the same
            made = _entry(session, enrolment, like, state)
            session.add(Evidence(entry=made, file=stored, caption=state.value))
    for enrolment in (salma, earlier, coumba):
        like = session.scalars(
            select(Observation).where(Observation.enrolment_id == enrolment.id)
        ).first()
        session.add(_observation(enrolment, like))
        like.file_id = stored.id
        like.notes = dict.fromkeys(list(like.scores)[:1], "note")
    quizzes.add(session, salma, colleague)
    session.flush()


def _any_entry(session, enrolment):
    return session.scalars(
        select(PracticumEntry)
        .where(
            PracticumEntry.enrolment_id == enrolment.id,
            PracticumEntry.consent_basis.is_not(None),
        )
        .order_by(PracticumEntry.id)
    ).first()


def _entry(session, enrolment, like, state):
    made = PracticumEntry(
        enrolment=enrolment,
        placement_id=like.placement_id,
        supervisor_id=like.supervisor_id,
        type=like.type,
        form=like.form,
        held_on=like.held_on,
        minutes_direct=30,
        role=like.role,
        participants=like.participants,
        stakes=like.stakes,
        summary="draft",
        consent_basis=like.consent_basis,
        reflection="draft",
        state=state,
        claimed_at=NOW,
        received_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def _observation(enrolment, like):
    return Observation(
        enrolment=enrolment,
        trainer_id=like.trainer_id,
        observed_on=like.observed_on,
        setting=like.setting,
        rubric=like.rubric,
        scores=like.scores,
        setting_note="draft",
        feedback="draft",
        state=ObservationState.DRAFT,
        claimed_at=NOW,
        received_at=NOW,
    )


def _cases(session, stored):
    """A report each; a sheet being written; a deliberation before its signature; one stood down."""
    dossiers = session.scalars(select(Dossier).order_by(Dossier.id)).all()
    programme = persona(session, "programme")
    for dossier in dossiers:
        dossier.report_file_id = stored.id
    for dossier in dossiers:
        if dossier.state is DossierState.ASSESSING:
            for place in dossier.active:
                if place.declared_at and not _has_sheet(session, dossier, place.person_id):
                    session.add(_sheet(dossier, place.person_id))
            session.add(
                Assignment(
                    dossier_id=dossier.id,
                    person_id=persona(session, "assessor3").id,
                    role=CaseRole.ASSESSOR,
                    assigned_at=NOW,
                    assigned_by_id=programme.id,
                    stood_down_at=NOW,
                    stood_down_reason="kinship",
                )
            )
        if dossier.state is DossierState.JURY:
            session.add(
                Deliberation(
                    dossier_id=dossier.id,
                    held_on=NOW.date(),
                    present=[str(key) for key in dossier.juror_ids],
                    votes={str(key): "certified" for key in dossier.juror_ids},
                    minutes="minutes",
                    reasons="reasons",
                    outcome=Outcome.CERTIFIED,
                    recorded_at=NOW,
                    recorded_by_id=dossier.chair_id,
                )
            )
    session.flush()


def _has_sheet(session, dossier, person_id):
    return session.scalar(
        select(ScoreSheet.id).where(
            ScoreSheet.dossier_id == dossier.id, ScoreSheet.assessor_id == person_id
        )
    )


def _sheet(dossier, person_id):
    return ScoreSheet(
        dossier_id=dossier.id,
        assessor_id=person_id,
        levels={"leadership": 1},
        comments={"leadership": "being written"},
        summary="being written",
        saved_at=NOW,
    )


def _office(session):
    certificate = session.scalars(select(Certificate)).first()
    programme = persona(session, "programme")
    for number, handled in enumerate((False, True)):
        session.add(
            DoubtReport(
                certificate=certificate,
                shown=f"TC-{number}",
                message="message",
                contact="" if handled else "contact",
                created_at=NOW,
                handled_at=NOW if handled else None,
                handled_by_id=programme.id if handled else None,
                answer="answer" if handled else "",
            )
        )
    session.add(
        Job(
            name="credentials.issue",
            key=f"seeded {uuid4()}",
            payload={},
            status=JobState.FAILED,
            attempts=9,
            run_after=NOW,
            created_at=NOW,
            error="RuntimeError: invented",
        )
    )
