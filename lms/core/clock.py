"""The one place that reads the time; services receive `now` as an argument.

Time zones come from the locked package alone: Babel has no other, and where the system's tables
are older the same hour would be told in two ways (Morocco changed its own in 2026).
"""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

zoneinfo.reset_tzpath(to=())

_fixed: datetime | None = None


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _fixed or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Stop the clock at `at` (aware): for tests and for loading the demo's past."""
    global _fixed
    before, _fixed = _fixed, at
    try:
        yield at
    finally:
        _fixed = before
