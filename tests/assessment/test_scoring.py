"""Blind sheets, minutes of the jury, reasons: what the services refuse."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.assessment import service
from lms.assessment.models import ScoreSheet
from lms.assessment.rules.states import DossierState, Outcome
from lms.assessment.service.decisions import Meeting
from lms.assessment.service.sheets import Scores
from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from tests.factories import assessment as factory
from tests.people import person

pytestmark = pytest.mark.slow

LOOKERS = ["assessor1", "assessor2", "chair", "juror1", "programme", "admin.ma", "auditor"]


def reads(case, name):
    """Whose sheets a persona may read."""
    found = service.readable(case.session, person(case.session, name).actor, case.dossier)
    return {sheet.assessor.email.partition("@")[0] for sheet in found}


def test_nobody_reads_a_sheet_before_both_are_in(session):
    case = factory.case(session, "coach").assessing().score("assessor1")
    assert case.dossier.state is DossierState.ASSESSING
    assert {name: reads(case, name) for name in LOOKERS} == {
        name: {"assessor1"} if name == "assessor1" else set() for name in LOOKERS
    }
    case.score("assessor2")
    assert {frozenset(reads(case, name)) for name in LOOKERS} == {
        frozenset({"assessor1", "assessor2"})
    }


def test_a_draft_is_read_by_nobody(session):
    case = factory.case(session, "coach").assessing()
    service.save_sheet(
        session, case.as_("assessor1"), case.dossier, factory.scores(), 0, case.tick()
    )
    assert {frozenset(reads(case, name)) for name in LOOKERS} == {frozenset()}


def test_the_third_assessor_is_blind_too_until_handing_in(session):
    case = factory.case(session, "coach").divergent()
    case.assign(third_assessor=["assessor3"]).declare("assessor3")
    assert reads(case, "assessor3") == set()
    assert reads(case, "assessor1") == {"assessor1", "assessor2"}
    case.score("assessor3")
    assert reads(case, "assessor3") == {"assessor1", "assessor2", "assessor3"}


def test_the_trainee_never_reads_sheets(session):
    case = factory.case(session).notified()
    assert service.readable(session, case.trainee.actor, case.dossier) == []


def test_the_trail_tells_no_levels(session):
    case = factory.case(session, "coach").jury()
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "dossier.hand-in-sheet")
    ).all()
    assert len(entries) == 2
    for entry in entries:
        assert set(entry.details) == {"role", "sheet"}
    assert case.dossier.state is DossierState.JURY


def test_scoring_wants_a_declaration(session):
    case = factory.case(session).assigned()
    with pytest.raises(Refusal, match="declare_first"):
        service.save_sheet(
            session, case.as_("assessor1"), case.dossier, factory.scores(), 0, case.tick()
        )


@pytest.mark.parametrize("name", ["chair", "juror1", "assessor3", "programme", "admin.ma"])
def test_only_the_assessors_score(session, name):
    case = factory.case(session, "coach").assessing()
    with pytest.raises(Refusal, match="not_assigned"):
        service.save_sheet(session, case.as_(name), case.dossier, factory.scores(), 0, case.tick())


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        (Scores({}, {}, Outcome.CERTIFIED, ""), "sheet_incomplete"),
        (Scores(factory.scores().levels, {}, None, ""), "recommendation_missing"),
        (Scores(factory.scores(1).levels, {}, Outcome.DEFERRED, ""), "sheet_incomplete"),
        (Scores(factory.scores(9).levels, {}, Outcome.DEFERRED, ""), "sheet_incomplete"),
        (Scores(factory.scores().levels, {}, Outcome.REFUSED, ""), "summary_needed"),
    ],
)
def test_what_cannot_be_handed_in(session, scores, code):
    case = factory.case(session).assessing()
    actor = case.as_("assessor1")
    sheet = service.save_sheet(session, actor, case.dossier, scores, 0, case.tick())
    with pytest.raises(Refusal) as refused:
        service.hand_in(session, actor, case.dossier, sheet.version, case.tick())
    assert refused.value.code == code
    assert sheet.submitted_at is None


def test_a_sheet_open_twice_is_not_overwritten(session):
    case = factory.case(session).assessing()
    actor = case.as_("assessor1")
    sheet = service.save_sheet(session, actor, case.dossier, factory.scores(), 0, case.tick())
    with pytest.raises(Stale):
        service.save_sheet(session, actor, case.dossier, factory.scores(2), 0, case.tick())
    assert sheet.levels["ethics"] == 3


def test_a_sheet_handed_in_stays(session):
    case = factory.case(session, "coach").assessing().score("assessor1")
    actor = case.as_("assessor1")
    with pytest.raises(Refusal, match="sheet_handed_in"):
        service.save_sheet(session, actor, case.dossier, factory.scores(2), 1, case.tick())
    service.hand_in(session, actor, case.dossier, 1, case.tick())
    assert len(session.scalars(select(ScoreSheet)).all()) == 1


def test_unknown_criteria_are_left_out(session):
    case = factory.case(session).assessing()
    scores = Scores({"ethics": 3, "charm": 4}, {"charm": "!"}, None, "")
    sheet = service.save_sheet(session, case.as_("assessor1"), case.dossier, scores, 0, case.tick())
    assert sheet.levels == {"ethics": 3}
    assert sheet.comments == {}


# Signing -----------------------------------------------------------------------------------------


def test_deciding_otherwise_wants_reasons(session):
    case = factory.case(session).concordant()
    for outcome in Outcome:
        if outcome is not Outcome.CERTIFIED:
            with pytest.raises(Refusal, match="reasons_needed"):
                case.signed(outcome)
    case.signed(Outcome.DEFERRED, "Il manque une posture neutre.")
    assert case.dossier.state is DossierState.DEFERRED


def test_certifying_against_the_levels_wants_reasons(session):
    case = factory.case(session).assessing()
    case.score("assessor1", factory.scores(1, Outcome.DEFERRED))
    with pytest.raises(Refusal, match="reasons_needed"):
        case.signed(Outcome.CERTIFIED)
    case.signed(Outcome.CERTIFIED, "Vu en supervision depuis.")
    assert case.dossier.outcome is Outcome.CERTIFIED


def test_in_standard_no_assessor_signs(session):
    case = factory.case(session, "coach").jury()
    with pytest.raises(Refusal, match="jury_decides"):
        service.sign_light(
            session,
            case.as_("assessor1"),
            case.dossier,
            Outcome.CERTIFIED,
            "",
            case.dossier.version,
            case.tick(),
        )


@pytest.mark.parametrize(
    ("votes", "fields", "code"),
    [
        ({"chair": "certified", "juror1": "certified"}, {}, "no_quorum"),
        ({"juror1": "certified", "juror2": "certified"}, {}, "chair_absent"),
        (
            {"chair": "certified", "juror1": "certified", "assessor1": "certified"},
            {},
            "not_a_juror",
        ),
        (
            {"chair": "abstain", "juror1": "certified", "juror2": "deferred"},
            {"reasons": "x"},
            "no_majority",
        ),
        ({}, {"held_on": date(2031, 1, 1)}, "held_in_future"),
        ({}, {"minutes": ""}, "minutes_needed"),
        (
            {"chair": "refused", "juror1": "refused", "juror2": "certified"},
            {},
            "reasons_needed",
        ),
    ],
)
def test_what_is_no_deliberation(session, votes, fields, code):
    case = factory.case(session, "coach").jury()
    with pytest.raises(Refusal) as refused:
        case.meet(votes, **fields)
    assert refused.value.code == code


def test_in_a_tie_the_chair_decides(session):
    case = factory.case(session, "coach").jury()
    votes = {"chair": "deferred", "juror1": "certified", "juror2": "abstain"}
    assert case.meet(votes, "Encore un atelier.").outcome is Outcome.DEFERRED


def test_a_juror_who_has_not_declared_is_not_counted(session):
    case = factory.case(session, "coach").assigned()
    case.declare("assessor1", "assessor2", "chair", "juror1")
    case.score("assessor1").score("assessor2")
    with pytest.raises(Refusal, match="juror_not_declared"):
        case.meet()


def test_minutes_are_mended_until_they_are_signed(session):
    case = factory.case(session, "coach").jury()
    case.meet()
    record = case.meet(minutes="Version relue.")
    assert (record.version, record.minutes) == (2, "Version relue.")
    with pytest.raises(Stale):
        service.sign_jury(session, case.as_("chair"), case.dossier, 1, case.tick())
    service.sign_jury(session, case.as_("chair"), case.dossier, 2, case.tick())
    with pytest.raises(Refusal, match="not_at_the_jury"):
        case.meet()


def test_a_juror_who_leaves_after_the_vote_stops_the_signature(session):
    case = factory.case(session, "coach").jury()
    record = case.meet()
    service.stand_down(session, case.as_("juror2"), case.dossier, "Un lien.", case.tick())
    with pytest.raises(Refusal, match="not_a_juror"):
        service.sign_jury(session, case.as_("chair"), case.dossier, record.version, case.tick())
    assert case.dossier.turn == "programme"


def test_a_meeting_of_strangers(session):
    case = factory.case(session, "coach").jury()
    meeting = Meeting(date(2026, 9, 1), "", {uuid4(): "certified"}, "…", "")
    with pytest.raises(Refusal, match="not_a_juror"):
        service.deliberate(session, case.as_("chair"), case.dossier, meeting, 0, case.tick())


# Release -----------------------------------------------------------------------------------------


def test_nothing_is_released_unsigned(session):
    case = factory.case(session).concordant()
    with pytest.raises(Refusal, match="not_signed"):
        case.release()


def test_a_ledger_touched_afterwards_stops_the_release(session):
    case = factory.case(session).signed()
    ledger = dict(case.dossier.ledger)
    ledger["lines"] = ledger["lines"][1:]
    case.dossier.ledger = ledger
    session.flush()
    with pytest.raises(Refusal, match="ledger_changed"):
        case.release()


# Handing in --------------------------------------------------------------------------------------


def test_an_incomplete_ledger_is_not_handed_in(session):
    case = factory.case(session, complete=False).prepared()
    with pytest.raises(Refusal) as refused:
        service.submit(session, case.trainee.actor, case.dossier, case.dossier.version, case.tick())
    assert refused.value.code == "ledger_incomplete"
    assert refused.value.params["number"] > 3


def test_once_handed_in_it_is_no_longer_prepared(session):
    case = factory.case(session).submitted()
    with pytest.raises(Refusal, match="dossier_handed_in"):
        case.prepared()


def test_submitting_twice_is_submitting_once(session):
    case = factory.case(session).submitted()
    before = case.dossier.version
    service.submit(session, case.trainee.actor, case.dossier, 1, case.tick())
    assert case.dossier.version == before
