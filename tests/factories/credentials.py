"""Awards and certificates for tests."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from flask import current_app
from sqlalchemy import select

from lms.assessment.models import Award
from lms.assessment.rules import AwardKind
from lms.credentials import jobs
from lms.credentials.models import Certificate
from tests.factories import curriculum, people

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@cache
def _content():
    """The sample content, with titles that hold for three years."""
    content = curriculum.sample()
    programmes = {
        slug: replace(programme, validity_months=36)
        for slug, programme in content.programmes.items()
    }
    return replace(content, programmes=programmes)


def award(session, holder=None, *, programme="facilitator", country="MA", **fields):
    """A title of long ago, recorded here: the award that needs no dossier."""
    holder = holder or people.person(session, country, given_name="Salma", family_name="Bennani")
    release = curriculum.release(session, _content())
    fields = {
        "kind": AwardKind.LEGACY,
        "awarded_on": date(2026, 11, 20),
        "place": "Oujda",
        "legacy_source": "Procès-verbal de 2018",
        **fields,
    }
    made = Award(
        person=holder,
        country_code=country,
        programme=programme,
        release_id=release.id,
        facts={},
        signatories=[],
        **fields,
    )
    session.add(made)
    session.commit()
    return made


def issue(session, of, now=NOW, version=1):
    """Do the job that issues the award's certificate; print nothing."""
    body = jobs.body_of(current_app)
    key = jobs._issue(session, body, of.id, version, now)
    return session.get_one(Certificate, key)


def certificate(session, *, now=NOW, **fields):
    """An issued certificate, without its PDFs."""
    return issue(session, award(session, **fields), now)


def all_of(session):
    """Every certificate, by number."""
    return list(session.scalars(select(Certificate).order_by(Certificate.register_number)))
