"""Confirming an entry: once a link, bound to what was seen, void once it reads otherwise."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.errors import Refusal, Stale
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.content import content_of
from lms.fieldwork.entries.rules import facts_fingerprint
from lms.fieldwork.models import Signature
from lms.fieldwork.rules import EntryState, LinkPurpose, Means
from lms.fieldwork.signing import links, service
from lms.fieldwork.signing.rules import CONFIRMABLE, lifetime
from tests.factories import fieldwork
from tests.factories.cohorts import NOW
from tests.fieldwork.hosts.conftest import GIVEN

S = EntryState


def refused(code):
    return pytest.raises(Refusal, match=rf"^\('{code}'")


def reads(entry):
    return facts_fingerprint(content_of(entry))


def edit(session, trainee, entry, **fields):
    """Change what an entry says, as its author would."""
    content = replace(content_of(entry), **fields)
    entries.edit_entry(
        session, trainee, entry, entry.revision, content, "", (), (), fieldwork.files(), NOW
    )


@pytest.mark.parametrize("means", [Means.QR, Means.LINK])
def test_a_host_confirms_a_draft_once(session, placement, make, means):
    entry = fieldwork.draft(session, placement)
    link, token = make(entry, means=means)
    assert token not in link.token_hash
    found = links.open_link(session, token, NOW)
    assert found is link
    service.answer_entry(session, link, reads(entry), GIVEN, NOW)
    assert entry.host_means is means
    signature = session.scalars(select(Signature)).one()
    assert signature.fingerprint == reads(entry)
    assert signature.signer_id is None
    with refused("link_used"):
        links.open_link(session, token, NOW)
    with refused("link_used"):
        service.answer_entry(session, link, reads(entry), GIVEN, NOW)
    assert len(session.scalars(select(Signature)).all()) == 1


def test_what_is_completed_in_the_evening_leaves_the_signature(session, placement, make, trainee):
    entry = fieldwork.draft(session, placement)
    service.answer_entry(session, make(entry)[0], reads(entry), GIVEN, NOW)
    edit(session, trainee, entry, summary="Plus long.", minutes_preparation=45, stakes=())
    assert entry.host_means is Means.QR
    edit(session, trainee, entry, minutes_direct=95)
    assert entry.host_means is None
    [signature] = service.signatures_of(session, entry)
    assert signature.voided_at == NOW


def test_an_amended_entry_loses_its_host_when_its_facts_change(session, placement, make, trainee):
    entry = fieldwork.entry(session, placement, S.APPROVED)
    service.answer_entry(session, make(entry)[0], reads(entry), GIVEN, NOW)
    entries.amend(session, trainee, entry, "Erreur.", NOW)
    assert entry.host_means is Means.QR
    edit(session, trainee, entry, participants={"citizen": 12})
    assert entry.host_means is None


def test_the_closest_way_shows_and_falls_back(session, placement, make):
    entry = fieldwork.draft(session, placement)
    for means in (Means.LINK, Means.QR):
        service.answer_entry(session, make(entry, means=means)[0], reads(entry), GIVEN, NOW)
    assert entry.host_means is Means.QR
    assert service.means_of([]) is None


def test_an_objection_is_kept_and_confirms_nothing(session, placement, make):
    entry = fieldwork.draft(session, placement)
    given = replace(GIVEN, objects=True, comment="Nous étions quatre.")
    service.answer_entry(session, make(entry)[0], reads(entry), given, NOW)
    assert entry.host_means is None
    [signature] = entry.signatures
    assert (signature.objects, signature.comment) == (True, "Nous étions quatre.")
    act = session.scalars(select(AuditEntry).where(AuditEntry.action == "entry.host-object")).one()
    assert act.actor_id is None
    assert act.actor_label == f"hôte : {GIVEN.name}"


def test_what_was_changed_meanwhile_is_not_signed(session, placement, make, trainee):
    entry = fieldwork.draft(session, placement)
    link, _token = make(entry)
    seen = reads(entry)
    edit(session, trainee, entry, minutes_direct=240)
    with pytest.raises(Stale):
        service.answer_entry(session, link, seen, GIVEN, NOW)
    assert link.used_at is None


@pytest.mark.parametrize("state", [s for s in EntryState if s is not S.DELETED])
def test_states_in_which_a_host_may_confirm(session, placement, make, state):
    entry = fieldwork.entry(session, placement, state)
    link, _token = make(entry)
    if state in CONFIRMABLE:
        service.answer_entry(session, link, reads(entry), GIVEN, NOW)
        assert entry.host_means is Means.QR
    else:
        with refused("confirm_closed"):
            service.answer_entry(session, link, reads(entry), GIVEN, NOW)


@pytest.mark.parametrize(
    "missing", [{"type": ""}, {"minutes_direct": 0}, {"participants": {}}, {"placement_id": None}]
)
def test_nothing_to_confirm_yet(session, placement, missing):
    entry = fieldwork.draft(session, placement, **missing)
    with refused("confirm_incomplete"):
        service.confirmable(entry)


def test_a_deleted_draft_takes_its_links_along(session, placement, make, trainee):
    entry = fieldwork.draft(session, placement)
    _link, token = make(entry)
    entries.delete(session, trainee, entry, NOW)
    with refused("link_unknown"):
        links.open_link(session, token, NOW)


# --- links ---


@pytest.mark.parametrize("purpose", LinkPurpose)
@pytest.mark.parametrize("means", [Means.QR, Means.LINK])
def test_a_link_closes_by_itself(session, placement, make, purpose, means):
    about = fieldwork.draft(session, placement) if purpose is LinkPurpose.ENTRY else placement
    link, token = make(about, purpose, means)
    end = NOW + lifetime(purpose, means)
    assert links.open_link(session, token, end - timedelta(seconds=1)) is link
    with refused("link_expired"):
        links.open_link(session, token, end)


def test_a_link_is_cancelled_unless_answered(session, placement, make, trainee):
    entry = fieldwork.draft(session, placement)
    link, token = make(entry, means=Means.LINK)
    links.cancel(session, trainee, link, NOW)
    links.cancel(session, trainee, link, NOW + timedelta(hours=1))
    assert link.cancelled_at == NOW
    with refused("link_cancelled"):
        links.open_link(session, token, NOW)
    other, _token = make(entry)
    service.answer_entry(session, other, reads(entry), GIVEN, NOW)
    with refused("link_used"):
        links.cancel(session, trainee, other, NOW)


def test_a_new_code_closes_the_one_shown_before(session, placement, make):
    entry = fieldwork.draft(session, placement)
    _first, shown = make(entry)
    _sent, mailed = make(entry, means=Means.LINK)
    make(entry)
    with refused("link_cancelled"):
        links.open_link(session, shown, NOW)
    assert links.open_link(session, mailed, NOW)
    assert len(links.open_links(session, entry, NOW)) == 2


def test_nobody_makes_links_without_end(session, placement, make):
    entry = fieldwork.draft(session, placement)
    for _ in range(links.MAKE_LIMIT.tries):
        make(entry)
    with refused("throttled"):
        make(entry)
    make(entry, now=NOW + links.MAKE_LIMIT.window + timedelta(minutes=1))


@pytest.mark.parametrize("token", ["", "x", "a" * 22, "é" * 22, "'; drop table", "\ud800"])
def test_a_token_that_was_never_given(session, token):
    with refused("link_unknown"):
        links.open_link(session, token, NOW)
