"""Three parties sign the same words; a change voids what was signed; the third makes it agreed."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from lms.core.errors import Refusal, Stale
from lms.core.files import Upload
from lms.fieldwork.placements import agreement
from lms.fieldwork.placements import service as placements
from lms.fieldwork.placements.service import PlacementData
from lms.fieldwork.rules import LinkPurpose, Means, Party, PlacementState
from tests.factories import fieldwork
from tests.factories.cohorts import NOW
from tests.fieldwork.hosts.conftest import GIVEN

P = PlacementState
SCAN = Upload("convention.pdf", "application/pdf", fieldwork.PDF)


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


@pytest.fixture
def proposed(session, enrolment, supervisor):
    made = fieldwork.placement(session, enrolment, supervisor, state=P.PROPOSED)
    agreement.declare(session, enrolment.person.actor, made, 1, "", NOW)
    return made


@pytest.fixture
def signs(session, proposed, trainee, supervisor, make):
    """Call it with a party for its signature."""

    def signed(party):
        seen = agreement.fingerprint_of(proposed)
        if party is Party.HOST:
            link, _token = make(proposed, LinkPurpose.AGREEMENT)
            agreement.answer(session, link, seen, GIVEN, NOW)
        else:
            who = trainee if party is Party.TRAINEE else supervisor.actor
            agreement.sign(session, who, proposed, seen, party, NOW)

    return signed


def standing(session, placement):
    return agreement.standing(agreement.signatures_of(session, placement))


@pytest.mark.parametrize("order", list(permutations(Party)))
def test_agreed_with_the_third_signature_in_any_order(session, proposed, signs, order):
    for party in order[:2]:
        signs(party)
    assert proposed.state is P.PROPOSED
    signs(order[2])
    assert proposed.state is P.AGREED
    assert set(standing(session, proposed)) == set(Party)


def test_signing_twice_is_signing_once(session, proposed, signs):
    signs(Party.TRAINEE)
    signs(Party.TRAINEE)
    assert len(agreement.signatures_of(session, proposed)) == 1


def data_of(placement, **fields):
    names = PlacementData.__dataclass_fields__
    return replace(PlacementData(**{n: getattr(placement, n) for n in names}), **fields)


CHANGES = [
    {"host": "Région de l’Oriental"}, {"territory": "Jerada"}, {"starts_on": date(2026, 3, 1)},
    {"ends_on": date(2026, 11, 1)}, {"own_institution": True}, {"consent_note": "Convention 12."},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_any_change_of_the_words_voids_what_was_signed(session, proposed, signs, admin, change):
    signs(Party.TRAINEE)
    signs(Party.HOST)
    data = data_of(proposed, **change)
    placements.edit(session, admin.actor, proposed, proposed.revision, data, NOW)
    assert standing(session, proposed) == {}
    signs(Party.CENTRE)
    assert proposed.state is P.PROPOSED


def test_what_is_not_agreed_upon_may_change(session, proposed, signs, admin):
    signs(Party.TRAINEE)
    data = data_of(proposed, host_contact="M. Alaoui, 0612345678")
    placements.edit(session, admin.actor, proposed, proposed.revision, data, NOW)
    assert set(standing(session, proposed)) == {Party.TRAINEE}


def test_another_supervisor_or_another_declaration_voids_too(
    session, proposed, signs, trainee, cohort, admin
):
    signs(Party.HOST)
    agreement.declare(session, trainee, proposed, proposed.revision, "Mon oncle est élu.", NOW)
    assert standing(session, proposed) == {}
    signs(Party.HOST)
    agreement.declare(session, trainee, proposed, proposed.revision, "Mon oncle est élu.", NOW)
    assert set(standing(session, proposed)) == {Party.HOST}
    with pytest.raises(Stale):
        agreement.declare(session, trainee, proposed, proposed.revision - 1, "", NOW)


def test_nothing_is_signed_before_everything_is_said(session, enrolment, supervisor, trainee):
    bare = fieldwork.placement(session, enrolment, None, state=P.PROPOSED)
    with refused("agreement_without_supervisor"):
        agreement.signable(bare)
    bare.supervisor = supervisor
    session.flush()
    with refused("agreement_interests_first"):
        agreement.signable(bare)
    over = fieldwork.placement(session, enrolment, supervisor, state=P.ENDED)
    with refused("agreement_closed"):
        agreement.signable(over)


def test_what_was_changed_meanwhile_is_not_signed(session, proposed, trainee):
    with pytest.raises(Stale):
        agreement.sign(session, trainee, proposed, "0" * 64, Party.TRAINEE, NOW)


def test_a_host_who_objects_signs_nothing(session, proposed, signs, make):
    signs(Party.TRAINEE)
    signs(Party.CENTRE)
    link, _token = make(proposed, LinkPurpose.AGREEMENT, Means.LINK)
    given = replace(GIVEN, objects=True, comment="Les dates sont fausses.")
    agreement.answer(session, link, agreement.fingerprint_of(proposed), given, NOW)
    assert proposed.state is P.PROPOSED
    assert Party.HOST not in standing(session, proposed)


def test_the_host_signs_on_paper(session, proposed, signs, trainee):
    signs(Party.TRAINEE)
    signs(Party.CENTRE)
    agreement.sign_on_paper(
        session, trainee, proposed, agreement.fingerprint_of(proposed), "M. Alaoui", "Président",
        SCAN, fieldwork.files(), NOW,
    )  # fmt: skip
    assert proposed.state is P.AGREED
    host = standing(session, proposed)[Party.HOST]
    assert (host.means, host.signer_name) == (Means.PAPER, "M. Alaoui")
    assert host.file_id is not None


def test_an_administrator_stands_by_a_paper(session, enrolment, supervisor, admin):
    bare = fieldwork.placement(session, enrolment, supervisor, state=P.PROPOSED)
    files = fieldwork.files()
    with refused("reason_needed"):
        agreement.agree_on_paper(session, admin.actor, bare, "", SCAN, files, NOW)
    words = "Convention signée au centre."
    agreement.agree_on_paper(session, admin.actor, bare, words, SCAN, files, NOW)
    assert bare.state is P.AGREED
    assert standing(session, bare)[Party.CENTRE].comment == words
    with refused("illegal_transition"):
        agreement.agree_on_paper(session, admin.actor, bare, words, SCAN, files, NOW)
