"""Pictures and handouts as everybody gets them."""

import pytest

from lms.curriculum import service, sources
from lms.curriculum.format import read_files
from lms.policy.actor import SYSTEM
from tests.curriculum.sample import encoded
from tests.curriculum.test_around import AGENDA, CYCLE, around
from tests.learning.conftest import NOW


@pytest.fixture
def content(session):
    files = encoded(around())
    content, _faults = read_files(files)
    service.publish(session, SYSTEM, content, "", NOW, sources.pack(files))
    return content


def address(content, file):
    return next(address for address, name in content.media.items() if name == file)


def test_a_picture_is_kept_for_ever_and_may_not_act(client, content):
    seen = client.get(address(content, CYCLE))
    assert seen.data == around()[CYCLE].encode()
    assert seen.mimetype == "image/svg+xml"
    assert "immutable" in seen.headers["Cache-Control"]
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert "Content-Disposition" not in seen.headers
    again = client.get(address(content, CYCLE), headers={"If-None-Match": seen.headers["ETag"]})
    assert again.status_code == 304


def test_a_handout_is_taken_along(client, content):
    seen = client.get(address(content, AGENDA))
    assert seen.mimetype == "application/pdf"
    assert seen.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    ["x", "../../etc/passwd", "0" * 64 + ".svg", "0" * 64 + ".html", "0" * 63 + ".svg", ".svg"],
)
def test_nothing_else_is_there(client, content, name):
    assert client.get(f"/media/{name}").status_code == 404


def test_publishing_again_keeps_each_file_once(session, content):
    files = encoded(around() | {"practicum.toml": around()["practicum.toml"] + "\n# changed\n"})
    other = read_files(
        files | {"glossary.toml": around()["glossary.toml"].replace("Who", "Whoever").encode()}
    )
    service.publish(session, SYSTEM, other[0], "", NOW, sources.pack(files))
    assert service.media(session, address(content, CYCLE).rpartition("/")[2])
