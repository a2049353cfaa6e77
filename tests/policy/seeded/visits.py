"""A visit of one person to some pages, and what they met there that they must not."""

from contextvars import Context
from dataclasses import dataclass, field

from flask.testing import FlaskClient

from lms.core.db import db
from tests.policy.seeded import canaries
from tests.policy.seeded.readers import Readers


@dataclass
class Stage:
    """The application, one person's cookie, and what was answered."""

    app: object
    session: object
    cookie: str
    bodies: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, method: str, url: str, **more):
        """One request of its own: no cookie is kept, nothing is shared but the database."""
        client = FlaskClient(self.app, self.app.response_class, use_cookies=False)
        headers = {"Cookie": self.cookie} | more.pop("headers", {})
        base = self.app.config["SETTINGS"].base_url
        answer = Context().run(
            client.open, url, method=method, base_url=base, headers=headers, buffered=True, **more
        )
        if "text" in answer.content_type or "json" in answer.content_type:
            self.bodies.append((f"{method} {url}", answer.get_data(as_text=True)))
        return answer

    def try_out(self, method: str, url: str, **more):
        """A request whose effects are undone."""
        self.session.commit()
        connection = db._app_engines[self.app][None]
        point = connection.begin_nested()
        try:
            return self.ask(method, url, **more)
        finally:
            point.rollback()


def leaks(stage, who, readers: Readers) -> list[str]:
    """Private texts on pages where this person must not meet them."""
    return [
        f"{page}: {name} of {key}"
        for page, text in stage.bodies
        for name, key in sorted(canaries.found_in(text), key=str)
        if not readers.may_meet(who, name, key)
    ]


def say(faults: list[str]) -> None:
    """All that is wrong, in one failure."""
    found = list(filter(None, faults))
    assert not found, "\n".join([f"{len(found)}:", *found[:40]])
