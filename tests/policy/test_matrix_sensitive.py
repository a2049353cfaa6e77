"""The routes that matter most, on records that have names, with the answer written by hand.

What the guard says of itself is not asked here: who is let in, and who may see but not do, is
copied from nobody. Everybody else: 404, and the public is sent to sign in.
"""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from lms.assessment import service as assessment
from lms.assessment.models import Assignment, Dossier
from lms.assessment.rules import CaseRole, DossierState
from lms.assessment.service.sheets import Scores
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock, web
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.core.jobs import Job
from lms.core.mail import MailMessage
from lms.credentials.models import Certificate, DoubtReport
from lms.fieldwork.entries import service as entries
from lms.fieldwork.models import Absence, Evidence, PracticumEntry, ReusableComment
from lms.fieldwork.rules import EntryEvent, EntryState, EvidenceAccess
from lms.learning.models import QuizAttempt
from lms.learning.quizzes.rules.attempts import AttemptState
from lms.people.models import AccountSession
from tests.policy.seeded.extras import persona

PERSONAS = (
    "anonymous", "trainee", "trainee.new", "trainer", "supervisor", "assessor1", "chair",
    "admin.ma", "admin.sn", "programme", "partner", "auditor",
)  # fmt: skip

ROUTES = """
GET  /practice/entries/{submitted}              | trainee trainer supervisor admin.ma programme auditor |
GET  /practice/entries/{submitted}/edit         | trainee              | trainer supervisor admin.ma programme auditor
POST /practice/entries/{submitted}/decide       | supervisor           | trainee trainer admin.ma programme auditor
POST /practice/entries/{submitted}/revoke       | supervisor admin.ma  | trainee trainer programme auditor
GET  /practice/entries/{draft}                  | trainee              |
POST /practice/entries/{draft}/decide           |                      | trainee
POST /practice/entries/{draft}/revoke           |                      | trainee
GET  /practice/evidence/{draft_file}            | trainee              |
GET  /practice/evidence/{file}                  | trainee trainer supervisor admin.ma programme auditor |
GET  /practice/evidence/{secret_file}           | trainee supervisor   |
GET  /practice/{salma}                          | trainee trainer supervisor admin.ma programme auditor |
POST /practice/{salma}/entries/new              | trainee              | trainer supervisor admin.ma programme auditor
POST /practice/{salma}/attestations/new         | admin.ma             | trainee trainer supervisor programme auditor
POST /practice/{salma}/observations/new         | trainer              | trainee supervisor admin.ma programme auditor
GET  /practice/queue                            | supervisor           | trainee trainee.new trainer assessor1 chair admin.ma admin.sn programme partner auditor
POST /practice/queue/approve                    | supervisor           | trainee trainee.new trainer assessor1 chair admin.ma admin.sn programme partner auditor
POST /practice/entries/{submitted}/claim        | supervisor           | trainee trainer admin.ma programme auditor
GET  /practice/{salma}/timeline                 | trainee trainer supervisor admin.ma programme auditor |
GET  /practice/late                             | admin.ma admin.sn programme | trainee trainee.new trainer supervisor assessor1 chair partner auditor
GET  /practice/absences                         | supervisor admin.ma admin.sn | trainee trainee.new trainer assessor1 chair programme partner auditor
POST /practice/absences/{absence}/end           | supervisor admin.ma  |
GET  /practice/comments/{comment}               | supervisor           |

GET  /learn/{salma}                             | trainee trainer supervisor admin.ma programme auditor |
GET  /learn/attempts/{attempt}                  | trainee trainer admin.ma programme auditor |
POST /learn/attempts/{attempt}/submit           | trainee              | trainer admin.ma programme auditor
GET  /learn/attempts/{to_mark}/mark             | trainer              | trainee admin.ma programme auditor
POST /learn/attempts/{to_mark}/mark             | trainer              | trainee admin.ma programme auditor
POST /learn/attempts/{to_mark}/correct          | trainer              | trainee admin.ma programme auditor
GET  /learn/{salma}/extra-time                  | trainer admin.ma     | trainee supervisor programme auditor
POST /learn/{salma}/extra-time                  | trainer admin.ma     | trainee supervisor programme auditor
GET  /learn/marking                             | trainer              | trainee trainee.new supervisor assessor1 chair admin.ma admin.sn programme partner auditor

GET  /people                                    | admin.ma admin.sn programme auditor | trainee trainee.new trainer supervisor assessor1 chair partner
GET  /people/{salma_person}                     | trainee trainer supervisor admin.ma programme auditor |
POST /people/{salma_person}/edit                | admin.ma programme   | trainee trainer supervisor auditor
POST /people/{salma_person}/code                | trainer admin.ma programme | trainee supervisor auditor
POST /people/{salma_person}/roles               | admin.ma programme   | trainee trainer supervisor auditor
GET  /people/{chief}/edit                       |                      | programme admin.ma auditor
GET  /people/{chief}/roles                      |                      | programme admin.ma auditor
POST /people/{chief}/code                       |                      | programme admin.ma auditor
POST /account/sessions/{salma_session}/end      | trainee              |

GET  /cohorts/{oujda}                           | trainee trainer supervisor admin.ma programme auditor |
GET  /cohorts/{oujda}/progress                  | trainer supervisor admin.ma programme auditor | trainee
POST /cohorts/{oujda}/roster                    | admin.ma programme   | trainee trainer supervisor auditor
POST /cohorts/{oujda}/edit                      | admin.ma programme   | trainee trainer supervisor auditor
POST /cohorts/{oujda}/team/assign               | admin.ma programme   | trainee trainer supervisor auditor

GET  /assessment/ledger/{salma}                 | trainee trainer supervisor admin.ma programme auditor |
GET  /assessment/dossiers/{light}               | assessor1 admin.sn programme auditor |
GET  /assessment/dossiers/{light}/entries/{judged} | assessor1 admin.sn programme auditor |
GET  /practice/entries/{judged}                 | admin.sn programme auditor |
POST /assessment/dossiers/{light}/score         | assessor1            | admin.sn programme auditor
POST /assessment/dossiers/{light}/sign          | assessor1            | admin.sn programme auditor
POST /assessment/dossiers/{light}/admit         | admin.sn             | assessor1 programme auditor
POST /assessment/dossiers/{light}/return        | admin.sn             | assessor1 programme auditor
POST /assessment/dossiers/{light}/assign        | programme            | assessor1 admin.sn auditor
POST /assessment/dossiers/{light}/release       | programme            | assessor1 admin.sn auditor
GET  /assessment/dossiers/{stood_down}          | admin.ma programme auditor |
GET  /assessment/dossiers/{jury}                | assessor1 chair admin.ma programme auditor |
POST /assessment/dossiers/{jury}/deliberate     | chair                | assessor1 admin.ma programme auditor
POST /assessment/dossiers/{jury}/deliberation   | chair                | assessor1 admin.ma programme auditor
POST /assessment/dossiers/{jury}/release        | programme            | assessor1 chair admin.ma auditor
POST /assessment/dossiers/{jury}/stand-down     | assessor1 chair      | admin.ma programme auditor

GET  /admin/register                            | admin.ma admin.sn programme partner auditor | trainee trainee.new trainer supervisor assessor1 chair
GET  /admin/register/{certificate}              | admin.sn programme auditor |
POST /admin/register/{certificate}/revoke       | programme            | admin.sn auditor
POST /admin/register/{certificate}/suspend      | programme            | admin.sn auditor
GET  /verify/{token}                            | anonymous trainee trainee.new trainer supervisor assessor1 chair admin.ma admin.sn programme partner auditor |
GET  /admin/doubts/{doubt}                      | programme            |
GET  /admin/keys                                | programme auditor    | trainee trainee.new trainer supervisor assessor1 chair admin.ma admin.sn partner
GET  /admin/outbox                              | programme            | trainee trainee.new trainer supervisor assessor1 chair admin.ma admin.sn partner auditor
GET  /admin/jobs                                | programme            | trainee trainee.new trainer supervisor assessor1 chair admin.ma admin.sn partner auditor
GET  /admin/audit                               | admin.ma admin.sn programme auditor | trainee trainee.new trainer supervisor assessor1 chair partner
GET  /admin/cases/{salma}                       | admin.ma programme auditor |
"""  # noqa: E501 - one line a route
"""Method, address | who is let in | who sees it and is told 403."""


def rows() -> list[tuple[str, str, set[str], set[str]]]:
    found = []
    for line in filter(None, map(str.strip, ROUTES.splitlines())):
        request, let_in, told_no = line.split("|")
        method, address = request.split()
        assert set(let_in.split()) | set(told_no.split()) <= set(PERSONAS), line
        found.append((method, address, set(let_in.split()), set(told_no.split())))
    return found


@pytest.fixture
def named(seeded_session):
    """The records that the table speaks of."""
    session = seeded_session
    person = persona(session, "trainee")
    salma = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()

    def entry(state):
        of_salma = select(PracticumEntry).where(PracticumEntry.enrolment_id == salma.id)
        return session.scalars(of_salma.where(PracticumEntry.state == state)).first()

    def file(state, access=EvidenceAccess.TEAM):
        query = select(Evidence).join(PracticumEntry, PracticumEntry.id == Evidence.entry_id)
        query = query.where(PracticumEntry.enrolment_id == salma.id, PracticumEntry.state == state)
        query = query.where(Evidence.removed_at.is_(None), Evidence.access == access)
        return session.scalars(query).first()

    def dossier(country, state):
        query = (
            select(Dossier)
            .join(Enrolment, Enrolment.id == Dossier.enrolment_id)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .where(Cohort.country_code == country, Dossier.state == state)
        )
        return session.scalars(query).first()

    light = dossier("SN", DossierState.ASSESSING)
    judged = session.scalars(
        select(PracticumEntry.id)
        .where(PracticumEntry.enrolment_id == light.enrolment_id)
        .where(PracticumEntry.state == EntryState.LOCKED)
        .order_by(PracticumEntry.id)
    ).first()
    stood_down = dossier("MA", DossierState.ADMISSIBLE)
    session.add(
        Assignment(
            dossier_id=stood_down.id,
            person_id=persona(session, "assessor1").id,
            role=CaseRole.ASSESSOR,
            assigned_at=clock.now(),
            assigned_by_id=persona(session, "programme").id,
            stood_down_at=clock.now(),
            stood_down_reason="kinship",
        )
    )
    awa = persona(session, "facilitator").id
    certificate = session.scalars(select(Certificate).where(Certificate.person_id == awa)).one()
    attempt = select(QuizAttempt.id).where(QuizAttempt.state == AttemptState.IN_PROGRESS)
    signed_in = select(AccountSession.id).where(AccountSession.person_id == person.id)
    found = {
        "salma": salma.id,
        "salma_person": person.id,
        "salma_session": session.scalars(signed_in).first(),
        "chief": persona(session, "programme").id,
        "oujda": salma.cohort_id,
        "submitted": entry(EntryState.SUBMITTED).id,
        "draft": entry(EntryState.DRAFT).id,
        "draft_file": file(EntryState.DRAFT).id,
        "file": file(EntryState.APPROVED).id,
        "secret_file": file(EntryState.APPROVED, EvidenceAccess.SUPERVISOR).id,
        "attempt": session.scalars(attempt).one(),
        "to_mark": session.scalars(
            select(QuizAttempt.id).where(
                QuizAttempt.enrolment_id == salma.id, QuizAttempt.number == 10
            )
        ).one(),
        "light": light.id,
        "judged": judged,
        "stood_down": stood_down.id,
        "jury": dossier("MA", DossierState.JURY).id,
        "absence": session.scalars(
            select(Absence.id).where(Absence.supervisor_id == persona(session, "supervisor").id)
        ).one(),
        "comment": session.scalars(select(ReusableComment.id)).first(),
        "certificate": certificate.id,
        "token": certificate.token,
        "doubt": session.scalars(select(DoubtReport.id)).first(),
    }
    session.commit()
    return found


@pytest.fixture
def no_tokens(seeded_app, monkeypatch):
    """Forms without CSRF tokens, so that a request reaches its guard."""
    monkeypatch.setitem(seeded_app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def browsers(as_persona, no_tokens):
    return {name: as_persona(name) for name in PERSONAS}


def test_sensitive_routes_answer_as_written(seeded, seeded_app, seeded_session, named, browsers):
    wrong = []
    sampled = rows()[:: 1 if seeded.name == "sqlite" else 4]
    for method, address, let_in, told_no in sampled:
        url = address.format(**named)
        for name, browser in browsers.items():
            seeded_session.commit()
            point = db._app_engines[seeded_app][None].begin_nested()
            answer = browser.open(url, method=method)
            point.rollback()
            given = _said(answer, public=let_in == set(PERSONAS))
            wanted = "in" if name in let_in else "403" if name in told_no else "404"
            if name == "anonymous" and wanted == "404":
                wanted = "sign in"
            if given != wanted:
                wrong.append(f"{method} {address}, {name}: {wanted} expected, {given} given")
    assert not wrong, "\n".join([f"{len(wrong)}:", *wrong[:40]])


def _said(answer, *, public) -> str:
    to_sign_in = answer.headers.get("Location", "").partition("?")[0].endswith("/sign-in")
    if answer.status_code == 302 and to_sign_in and not public:
        return "sign in"
    code = answer.status_code
    return str(code) if code in {401, 403, 404} or code >= 500 else "in"


# --- what is written in confidence, followed from the writing on ---


def _kept(session) -> dict[str, str]:
    """Everything that outlives a page: the trail, mail, jobs."""
    session.flush()
    return {
        model.__name__: "\n".join(
            repr(tuple(row)) for row in session.execute(select(*model.__table__.columns))
        )
        for model in (AuditEntry, MailMessage, Job)
    }


def test_reflection_goes_nowhere_else(seeded_app, seeded_session, named, caplog):
    session, now = seeded_session, clock.now()
    author, supervisor = persona(session, "trainee").actor, persona(session, "supervisor").actor
    entry = session.scalars(
        select(PracticumEntry).where(
            PracticumEntry.enrolment_id == named["salma"],
            PracticumEntry.state == EntryState.NEEDS_INFO,
        )
    ).one()
    secret = "zz-what I told nobody-zz"
    files = seeded_app.extensions["files"]
    with seeded_app.test_request_context(), caplog.at_level(0):
        content = entries.content_of(entry)
        seen = entry.revision
        entries.edit_entry(session, author, entry, seen, content, secret, [], (), files, now)
        entries.submit(session, author, entry, now)
        seen = entry.revision
        words = "Not this one."
        entries.decide(session, supervisor, entry, seen, EntryEvent.REJECT, words, now)
    kept = _kept(session)
    assert entry.reflection == secret
    assert not [name for name, text in kept.items() if secret in text]
    assert all(
        secret not in str(version.content) for version in entries.versions_of(session, entry)
    )
    assert secret not in caplog.text


def test_scores_and_reasons_go_where_they_belong(seeded_app, seeded_session, named):
    session, now = seeded_session, clock.now()
    assessor = persona(session, "assessor1").actor
    dossier = session.get(Dossier, named["light"])
    with seeded_app.test_request_context():
        sheet = assessment.sheet_of(session, dossier, assessor.person_id)
        scores = Scores({"leadership": 0}, {"leadership": "zz-comment-zz"}, None, "zz-summary-zz")
        seen = sheet.version if sheet else 0
        assessment.save_sheet(session, assessor, dossier, scores, seen, now)
        assessment.stand_down(session, assessor, dossier, "zz-kinship-zz", now)
    kept = _kept(session)
    assert not [name for name, text in kept.items() if "zz-comment" in text or "zz-summary" in text]
    assert [name for name, text in kept.items() if "zz-kinship-zz" in text] == ["AuditEntry"]


def test_faults_do_not_log_private_words(seeded_app, seeded_session, caplog):
    """SQLAlchemy tells the parameters, PostgreSQL the failing row: neither is for the log."""
    impossible = update(PracticumEntry).values(reflection="zz-secret-zz", minutes_direct=-1)
    with pytest.raises(SQLAlchemyError) as caught, seeded_session.begin_nested():
        seeded_session.execute(impossible)
    with seeded_app.test_request_context():
        web._fault(caught.value)
    assert "zz-secret-zz" not in caplog.text
