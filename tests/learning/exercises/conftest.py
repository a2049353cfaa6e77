"""A trainee of a cohort whose content has exercises, and its two trainers."""

import pytest

from lms.core.files import FileStore, Upload
from tests.factories import curriculum, exercises
from tests.learning.conftest import cohort_on


@pytest.fixture
def release(session):
    return curriculum.release(session, exercises.content())


@pytest.fixture
def cohort(session, release):
    return cohort_on(session, release)


@pytest.fixture
def x1(release):
    return release.content.exercises["c6-x1"]


@pytest.fixture
def trainer(session, cohort):
    return exercises.trainer_of(session, cohort)


@pytest.fixture
def other_trainer(session, cohort):
    return exercises.trainer_of(session, cohort)


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path)


@pytest.fixture
def picture():
    return Upload("map.webp", "image/webp", b"RIFF picture")
