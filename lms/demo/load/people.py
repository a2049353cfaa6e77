"""Personas and the people around them, with one password for all."""

from dataclasses import dataclass
from datetime import datetime

from lms.core.db import AnySession
from lms.core.search import fold
from lms.demo.names import Name
from lms.demo.personas import DOMAIN, PERSONAS, Persona
from lms.people.models import Person, RoleGrant
from lms.policy.actor import Role, Scope

ZONES = {"MA": "Africa/Casablanca", "SN": "Africa/Dakar", "BE": "Europe/Brussels"}
OFFICE: dict[str, tuple[Role, Scope, str]] = {
    "admin.ma": (Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA"),
    "admin.sn": (Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN"),
    "admin.be": (Role.COUNTRY_ADMIN, Scope.COUNTRY, "BE"),
    "programme": (Role.PROGRAMME_ADMIN, Scope.ALL, ""),
    "auditor": (Role.AUDITOR, Scope.ALL, ""),
    "assessor1": (Role.ASSESSOR, Scope.ALL, ""),
    "assessor2": (Role.ASSESSOR, Scope.ALL, ""),
    "assessor3": (Role.ASSESSOR, Scope.ALL, ""),
    "chair": (Role.JUROR, Scope.ALL, ""),
    "juror1": (Role.JUROR, Scope.ALL, ""),
    "juror2": (Role.JUROR, Scope.ALL, ""),
}


@dataclass(frozen=True)
class Hiring:
    """What all the demonstration's people have in common."""

    session: AnySession
    password_hash: str
    now: datetime

    def persona(self, persona: Persona) -> Person:
        """One persona, with the roles that need no cohort."""
        name = Name(persona.family, persona.given, persona.family_ar, persona.given_ar)
        person = self.person(persona.country, name, persona.email, persona.employer)
        if persona.key in OFFICE:
            self.grant(person, *OFFICE[persona.key])
        return person

    def person(self, country: str, name: Name, email: str, employer: str = "") -> Person:
        """One person, who can sign in."""
        phone_free = fold(f"{name.given} {name.family} {name.given_ar} {name.family_ar} {email}")
        person = Person(
            country_code=country,
            family_name=name.family,
            given_name=name.given,
            family_name_ar=name.family_ar,
            given_name_ar=name.given_ar,
            email=email,
            language="fr",
            time_zone=ZONES[country],
            employer=employer,
            search_text=phone_free,
            sort_name=fold(f"{name.family} {name.given}"),
            password_hash=self.password_hash,
            created_at=self.now,
        )
        self.session.add(person)
        self.session.flush()
        return person

    def grant(self, person: Person, role: Role, scope: Scope, scope_id: str = "") -> None:
        """Give a role."""
        self.session.add(
            RoleGrant(
                person_id=person.id,
                role=role,
                scope=scope,
                scope_id=scope_id,
                granted_at=self.now,
            )
        )
        self.session.flush()
        self.session.expire(person, ["grants"])


def load(hiring: Hiring) -> dict[str, Person]:
    """All personas by key."""
    return {persona.key: hiring.persona(persona) for persona in PERSONAS}


def address(country: str, number: int) -> str:
    """An address for the `number`-th fictional person of a country."""
    return f"{country.lower()}{number:05d}@{DOMAIN}"
