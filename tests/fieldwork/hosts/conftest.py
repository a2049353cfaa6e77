"""A trainee, a host who has no account, and papers that come back."""

import re
from html import unescape
from io import BytesIO

import pytest

from lms.fieldwork.rules import LinkPurpose, Means
from lms.fieldwork.signing import links
from lms.fieldwork.signing.service import Answer
from tests.factories.cohorts import NOW
from tests.fieldwork.conftest import *  # noqa: F403 - the fixtures of practice
from tests.pages import token_of

GIVEN = Answer("Fatima Zahra El Idrissi", "Présidente de la coopérative", "fr")
PERSON = {"name": "Fatima Zahra El Idrissi", "role": "Présidente"}
FEEDBACK = {"prepared": "3", "listened": "4", "neutral": "4", "clear": "2", "useful": "3",
            "again": "4"}  # fmt: skip


@pytest.fixture
def trainee(enrolment):
    return enrolment.person.actor


@pytest.fixture
def make(session, trainee):
    """Call it with an entry or a placement for (link, token)."""

    def made(about, purpose=LinkPurpose.ENTRY, means=Means.QR, now=NOW):
        return links.make_link(session, trainee, about, purpose, means, now)

    return made


def hidden(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text).group(1)


def reply(browser, token, **data):
    """Open the link and answer it, as the page would."""
    page = browser.get(f"/confirm/{token}")
    assert page.status_code == 200, page.text
    values = {"csrf_token": token_of(page)}
    if 'name="seen"' in page.text:
        values["seen"] = hidden(page, "seen")
    return browser.post(f"/confirm/{token}", data={**values, **PERSON, **data})


def token_on(page):
    """The token of the address that a page shows."""
    return re.search(r"/confirm/([\w-]{22})", unescape(page.text)).group(1)


def upload(data, name="photo.jpg"):
    return BytesIO(data), name
