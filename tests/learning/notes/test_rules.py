"""Where one goes on, from what was read and what was kept."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.learning.notes.rules import Mark, resume_after
from lms.learning.rules import Done, Step
from tests.factories import curriculum

AT = datetime(2026, 3, 2, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
FIRST, SECOND = "c6-method/01-analysis", "c6-method/02-objectives"
LOCKED = "a5-listening/01-attention"


@pytest.mark.parametrize(
    ("read", "last", "marks", "goes_on"),
    [
        ((), None, [], "01-analysis"),
        ((), None, [Mark(SECOND, bookmarked_at=AT)], "02-objectives"),
        ((), None, [Mark(SECOND, noted_at=AT)], "02-objectives"),
        # the last of several
        ((), None, [Mark(SECOND, LATER), Mark(FIRST, AT)], "02-objectives"),
        ((), None, [Mark(SECOND, AT), Mark(FIRST, AT, LATER)], "01-analysis"),
        # reading came after keeping the place
        ((SECOND,), (SECOND, LATER), [Mark(FIRST, AT)], "01-analysis"),
        ((FIRST,), (FIRST, LATER), [Mark(FIRST, AT)], "02-objectives"),
        # a place that was read since, one that is not open, one that is gone, one given up
        ((SECOND,), (SECOND, AT), [Mark(SECOND, LATER)], "01-analysis"),
        ((), None, [Mark(LOCKED, LATER)], "01-analysis"),
        ((), None, [Mark("c9-none/01-x", LATER)], "01-analysis"),
        ((), None, [Mark(SECOND)], "01-analysis"),
    ],
)
def test_going_on(read, last, marks, goes_on):
    modules = [curriculum.sample().modules[slug] for slug in ("c6-method", "a5-listening")]
    done = Done(frozenset(read))
    assert resume_after(modules, done, last, marks) == Step("c6-method", goes_on)
