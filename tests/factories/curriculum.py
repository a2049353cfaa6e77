"""Content releases for tests: a small one, and our own content."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from lms.curriculum import service, sources
from lms.curriculum.format import read_files, read_folder
from lms.policy.actor import SYSTEM
from tests.curriculum.sample import encoded, tree

ROOT = Path(__file__).parents[2]


@cache
def sample():
    """Two modules (a5-listening waits for c6-method), three lessons, five questions."""
    content, faults = read_files(encoded(tree()))
    assert not faults
    return content


@cache
def ours():
    """What stands in course_content/."""
    content, faults = read_folder(ROOT / "course_content")
    assert not faults
    return content


@cache
def files(*, ours=False):
    """What `sample`, or `ours`, was read from."""
    return service.read(ROOT / "course_content") if ours else encoded(tree())


@cache
def packed(*, ours=False):
    """The same as a release keeps it."""
    return sources.pack(files(ours=ours))


def release(session, content=None, published_at=datetime(2026, 1, 1, tzinfo=UTC)):
    """A published release of the sample, or of other content; the same one each time."""
    content = content or sample()
    known = content is sample() or ("coach" in content.programmes and content is ours())
    kept = packed(ours=content is not sample()) if known else None
    made = service.publish(session, SYSTEM, content, "", published_at, kept)
    return service.release(session, made.id)
