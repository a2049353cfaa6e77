"""A phone: a real Chromium with a profile of its own, which may be killed and started again."""

import os
import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from tests.browser import FLAGS, PHONE, chromium, free_port

ITEM = """async ([enrolment, placement, numbers]) => {
  const outbox = await import(document.body.dataset.outboxModule);
  const now = new Date().toISOString();
  for (const number of numbers) await outbox.put({
    id: crypto.randomUUID(), kind: 'entry', claimed_at: now, changed_at: now, title: `n ${number}`,
    page: location.pathname, photos: [], state: 'ready',
    content: { enrolment, placement, type: 'workshop', held_on: '2026-06-01',
               minutes_direct: 5, summary: `note ${number}` },
  });
}"""
STATES = """async () => {
  const outbox = await import(document.body.dataset.outboxModule);
  return (await outbox.mine()).map((item) => item.state);
}"""
SEND = """async () => {
  const outbox = await import(document.body.dataset.outboxModule);
  try { return await outbox.send(); } catch { return false; }
}"""
ON_DEVICE = """async () => {
  const shelves = (await caches.keys()).filter((name) => !name.startsWith('shell-'));
  const found = { caches: shelves, items: [], local: [] };
  const open = indexedDB.open('lms', 1);
  await new Promise((done) => { open.onsuccess = done; });
  if (open.result.objectStoreNames.contains('outbox')) {
    const all = open.result.transaction('outbox').objectStore('outbox').getAll();
    await new Promise((done) => { all.onsuccess = done; });
    found.items = all.result.map((item) => item.person);
  }
  open.result.close();
  found.local = Object.keys(localStorage).filter((key) => /^(draft|kept):/.test(key));
  return found;
}"""
READY = """async () =>
  (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'
  && Object.keys(localStorage).some((key) => key.startsWith('kept:'))"""


def until(page: Page, question: str, seconds: float = 15) -> None:
    """Wait until the page says yes. (`wait_for_function` needs `eval`, which the CSP forbids.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(question):
        assert time.monotonic() < end, question
        page.wait_for_timeout(100)


class KillablePhone:
    """Chromium in a process group of its own; what it wrote to its disk outlives it."""

    def __init__(self, browser: Browser, profile: Path, cookies: list[dict]) -> None:
        self._type, self._profile, self._cookies = browser.browser_type, profile, cookies
        self.process: subprocess.Popen[bytes] | None = None
        self.page: Page | None = None

    def start(self) -> Page:
        port = free_port()
        options = [f"--user-data-dir={self._profile}", f"--remote-debugging-port={port}"]
        self.process = subprocess.Popen(
            [chromium(), "--headless=new", *FLAGS, *options, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(100):
            try:
                connected = self._type.connect_over_cdp(f"http://127.0.0.1:{port}")
                break
            except Error:
                time.sleep(0.2)
        else:
            raise TimeoutError("the phone does not start")
        context = connected.contexts[0]
        context.set_default_timeout(15_000)
        context.add_cookies(self._cookies)
        self.page = context.new_page()
        self.page.set_viewport_size(PHONE)
        return self.page

    def kill(self) -> None:
        """As a battery does: without a word."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Drops:
    """A network that loses answers: the server has done its work, the phone does not know."""

    def __init__(self, number: int) -> None:
        self.left, self.posts = number, 0

    def __call__(self, route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        self.posts += 1
        answer = route.fetch()
        if self.left > 0:
            self.left -= 1
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)
