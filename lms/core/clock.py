"""The one place that reads the time; services receive `now` as an argument."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

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
