"""Publishing releases and finding them again."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.curriculum.format import Fault, read_folder
from lms.curriculum.models import ContentRelease
from lms.curriculum.release import Release, canonical, load, pack, release_id
from lms.curriculum.rules import Content

_CURRENT = (
    select(ContentRelease.id)
    .order_by(ContentRelease.published_at.desc(), ContentRelease.id)
    .limit(1)
)
_loaded: dict[str, Release] = {}
"""Releases never change, so each is read and unpacked once a process."""


class FaultyContent(Refusal):
    """The content has faults; none of it is published."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("faulty_content", number=len(faults))
        self.faults = faults


class NoRelease(LookupError):
    """A release that nobody has published."""


def prepare(folder: Path) -> Content:
    """Read and check a content folder. Raises `FaultyContent`; needs no database."""
    content, faults = read_folder(folder)
    if faults:
        raise FaultyContent(faults)
    return content


def publish(
    session: AnySession, actor: audit.Author, content: Content, note: str, now: datetime
) -> ContentRelease:
    """Store content that `prepare` has let through. The same content is published only once."""
    body = canonical(content)
    key = release_id(body)
    found = session.get(ContentRelease, key)
    if found is not None:
        return found
    published = ContentRelease(
        id=key, published_at=now, author=actor.display_name, note=note, body=pack(body)
    )
    session.add(published)
    session.flush()
    audit.record(session, actor, "release.publish", published, now=now, reason=note)
    return published


def release(session: AnySession, key: str) -> Release:
    """A published release, from memory after the first time. Raises `NoRelease`."""
    if key not in _loaded:
        stored = session.scalar(select(ContentRelease.body).where(ContentRelease.id == key))
        if stored is None:
            raise NoRelease(key)
        _loaded[key] = load(stored, key)
    return _loaded[key]


def current_release(session: AnySession) -> Release | None:
    """The release published last: what the public is shown. One query."""
    key = session.scalar(_CURRENT)
    return release(session, key) if key is not None else None


def published(session: AnySession) -> list[ContentRelease]:
    """All releases, newest first, without their bodies."""
    newest = (ContentRelease.published_at.desc(), ContentRelease.id)
    return list(session.scalars(select(ContentRelease).order_by(*newest)))
