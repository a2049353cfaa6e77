"""Fixtures for all tests: databases, application, session, client, live server, browser.

Nothing reaches the network, and no mail leaves, unless a test asks for the mail server.
"""

import os
import smtplib
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy.orm import scoped_session

from tests import browser as browsing
from tests.databases import NO_POSTGRES, PostgresServer, Server, SqliteServer, postgres_bin
from tests.seeded import Seeded, cookie_of, seed

# The same examples on every run: a failure is seen again, and a green run stays green.
hypothesis_settings.register_profile("lms", derandomize=True, deadline=None, max_examples=50)
hypothesis_settings.load_profile("lms")

LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}


# --- which tests, in which order ---


LARGE = {"assessment", "cohorts", "credentials", "curriculum", "fieldwork", "insight", "learning"}
LARGE |= {"people", "network"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what a fixture makes slow, before `-m` chooses."""
    names = set(getattr(item, "fixturenames", ()))
    if names & {"browser", "page"}:
        item.add_marker("browser")
    # the largest rooms: their many services on a database take a minute together
    in_a_large_room = "session" in names and LARGE.intersection(item.path.parts)
    if names & {"seeded", "demonstration"} or in_a_large_room:
        item.add_marker("slow")
    if item.get_closest_marker("postgres") and (
        item.path.stem.startswith(PAGES) or _is_like_others(item)
    ):
        item.add_marker("soak")


WALKERS = {"anonymous", "trainee", "trainer", "supervisor", "assessor1", "admin.ma", "programme"}
"""Who asks for every page on PostgreSQL in ./run test; between them they see all kinds of pages."""


def _is_like_others(item: pytest.Item) -> bool:
    """A walk of the matrix by somebody whose pages the walkers see too."""
    params: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    return item.path.stem == "test_matrix_http" and params.get("who", "trainee") not in WALKERS


PAGES = (
    "test_routes",
    "test_pages",
    "test_entry_pages",
    "test_home",
    "test_directory",
    "test_account",
    "test_person",
    "test_sign_in",
    "test_ways_in",
    "test_bad_input",
    "test_admin",
    "test_open",
)
"""Files that try pages one by one. On PostgreSQL they run in ./run soak: in ./run test the matrix
of who may do what asks for every page there, and the services behind them are tried there."""
BUSY = ["Timeout", "ERR_"]
"""What a browser says on a machine too busy for it: tried once more, and told as a rerun."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Soak tests only on demand; files with slow tests first, so that processes end together."""
    if "soak" not in (config.option.markexpr or ""):
        left_out = [item for item in items if item.get_closest_marker("soak")]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=BUSY))
    heavy = {item.path for item in items if _is_heavy(item)}
    items.sort(key=lambda item: (item.path not in heavy, str(item.path)))


def _is_heavy(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) for mark in ("slow", "browser", "soak"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once what was skipped for what reason, not once for each test."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)
    for reason, times in reasons.items():
        terminalreporter.write_line(f"SKIPPED {times} × {reason}", yellow=True)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Iterator[Any]:
    """Hostile text in a report must not break the line between test processes."""
    return _sendable((yield))


def _sendable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_sendable(key): _sendable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_sendable(item) for item in value)
    return value


# --- nothing leaves this machine ---


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOCAL:
            pytest.fail(f"a test tried to reach {address[0]}: the network is denied in tests")
        return connect(self, address)

    return guarded


@pytest.fixture(autouse=True)
def _no_mail(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a test tried to send mail: ask for the fixture `mail_server`")

    if "mail_server" not in request.fixturenames:
        monkeypatch.setattr(smtplib.SMTP, "connect", refuse)


class MailServer:
    """A real SMTP server on this machine; `messages` holds what it was given."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.url = ""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Ask for it to let mail out, as far as here."""
    from aiosmtpd.controller import Controller

    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=browsing.free_port())
    controller.start()
    server.url = f"smtp://127.0.0.1:{controller.port}"
    yield server
    controller.stop()


# --- databases ---


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    return SqliteServer(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    if postgres_bin() is None:
        pytest.skip(NO_POSTGRES)
    with PostgresServer() as server:
        yield server


@pytest.fixture(
    scope="session",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def database_server(request: pytest.FixtureRequest) -> Server:
    """Each kind of database in turn: a test that uses it, however indirectly, runs on both."""
    return request.getfixturevalue(
        "sqlite_server" if request.param == "sqlite" else "postgres_server"
    )


@pytest.fixture(scope="session")
def _shared() -> Iterator[dict[str, Any]]:
    """One migrated database and one application for each kind, whatever order the tests take."""
    from lms.core.db import db

    kept: dict[str, Any] = {}
    yield kept
    for name, app in kept.items():
        if name.startswith("app "):
            with app.app_context():
                db.engine.dispose()


@pytest.fixture(scope="session")
def database(database_server: Server, _shared: dict[str, Any]) -> str:
    """Address of a migrated database, empty between tests: use it through `session`, `client`."""
    key = f"url {database_server.name}"
    if key not in _shared:
        _shared[key] = database_server.clone()
    return _shared[key]


@pytest.fixture
def clone_database(database_server: Server) -> Iterator[Callable[..., str]]:
    """Call it for a migrated database of one's own (or a copy of another): servers, kill tests."""
    made: list[str] = []

    def clone(source: str | None = None) -> str:
        made.append(database_server.clone(source))
        return made[-1]

    yield clone
    for url in made:
        database_server.drop(url)


# --- application ---


@pytest.fixture(scope="session")
def make_app(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Call it with a database's address, and settings: `make_app(url, LMS_DEMO="1")`."""

    def make(url: str, **environ: str) -> Any:
        from lms.app import create_app
        from lms.core.settings import Settings

        settings = {
            "LMS_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "LMS_DATABASE_URL": url,
            "LMS_BASE_URL": "https://coaching.example",
            "LMS_SECRET_KEY": "only for tests, only for tests, only for tests",
            "LMS_MAIL_URL": "outbox:",
        } | environ
        app = create_app(Settings.from_env(settings))
        app.testing = True
        return app

    return make


@pytest.fixture(scope="session")
def app(
    database: str,
    database_server: Server,
    make_app: Callable[..., Any],
    _shared: dict[str, Any],
) -> Any:
    """The application on the shared database; `session` makes it forget what a test does."""
    key = f"app {database_server.name}"
    if key not in _shared:
        _shared[key] = make_app(database)
    return _shared[key]


@pytest.fixture
def session(app: Any) -> Iterator[scoped_session[Any]]:
    """`db.session` in an application context; whatever is committed is undone after the test."""
    with _undone(app) as used:
        yield used


@contextmanager
def _undone(app: Any) -> Iterator[scoped_session[Any]]:
    """One outer transaction; sessions, those of requests too, work in savepoints inside it."""
    from lms.core.db import db

    with app.app_context():
        engines = db._app_engines[app]
        engine = engines[None]
        with engine.connect() as connection:
            outer = connection.execution_options(lms_write=True).begin()
            engines[None] = connection
            db.session.session_factory.configure(join_transaction_mode="create_savepoint")
            try:
                yield db.session
            finally:
                db.session.remove()
                engines[None] = engine
                outer.rollback()


@pytest.fixture
def client(app: Any, session: scoped_session[Any]) -> FlaskClient:
    """A visitor without an account. Call `session` as you like between its requests."""
    return make_client(app, session)


@pytest.fixture
def browse(app: Any, session: scoped_session[Any]) -> Callable[[Any], FlaskClient]:
    """Call it with a person for a browser in which they are signed in."""
    from tests.people import signed_in

    return lambda someone: signed_in(make_client(app, session), someone)


def make_client(app: Any, session: scoped_session[Any]) -> FlaskClient:
    """One more visitor, with cookies of its own."""
    return Visitor(app, session)


class Visitor(FlaskClient):
    """A client whose requests stand on their own: only the database is shared with the test."""

    def __init__(self, app: Any, session: scoped_session[Any]) -> None:
        super().__init__(app, app.response_class, use_cookies=True)
        self._session = session
        self._base_url = app.config["SETTINGS"].base_url

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Make a request at the application's public address."""
        # What the test has done so far is committed; what the request does is seen afterwards.
        self._session.commit()
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self._base_url)
        kwargs.setdefault("buffered", True)  # a file that is sent is closed at once
        # In an empty context: a request must not inherit `g`, and with it somebody's sign-in.
        return Context().run(super().open, *args, **kwargs)


# --- the demonstration, loaded once (tests/seeded.py) ---


@pytest.fixture(scope="session")
def seeded(
    database_server: Server,
    make_app: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    _shared: dict[str, Any],
) -> Seeded:
    """The demonstration and its files, on each kind of database: `clone_database(seeded.url)`."""
    key = f"seeded {database_server.name}"
    if key not in _shared:
        own = tmp_path_factory.getbasetemp()
        shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
        _shared[key] = seed(database_server, shared, own, make_app)
    return _shared[key]


@pytest.fixture(scope="session")
def seeded_app(
    seeded: Seeded,
    database_server: Server,
    make_app: Callable[..., Any],
    _shared: dict[str, Any],
) -> Any:
    """The application on the demonstration; `seeded_session` makes it forget what a test does."""
    key = f"app seeded {seeded.name}"
    if key not in _shared:
        copy = database_server.clone(seeded.url)
        _shared[key] = make_app(copy, LMS_DEMO="1", LMS_DATA_DIR=str(seeded.data_dir))
    return _shared[key]


@pytest.fixture
def seeded_session(seeded_app: Any) -> Iterator[scoped_session[Any]]:
    """`session`, on the demonstration."""
    with _undone(seeded_app) as used:
        yield used


@pytest.fixture
def as_persona(
    seeded_app: Any, seeded_session: scoped_session[Any]
) -> Callable[[str], FlaskClient]:
    """Call it with `trainee`, `admin.ma` … for a browser in which that persona is signed in.

    `anonymous` is nobody.
    """

    def client(key: str) -> FlaskClient:
        visitor = make_client(seeded_app, seeded_session)
        if key != "anonymous":
            name, value = cookie_of(seeded_app, seeded_session, key)
            visitor.set_cookie(name, value, domain=seeded_app.config["SETTINGS"].hostname)
        return visitor

    return client


# --- live server and browser ---


@pytest.fixture
def serve(make_app: Callable[..., Any]) -> Iterator[Callable[..., browsing.Site]]:
    """Call it with a cloned database's address, and settings, for a site to visit."""
    from contextlib import ExitStack

    with ExitStack() as running:

        def start(url: str, **environ: str) -> browsing.Site:
            port = browsing.free_port()
            app = make_app(url, **{"LMS_BASE_URL": f"http://localhost:{port}"} | environ)
            return running.enter_context(browsing.served(app, port))

        yield start


@pytest.fixture
def live_server(serve: Callable[..., browsing.Site], clone_database: Callable[..., str]) -> Any:
    """A site on a migrated database of its own."""
    return serve(clone_database())


@pytest.fixture(scope="session")
def browser() -> Iterator[browsing.Browser]:
    if browsing.chromium() is None:
        pytest.skip(browsing.NO_CHROMIUM)
    with browsing.launched() as running:
        yield running


@pytest.fixture
def page(browser: browsing.Browser, request: pytest.FixtureRequest) -> Iterator[browsing.Page]:
    """A page at 1280 px in French. A failing script or a refusal by the CSP fails the test."""
    context = browser.new_context(viewport=browsing.DESK, locale="fr-FR")
    context.set_default_timeout(10_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on(
        "console",
        lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield page
    context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's root."""
    return Path(__file__).parent.parent
