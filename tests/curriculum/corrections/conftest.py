"""A published release of the sample, a trainer and a programme admin before it."""

from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from lms.curriculum import service as content_service
from lms.curriculum import sources
from lms.curriculum.corrections import checking, service
from lms.curriculum.corrections.rules import CorrectionKind
from lms.curriculum.corrections.service import Wanted
from tests.learning.conftest import NOW, cohort, release
from tests.people import person

__all__ = ["cohort", "release"]

LESSON = "c6-method/01-analysis"
QUESTION = "c6-q01"


def key():
    return UUID(str(uuid7()))


def lesson_with(base, change="Some **better** words.", language="fr"):
    content = checking.read(base.files, CorrectionKind.LESSON, LESSON, LESSON, base.languages)
    content["body"][language] = content["body"][language].replace("Some **words**.", change)
    return content


def begin(session, actor, content=None, kind=CorrectionKind.LESSON, subject=LESSON, now=NOW):
    base = service.base(session)
    content = content or lesson_with(base)
    title = dict.fromkeys(base.languages, subject)
    wanted = Wanted(kind, subject, LESSON, title, content, "Clearer")
    return service.begin(session, actor, key(), wanted, base.release.id, now)


def propose(session, actor, **more):
    made = begin(session, actor, **more)
    service.propose(session, actor, made, made.revision, NOW)
    return made


def publish(session, actor, *corrections, note="Clearer", now=None, store=None):
    base = service.base(session)
    files = service.together(base, corrections, store)
    prepared = service.Prepared(
        base.release.id, content_service.prepare(files), sources.pack(files)
    )
    chosen = {one.id: one.revision for one in corrections}
    later = now or NOW + timedelta(hours=1)
    return service.publish(session, actor, chosen, prepared, note, later)


@pytest.fixture
def trainer(session, cohort):
    return person(session, "trainer", cohort=cohort)


@pytest.fixture
def admin(session, release):
    return person(session, "programme")
