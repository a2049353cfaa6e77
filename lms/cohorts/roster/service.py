"""A roster: judged row by row in a few queries, then taken in whole or not at all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import count
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.roster.rules import MAX_ROWS, RosterRow, RowFault, Verdict
from lms.cohorts.rules import ENDED, TAKES_PEOPLE, EnrolmentState
from lms.core import audit, jobs
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.search import fold
from lms.core.settings import Settings
from lms.network.models import Country
from lms.people import service as people
from lms.people.access import service as access
from lms.people.models import AccessToken, Person, RoleGrant
from lms.people.rules import NewPerson, TokenKind, login_name, name_faults, phone_number
from lms.policy.actor import SYSTEM, Actor, Role, Scope


@dataclass(frozen=True)
class Judged:
    """One row and what will become of it."""

    row: RosterRow
    verdict: Verdict
    fault: RowFault | None = None
    person: Person | None = None
    phone: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether confirming takes it in."""
        return self.verdict in {Verdict.NEW, Verdict.KNOWN}


@dataclass(frozen=True)
class Invited:
    """Somebody taken in; `is_new` for those who were invited just now."""

    enrolment: Enrolment
    is_new: bool


@dataclass(frozen=True)
class _Known:
    """What the database knows of the list's people, read at once."""

    by_email: dict[str, Person]
    by_phone: dict[str, Person]
    enrolled: dict[UUID, EnrolmentState]
    names: frozenset[str]
    team: frozenset[UUID]


def judge(session: AnySession, cohort: Cohort, rows: Sequence[RosterRow]) -> list[Judged]:
    """A verdict for each row. The number of queries does not depend on the number of rows."""
    if not rows:
        raise Refusal("roster_empty")
    if len(rows) > MAX_ROWS:
        raise Refusal("roster_too_long", limit=MAX_ROWS)
    phones = {row.line: phone_number(row.phone, [cohort.country_code]) for row in rows if row.phone}
    known = _known(session, cohort, rows, [phone for found in phones.values() for phone in found])
    seen: set[str] = set()
    return [_judge(row, cohort, phones.get(row.line, ()), known, seen) for row in rows]


def _known(
    session: AnySession, cohort: Cohort, rows: Sequence[RosterRow], phones: Sequence[str]
) -> _Known:
    emails = [row.email for row in rows if row.email]
    people = session.scalars(
        select(Person)
        .where(or_(Person.email.in_(emails), Person.phone.in_(phones)))
        .options(selectinload(Person.grants))
    ).all()
    members = session.execute(
        select(Enrolment.person_id, Enrolment.state, Person.given_name, Person.family_name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id)
    ).all()
    team = cohorts.team(session, cohort.id)
    return _Known(
        by_email={person.email: person for person in people if person.email},
        by_phone={person.phone: person for person in people if person.phone},
        enrolled={member.person_id: member.state for member in members},
        names=frozenset(
            fold(f"{member.given_name} {member.family_name}")
            for member in members
            if member.state not in ENDED
        ),
        team=frozenset(person.id for people in team.values() for person in people),
    )


def _judge(
    row: RosterRow, cohort: Cohort, phones: Sequence[str], known: _Known, seen: set[str]
) -> Judged:
    fault = row.fault or _fault(row, phones)
    if fault is not None:
        return Judged(row, Verdict.ERROR, fault)
    phone = phones[0] if phones else None
    keys = {key for key in (row.email, phone) if key} or {fold(row.name)}
    if keys & seen:
        return Judged(row, Verdict.DUPLICATE)
    seen |= keys
    by_email = known.by_email.get(row.email)
    by_phone = next((known.by_phone[each] for each in phones if each in known.by_phone), None)
    if by_email and by_phone and by_email.id != by_phone.id:
        return Judged(row, Verdict.ERROR, RowFault.TWO_PEOPLE)
    person = by_email or by_phone
    if person is None:
        if not row.email and not phone and fold(row.name) in known.names:
            return Judged(row, Verdict.ENROLLED)
        return Judged(row, Verdict.NEW, phone=phone)
    return _judge_known(row, cohort, person, known)


def _judge_known(row: RosterRow, cohort: Cohort, person: Person, known: _Known) -> Judged:
    if person.country_code != cohort.country_code:
        return Judged(row, Verdict.ERROR, RowFault.NOT_HERE)
    state = known.enrolled.get(person.id)
    if state is not None and state not in ENDED:
        return Judged(row, Verdict.ENROLLED, person=person)
    fault = None
    if state is not None:
        fault = RowFault.ENDED
    elif person.left_at is not None:
        fault = RowFault.LEFT
    elif person.id in known.team:
        fault = RowFault.ON_TEAM
    if fault is not None:
        return Judged(row, Verdict.ERROR, fault, person)
    return Judged(row, Verdict.KNOWN, person=person)


def _fault(row: RosterRow, phones: Sequence[str]) -> RowFault | None:
    if row.phone and not phones:
        return RowFault.BAD_PHONE
    found = name_faults(_new(row, "", None), needs_arabic=False)
    if "family_name" in found or "given_name" in found:
        return RowFault.NOT_LATIN
    if found:
        return RowFault.NOT_ARABIC
    return None


def _new(
    row: RosterRow, country_code: str, phone: str | None, login: str | None = None
) -> NewPerson:
    return NewPerson(
        family_name=row.family_name,
        given_name=row.given_name,
        family_name_ar=row.family_name_ar,
        given_name_ar=row.given_name_ar,
        email=row.email or None,
        phone=phone,
        login_name=login,
        country_code=country_code,
        employer=row.employer,
    )


def tally(judged: Iterable[Judged]) -> dict[Verdict, int]:
    """How many rows have each verdict."""
    found = Counter(each.verdict for each in judged)
    return {verdict: found[verdict] for verdict in Verdict}


def digest(judged: Sequence[Judged]) -> str:
    """A fingerprint of list and verdicts: what the person saw when they confirm."""
    text = "\n".join(
        f"{each.row.line}|{each.row.name}|{each.row.name_ar}|{each.row.email}|{each.phone}"
        f"|{each.row.employer}|{each.verdict.value}|{each.person.id if each.person else ''}"
        for each in judged
    )
    return hashlib.sha256(text.encode()).hexdigest()


def take_in(
    session: AnySession,
    actor: Actor,
    cohort: Cohort,
    rows: Sequence[RosterRow],
    seen: str,
    now: datetime,
) -> list[Invited]:
    """Invite and enrol every good row, or none. Repeating it takes nobody in twice."""
    judged = judge(session, cohort, rows)
    good = [each for each in judged if each.is_good]
    if not good:
        if any(each.verdict is Verdict.ENROLLED for each in judged):
            return []
        raise Refusal("roster_nobody")
    if digest(judged) != seen:
        raise Refusal("roster_changed")
    new = _invite(session, actor, cohort, good, now)
    members = [each.person or new[each.row.line] for each in good]
    enrolments = _enrol(session, actor, cohort, members, now)
    if new:
        inviter = str(actor.person_id) if actor.person_id else None
        payload = {"inviter": inviter, "people": [str(person.id) for person in new.values()]}
        jobs.enqueue(session, "cohorts.send_invitations", f"{cohort.id}:{seen}", payload, now)
    return [
        Invited(enrolment, is_new=each.person is None)
        for each, enrolment in zip(good, enrolments, strict=True)
    ]


def _invite(
    session: AnySession, actor: Actor, cohort: Cohort, good: Sequence[Judged], now: datetime
) -> dict[int, Person]:
    """New people by their line, without a password; their links are made and mailed by a job.

    `people.service.invite` does this for one, in a dozen statements: a thousand would keep all
    other writers waiting.
    """
    country = session.get_one(Country, cohort.country_code)
    logins = _logins(session, good)
    made = {
        each.row.line: Person(
            **asdict(
                replace(
                    _new(each.row, country.code, each.phone, logins.get(each.row.line)),
                    language=country.language,
                    time_zone=country.time_zone,
                )
            ),
            created_at=now,
        )
        for each in good
        if each.person is None
    }
    session.add_all(made.values())
    session.flush()
    for person in made.values():
        audit.record(session, actor, "person.invite", person, now=now)
    return made


def _enrol(
    session: AnySession, actor: Actor, cohort: Cohort, members: Sequence[Person], now: datetime
) -> list[Enrolment]:
    """Enrol people of whom it is known that they may be, in as few statements as possible."""
    if cohort.state not in TAKES_PEOPLE:
        raise Refusal("cohort_takes_nobody", state=cohort.state)
    made, given = [], []
    for person in members:
        grant = RoleGrant(
            role=Role.TRAINEE,
            scope=Scope.COHORT,
            scope_id=str(cohort.id),
            granted_at=now,
            granted_by_id=actor.person_id,
            person=person,
        )
        given.append(grant)
        made.append(
            Enrolment(cohort=cohort, person=person, state=EnrolmentState.ENROLLED, enrolled_at=now)
        )
    session.add_all([*given, *made])
    session.flush()
    for held, enrolment in zip(given, made, strict=True):
        audit.record(session, actor, "grant.give", held, now=now)
        audit.record(
            session, actor, "enrolment.create", enrolment, now=now, after=enrolment.state.value
        )
    session.flush()
    return made


def send_invitations(
    session: AnySession, inviter: UUID | None, waiting: Sequence[UUID], now: datetime, by: Settings
) -> int:
    """Make and mail the links of invited people who have an address and no link yet."""
    person = session.get(Person, inviter) if inviter else None
    actor = person.actor if person else SYSTEM
    linked = select(AccessToken.person_id).where(AccessToken.kind == TokenKind.INVITATION)
    people_ = session.scalars(
        select(Person)
        .where(
            Person.id.in_(waiting),
            Person.email.is_not(None),
            Person.password_hash.is_(None),
            Person.left_at.is_(None),
            Person.id.not_in(linked),
        )
        .order_by(Person.id)
    ).all()
    for each in people_:
        token = access.make_link(session, actor, each, TokenKind.INVITATION, now)
        people.send_invitation(session, actor, each, token, now, by)
    return len(people_)


def _logins(session: AnySession, good: Sequence[Judged]) -> dict[int, str]:
    """A free name to sign in with, for new people without e-mail and phone number."""
    wanted = {
        each.row.line: _login(each.row)
        for each in good
        if each.person is None and not each.row.email and not each.phone
    }
    found: dict[int, str] = {}
    used: set[str] = set()
    for number in count(1):
        missing = {line: base for line, base in wanted.items() if line not in found}
        if not missing:
            return found
        tries = {line: base if number == 1 else f"{base}{number}" for line, base in missing.items()}
        used |= set(
            filter(
                None,
                session.scalars(
                    select(Person.login_name).where(Person.login_name.in_(tries.values()))
                ),
            )
        )
        for line, name in tries.items():
            if name not in used:
                used.add(name)
                found[line] = name
    return found


def _login(row: RosterRow) -> str:
    words = fold(f"{row.given_name} {row.family_name}").split()
    plain = ".".join("".join(c for c in word if c.isalnum()) for word in words)[:30].strip(".")
    return login_name(plain) or "stagiaire"
