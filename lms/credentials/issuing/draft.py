"""From an award to the facts that its certificate states, frozen at this moment."""

from datetime import UTC, date, datetime, time, timedelta

from lms.assessment.models import Award
from lms.assessment.rules import AwardKind
from lms.core.errors import Refusal
from lms.credentials.facts import CertificateFacts, Issuer, StatusEntry, tidy_name
from lms.credentials.issuing import statements
from lms.credentials.rules import CertificateKind
from lms.curriculum.release import Release

MONTHS_A_YEAR = 12


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day."""
    index = day.year * MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_A_YEAR)
    following = date(year + (month == 11), (month + 1) % MONTHS_A_YEAR + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def validity(awarded_on: date, months: int, now: datetime) -> tuple[datetime, datetime | None]:
    """First instant in force, and first instant no longer; the anniversary itself still counts.

    The day of the award is a local date: where it has not begun in UTC, `now` is taken.
    """
    begin = min(datetime.combine(awarded_on, time(), UTC), now)
    if not months:
        return begin, None
    end = add_months(awarded_on, months) + timedelta(days=1)
    return begin, datetime.combine(end, time(), UTC)


def draft(
    award: Award,
    release: Release,
    issuer: Issuer,
    *,
    token: str,
    code: str,
    register_number: str,
    status: StatusEntry,
    demo: bool,
    now: datetime,
) -> CertificateFacts:
    """All that will be printed and signed. Raises Refusal("programme_unknown" | "name_missing")."""
    programme = release.programme(award.programme)
    if programme is None:
        raise Refusal("programme_unknown", programme=award.programme)
    latin_name = tidy_name(award.person.name)
    if not latin_name:
        raise Refusal("name_missing")
    begin, end = validity(award.awarded_on, programme.validity_months, now)
    centre = award.dossier.enrolment.cohort.centre if award.dossier else None
    role = str(award.signatories[0].get("role", "")) if award.signatories else ""
    return CertificateFacts(
        token=token,
        register_number=register_number,
        code=code,
        kind=CertificateKind(AwardKind(award.kind).value),
        demo=demo,
        issuer=issuer,
        programme=programme.slug,
        version=programme.version,
        latin_name=latin_name,
        arabic_name=tidy_name(award.person.name_ar),
        title=statements.title(programme.award),
        attests=statements.attests(programme),
        allows=statements.allows(programme.slug),
        criteria=statements.criteria(programme),
        place=statements.place(award.place or (centre.city if centre else "")),
        country_code=award.country_code,
        awarded_on=award.awarded_on,
        valid_from=begin,
        valid_until=end,
        status=status,
        body=statements.centre(tidy_name(centre.name), centre.city) if centre else {},
        basis=_basis(award),
        signatory=statements.signatory(role),
    )


def _basis(award: Award) -> dict[str, str]:
    if award.kind is AwardKind.LEGACY:
        return {}
    deliberation = award.dossier.deliberation if award.dossier else None
    return statements.basis(
        int(award.facts.get("minutes", 0)),
        int(award.facts.get("observations", 0)),
        deliberation.held_on if deliberation else None,
        award.country_code,
    )
