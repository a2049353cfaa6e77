"""Pseudonyms: what gives somebody away, what is kept, how many people were coached."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from lms.cohorts import enrolling
from lms.core.errors import Refusal
from lms.core.search import fold
from lms.fieldwork import service
from lms.fieldwork.coachees import service as coachees
from lms.fieldwork.coachees.rules import Doubt, doubt_about, suggestion
from lms.fieldwork.coachees.service import Use
from lms.fieldwork.entries import service as entries
from lms.fieldwork.rules import EntryState
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


# --- what gives somebody away ---


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("P-01", None),
        ("M-12", None),
        ("élue du quartier nord", None),
        ("Élue 3", None),
        ("Olivier-7", None),
        ("agent 2026", None),
        ("مستفيد 3", None),
        ("منتخبة الحي", None),
        ("awa@example.org", Doubt.EMAIL),
        ("0612 34 56 78", Doubt.PHONE),
        ("+212-6-61-00-11-22", Doubt.PHONE),
        ("٠٦١٢٣٤٥٦٧٨", Doubt.PHONE),
        ("Awa Diop", Doubt.NAME),
        ("N’Deye Sarr", Doubt.NAME),
        ("Maria de la Cruz", Doubt.NAME),
        ("Mme K.", Doubt.NAME),
        ("fatima", Doubt.NAME),
        ("AÏCHA", Doubt.NAME),
        ("السيد ك", Doubt.NAME),
        ("أحمد", Doubt.NAME),
        ("احمد", Doubt.NAME),
    ],
)
def test_what_gives_somebody_away(text, doubt):
    assert doubt_about(text) is doubt


@given(st.integers(1, 200))
def test_what_is_suggested_gives_nobody_away(number):
    assert doubt_about(f"P-{number:02d}") is None


@given(st.sets(st.integers(1, 30)))
def test_a_suggestion_is_free_and_the_first(numbers):
    taken = [f"p {number:02d}" for number in numbers]
    found = suggestion(taken)
    assert fold(found) not in {fold(each) for each in taken}
    assert int(found[2:]) == min(set(range(1, 32)) - numbers)


@given(st.text(max_size=60))
def test_any_text_is_judged(text):
    assert doubt_about(text) in {None, *Doubt}


# --- the list ---


@pytest.fixture
def add(session, enrolment):
    def added(pseudonym, key=None, **given):
        return coachees.add(session, enrolment, key or uuid7(), pseudonym, "", NOW, **given)

    return added


def test_the_same_pseudonym_is_the_same_person(session, enrolment, add):
    one = add("P-01")
    assert add("p_01") is one
    coachees.archive(session, one, NOW)
    assert one.archived_at == NOW
    assert add("P-01") is one
    assert one.archived_at is None
    assert add("anything", key=one.id) is one
    assert [each.pseudonym for each in coachees.of_enrolment(session, enrolment.id)] == ["P-01"]


def test_a_name_only_if_the_trainee_insists(add):
    with refused("coachee_name"):
        add("Olivier Blanc")
    assert add("Olivier Blanc", insist=True).pseudonym == "Olivier Blanc"
    for text, code in (("a@b", "coachee_email"), ("0612345678", "coachee_phone")):
        with refused(code):
            add(text, insist=True)
    for text in ("", "  ", "x" * 41):
        with refused("coachee_length"):
            add(text)


def test_people_of_another_trainee_are_not_chosen(session, placement, cohort, supervisor, add):
    other = cohorts.enrolment(session, None, cohort)
    theirs = coachees.add(session, other, uuid7(), "P-01", "", NOW)
    mine = add("P-01")
    assert fieldwork.draft(session, placement, coachees=(str(mine.id),)).coachees == [str(mine.id)]
    with refused("coachee_unknown"):
        fieldwork.draft(session, placement, coachees=(str(theirs.id),))


# --- what the ledger is told ---


def test_how_many_different_people_were_coached(session, placement, add):
    one, two, three = (str(add(f"P-0{n}").id) for n in (1, 2, 3))
    approved = EntryState.APPROVED
    fieldwork.entry(session, placement, approved, coachees=(one,), held_on=date(2026, 5, 4))
    fieldwork.entry(session, placement, approved, coachees=(one, two), held_on=date(2026, 5, 5))
    fieldwork.entry(session, placement, coachees=(three,), held_on=date(2026, 5, 6))
    key = placement.enrolment_id
    assert service.people_coached(session, [key]) == {key: 2}
    assert coachees.uses(session, key) == {one: Use(2, 180), two: Use(1, 90), three: Use(1, 90)}
    assert coachees.named(session, [one, three]) == {one: "P-01", three: "P-03"}
    assert coachees.named(session, []) == {}


def test_people_coached_before_a_transfer_go_on_counting(session, placement, cohort, add, admin):
    person = str(add("P-01").id)
    fieldwork.entry(session, placement, EntryState.APPROVED, coachees=(person,))
    target = cohorts.cohort(session)
    moved = enrolling.transfer(
        session, admin.actor, placement.enrolment, target, "Déménagement.", NOW
    )
    assert service.people_coached(session, [moved.id]) == {moved.id: 1}


def test_pseudonyms_are_in_each_version_by_key_alone(session, placement, add):
    person = add("P-07")
    entry = fieldwork.entry(session, placement, coachees=(str(person.id),))
    (version,) = entries.versions_of(session, entry)
    assert version.content["coachees"] == [str(person.id)]
    assert "P-07" not in str(version.content)
    assert "p 07" in entry.search_text
    assert entries.standing_faults(session, entry, NOW + timedelta(days=1)) == []
