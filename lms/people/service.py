"""Persons: found, invited, changed, gone."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from lms.core import audit, i18n, mail, search
from lms.core.db import AnySession
from lms.core.errors import Refusal, Stale
from lms.core.settings import Settings
from lms.network.models import Country
from lms.people import grants
from lms.people.access import service as access
from lms.people.models import Person, RoleGrant
from lms.people.rules import Contact, Names, NewPerson, Standing, TokenKind, name_faults
from lms.people.sessions import service as sessions
from lms.policy.actor import Actor, Role, Scope

# --- finding ---


def find_person(session: AnySession, person_id: UUID) -> Person | None:
    """One person, or None."""
    return session.get(Person, person_id)


def find_by_contact(
    session: AnySession, contact: Contact, *, but: Person | None = None
) -> Person | None:
    """Whoever (`but` one) already has one of these addresses, numbers or names."""
    same = [
        column == value
        for column, value in (
            (Person.email, contact.email),
            (Person.phone, contact.phone),
            (Person.login_name, contact.login_name),
        )
        if value
    ]
    query = select(Person).where(or_(false(), *same)).limit(1)
    if but is not None:
        query = query.where(Person.id != but.id)
    return session.scalars(query).first()


def regions(session: AnySession, first: str | None = None) -> tuple[str, ...]:
    """Country codes in which a national phone number is looked for, `first` before the others."""
    codes: Sequence[str] = session.scalars(select(Country.code).order_by(Country.code)).all()
    return tuple(dict.fromkeys([*([first] if first else []), *codes]))


def called(person: Person, language: str) -> str:
    """The name in the script of a language, where the person has one."""
    return (person.name_ar if language == "ar" else "") or person.name


def recipient(person: Person) -> mail.Recipient:
    """The person as mail knows them."""
    name = called(person, person.language)
    return mail.Recipient(name, person.email, person.language, person.id)


def visible_to(actor: Actor) -> Select[Person]:
    """The persons whom the actor may see (`Action.PERSON_VIEW`)."""
    query = select(Person)
    if actor.sees_everything:
        return query
    taught = actor.team_cohorts
    ways = [Person.country_code.in_(actor.countries), Person.id == actor.person_id]
    if taught:
        in_cohort = and_(
            RoleGrant.role == Role.TRAINEE,
            RoleGrant.scope == Scope.COHORT,
            RoleGrant.scope_id.in_([str(key) for key in taught]),
            RoleGrant.ended_at.is_(None),
        )
        ways.append(Person.grants.any(in_cohort))
    return query.where(or_(*ways))


def listed(
    actor: Actor,
    words: str = "",
    role: Role | None = None,
    country_code: str = "",
    standing: Standing | None = None,
) -> Select[Person]:
    """What the list of people shows; filters narrow it."""
    query = visible_to(actor).options(selectinload(Person.grants))
    if words:
        query = query.where(search.matches(Person.search_text, words))
    if role is not None:
        query = query.where(
            Person.grants.any((RoleGrant.role == role) & RoleGrant.ended_at.is_(None))
        )
    if country_code:
        query = query.where(Person.country_code == country_code)
    left = Person.left_at.is_not(None)
    match standing:
        case Standing.LEFT:
            query = query.where(left)
        case Standing.INVITED:
            query = query.where(~left, Person.password_hash.is_(None))
        case Standing.ACTIVE:
            query = query.where(~left, Person.password_hash.is_not(None))
        case None:
            query = query.where(~left)
    return query


# --- inviting and changing ---


def invite(
    session: AnySession,
    actor: Actor,
    new: NewPerson,
    now: datetime,
    settings: Settings,
    *,
    person_id: UUID | None = None,
) -> tuple[Person, str]:
    """Make a person without a password, and a link by which they come in; mailed if possible.

    With `person_id`, repeating the same call makes nothing twice. Raises Refusal:
    `not_your_country`, `contact_needed`, `contact_taken`, or a fault of the names (Arabic ones may
    still be missing: they are asked for when the invitation is accepted).
    """
    if person_id is not None and (known := session.get(Person, person_id)) is not None:
        return known, access.make_link(session, actor, known, TokenKind.INVITATION, now)
    country = _country(session, actor, new.country_code)
    for code in name_faults(new, needs_arabic=False).values():
        raise Refusal(code)
    _check_contact(session, new)
    fields = asdict(new) | {
        "language": new.language or country.language,
        "time_zone": new.time_zone or country.time_zone,
    }
    person = Person(**fields, created_at=now)
    if person_id is not None:
        person.id = person_id
    _add(session, person)
    audit.record(session, actor, "person.invite", person, now=now)
    token = access.make_link(session, actor, person, TokenKind.INVITATION, now)
    send_invitation(session, actor, person, token, now, settings)
    return person, token


def send_invitation(
    session: AnySession, actor: Actor, person: Person, token: str, now: datetime, settings: Settings
) -> bool:
    """Mail the link, if the person has an address; says whether it was."""
    if not person.email:
        return False
    context = {
        "url": access.link_url(settings, TokenKind.INVITATION, token),
        "inviter": "" if actor.is_system else actor.display_name,
        "expires_at": access.expiry(TokenKind.INVITATION, now),
        "zone": person.time_zone,
        "site_name": i18n.site_name(settings.site_name),
        "help_email": settings.help_email,
    }
    mail.send(session, recipient(person), "invitation", context, now)
    return True


def _country(session: AnySession, actor: Actor, code: str) -> Country:
    country = session.get(Country, code)
    if country is None or not administers(actor, code):
        raise Refusal("not_your_country")
    return country


def administers(actor: Actor, country_code: str) -> bool:
    """Whether the actor may invite people into this country."""
    return actor.is_system or actor.has(Role.PROGRAMME_ADMIN) or country_code in actor.countries


def _check_contact(session: AnySession, contact: Contact, person: Person | None = None) -> None:
    if not (contact.email or contact.phone or contact.login_name):
        raise Refusal("contact_needed")
    others = find_by_contact(session, contact, but=person)
    if others is not None:
        raise Refusal("contact_taken")


def _add(session: AnySession, person: Person) -> None:
    try:
        with session.begin_nested():
            session.add(person)
            session.flush()
    except IntegrityError as error:
        # somebody else took the address between the look and the leap
        raise Refusal("contact_taken") from error


def change_names(
    session: AnySession, actor: Actor, person: Person, names: Names, now: datetime
) -> None:
    """Names as on the identity document. Certificates already issued keep theirs."""
    country = session.get_one(Country, person.country_code)
    for code in name_faults(names, needs_arabic=country.needs_arabic_names).values():
        raise Refusal(code)
    _change(session, actor, person, "person.rename", asdict(names), now)


def change_contact(
    session: AnySession, actor: Actor, person: Person, contact: Contact, now: datetime
) -> None:
    """E-mail, phone, chosen name. Links sent to the old address are void."""
    _check_contact(session, contact, person)
    fields = asdict(contact)
    if fields["email"] != person.email:
        access.void_tokens(session, person.id, now, {TokenKind.INVITATION, TokenKind.RESET})
    _change(session, actor, person, "person.change-contact", fields, now)


def change_language(
    session: AnySession,
    actor: Actor,
    person: Person,
    language: str,
    time_zone: str,
    now: datetime,
) -> None:
    """Language of pages and mail, and the zone of times."""
    _change(
        session,
        actor,
        person,
        "person.change-language",
        {"language": language, "time_zone": time_zone},
        now,
    )


def change_details(
    session: AnySession,
    actor: Actor,
    person: Person,
    names: Names,
    contact: Contact,
    now: datetime,
    *,
    seen_version: int,
    employer: str = "",
    commune: str = "",
) -> None:
    """What an administration corrects. Raises Stale if somebody changed it in the meantime."""
    if person.version != seen_version:
        raise Stale
    for code in name_faults(names, needs_arabic=False).values():
        raise Refusal(code)
    change_contact(session, actor, person, contact, now)
    fields = asdict(names) | {"employer": employer, "commune": commune}
    _change(session, actor, person, "person.edit", fields, now)


def transfer(
    session: AnySession,
    actor: Actor,
    person: Person,
    country_code: str,
    reason: str,
    now: datetime,
) -> None:
    """Another country administers the person from now on. Both ends must be the actor's."""
    if not reason:
        raise Refusal("reason_needed")
    _country(session, actor, person.country_code)
    _country(session, actor, country_code)
    _change(session, actor, person, "person.transfer", {"country_code": country_code}, now, reason)


def _change(
    session: AnySession,
    actor: Actor,
    person: Person,
    action: str,
    fields: dict[str, str | None],
    now: datetime,
    reason: str = "",
) -> None:
    before = {field: getattr(person, field) for field in fields}
    changed = {field: value for field, value in fields.items() if before[field] != value}
    if not changed:
        return
    for field, value in changed.items():
        setattr(person, field, value)
    person.version += 1
    details = {field: [before[field], value] for field, value in changed.items()}
    audit.record(session, actor, action, person, now=now, reason=reason, details=details)
    session.flush()


def leave(session: AnySession, actor: Actor, person: Person, reason: str, now: datetime) -> None:
    """The person has left: signed out everywhere, without roles, at once."""
    if not reason:
        raise Refusal("reason_needed")
    if person.left_at is not None:
        return
    person.left_at = now
    person.version += 1
    grants.end_all(session, actor, person, reason, now)
    sessions.end_all(session, person.id, now)
    access.void_tokens(session, person.id, now)
    audit.record(session, actor, "person.leave", person, now=now, reason=reason)
    session.flush()


def come_back(
    session: AnySession, actor: Actor, person: Person, reason: str, now: datetime
) -> None:
    """The person is back: may sign in again, and is given roles anew."""
    if not reason:
        raise Refusal("reason_needed")
    if person.left_at is None:
        return
    person.left_at = None
    person.version += 1
    audit.record(session, actor, "person.come-back", person, now=now, reason=reason)
    session.flush()
