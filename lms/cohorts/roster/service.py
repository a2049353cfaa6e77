"""A roster: judged row by row in a few queries, then taken in whole or not at all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.roster.rules import MAX_ROWS, RosterRow, RowFault, Verdict
from lms.cohorts.rules import ENDED, EnrolmentState
from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.search import fold
from lms.core.settings import Settings
from lms.people.models import Person
from lms.people.rules import NewPerson, login_name, name_faults, phone_number
from lms.policy.actor import Actor


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
    settings: Settings,
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
    logins = _logins(session, good)
    taken = []
    for each in good:
        if each.person is not None:
            taken.append(
                Invited(cohorts.enrol(session, actor, cohort, each.person, now), is_new=False)
            )
            continue
        new = _new(each.row, cohort.country_code, each.phone, logins.get(each.row.line))
        enrolment, _token = cohorts.invite(session, actor, cohort, new, now, settings)
        taken.append(Invited(enrolment, is_new=True))
    return taken


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
