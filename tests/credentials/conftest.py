"""Fixtures of the credentials' tests."""

import pytest

from tests.credentials.sample import Office, as_bytes, open_office


@pytest.fixture(scope="session")
def office(tmp_path_factory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def credential(office) -> bytes:
    return as_bytes(office.credential())
