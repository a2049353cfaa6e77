"""Pages of a team over HTTP: private lists stay private, the charter is agreed and printed."""

from uuid import uuid4

import pytest

from lms.core import clock
from lms.learning.activities import service
from lms.learning.activities import values as written
from lms.learning.activities.rules import RoundState
from tests.factories import people as factory
from tests.learning.activities.test_service import LISTS
from tests.learning.conftest import NOW, enrol
from tests.learning.test_routes import post
from tests.pages import counted
from tests.people import person

CANARY = "Zzcanari"


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def values(cohort):
    return f"/cohorts/{cohort.id}/activities/c6-values"


@pytest.fixture
def sheet(cohort):
    return f"/cohorts/{cohort.id}/activities/c6-contribution"


def five(words):
    return {f"value_{number}": word for number, word in enumerate(words, start=1)}


def write(client, place, words):
    return post(client, f"{place}/values", "/sign-out", **five(words))


def lead(client, place, act, **data):
    return post(client, f"{place}/lead", "/sign-out", act=act, **data)


def revision(session, cohort):
    session.expire_all()
    return service.round_of(session, cohort.id, "c6-values").revision


def test_values_become_a_charter(session, browse, team, trainer, cohort, values):
    desk, people = browse(trainer), [browse(one) for one in team]
    lists = [[CANARY, *LISTS[0][1:]], *LISTS[1:]]
    for number, (client, words) in enumerate(zip(people, lists, strict=False)):
        assert f"{values}/lead" not in desk.get(values).text or number >= 3
        assert write(client, values, words).status_code == 303
    assert CANARY in people[0].get(values).text
    for other in (desk, people[1], people[3], browse(person(session, "auditor"))):
        assert CANARY not in other.get(values).text

    assert lead(desk, values, "close", version=revision(session, cohort)).status_code == 303
    assert write(people[3], values, LISTS[0]).status_code == 409
    shown = people[3].get(values).text
    assert CANARY in shown, "the tally names values, never people"
    assert team[0].name not in shown.partition('id="tally"')[2].partition("</section>")[0]
    bad = lead(desk, values, "merge", version=revision(session, cohort), name="joie", into="joie")
    assert bad.status_code == 422
    good = {"name": "bravoure", "into": "patience", "version": revision(session, cohort)}
    assert lead(desk, values, "merge", **good).status_code == 303

    first = revision(session, cohort)
    assert lead(desk, values, "charter", version=first, charter="").status_code == 422
    assert lead(desk, values, "charter", version=first, charter="Écouter.").status_code == 303
    stale = lead(desk, values, "charter", version=first, charter="Écouter d’abord.")
    assert (stale.status_code, "Écouter d’abord." in stale.text) == (409, True)
    agree = f"{values}/agree"
    assert post(people[0], agree, values, version=7).status_code == 409
    for client in people:
        assert post(client, agree, values, version=1).status_code == 303
    assert lead(desk, values, "settle", version=revision(session, cohort)).status_code == 303
    printed = people[2].get(f"{values}/print").text
    assert "Écouter." in printed
    assert all(one.name in printed for one in team)
    assert lead(desk, values, "reopen", version=revision(session, cohort)).status_code == 422
    again = {"version": revision(session, cohort), "reason": "Une phrase manque."}
    assert lead(desk, values, "reopen", **again).status_code == 303
    assert service.round_of(session, cohort.id, "c6-values").state is RoundState.PROPOSED


def test_four_values_are_refused_and_kept_on_the_page(browse, team, values):
    answer = write(browse(team[0]), values, ["Écoute", "Joie", "Foi", "Paix", ""])
    assert (answer.status_code, "Écoute" in answer.text) == (422, True)
    answer = write(browse(team[0]), values, ["Écoute", "Joie", "Foi", "Paix", "écoute"])
    assert answer.status_code == 422


def test_too_few_lists_are_not_counted(session, browse, team, trainer, cohort, values):
    desk = browse(trainer)
    for one, words in zip(team[:2], LISTS, strict=False):
        write(browse(one), values, words)
    answer = post(
        desk, f"{values}/lead", "/sign-out", act="close", version=revision(session, cohort)
    )
    assert answer.status_code == 422
    assert service.round_of(session, cohort.id, "c6-values").tally == []


def test_a_sheet_is_written_closed_and_printed(session, browse, team, trainer, cohort, sheet):
    mine, other, desk = browse(team[0]), browse(team[1]), browse(trainer)
    key = str(uuid4())
    line = {"record_id": key, "side": "added", "circle": "territory", "text": "Une carte."}
    for _ in range(2):
        assert post(mine, f"{sheet}/lines", sheet, **line).status_code == 303
    assert other.get(sheet).text.count("Une carte.") == 1, "seen, not to be removed"
    assert post(other, f"/cohorts/activities/lines/{key}/remove", sheet).status_code == 403
    bare = line | {"record_id": str(uuid4()), "side": "", "text": ""}
    assert post(mine, f"{sheet}/lines", sheet, **bare).status_code == 422
    assert "Une carte." in mine.get(f"{sheet}/print").text
    assert lead(desk, sheet, "settle", version=1).status_code == 303
    late = line | {"record_id": str(uuid4())}
    assert post(mine, f"{sheet}/lines", "/sign-out", **late).status_code == 409
    assert post(desk, f"/cohorts/activities/lines/{key}/remove", "/sign-out").status_code == 409


def test_who_comes_in(session, browse, team, trainer, cohort, values):
    base = f"/cohorts/{cohort.id}/activities"
    assert values in browse(team[0]).get(base).text
    stranger = browse(person(session, "trainee.sn"))
    assert [stranger.get(place).status_code for place in (base, values)] == [404, 404]
    assert browse(team[0]).get(f"{base}/c6-x1").status_code == 404, "that one is not a team's"
    assert lead(browse(team[0]), values, "close").status_code == 403
    assert write(browse(trainer), f"{values}", LISTS[0]).status_code == 403
    assert browse(trainer).get(f"{values}/print").status_code == 302
    assert post(browse(trainer), f"{values}/lead", "/sign-out", act="dance").status_code == 409


def test_a_charter_costs_the_same_for_four_and_for_twelve(
    session, browse, team, trainer, cohort, values, release
):
    exercise = release.content.exercises["c6-values"]
    for one, words in zip(team, LISTS, strict=False):
        written.write_list(session, one.actor, cohort, exercise, words, NOW)
    one = service.round_of(session, cohort.id, "c6-values")
    written.close(session, trainer.actor, one, one.revision, NOW)
    written.propose(session, trainer.actor, one, one.revision, "Écouter.", NOW)
    desk, costs = browse(trainer), []
    for more in (0, 8):
        for _ in range(more):
            enrol(session, factory.person(session), cohort)
        desk.get(values)
        with counted() as statements:
            desk.get(values)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 9
