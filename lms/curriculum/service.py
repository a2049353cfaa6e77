"""Publishing releases and finding them again."""

import gc
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.curriculum import sources
from lms.curriculum.format import Fault, forget, read_files
from lms.curriculum.format.folder import links_in, load_files
from lms.curriculum.format.reading import unreadable
from lms.curriculum.models import ContentMedia, ContentRelease
from lms.curriculum.release import Release, canonical, load, pack, release_id
from lms.curriculum.rules import Content
from lms.curriculum.search import service as search

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


def read(folder: Path) -> dict[str, bytes]:
    """The files of a content folder. Raises `FaultyContent` where it cannot be read."""
    try:
        files = load_files(folder)
    except OSError as error:
        raise FaultyContent([unreadable(folder, error)]) from None
    if links := links_in(folder):
        raise FaultyContent(links)
    return files


def prepare(files: Mapping[str, bytes]) -> Content:
    """Read and check all content anew, given as file name → bytes. Raises `FaultyContent`."""
    forget()
    content, faults = read_files(files)
    if faults:
        raise FaultyContent(faults)
    return content


def publish(
    session: AnySession,
    actor: audit.Author,
    content: Content,
    note: str,
    now: datetime,
    packed: bytes | None = None,
) -> ContentRelease:
    """Store content that `prepare` has let through, with its files as `sources.pack` packs them.

    The same content is published only once: the files that came first stay.
    """
    body = canonical(content)
    key = release_id(body)
    found = session.get(ContentRelease, key)
    if found is not None:
        return found
    published = ContentRelease(
        id=key,
        published_at=now,
        author=actor.display_name,
        note=note,
        body=pack(body),
        sources=packed,
    )
    session.add(published)
    _keep_media(session, content, packed)
    session.flush()
    search.index(session, Release(key, content))
    audit.record(session, actor, "release.publish", published, now=now, reason=note)
    return published


def _keep_media(session: AnySession, content: Content, packed: bytes | None) -> None:
    """Lay pictures and handouts where one query finds them; most are there since before."""
    names = {address.rpartition("/")[2]: file for address, file in content.media.items()}
    if packed is None or not names:
        return
    there = set(session.scalars(select(ContentMedia.name).where(ContentMedia.name.in_(names))))
    files = sources.unpack(packed)
    session.add_all(
        ContentMedia(name=name, body=files[file])
        for name, file in names.items()
        if name not in there
    )


def media(session: AnySession, name: str) -> bytes | None:
    """The bytes of a picture or handout by its name, `<sha256>.<extension>`."""
    return session.scalar(select(ContentMedia.body).where(ContentMedia.name == name))


def release(session: AnySession, key: str) -> Release:
    """A published release, from memory after the first time. Raises `NoRelease`."""
    if key not in _loaded:
        stored = session.scalar(select(ContentRelease.body).where(ContentRelease.id == key))
        if stored is None:
            raise NoRelease(key)
        _loaded[key] = load(stored, key)
        gc.freeze()  # it stays for good: the collector need not walk all of it again and again
    return _loaded[key]


def current_release(session: AnySession) -> Release | None:
    """The release published last: what the public is shown. One query."""
    key = current_id(session)
    return release(session, key) if key is not None else None


def files_of(session: AnySession, key: str) -> dict[str, bytes]:
    """The files that a release was made from.

    Raises `NoRelease`, and Refusal("release_without_files") where none were kept.
    """
    row = session.execute(select(ContentRelease.sources).where(ContentRelease.id == key)).first()
    if row is None:
        raise NoRelease(key)
    if row.sources is None:
        raise Refusal("release_without_files")
    return sources.unpack(row.sources)


def current_id(session: AnySession) -> str | None:
    """The id of the release published last."""
    return session.scalar(_CURRENT)


def published(session: AnySession) -> list[ContentRelease]:
    """All releases, newest first, without their bodies."""
    newest = (ContentRelease.published_at.desc(), ContentRelease.id)
    return list(session.scalars(select(ContentRelease).order_by(*newest)))
