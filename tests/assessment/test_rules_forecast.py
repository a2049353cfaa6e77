"""Forecast and shortfall: said from counted rows, honest where there is too little to tell."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.forecast import (
    HORIZON,
    Forecast,
    Outlook,
    Risk,
    Span,
    Yardstick,
    forecast,
    prospect,
    shortfall,
)
from lms.assessment.rules.ledger import (
    AttestationFact,
    EntryFact,
    Facts,
    SupervisionFact,
    evaluate,
)
from lms.assessment.rules.standing import Standing, Standings, standings, window_start
from lms.curriculum.rules import Measure, Requirement, RequirementKind, Unit

TODAY = date(2026, 11, 22)
SPAN = Span(date(2026, 6, 1), date(2027, 6, 30))


def need(id, kind, needed, unit=Unit.MINUTES, **more):
    return Requirement(id, kind, needed, unit, {"fr": id}, {"fr": id}, **more)


TOTAL = need("total", RequirementKind.PRACTICE_MINUTES, 9000, measure=Measure.TOTAL)
SUPERVISION = need("supervision", RequirementKind.SUPERVISION, 900, individual_share=50)
WORKSHOPS = need("workshops", RequirementKind.ACTIVITY, 4, Unit.COUNT, counts=("workshop",))
ALL = (TOTAL, SUPERVISION, WORKSHOPS)


def standing(counted=0, recent=0, rows=9, needed=9000, waiting=0):
    return Standing(
        "total", RequirementKind.PRACTICE_MINUTES, Unit.MINUTES, needed, counted, waiting, recent,
        rows,
    )  # fmt: skip


def practice(days_ago, minutes=600, id="", **more):
    return EntryFact(
        id or f"e{days_ago}", "workshop", "workshop", "led", TODAY - timedelta(days=days_ago),
        minutes, minutes, **({"approved": True} | more),
    )  # fmt: skip


def seen(facts, span=SPAN, today=TODAY, needs=ALL):
    found = standings(needs, evaluate(needs, facts), today)
    return prospect(needs, found, span, today)


@pytest.mark.parametrize(
    ("given", "outlook", "on"),
    [
        (standing(9000), Outlook.DONE, None),
        # 2,400 minutes in 8 weeks, 4,800 to go: 16 weeks
        (standing(4200, 2400), Outlook.IN_TIME, TODAY + timedelta(weeks=16)),
        (standing(600, 600), Outlook.TOO_LATE, TODAY + timedelta(weeks=112)),
        (standing(60, 60), Outlook.TOO_LATE, None),
        (standing(4200, 0, rows=0), Outlook.STANDSTILL, None),
        (standing(4200, 0, rows=5), Outlook.STANDSTILL, None),
        (standing(600, 600, rows=1), Outlook.TOO_EARLY, None),
    ],
)
def test_what_can_be_said(given, outlook, on):
    found = forecast(given, SPAN, TODAY)
    assert (found.outlook, found.on) == (outlook, on)


DAYS = need("days", RequirementKind.TRAINING_DAYS, 10, Unit.HALF_DAYS)


@pytest.mark.parametrize(
    ("counted", "waiting", "today", "outlook"),
    [
        (10, 0, TODAY, Outlook.DONE),
        (4, 6, TODAY, Outlook.PLANNED),
        (4, 5, TODAY, Outlook.TOO_FEW),
        (0, 0, SPAN.begins_on, Outlook.TOO_FEW),
        (4, 6, SPAN.ends_on + timedelta(1), Outlook.OVER),
    ],
)
def test_days_go_by_a_timetable(counted, waiting, today, outlook):
    line = Standing("days", DAYS.kind, DAYS.unit, 10, counted, waiting)
    found = prospect([DAYS], Standings((line,)), SPAN, today)
    assert found.forecasts == {"days": Forecast(outlook)}


def test_a_timetable_keeps_nothing_from_being_told():
    """What has a pace is told, however few days are planned; no risk comes of that."""
    lines = (standing(4200, 2400), Standing("days", DAYS.kind, DAYS.unit, 10, 0))
    found = prospect([TOTAL, DAYS], Standings(lines), SPAN, TODAY)
    assert found.last == found.forecasts["total"]
    assert found.risks == ()


def test_nothing_is_told_in_the_first_three_weeks():
    begun = Span(TODAY - timedelta(days=20), SPAN.ends_on)
    assert forecast(standing(3000, 3000), begun, TODAY).outlook is Outlook.TOO_EARLY
    begun = replace(begun, begins_on=TODAY - timedelta(days=21))
    assert forecast(standing(3000, 3000), begun, TODAY).on == TODAY + timedelta(days=42)


def test_someone_who_has_just_begun_does_not_stand_still():
    begun = Span(TODAY - timedelta(days=30), SPAN.ends_on)
    assert forecast(standing(0, 0, rows=0), begun, TODAY).outlook is Outlook.TOO_EARLY


def test_after_the_cohort_there_is_no_forecast():
    over = Span(date(2025, 1, 1), TODAY - timedelta(days=1))
    assert forecast(standing(4200, 2400), over, TODAY).outlook is Outlook.OVER
    assert seen(Facts(), over).risks[0] is Risk.OVERDUE


def test_what_waits_is_no_pace():
    approved = [practice(5), practice(12), practice(30)]
    waiting = [practice(1, approved=False), practice(2, approved=False)]
    before = seen(Facts(entries=approved)).forecasts["total"]
    assert seen(Facts(entries=[*approved, *waiting])).forecasts["total"] == before


def test_paper_counts_but_is_no_pace():
    paper = AttestationFact("a", "total", 3000, TODAY - timedelta(days=3), "paper")
    found = seen(Facts(attestations=(paper,))).forecasts["total"]
    assert found.outlook is Outlook.STANDSTILL


def test_what_a_cap_takes_away_is_no_pace():
    own = [practice(days, 1500, own_institution=True) for days in (3, 10, 17, 24, 80)]
    found = seen(Facts(entries=own)).forecasts["total"]
    # 1,500 of the 4,500 that may count lie before the window: 3,000 in 8 weeks, 4,500 to go
    assert found.on == TODAY + timedelta(weeks=12)


@pytest.mark.parametrize(
    ("practised", "supervised", "elapsed", "expected"),
    [
        (40, 10, 0, (10, 40, Yardstick.PRACTICE, 270)),
        (40, 20, 0, None),
        (40, 19, 0, (19, 40, Yardstick.PRACTICE, 189)),
        (20, 0, 10, None),
        (10, 10, 60, (10, 60, Yardstick.TIME, 450)),
        (10, 30, 60, None),
        (100, 60, 100, None),
    ],
)
def test_supervision_that_falls_behind_is_seen_early(practised, supervised, elapsed, expected):
    """Practice at 40 % and supervision at 10 % is a warning."""
    found = Standings(
        (
            replace(standing(), counted=90 * practised),
            Standing("supervision", RequirementKind.SUPERVISION, Unit.MINUTES, 900, 9 * supervised),
        )
    )
    span = Span(TODAY - timedelta(days=elapsed), TODAY + timedelta(days=100 - elapsed))
    short = shortfall(ALL, found, span, TODAY)
    assert (short and (short.share, short.due, short.by, short.short)) == expected


def test_no_risk_once_everything_is_met():
    paper = [AttestationFact(n.id, n.id, n.needed, TODAY, "paper") for n in ALL]
    found = seen(Facts(attestations=paper), Span(date(2024, 1, 1), date(2025, 1, 1)))
    assert found.risks == ()
    assert found.shortfall is None


def test_the_whole_is_told_only_if_every_part_can_be():
    entries = [practice(days) for days in (3, 10, 20)]
    held = [SupervisionFact(f"s{n}", True, TODAY - timedelta(days=n), 60) for n in (4, 11, 18, 25)]
    assert seen(Facts(entries=entries)).last is None
    whole = seen(Facts(entries=entries, supervision=held))
    assert whole.last == whole.forecasts["total"]
    assert whole.risks == (Risk.PACE,)


# Whatever the figures ----------------------------------------------------------------------------

amounts = st.integers(0, 20_000)
dates = st.dates(date(2024, 1, 1), date(2030, 1, 1))
spans = st.builds(lambda a, n: Span(a, a + timedelta(days=n)), dates, st.integers(0, 1500))
figures = st.builds(
    lambda counted, recent, rows: standing(counted, min(recent, counted), rows),
    amounts,
    amounts,
    st.integers(0, 30),
)


@given(figures, spans, dates)
def test_a_date_is_never_past_nor_beyond_what_can_be_told(given, span, today):
    found = forecast(given, span, today)
    if found.on is not None:
        assert today < found.on <= today + HORIZON
        assert (found.outlook is Outlook.IN_TIME) == (found.on <= span.ends_on)
    else:
        assert found.outlook is not Outlook.IN_TIME
    assert (found.outlook is Outlook.DONE) == (given.counted >= given.needed)


@given(figures, spans, dates, st.integers(1, 5000))
def test_more_work_is_never_told_to_take_longer(given, span, today, more):
    before = forecast(given, span, today)
    busier = replace(given, counted=given.counted + more, recent=given.recent + more)
    after = forecast(busier, span, today)
    if before.on is not None and after.on is not None:
        assert after.on <= before.on


@given(spans, dates, dates)
def test_time_only_goes_forward(span, one, other):
    first, second = sorted((one, other))
    assert 0 <= span.share(first) <= span.share(second) <= 100


@given(st.integers(0, 9000), st.integers(0, 900), spans, dates, st.integers(1, 900))
def test_more_supervision_never_makes_a_shortfall(practised, supervised, span, today, more):
    def short(minutes):
        line = Standing("supervision", RequirementKind.SUPERVISION, Unit.MINUTES, 900, minutes)
        return shortfall(ALL, Standings((standing(practised), line)), span, today)

    if short(supervised) is None:
        assert short(supervised + more) is None
    else:
        assert short(supervised).short > 0


@given(
    st.lists(
        st.builds(practice, st.integers(0, 300), st.integers(1, 900), st.uuids().map(str)),
        max_size=12,
    )
)
def test_recent_growth_is_part_of_what_counts(entries):
    found = standings(ALL, evaluate(ALL, Facts(entries=entries)), TODAY)
    for line in found.lines:
        assert 0 <= line.recent <= line.counted
    total = found.line("total")
    assert total.recent == sum(e.minutes_total for e in entries if e.held_on > window_start(TODAY))
