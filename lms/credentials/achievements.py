"""What certificates of a programme's version attest: for people and for programs."""

from typing import Any

from sqlalchemy import select

from lms.assessment.models import Award
from lms.core.db import AnySession
from lms.credentials.facts import Issuer, in_all
from lms.credentials.issuing.statements import allows, attests, criteria, title
from lms.credentials.models import Certificate
from lms.curriculum import service as curriculum
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme

__all__ = ["allows", "as_document", "attests", "criteria", "find", "title"]

Found = tuple[Programme, Release]


def find(session: AnySession, slug: str, version: str) -> Found | None:
    """The programme in the release that certificates of this version rest on, else the newest."""
    key = session.scalar(
        select(Award.release_id)
        .join(Certificate, Certificate.award_id == Award.id)
        .where(Certificate.programme == slug, Certificate.programme_version == version)
        .limit(1)
    )
    release = curriculum.release(session, key) if key else curriculum.current_release(session)
    programme = release.programme(slug) if release else None
    if release is None or programme is None or programme.version != version:
        return None
    return programme, release


def as_document(found: Found, issuer: Issuer) -> dict[str, Any]:
    """The Achievement as credentials carry it (Open Badges 3.0, class Achievement)."""
    programme, _release = found
    url = f"{issuer.url}/achievements/{programme.slug}/{programme.version}"
    said = (attests(programme), allows(programme.slug))
    return {
        "id": url,
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": in_all(title(programme.award)),
        "description": "\n\n".join(in_all(words, "\n") for words in said if words),
        "criteria": {"id": f"{url}#criteria", "narrative": in_all(criteria(programme), "\n")},
        "humanCode": programme.slug,
        "version": programme.version,
        "creator": {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.url},
    }
