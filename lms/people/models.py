"""Persons and how they get in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Keyed
from lms.core.search import fold
from lms.people.rules import Standing, TokenKind, device_name
from lms.policy.actor import Actor, Grant, Role, Scope


class Person(Keyed, Base):
    """A human being known to the system, with or without a password.

    Names as on the identity document, typed separately in each script.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(
            "email IS NOT NULL OR phone IS NOT NULL OR login_name IS NOT NULL", name="reachable"
        ),
        Index("ix_person_list", "country_code", "sort_name", "id"),
    )

    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    """The one country that administers the person."""
    family_name: Mapped[str]
    given_name: Mapped[str] = mapped_column(default="")
    family_name_ar: Mapped[str] = mapped_column(default="")
    given_name_ar: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None] = mapped_column(unique=True)
    """Lower case."""
    phone: Mapped[str | None] = mapped_column(unique=True)
    """E.164."""
    login_name: Mapped[str | None] = mapped_column(unique=True)
    """Chosen name, lower case."""
    language: Mapped[str] = mapped_column(default="fr")
    time_zone: Mapped[str] = mapped_column(default="Africa/Casablanca")
    employer: Mapped[str] = mapped_column(default="")
    """Institution the person works for: what conflicts of interest are checked against."""
    commune: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Names, e-mail and phone, folded by `core.search.fold`."""
    sort_name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    """Argon2id; None until an invitation has been accepted."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts the changes of the record, so that two people's edits do not overwrite each other."""
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    """Since when the person may no longer sign in."""
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="person", foreign_keys="RoleGrant.person_id", lazy="select"
    )

    @property
    def name(self) -> str:
        """Name in Latin script, given name first."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def name_ar(self) -> str:
        """Name in Arabic script, or ''."""
        return f"{self.given_name_ar} {self.family_name_ar}".strip()

    @property
    def standing(self) -> Standing:
        """Whether the person is invited, active or has left."""
        if self.left_at is not None:
            return Standing.LEFT
        return Standing.ACTIVE if self.password_hash else Standing.INVITED

    @property
    def person_id(self) -> UUID:
        """Itself, for the policy."""
        return self.id

    @property
    def audit_label(self) -> str:
        """The name."""
        return self.name

    @property
    def active_grants(self) -> list["RoleGrant"]:
        """Roles that have not ended."""
        return [grant for grant in self.grants if grant.ended_at is None]

    @property
    def held(self) -> frozenset[Grant]:
        """The same, as the policy reads them."""
        return frozenset(Grant(g.role, g.scope, g.scope_id) for g in self.active_grants)

    @property
    def cohort_ids(self) -> frozenset[UUID]:
        """Cohorts in which the person is a trainee now."""
        return frozenset(
            UUID(grant.scope_id) for grant in self.active_grants if grant.role is Role.TRAINEE
        )

    @property
    def actor(self) -> Actor:
        """The person as the policy sees them."""
        return Actor(
            person_id=self.id,
            display_name=self.name,
            arabic_name=self.name_ar,
            country_code=self.country_code,
            language=self.language,
            time_zone=self.time_zone,
            grants=self.held,
        )


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _index_names(_mapper: object, _connection: object, person: Person) -> None:
    contact = (person.email, person.phone, person.login_name)
    person.search_text = fold(" ".join([person.name, person.name_ar, *filter(None, contact)]))
    person.sort_name = fold(f"{person.family_name} {person.given_name or ''}")[:200]


class RoleGrant(Keyed, Base):
    """A role given to a person within a scope."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("ix_role_grant_scope", "scope", "scope_id", "role"),
        CheckConstraint("(scope = 'all') = (scope_id = '')", name="scoped"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    scope: Mapped[Scope]
    scope_id: Mapped[str] = mapped_column(default="")
    """Country code, or key of cohort or partner body; '' for all. No foreign key on purpose."""
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it ended."""
    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])

    @property
    def country_code(self) -> str:
        """Country of the person who holds it."""
        return self.person.country_code

    @property
    def audit_label(self) -> str:
        """Who, what, where."""
        return f"{self.person.name}: {self.role.value} {self.scope.value} {self.scope_id}".strip()


class AccountSession(Keyed, Base):
    """One signed-in browser. The cookie carries the token, the row only its hash."""

    __tablename__ = "account_session"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    """To five minutes."""
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the person asked to stay signed in on this device."""
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(default="")
    """Personal data; goes with the row, 90 days after the session has ended."""
    browser: Mapped[str] = mapped_column(Text, default="")
    """What the browser calls itself, 300 characters; personal data, as above."""
    person: Mapped[Person] = relationship()

    @property
    def audit_label(self) -> str:
        """Whose and on what."""
        return f"{self.person.name}: {device_name(self.browser)}"


class AccessToken(Keyed, Base):
    """A way in, once: invitation link, reset link, or one-time code. Only its hash is kept."""

    __tablename__ = "access_token"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[TokenKind]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was used, or made void by a newer way in."""
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def audit_label(self) -> str:
        """For whom and what kind."""
        return f"{self.person.name}: {self.kind.value}"
