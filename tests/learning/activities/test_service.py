"""A team's values and its contribution, on a real database."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.learning.activities import contribution, service, values
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
def charter(release):
    return release.content.exercises["c6-values"]


@pytest.fixture
def sheet(release):
    return release.content.exercises["c6-contribution"]


@pytest.fixture
def one(session, cohort, team, charter):
    """A round with three lists."""
    for who, words in zip(team, LISTS, strict=False):
        values.write_list(session, who.actor, cohort, charter, words, NOW)
    return service.round_of(session, cohort.id, charter.id)


@pytest.fixture
def proposed(session, one, trainer):
    values.close(session, trainer.actor, one, one.revision, NOW)
    values.propose(session, trainer.actor, one, one.revision, "We listen.", NOW)
    return one


def test_a_list_is_kept_once_and_read_by_its_author_only(session, cohort, team, charter, one):
    mine = values.own_list(session, one, team[0].actor)
    assert mine.words == LISTS[0]
    values.write_list(session, team[0].actor, cohort, charter, LISTS[0], NOW)
    values.write_list(session, team[0].actor, cohort, charter, LISTS[1], NOW)
    assert values.own_list(session, one, team[0].actor).words == LISTS[1]
    assert values.own_list(session, one, team[3].actor) is None
    assert values.number_of_lists(session, one) == len(session.scalars(select(ValueList)).all())
    assert one.tally == []


def test_only_trainees_of_the_cohort_write(session, cohort, charter, trainer):
    with pytest.raises(Refusal, match="activity_for_trainees"):
        values.write_list(session, trainer.actor, cohort, charter, LISTS[0], NOW)
    assert session.scalars(select(TeamRound)).all() == []


def test_fewer_than_three_lists_wait(session, cohort, team, charter, trainer):
    for who, words in zip(team[:2], LISTS, strict=False):
        values.write_list(session, who.actor, cohort, charter, words, NOW)
    one = service.round_of(session, cohort.id, charter.id)
    with pytest.raises(Refusal, match="values_too_few_lists"):
        values.close(session, trainer.actor, one, one.revision, NOW)
    assert (one.state, one.tally) == (RoundState.COLLECTING, [])


def test_the_tally_folds_spellings_and_is_merged(session, cohort, team, charter, one, trainer):
    with pytest.raises(Stale):
        values.close(session, trainer.actor, one, 99, NOW)
    values.close(session, trainer.actor, one, one.revision, NOW)
    values.close(session, trainer.actor, one, 1, NOW)  # pressed twice
    rows = values.counted(one)
    assert [row.number for row in rows][:4] == [3, 2, 2, 2]
    with pytest.raises(Refusal, match="activity_closed"):
        values.write_list(session, team[3].actor, cohort, charter, LISTS[0], NOW)
    values.merge(session, trainer.actor, one, one.revision, "bravoure", "courage", NOW)
    assert {row.key: row.number for row in values.counted(one)}["courage"] == 2
    with pytest.raises(Stale):
        values.merge(session, trainer.actor, one, 1, "foi", "paix", NOW)
    said = session.scalars(select(AuditEntry).where(AuditEntry.action == "teamround.merge")).one()
    assert said.details == {"value": "Bravoure", "into": "Courage"}


def test_another_text_asks_everybody_again(session, team, trainer, proposed):
    one = proposed
    for who in team:
        values.agree(session, who.actor, one, 1, NOW)
        values.agree(session, who.actor, one, 1, NOW)
    assert all(each.agreed_at for each in values.signers(session, one))
    with pytest.raises(Stale):
        values.propose(session, trainer.actor, one, 1, "We listen first.", NOW)
    values.propose(session, trainer.actor, one, one.revision, "We listen first.", NOW)
    assert not any(each.agreed_at for each in values.signers(session, one))
    with pytest.raises(Stale):
        values.agree(session, team[0].actor, one, 1, NOW)


def test_final_when_everybody_has_agreed_or_with_a_reason(
    session, team, trainer, proposed, charter
):
    one, actor = proposed, trainer.actor
    with pytest.raises(Refusal, match="charter_not_everybody"):
        values.settle(session, actor, one, one.revision, "Nobody yet.", NOW)
    for who in team[:3]:
        values.agree(session, who.actor, one, 1, NOW)
    with pytest.raises(Refusal, match="charter_not_everybody"):
        values.settle(session, actor, one, one.revision, "", NOW)
    values.settle(session, actor, one, one.revision, "Ill for a month.", NOW)
    values.settle(session, actor, one, 1, "", NOW)  # pressed twice
    assert (one.state, one.settled_at) == (RoundState.SETTLED, NOW)
    with pytest.raises(Refusal, match="activity_closed"):
        values.agree(session, team[3].actor, one, 1, NOW)
    with pytest.raises(Refusal, match="reason_needed"):
        service.reopen(session, actor, charter, one, one.revision, "", NOW)
    service.reopen(session, actor, charter, one, one.revision, "She is back.", NOW)
    assert one.state is RoundState.PROPOSED


def test_a_sheet_is_written_together(session, cohort, team, trainer, sheet):
    key = uuid4()
    for _ in range(2):
        contribution.add_line(
            session, team[0].actor, cohort, sheet, key, Side.ADDED, Circle.TEAM, "Trust", NOW
        )
    one = service.round_of(session, cohort.id, sheet.id)
    (line,) = contribution.lines_of(session, one)
    assert (line.text, line.person_id) == ("Trust", team[0].id)
    contribution.remove_line(session, trainer.actor, line, NOW)
    assert contribution.lines_of(session, one) == []
    assert contribution.find_line(session, key) is None
    with pytest.raises(Refusal, match="contribution_empty"):
        contribution.settle(session, trainer.actor, one, one.revision, "", NOW)
    for number in range(MOST_LINES):
        contribution.add_line(
            session, team[1].actor, cohort, sheet, uuid4(), Side.PRODUCED,
            Circle.OTHERS, f"Line {number}", NOW,
        )  # fmt: skip
    with pytest.raises(Refusal, match="contribution_full"):
        contribution.add_line(
            session, team[1].actor, cohort, sheet, uuid4(), Side.ADDED, Circle.TEAM, "x", NOW
        )
    contribution.settle(session, trainer.actor, one, one.revision, "", NOW)
    with pytest.raises(Refusal, match="activity_closed"):
        contribution.remove_line(
            session, team[1].actor, contribution.lines_of(session, one)[0], NOW
        )


def test_a_round_is_of_one_cohort(session, one, release, charter):
    elsewhere = cohort_on(session, release, country="SN")
    stranger = person(session, "trainee.sn", cohort=elsewhere)
    assert service.round_of(session, elsewhere.id, charter.id) is None
    assert values.own_list(session, one, stranger.actor) is None
    with pytest.raises(Refusal, match="activity_for_trainees"):
        values.agree(session, stranger.actor, one, 0, NOW)
