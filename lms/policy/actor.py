"""Whoever acts, with the roles they hold and where."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may be; several at once, each within a scope."""

    TRAINEE = "trainee"
    TRAINER = "trainer"
    SUPERVISOR = "supervisor"
    ASSESSOR = "assessor"
    JUROR = "juror"
    COUNTRY_ADMIN = "country_admin"
    PROGRAMME_ADMIN = "programme_admin"
    PARTNER = "partner"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """Where a role holds."""

    ALL = "all"
    COUNTRY = "country"
    COHORT = "cohort"
    PARTNER = "partner"
    PERSON = "person"
    """In somebody's place, while they are away."""


SCOPES: dict[Role, frozenset[Scope]] = {
    Role.TRAINEE: frozenset({Scope.COHORT}),
    Role.TRAINER: frozenset({Scope.COHORT}),
    Role.SUPERVISOR: frozenset({Scope.COHORT, Scope.PERSON}),
    Role.ASSESSOR: frozenset({Scope.ALL, Scope.COUNTRY}),
    Role.JUROR: frozenset({Scope.ALL, Scope.COUNTRY}),
    Role.COUNTRY_ADMIN: frozenset({Scope.COUNTRY}),
    Role.PROGRAMME_ADMIN: frozenset({Scope.ALL}),
    Role.PARTNER: frozenset({Scope.PARTNER}),
    Role.AUDITOR: frozenset({Scope.ALL}),
}
"""In which scopes each role may be given."""


@dataclass(frozen=True)
class Grant:
    """A role within a scope; `scope_id` is a country code, a key, or ''."""

    role: Role
    scope: Scope
    scope_id: str = ""


@dataclass(frozen=True)
class Actor:
    """A person signed in, the public, or the system itself."""

    person_id: UUID | None = None
    display_name: str = ""
    """In Latin script."""
    arabic_name: str = ""
    country_code: str | None = None
    language: str | None = None
    time_zone: str | None = None
    grants: frozenset[Grant] = field(default_factory=frozenset)
    is_system: bool = False

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in."""
        return self.person_id is not None

    def name_in(self, language: str) -> str:
        """The name in the script of a language, as far as it is known."""
        return self.arabic_name if language == "ar" and self.arabic_name else self.display_name

    def has(self, role: Role) -> bool:
        """Whether the role is held anywhere."""
        return any(grant.role is role for grant in self.grants)

    def within(self, role: Role, scope: Scope) -> frozenset[str]:
        """Ids of the scopes of this kind in which the role is held."""
        return frozenset(g.scope_id for g in self.grants if g.role is role and g.scope is scope)

    def cohorts(self, role: Role) -> frozenset[UUID]:
        """Keys of the cohorts in which the role is held."""
        return frozenset(UUID(key) for key in self.within(role, Scope.COHORT))

    @property
    def team_cohorts(self) -> frozenset[UUID]:
        """Keys of the cohorts that the person trains or supervises."""
        return self.cohorts(Role.TRAINER) | self.cohorts(Role.SUPERVISOR)

    @property
    def own_cohorts(self) -> frozenset[UUID]:
        """Keys of the cohorts that the person belongs to, on the team or as a trainee."""
        return self.team_cohorts | self.cohorts(Role.TRAINEE)

    @property
    def stands_in_for(self) -> frozenset[UUID]:
        """Keys of the supervisors who are away and in whose place the person decides."""
        return frozenset(UUID(key) for key in self.within(Role.SUPERVISOR, Scope.PERSON))

    @property
    def countries(self) -> frozenset[str]:
        """Codes of the countries that the person administers."""
        return self.within(Role.COUNTRY_ADMIN, Scope.COUNTRY)

    @property
    def sees_everything(self) -> bool:
        """Programme admin or auditor: every country."""
        return self.has(Role.PROGRAMME_ADMIN) or self.has(Role.AUDITOR)


PUBLIC = Actor()
SYSTEM = Actor(display_name="système", is_system=True)
