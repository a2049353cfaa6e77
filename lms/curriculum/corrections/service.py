"""A correction's life: written, proposed, decided; and made part of a new release."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Late, Refusal, Stale
from lms.core.files import FileStore
from lms.core.transitions import advance, target
from lms.curriculum import service as curriculum
from lms.curriculum.corrections import checking, telling
from lms.curriculum.corrections.checking import Change
from lms.curriculum.corrections.models import HIDDEN, Correction
from lms.curriculum.corrections.rules import (
    OPEN,
    TRANSITIONS,
    CorrectionEvent,
    CorrectionKind,
    CorrectionState,
    Standing,
)
from lms.curriculum.release import Release
from lms.curriculum.rules import Text
from lms.policy.actor import Actor, Role


@dataclass(frozen=True)
class Base:
    """A release with the files that it was made from."""

    release: Release
    files: Mapping[str, bytes]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which everything must be said."""
        return self.release.languages


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to change, before it is kept."""

    kind: CorrectionKind
    subject: str
    lesson: str
    title: Text
    content: Mapping[str, Any]
    why: str
    file_id: UUID | None = None


# Finding ---------------------------------------------------------------------------------------


def find_correction(session: AnySession, correction_id: UUID) -> Correction | None:
    """A correction by key."""
    return session.get(Correction, correction_id)


def visible_to(actor: Actor) -> Select[Any]:
    """Corrections that the actor may see: their own, and what others have handed in."""
    rows: list[ColumnElement[bool]] = [false()]
    if actor.has(Role.PROGRAMME_ADMIN) or actor.has(Role.AUDITOR):
        rows.append(or_(Correction.decided_at.is_not(None), Correction.state.not_in(HIDDEN)))
    if actor.has(Role.PROGRAMME_ADMIN) or actor.has(Role.TRAINER):
        rows.append(Correction.person_id == actor.person_id)
    return select(Correction).where(or_(*rows))


def waiting(session: AnySession, actor: Actor) -> list[Correction]:
    """What is still open and visible to the actor, oldest first."""
    query = visible_to(actor).where(Correction.state.in_(OPEN)).order_by(Correction.id)
    return list(session.scalars(query).unique())


def accepted(session: AnySession) -> list[Correction]:
    """What the next release may hold, oldest first."""
    query = select(Correction).where(Correction.state == CorrectionState.ACCEPTED)
    return list(session.scalars(query.order_by(Correction.id)).unique())


def published_in(session: AnySession, actor: Actor, release_id: str) -> list[Correction]:
    """What the actor may see of the corrections in a release, oldest first."""
    query = visible_to(actor).where(Correction.published_id == release_id)
    return list(session.scalars(query.order_by(Correction.id)).unique())


def base(session: AnySession, key: str | None = None) -> Base:
    """A release with its files, by default the one published last.

    Raises Refusal: nothing_published, release_without_files.
    """
    key = key or curriculum.current_id(session)
    if key is None:
        raise Refusal("nothing_published")
    return Base(curriculum.release(session, key), curriculum.files_of(session, key))


def change_of(correction: Correction, store: FileStore | None = None) -> Change:
    """What a correction does; the bytes of a handout only where a store is given."""
    data = store.get(correction.file.sha256) if store and correction.file else b""
    return Change(correction.kind, correction.subject, correction.lesson, correction.content, data)


def standing(session: AnySession, correction: Correction, now: Base) -> Standing:
    """How a correction stands to what is published now."""
    if correction.release_id == now.release.id:
        return Standing.SAME
    then = curriculum.files_of(session, correction.release_id)
    return checking.standing(change_of(correction), then, now.files, now.languages)


# Writing ---------------------------------------------------------------------------------------


def begin(
    session: AnySession, actor: Actor, key: UUID, wanted: Wanted, release_id: str, now: datetime
) -> Correction:
    """A draft, on the release that its author had before them.

    The same key begins once: sent again with other words, by the way back in a browser, it is
    written anew while it is a draft. Raises Refusal: correction_of_another, correction_begun.
    """
    known = session.get(Correction, key)
    if known is not None:
        _again(session, actor, known, wanted, release_id, now)
        return known
    if actor.person_id is None:
        raise PermissionError("nobody corrects")
    made = Correction(
        id=key,
        kind=wanted.kind,
        subject=wanted.subject,
        lesson=wanted.lesson,
        title=dict(wanted.title),
        release_id=release_id,
        person_id=actor.person_id,
        state=CorrectionState.DRAFT,
        content=dict(wanted.content),
        why=wanted.why,
        file_id=wanted.file_id,
        revision=1,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "correction.begin", made, now=now, after=made.state.value)
    return made


def _again(
    session: AnySession,
    actor: Actor,
    known: Correction,
    wanted: Wanted,
    release_id: str,
    now: datetime,
) -> None:
    if known.person_id != actor.person_id:
        raise Refusal("correction_of_another")
    if (known.content, known.why) == (wanted.content, wanted.why):
        return
    if known.state is not CorrectionState.DRAFT:
        raise Late("correction_begun", state=known.state)
    known.subject, known.file_id = wanted.subject, wanted.file_id
    save(session, actor, known, known.revision, wanted.content, wanted.why, release_id, now)


def save(
    session: AnySession,
    actor: Actor,
    correction: Correction,
    seen: int,
    content: Mapping[str, Any],
    why: str,
    release_id: str,
    now: datetime,
) -> None:
    """Another wording, on the release that its author had before them now."""
    _unchanged(correction, seen)
    if correction.state is not CorrectionState.DRAFT:
        raise Late("illegal_transition", state=correction.state)
    correction.content, correction.why = dict(content), why
    correction.release_id = release_id
    _touch(correction, now)
    session.flush()
    audit.record(session, actor, "correction.edit", correction, now=now)


def propose(
    session: AnySession, actor: Actor, correction: Correction, seen: int, now: datetime
) -> None:
    """Hand it in; it must fit what is published now, and change something."""
    _unchanged(correction, seen)
    _fits(session, correction)
    _advance(session, actor, correction, CorrectionEvent.PROPOSE, now)


def rework(
    session: AnySession, actor: Actor, correction: Correction, seen: int, now: datetime
) -> None:
    """Take it back to write on."""
    _unchanged(correction, seen)
    _advance(session, actor, correction, CorrectionEvent.REWORK, now)


def withdraw(
    session: AnySession, actor: Actor, correction: Correction, seen: int, now: datetime
) -> None:
    """Its author no longer wants it. Of questions taken in from a file nothing is kept then."""
    _unchanged(correction, seen)
    if correction.kind is CorrectionKind.QUESTIONS:
        correction.content = {"questions": []}
    _advance(session, actor, correction, CorrectionEvent.WITHDRAW, now)


# Deciding --------------------------------------------------------------------------------------


def accept(
    session: AnySession, actor: Actor, correction: Correction, seen: int, reason: str, now: datetime
) -> None:
    """It will be part of the next release; its proposer is told."""
    _unchanged(correction, seen)
    _fits(session, correction)
    _decide(session, actor, correction, CorrectionEvent.ACCEPT, reason, now)


def decline(
    session: AnySession, actor: Actor, correction: Correction, seen: int, reason: str, now: datetime
) -> None:
    """It will not; its proposer is told why."""
    _unchanged(correction, seen)
    if not reason:
        raise Refusal("correction_without_reason")
    _decide(session, actor, correction, CorrectionEvent.DECLINE, reason, now)


def _decide(
    session: AnySession,
    actor: Actor,
    correction: Correction,
    event: CorrectionEvent,
    reason: str,
    now: datetime,
) -> None:
    _advance(session, actor, correction, event, now, reason)
    correction.decided_by, correction.decided_at = actor.display_name[:200], now
    correction.reason = reason
    session.flush()
    if correction.person_id != actor.person_id:
        telling.decided(session, correction, now)


def _fits(session: AnySession, correction: Correction) -> None:
    """It is moved to the current release where that says the same; else somebody must look."""
    now = base(session)
    if standing(session, correction, now) is not Standing.SAME:
        raise Late("correction_overtaken")
    change = change_of(correction)
    if correction.kind is not CorrectionKind.HANDOUT and not checking.apply(now.files, change):
        raise Refusal("correction_nothing")
    correction.release_id = now.release.id


# Publishing ------------------------------------------------------------------------------------


def together(base: Base, corrections: Iterable[Correction], store: FileStore) -> dict[str, bytes]:
    """The files of the next release. Raises Refusal as `checking.apply_all`."""
    return checking.apply_all(base.files, (change_of(one, store) for one in corrections))


def publish(
    session: AnySession,
    actor: Actor,
    chosen: Mapping[UUID, int],
    prepared: "Prepared",
    note: str,
    now: datetime,
) -> str:
    """A new release out of accepted corrections, each as it was seen; returns its id.

    `prepared` was made before the transaction; where anything has moved since, nothing happens.
    """
    if not chosen:
        raise Refusal("correction_none_chosen")
    found = [one for one in accepted(session) if one.id in chosen]
    if curriculum.current_id(session) != prepared.on or len(found) != len(chosen):
        raise Stale
    for one in found:
        _unchanged(one, chosen[one.id])
    made = curriculum.publish(session, actor, prepared.content, note, now, prepared.packed)
    if made.published_at != now:  # what is said now has been said before: it is current again
        made.published_at, made.note, made.author = now, note, actor.display_name
        made.sources = prepared.packed
        audit.record(session, actor, "release.publish", made, now=now, reason=note)
    for one in found:
        one.published_id = made.id
        _advance(session, actor, one, CorrectionEvent.PUBLISH, now, note)
    session.flush()
    return made.id


@dataclass(frozen=True)
class Prepared:
    """A release ready to be published: checked and packed before any transaction."""

    on: str
    """Id of the release that was current then."""
    content: Any
    packed: bytes


def _advance(
    session: AnySession,
    actor: Actor,
    correction: Correction,
    event: CorrectionEvent,
    now: datetime,
    reason: str = "",
) -> None:
    target(TRANSITIONS, correction.state, event)
    _touch(correction, now)
    advance(session, actor, correction, event, TRANSITIONS, now=now, reason=reason)
    session.flush()


def _touch(correction: Correction, now: datetime) -> None:
    correction.revision += 1
    correction.updated_at = now


def _unchanged(correction: Correction, seen: int) -> None:
    if correction.revision != seen:
        raise Stale
