"""Countries, centres, partner bodies, conventions: found, made, changed, ended."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from lms.core import audit
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.network.models import (
    Centre,
    Convention,
    ConventionParty,
    Country,
    PartnerBody,
    ReportedFigure,
)
from lms.network.rules import dates_fault, is_code
from lms.policy.actor import Actor

Record = TypeVar("Record", Country, Centre, PartnerBody, Convention)
Lasting = Centre | PartnerBody | Convention

# --- finding ---


def find_country(session: AnySession, code: str) -> Country | None:
    """One country by its code."""
    return session.get(Country, code) if is_code(code) else None


def find_centre(session: AnySession, centre_id: UUID) -> Centre | None:
    """One centre."""
    return session.get(Centre, centre_id)


def find_partner(session: AnySession, partner_id: UUID) -> PartnerBody | None:
    """One partner body."""
    return session.get(PartnerBody, partner_id)


def find_convention(session: AnySession, convention_id: UUID) -> Convention | None:
    """One convention with its parties."""
    return session.get(Convention, convention_id)


def countries(session: AnySession) -> Sequence[Country]:
    """All countries, by code."""
    return session.scalars(select(Country).order_by(Country.code)).all()


def visible_to(_actor: Actor) -> Select[Country]:
    """The network is open to everybody signed in (`Action.NETWORK_VIEW`)."""
    return select(Country)


def centres(session: AnySession, country_code: str | None = None) -> Sequence[Centre]:
    """Centres of one country or all, those at work first."""
    query = select(Centre).order_by(Centre.closed_on.is_not(None), Centre.name, Centre.id)
    if country_code is not None:
        query = query.where(Centre.country_code == country_code)
    return session.scalars(query).all()


def partners(session: AnySession, country_code: str | None = None) -> Sequence[PartnerBody]:
    """Partner bodies of one country or all, those taking part first."""
    query = select(PartnerBody).order_by(
        PartnerBody.ended_on.is_not(None), PartnerBody.name, PartnerBody.id
    )
    if country_code is not None:
        query = query.where(PartnerBody.country_code == country_code)
    return session.scalars(query).all()


def conventions(session: AnySession, country_code: str | None = None) -> Sequence[Convention]:
    """Conventions of one country or all, the newest first."""
    query = select(Convention).order_by(Convention.signed_on.desc(), Convention.id)
    if country_code is not None:
        query = query.where(Convention.country_code == country_code)
    return session.scalars(query).all()


def conventions_of(session: AnySession, partner: PartnerBody) -> Sequence[Convention]:
    """Conventions that a body is a party of."""
    return session.scalars(
        select(Convention)
        .where(Convention.parties.any(ConventionParty.partner_id == partner.id))
        .order_by(Convention.signed_on.desc(), Convention.id)
    ).all()


def figures(session: AnySession, country_code: str | None) -> Sequence[ReportedFigure]:
    """What sources report about a country, or (None) about no country in particular."""
    return session.scalars(
        select(ReportedFigure)
        .where(ReportedFigure.country_code == country_code)
        .order_by(ReportedFigure.subject, ReportedFigure.id)
    ).all()


# --- making and changing ---


def add_country(
    session: AnySession, actor: Actor, code: str, fields: dict[str, Any], now: datetime
) -> Country:
    """A country joins. Raises Refusal("country_known")."""
    if session.get(Country, code) is not None:
        raise Refusal("country_known")
    country = Country(code=code, **fields)
    session.add(country)
    session.flush()
    audit.record(session, actor, "country.add", country, now=now, details=_plain(fields))
    return country


def add(
    session: AnySession, actor: Actor, record: Record, record_id: UUID, now: datetime
) -> Record:
    """Keep a new centre, partner body or convention under its form's key; a repeat makes none."""
    known = session.get(type(record), record_id)
    if known is not None:
        return known
    _check_dates(record, now.date())
    if not isinstance(record, Country):
        record.id = record_id
    session.add(record)
    session.flush()
    audit.record(session, actor, f"{_kind(record)}.add", record, now=now)
    return record


def change(
    session: AnySession,
    actor: Actor,
    record: Record,
    fields: dict[str, Any],
    now: datetime,
    *,
    seen_version: int,
) -> None:
    """Change a record. Raises Stale if somebody else did since `seen_version`."""
    if record.version != seen_version:
        raise Stale
    before = {field: getattr(record, field) for field in fields}
    changed = {field: value for field, value in fields.items() if before[field] != value}
    if not changed:
        return
    for field, value in changed.items():
        setattr(record, field, value)
    _check_dates(record, now.date())
    record.version += 1
    details = {field: [_text(before[field]), _text(value)] for field, value in changed.items()}
    audit.record(session, actor, f"{_kind(record)}.change", record, now=now, details=details)
    session.flush()


def set_parties(session: AnySession, convention: Convention, partner_ids: Collection[UUID]) -> None:
    """The parties of a convention; unknown keys are left out."""
    known = set(session.scalars(select(PartnerBody.id).where(PartnerBody.id.in_(partner_ids))))
    convention.parties = [
        next((p for p in convention.parties if p.partner_id == key), None)
        or ConventionParty(partner_id=key)
        for key in sorted(known)
    ]
    session.flush()


def end(
    session: AnySession,
    actor: Actor,
    record: Lasting,
    last_day: date,
    reason: str,
    now: datetime,
) -> None:
    """A centre closes, a body leaves, a convention ends: nothing is deleted."""
    if not reason:
        raise Refusal("reason_needed")
    begins = record.signed_on if isinstance(record, Convention) else None
    if (code := dates_fault(begins, last_day, now.date())) is not None:
        raise Refusal(code)
    match record:
        case Centre():
            record.closed_on = last_day
        case PartnerBody():
            record.ended_on = last_day
        case Convention():
            record.ends_on = last_day
    record.version += 1
    details = {"last_day": last_day.isoformat()}
    audit.record(
        session, actor, f"{_kind(record)}.end", record, now=now, reason=reason, details=details
    )
    session.flush()


def _check_dates(record: object, today: date) -> None:
    if isinstance(record, Convention):
        code = dates_fault(record.signed_on, record.ends_on, today)
        if code is not None:
            raise Refusal(code)


def _kind(record: object) -> str:
    return {"PartnerBody": "partner"}.get(type(record).__name__, type(record).__name__.lower())


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {field: _text(value) for field, value in fields.items()}
