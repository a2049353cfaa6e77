"""Walking a list page by page meets each row exactly once, whatever the ties and whoever asks."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

from lms.core.addresses import same_page
from lms.core.jobs import Job
from lms.core.paging import paginate
from lms.core.throttle import Try

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def ask(app, session):
    """One page: `ask(address, sort=…)`."""

    def show(address="/people", table=Try, **options):
        with app.test_request_context(address):
            return paginate(session, select(table), table.id, **options)

    return show


def walk(ask, address="/people", **options):
    """Every row, page after page."""
    found, seen = [], set()
    while address:
        assert address not in seen, "in circles"
        seen.add(address)
        page = ask(address, **options)
        assert bool(page.previous_url) == ("after=" in address)
        found += page.rows
        address = page.next_url
    return found


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("sort", ["key", "at", None])
def test_each_row_once_in_order(ask, session, sort, newest_first):
    """Sorted by a column with many ties, by times, or by the key alone."""
    column = getattr(Try, sort) if sort else None
    read = datetime.fromisoformat if sort == "at" else str

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
    @given(
        st.lists(
            st.tuples(st.sampled_from(["a", "b", "é~", "ت", "100%", ""]), st.integers(0, 3)),
            max_size=14,
        ),
        st.integers(1, 5),
    )
    def holds(rows, size):
        session.execute(delete(Try))
        session.add_all(Try(key=key, at=NOON + timedelta(microseconds=us)) for key, us in rows)
        session.flush()
        found = walk(ask, sort=column, read_sort=read, newest_first=newest_first, size=size)
        order = [Try.id] if column is None else [column, Try.id]
        order = [one.desc() if newest_first else one for one in order]
        assert found == session.scalars(select(Try).order_by(*order)).all()

    holds()


def test_numbers(ask, session):
    session.add_all(
        Job(name="n", key=str(n), payload={}, attempts=n % 3, run_after=NOON, created_at=NOON)
        for n in range(9)
    )
    session.flush()
    found = walk(ask, table=Job, sort=Job.attempts, read_sort=int, size=2)
    assert [job.attempts for job in found] == [0] * 3 + [1] * 3 + [2] * 3
    assert len(set(found)) == 9


def test_one_query_a_page(ask, session):
    session.add_all(Try(key="a", at=NOON) for _ in range(8))
    session.flush()
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    engine = session.connection()
    event.listen(engine, "before_cursor_execute", note)
    walk(ask, sort=Try.key, size=3)
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 3


KEY = "01890a5d-ac96-774b-bcce-b302099a8057"
HOSTILE = [
    "",
    "~",
    "x",
    f"~{KEY}x",
    KEY[:-1],
    f"\0~{KEY}",
    f"a\0b~{KEY}",
    f"{'9' * 400}~{KEY}",
    f"{10**12}~{KEY}",
    f"-1~{KEY}",
    f"nan~{KEY}",
    f"2026-05-04T12:00:00~{KEY}",
    f"9999-99-99~{KEY}",
    f"0001-01-01T00:00:00+23:59~{KEY}",
    f"' OR 1=1 --~{KEY}",
    "x" * 100_000,
]


@pytest.mark.parametrize("after", HOSTILE, ids=lambda text: repr(text)[:20])
@pytest.mark.parametrize(
    ("sort", "read"),
    [(None, str), (Job.name, str), (Job.attempts, int), (Job.run_after, datetime.fromisoformat)],
    ids=["key", "text", "number", "time"],
)
def test_a_broken_after_is_no_fault(ask, session, after, sort, read):
    session.add(Job(name="n", key="1", payload={}, run_after=NOON, created_at=NOON))
    session.commit()
    address = f"/people?{urlencode({'after': after})}"
    page = ask(address, table=Job, sort=sort, read_sort=read)
    if page.previous_url is None:
        assert [job.key for job in page.rows] == ["1"], "from the beginning"


def test_the_address_keeps_what_was_asked_for(ask, session):
    session.add_all(Try(key="a", at=NOON) for _ in range(3))
    session.flush()
    address = "/people/%D8%A3?q=a+b&state=x&state=y&endpoint=1&_external=1&_anchor=z&_method=PUT"
    page = ask(address, size=2)
    there = urlsplit(page.next_url)
    assert (there.scheme, there.netloc, there.path) == ("", "", "/people/%D8%A3")
    args = parse_qsl(there.query)
    assert [pair for pair in args if pair[0] != "after"] == [
        ("q", "a b"),
        ("state", "x"),
        ("state", "y"),
        ("endpoint", "1"),
        ("_external", "1"),
        ("_anchor", "z"),
        ("_method", "PUT"),
    ]
    assert ask(page.next_url, size=2).previous_url == address


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/a", "/a?lang=fr"),
        ("/a?lang=ar", "/a?lang=fr"),
        ("/a?lang=ar&lang=en&x=1", "/a?x=1&lang=fr"),
        ("/a?x=%00%0a", "/a?x=%00%0A&lang=fr"),
        ("/a%20b/%2e%2e?x", "/a%20b/..?x=&lang=fr"),
        ("/a%0d%0ab", "/a%0D%0Ab?lang=fr"),
        ("/%5cevil.example", "/%5Cevil.example?lang=fr"),
    ],
)
def test_this_page_in_another_language(app, address, there):
    with app.test_request_context(address):
        assert same_page(lang="fr") == there


def test_no_address_leads_elsewhere(app):
    with app.test_request_context(environ_overrides={"PATH_INFO": "//evil.example/x"}):
        assert same_page() == "/evil.example/x"
