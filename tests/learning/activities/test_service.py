"""A team's values and its contribution, on a real database."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.learning.activities import service
from lms.learning.activities.rules import MOST_LINES, Circle, RoundState, Side
from lms.learning.models import TeamRound, ValueList
from tests.learning.conftest import NOW, cohort_on
from tests.people import person

LISTS = [
    ["Écoute", "Respect", "Courage", "Joie", "Foi"],
    ["écoute", "respect", "Patience", "Joie", "Paix"],
    ["L’écoute", "Bravoure", "Patience", "Équité", "Lien"],
]


@pytest.fixture
def values(release):
    return release.content.exercises["c6-values"]


@pytest.fixture
def contribution(release):
    return release.content.exercises["c6-contribution"]


@pytest.fixture
def one(session, cohort, team, values):
    """A round with three lists."""
    for who, words in zip(team, LISTS, strict=False):
        service.write_values(session, who.actor, cohort, values, words, NOW)
    return service.round_of(session, cohort.id, values.id)


@pytest.fixture
def proposed(session, one, trainer):
    service.close_values(session, trainer.actor, one, one.revision, NOW)
    service.propose(session, trainer.actor, one, one.revision, "We listen.", NOW)
    return one


def test_a_list_is_kept_once_and_read_by_its_author_only(session, cohort, team, values, one):
    mine = service.own_list(session, one, team[0].actor)
    assert mine.words == LISTS[0]
    service.write_values(session, team[0].actor, cohort, values, LISTS[0], NOW)
    service.write_values(session, team[0].actor, cohort, values, LISTS[1], NOW)
    assert service.own_list(session, one, team[0].actor).words == LISTS[1]
    assert service.own_list(session, one, team[3].actor) is None
    assert service.number_of_lists(session, one) == len(session.scalars(select(ValueList)).all())
    assert one.tally == []


def test_only_trainees_of_the_cohort_write(session, cohort, values, trainer):
    with pytest.raises(Refusal, match="activity_for_trainees"):
        service.write_values(session, trainer.actor, cohort, values, LISTS[0], NOW)
    assert session.scalars(select(TeamRound)).all() == []


def test_fewer_than_three_lists_wait(session, cohort, team, values, trainer):
    for who, words in zip(team[:2], LISTS, strict=False):
        service.write_values(session, who.actor, cohort, values, words, NOW)
    one = service.round_of(session, cohort.id, values.id)
    with pytest.raises(Refusal, match="values_too_few_lists"):
        service.close_values(session, trainer.actor, one, one.revision, NOW)
    assert (one.state, one.tally) == (RoundState.COLLECTING, [])


def test_the_tally_folds_spellings_and_is_merged(session, cohort, team, values, one, trainer):
    with pytest.raises(Stale):
        service.close_values(session, trainer.actor, one, 99, NOW)
    service.close_values(session, trainer.actor, one, one.revision, NOW)
    service.close_values(session, trainer.actor, one, 1, NOW)  # pressed twice
    rows = service.counted(one)
    assert [row.number for row in rows][:4] == [3, 2, 2, 2]
    with pytest.raises(Refusal, match="activity_closed"):
        service.write_values(session, team[3].actor, cohort, values, LISTS[0], NOW)
    service.merge(session, trainer.actor, one, one.revision, "bravoure", "courage", NOW)
    assert {row.key: row.number for row in service.counted(one)}["courage"] == 2
    with pytest.raises(Stale):
        service.merge(session, trainer.actor, one, 1, "foi", "paix", NOW)
    said = session.scalars(select(AuditEntry).where(AuditEntry.action == "teamround.merge")).one()
    assert said.details == {"value": "Bravoure", "into": "Courage"}


def test_another_text_asks_everybody_again(session, team, trainer, proposed):
    one = proposed
    for who in team:
        service.agree(session, who.actor, one, 1, NOW)
        service.agree(session, who.actor, one, 1, NOW)
    assert all(each.agreed_at for each in service.signers(session, one))
    with pytest.raises(Stale):
        service.propose(session, trainer.actor, one, 1, "We listen first.", NOW)
    service.propose(session, trainer.actor, one, one.revision, "We listen first.", NOW)
    assert not any(each.agreed_at for each in service.signers(session, one))
    with pytest.raises(Stale):
        service.agree(session, team[0].actor, one, 1, NOW)


def test_final_when_everybody_has_agreed_or_with_a_reason(session, team, trainer, proposed, values):
    one, actor = proposed, trainer.actor
    with pytest.raises(Refusal, match="charter_not_everybody"):
        service.settle(session, actor, values, one, one.revision, "Nobody yet.", NOW)
    for who in team[:3]:
        service.agree(session, who.actor, one, 1, NOW)
    with pytest.raises(Refusal, match="charter_not_everybody"):
        service.settle(session, actor, values, one, one.revision, "", NOW)
    service.settle(session, actor, values, one, one.revision, "Ill for a month.", NOW)
    service.settle(session, actor, values, one, 1, "", NOW)  # pressed twice
    assert (one.state, one.settled_at) == (RoundState.SETTLED, NOW)
    with pytest.raises(Refusal, match="activity_closed"):
        service.agree(session, team[3].actor, one, 1, NOW)
    with pytest.raises(Refusal, match="reason_needed"):
        service.reopen(session, actor, values, one, one.revision, "", NOW)
    service.reopen(session, actor, values, one, one.revision, "She is back.", NOW)
    assert one.state is RoundState.PROPOSED


def test_a_sheet_is_written_together(session, cohort, team, trainer, contribution):
    key = uuid4()
    for _ in range(2):
        service.add_line(
            session, team[0].actor, cohort, contribution, key, Side.ADDED, Circle.TEAM, "Trust", NOW
        )
    one = service.round_of(session, cohort.id, contribution.id)
    (line,) = service.lines_of(session, one)
    assert (line.text, line.person_id) == ("Trust", team[0].id)
    service.remove_line(session, trainer.actor, line, NOW)
    assert service.lines_of(session, one) == []
    assert service.find_line(session, key) is None
    with pytest.raises(Refusal, match="contribution_empty"):
        service.settle(session, trainer.actor, contribution, one, one.revision, "", NOW)
    for number in range(MOST_LINES):
        service.add_line(
            session, team[1].actor, cohort, contribution, uuid4(), Side.PRODUCED,
            Circle.OTHERS, f"Line {number}", NOW,
        )  # fmt: skip
    with pytest.raises(Refusal, match="contribution_full"):
        service.add_line(
            session, team[1].actor, cohort, contribution, uuid4(), Side.ADDED, Circle.TEAM, "x", NOW
        )
    service.settle(session, trainer.actor, contribution, one, one.revision, "", NOW)
    with pytest.raises(Refusal, match="activity_closed"):
        service.remove_line(session, team[1].actor, service.lines_of(session, one)[0], NOW)


def test_a_round_is_of_one_cohort(session, one, release, values):
    elsewhere = cohort_on(session, release, country="SN")
    stranger = person(session, "trainee.sn", cohort=elsewhere)
    assert service.round_of(session, elsewhere.id, values.id) is None
    assert service.own_list(session, one, stranger.actor) is None
    with pytest.raises(Refusal, match="activity_for_trainees"):
        service.agree(session, stranger.actor, one, 0, NOW)
