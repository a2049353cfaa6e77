"""The ledger: what counts, what remains. Pure rules, tried on invented and on random facts."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.freezing import fingerprint, freeze, thaw
from lms.assessment.rules.ledger import (
    AttestationFact,
    EntryFact,
    ExamFact,
    Facts,
    FeedbackFact,
    ObservationFact,
    RowKind,
    SupervisionFact,
    TrainingFact,
    evaluate,
)
from lms.curriculum.rules import Measure, Requirement, RequirementKind, Unit


def need(id, kind, needed, unit=Unit.COUNT, **more):
    return Requirement(id, kind, needed, unit, {"fr": id}, {"fr": id}, **more)


TOTAL = need("total", RequirementKind.PRACTICE_MINUTES, 600, Unit.MINUTES, measure=Measure.TOTAL)
DIRECT = need("direct", RequirementKind.PRACTICE_MINUTES, 300, Unit.MINUTES, measure=Measure.DIRECT)
WORKSHOPS = need(
    "workshops",
    RequirementKind.ACTIVITY,
    2,
    counts=("workshop", "citizen-meeting"),
    roles=("led",),
)
MODULES = need("modules", RequirementKind.MODULES, 2)
OBSERVED = need("observed", RequirementKind.OBSERVATION, 1)
SUPERVISION = need(
    "supervision", RequirementKind.SUPERVISION, 360, Unit.MINUTES, individual_share=50
)
HOSTS = need("hosts", RequirementKind.HOST_FEEDBACK, 2)
SWOT = need("swot", RequirementKind.ATTESTED, 1)
ALL = (MODULES, TOTAL, DIRECT, WORKSHOPS, OBSERVED, SUPERVISION, HOSTS, SWOT)


def entry(id="e1", **more):
    given = {
        "type": "participative-workshop",
        "counts_as": "workshop",
        "role": "led",
        "held_on": date(2026, 5, 1),
        "minutes_direct": 100,
        "minutes_total": 150,
        "approved": True,
    }
    return EntryFact(id, **(given | more))


def held(id, minutes, *, individual=True, on=date(2026, 5, 3)):
    return SupervisionFact(id, individual, on, minutes)


def test_nothing_counts_at_the_start():
    ledger = evaluate(ALL, Facts())
    assert [line.counted for line in ledger.lines] == [0] * 8
    assert ledger.done == 0
    assert not ledger.is_complete
    assert ledger.remaining == ledger.lines


def test_each_kind_counts_its_own():
    ledger = evaluate(
        ALL,
        Facts(
            modules=("c6-method",),
            entries=(entry(), entry("e2", role="observed"), entry("e3", counts_as="interview")),
            observations=(ObservationFact("o1", "workshop", date(2026, 5, 2)),),
            supervision=(held("s1", 60), held("s2", 45, individual=False)),
            feedback=(FeedbackFact("f1", date(2026, 5, 4)),),
            attestations=(AttestationFact("a1", "supervision", 90, date(2026, 5, 3), "minutes"),),
        ),
    )
    counted = {line.requirement: line.counted for line in ledger.lines}
    assert counted == {
        "modules": 1,
        "total": 450,
        "direct": 300,
        "workshops": 1,
        "observed": 1,
        "supervision": 195,
        "hosts": 1,
        "swot": 0,
    }
    assert [row.id for row in ledger.line("workshops").rows] == ["e1"]
    assert ledger.line("direct").done
    assert ledger.line("total").missing == 150
    assert ledger.row_ids(RowKind.ENTRY) == {"e1", "e2", "e3"}


def test_waiting_entries_are_shown_apart_and_never_counted():
    line = evaluate([TOTAL], Facts(entries=(entry(approved=False),))).lines[0]
    assert (line.counted, line.waiting, line.rows) == (0, 150, ())


def test_planned_training_waits():
    days = Requirement(
        "days", RequirementKind.TRAINING_DAYS, 4, Unit.HALF_DAYS, {"fr": "x"}, {"fr": "x"}
    )
    training = [
        TrainingFact(f"t{turn}", "Outils", date(2026, 5, turn + 1), 2, held=turn == 0)
        for turn in range(3)
    ]
    line = evaluate([days], Facts(training=training)).lines[0]
    assert (line.counted, line.waiting, [row.id for row in line.rows]) == (2, 4, ["t0"])


def test_what_is_attested_counts_and_is_shown_apart():
    facts = Facts(
        entries=(entry(),),
        attestations=(AttestationFact("a1", "total", 450, date(2026, 5, 3), "paper"),),
    )
    line = evaluate([TOTAL], facts).lines[0]
    assert (line.counted, line.attested, line.done) == (600, 450, True)


def test_half_at_most_at_ones_own_institution():
    """Domain, section 3, segregation rule 6."""
    own = tuple(entry(f"o{n}", own_institution=True) for n in range(4))
    line = evaluate([TOTAL], Facts(entries=own)).lines[0]
    assert (line.counted, line.capped, line.done) == (300, 300, False)
    line = evaluate([TOTAL], Facts(entries=(*own, entry("a"), entry("b")))).lines[0]
    assert (line.counted, line.capped, line.done) == (600, 300, True)


@pytest.mark.parametrize(
    ("share", "alone", "together", "counted"),
    [
        (50, 0, 300, 0),
        (50, 60, 300, 120),
        (50, 180, 180, 360),
        (50, 300, 60, 360),
        (75, 90, 300, 120),
        (100, 90, 300, 90),
        (0, 0, 300, 300),
    ],
)
def test_groups_count_up_to_what_leaves_individual_supervision_its_share(
    share, alone, together, counted
):
    sessions = (held("a", alone), held("b", together, individual=False))
    line = evaluate(
        [replace(SUPERVISION, individual_share=share)], Facts(supervision=sessions)
    ).lines[0]
    assert (line.counted, line.capped) == (counted, alone + together - counted)


def test_paper_neither_is_capped_nor_makes_room_for_groups():
    paper = AttestationFact("a1", "supervision", 200, date(2026, 5, 3), "paper")
    facts = Facts(supervision=(held("g", 100, individual=False),), attestations=(paper,))
    line = evaluate([SUPERVISION], facts).lines[0]
    assert (line.counted, line.attested, line.capped) == (200, 200, 100)


def test_the_cap_is_on_hours_not_on_sessions():
    own = tuple(entry(f"o{n}", own_institution=True) for n in range(2))
    assert evaluate([WORKSHOPS], Facts(entries=own)).is_complete


def test_a_programme_without_requirements_is_never_complete():
    assert not evaluate([], Facts()).is_complete


def test_a_frozen_ledger_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="format"):
        thaw({"format": 99, "lines": []})


# Whatever the facts ------------------------------------------------------------------------------

minutes = st.integers(0, 600)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@st.composite
def entries(draw):
    direct = draw(minutes)
    return EntryFact(
        id=str(draw(st.uuids())),
        type=draw(st.sampled_from(["interview", "workshop"])),
        counts_as=draw(st.sampled_from(["workshop", "citizen-meeting", "interview"])),
        role=draw(st.sampled_from(["led", "co_led", "observed"])),
        held_on=draw(days),
        minutes_direct=direct,
        minutes_total=direct + draw(minutes),
        approved=draw(st.booleans()),
        own_institution=draw(st.booleans()),
    )


facts = st.builds(
    Facts,
    modules=st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    entries=st.lists(entries(), max_size=8, unique_by=lambda e: e.id),
    observations=st.lists(
        st.builds(ObservationFact, id=st.uuids().map(str), setting=st.just("w"), observed_on=days),
        max_size=3,
        unique_by=lambda o: o.id,
    ),
    supervision=st.lists(
        st.builds(
            SupervisionFact,
            id=st.uuids().map(str),
            individual=st.booleans(),
            held_on=days,
            minutes=st.integers(1, 180),
        ),
        max_size=6,
        unique_by=lambda s: s.id,
    ),
    feedback=st.lists(
        st.builds(FeedbackFact, id=st.uuids().map(str), given_on=days),
        max_size=3,
        unique_by=lambda f: f.id,
    ),
    attestations=st.lists(
        st.builds(
            AttestationFact,
            id=st.uuids().map(str),
            requirement=st.sampled_from([r.id for r in ALL]),
            amount=st.integers(1, 500),
            attested_on=days,
            reason=st.text(max_size=20),
        ),
        max_size=4,
        unique_by=lambda a: a.id,
    ),
)


@given(facts)
def test_every_line_adds_up(facts):
    for line in evaluate(ALL, facts).lines:
        assert line.counted + line.capped == sum(row.amount for row in line.rows)
        assert line.missing == max(0, line.needed - line.counted)
        assert line.done == (line.counted >= line.needed)
        assert 0 <= line.attested <= line.counted
        assert line.capped >= 0
        assert line.waiting >= 0


@given(facts, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_come_does_not_matter(facts, random):
    mixed = replace(
        facts,
        entries=random.sample(facts.entries, len(facts.entries)),
        observations=random.sample(facts.observations, len(facts.observations)),
        supervision=random.sample(facts.supervision, len(facts.supervision)),
        feedback=random.sample(facts.feedback, len(facts.feedback)),
        attestations=random.sample(facts.attestations, len(facts.attestations)),
    )
    assert evaluate(ALL, mixed) == evaluate(ALL, facts)


@given(facts, entries())
def test_one_more_entry_never_lowers_anything(facts, one):
    before = evaluate(ALL, facts)
    after = evaluate(ALL, replace(facts, entries=[*facts.entries, one]))
    for old, new in zip(before.lines, after.lines, strict=True):
        assert new.counted >= old.counted
        if not one.approved:
            assert new == old


@given(facts, st.integers(1, 100))
def test_what_counts_of_supervision_keeps_the_individual_share(facts, share):
    need = replace(SUPERVISION, individual_share=share)
    line = evaluate([need], replace(facts, attestations=())).lines[0]
    alone = sum(s.minutes for s in facts.supervision if s.individual)
    assert alone <= line.counted
    assert line.counted * share <= alone * 100


@given(facts, st.builds(SupervisionFact, st.just("x"), st.booleans(), days, st.integers(1, 90)))
def test_one_more_session_never_lowers_anything(facts, one):
    more = replace(facts, supervision=[*facts.supervision, one])
    before, after = evaluate([SUPERVISION], facts).lines[0], evaluate([SUPERVISION], more).lines[0]
    assert after.counted >= before.counted


@given(facts)
def test_own_institution_never_carries_more_than_half(facts):
    own_only = replace(facts, entries=[e for e in facts.entries if e.own_institution])
    line = evaluate([TOTAL], replace(own_only, attestations=())).lines[0]
    assert line.counted <= line.needed // 2


@given(facts)
def test_what_is_frozen_thaws_unchanged_through_json(facts):
    ledger = evaluate(ALL, facts)
    kept = json.loads(json.dumps(freeze(ledger)))
    assert thaw(kept) == ledger
    assert fingerprint(kept) == fingerprint(freeze(ledger))


@given(facts, st.integers(1, 1000))
def test_any_change_changes_the_fingerprint(facts, more):
    kept = freeze(evaluate(ALL, facts))
    touched = json.loads(json.dumps(kept))
    touched["lines"][1]["counted"] += more
    assert fingerprint(touched) != fingerprint(kept)


def test_an_exam_counts_once_it_is_passed_and_opens_its_attempt():
    exam = need("exam", RequirementKind.EXAM, 1)
    assert evaluate([exam], Facts()).line("exam").missing == 1
    (line,) = evaluate([exam], Facts(exams=[ExamFact("attempt-1", date(2026, 5, 4))])).lines
    assert (line.counted, line.missing, line.waiting) == (1, 0, 0)
    (row,) = line.rows
    assert (row.kind, row.id, row.amount, row.on) == (
        RowKind.EXAM,
        "attempt-1",
        1,
        date(2026, 5, 4),
    )
