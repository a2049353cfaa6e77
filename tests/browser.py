"""A real browser against a real server: what journeys and screenshots are made of."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

NO_CHROMIUM = (
    "no Chromium here: type `apt-get install chromium fonts-noto-core` (./run test does it)"
)

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def chromium() -> str | None:
    """The browser to use: LMS_TEST_CHROMIUM, or what the system has."""
    named = os.environ.get("LMS_TEST_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def launched() -> Iterator[Browser]:
    """One headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Site:
    """A running application: its address, and itself, to look behind the pages."""

    url: str
    app: Flask


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask, port: int) -> Iterator[Site]:
    """Serve the application from a thread; `port` is what its base address names."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://localhost:{server.port}", app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def faults(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands, one line a fault."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']} — "
        + "; ".join(" ".join(map(str, node["target"])) for node in fault["nodes"][:5])
        for fault in found
    ]


def assert_accessible(page: Page) -> None:
    """Fail with axe's findings."""
    assert not (found := faults(page)), "\n".join([page.url, *found])
