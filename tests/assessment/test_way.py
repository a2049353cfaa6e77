"""The whole way, by both manners of decision, on both databases."""

import pytest
from sqlalchemy import select

from lms.assessment import service
from lms.assessment.models import Award
from lms.assessment.rules.freezing import fingerprint
from lms.assessment.rules.ledger import RowKind
from lms.assessment.rules.states import DossierState, Outcome
from lms.core.audit import AuditEntry
from lms.core.jobs import Job
from lms.core.mail import MailMessage
from lms.fieldwork.rules import EntryState
from tests.factories import assessment as factory

S = DossierState


@pytest.mark.parametrize("programme", ["facilitator", "coach"])
def test_from_the_ledger_to_the_award(session, programme):
    case = factory.case(session, programme).notified()
    dossier = case.dossier
    assert dossier.state is S.NOTIFIED
    assert dossier.profile == ("light" if programme == "facilitator" else "standard")
    award = session.scalars(select(Award)).one()
    assert (award.person_id, award.programme) == (case.trainee.id, programme)
    assert award.dossier_id == dossier.id
    assert award.place == "Oujda"
    signers = [signer["role"] for signer in award.signatories]
    assert signers == ["assessor" if programme == "facilitator" else "chair", "programme_admin"]
    assert award.facts["activities"] == {"workshop": 3} if programme == "facilitator" else True
    assert award.facts["observations"] == 1
    ledger = service.frozen_ledger(dossier)
    assert award.facts["minutes"] == ledger.line("total-practice").counted

    job = session.scalars(select(Job).where(Job.name == "credentials.issue")).one()
    assert (job.key, job.payload) == (str(award.id), {"award": str(award.id)})
    mail = session.scalars(
        select(MailMessage).where(MailMessage.template == "dossier_decided")
    ).one()
    assert mail.person_id == case.trainee.id

    acts = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject_id == str(dossier.id))
        .order_by(AuditEntry.at, AuditEntry.id)
    ).all()
    assert acts[:4] == ["dossier.open", "dossier.prepare", "dossier.submit", "dossier.admit"]
    assert acts[-1] == "dossier.release"


def test_handing_in_freezes_ledger_and_entries(session):
    case = factory.case(session).submitted()
    dossier = case.dossier
    assert dossier.ledger_hash == fingerprint(dossier.ledger)
    assert {entry.state for entry in case.entries} == {EntryState.LOCKED}
    ledger = service.frozen_ledger(dossier)
    assert ledger.is_complete
    assert ledger.row_ids(RowKind.ENTRY) == {str(entry.id) for entry in case.entries}
    row = ledger.line("total-practice").rows[0]
    assert row.content_hash == case.entries[0].content_hash


def test_a_divergence_calls_a_third_then_the_jury(session):
    case = factory.case(session, "coach").divergent()
    dossier = case.dossier
    assert (dossier.state, dossier.turn) == (S.DIVERGENT, "programme")
    case.assign(third_assessor=["assessor3"])
    assert dossier.turn == "assessors"
    case.declare("assessor3").score("assessor3", factory.scores(leadership=2))
    assert (dossier.state, dossier.turn) == (S.JURY, "jurors")
    case.signed()
    assert dossier.outcome is Outcome.CERTIFIED


def test_the_jury_meets_only_once_it_is_named(session):
    case = factory.case(session, "coach").admissible()
    case.assign(assessor=["assessor1", "assessor2"]).declare("assessor1", "assessor2")
    case.score("assessor1").score("assessor2")
    assert (case.dossier.state, case.dossier.turn) == (S.CONCORDANT, "programme")
    case.assign(chair=["chair"], juror=["juror1", "juror2"])
    assert (case.dossier.state, case.dossier.turn) == (S.JURY, "jurors")


@pytest.mark.parametrize("outcome", [Outcome.CONDITIONAL, Outcome.DEFERRED, Outcome.REFUSED])
@pytest.mark.parametrize("programme", ["facilitator", "coach"])
def test_other_outcomes_are_told_with_their_reasons_and_confer_nothing(session, programme, outcome):
    case = factory.case(session, programme).notified(outcome, "L’éthique reste à travailler.")
    assert case.award is None
    assert session.scalars(select(Award)).all() == []
    mail = session.scalars(
        select(MailMessage).where(MailMessage.template == "dossier_decided")
    ).one()
    assert "L’éthique reste à travailler." in mail.text
    assert "L’éthique reste à travailler." in mail.html


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize("outcome", [Outcome.CERTIFIED, Outcome.DEFERRED])
def test_the_mail_in_each_language(session, language, outcome):
    case = factory.case(session)
    case.trainee.language = language
    case.notified(outcome, "" if outcome is Outcome.CERTIFIED else "<b>Pas encore</b> & bientôt")
    mail = session.scalars(
        select(MailMessage).where(MailMessage.template == "dossier_decided")
    ).one()
    assert mail.language == language
    assert str(case.dossier.id) in mail.text
    assert "https://coaching.example/assessment/dossiers/" in mail.html
    assert ('dir="rtl"' in mail.html) is (language == "ar")
    assert "<b>Pas" not in mail.html
    if outcome is Outcome.DEFERRED:
        assert "<b>Pas encore</b> & bientôt" in mail.text
    if language == "ar":
        assert "Congratulations" not in mail.text + mail.html
        assert "decision" not in mail.text + mail.subject


def test_release_twice_confers_once(session):
    case = factory.case(session).notified()
    assert case.release().id == case.award.id
    assert len(session.scalars(select(Award)).all()) == 1


def test_returned_entries_are_free_again_and_the_dossier_comes_back(session):
    case = factory.case(session).submitted()
    dossier = case.dossier
    service.give_back(
        session, case.admin.actor, dossier, "Le rapport manque.", dossier.version, case.tick()
    )
    assert (dossier.state, dossier.return_reason) == (S.RETURNED, "Le rapport manque.")
    assert {entry.state for entry in case.entries} == {EntryState.APPROVED}
    service.submit(session, case.trainee.actor, dossier, dossier.version, case.tick())
    assert dossier.state is S.SUBMITTED


def test_a_withdrawn_dossier_can_be_handed_in_again(session):
    case = factory.case(session).admissible()
    dossier = case.dossier
    service.withdraw(
        session, case.trainee.actor, dossier, "Plus tard.", dossier.version, case.tick()
    )
    assert (dossier.state, dossier.turn) == (S.WITHDRAWN, "nobody")
    assert {entry.state for entry in case.entries} == {EntryState.APPROVED}
    service.submit(session, case.trainee.actor, dossier, dossier.version, case.tick())
    assert dossier.state is S.SUBMITTED
