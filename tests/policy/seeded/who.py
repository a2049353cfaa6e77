"""The words with which the expectation table says who may, and what each of them means.

Each word is a question about a person's roles, as (role, scope, scope id), and a thing's facts.
Nothing here asks the policy's predicates, nor the properties of `Actor`.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from lms.demo.personas import BY_KEY
from lms.policy.actor import PUBLIC, Actor, Grant, Role, Scope
from tests.policy.seeded.extras import persona
from tests.policy.seeded.things import Thing, altered


@dataclass(frozen=True)
class Somebody:
    """A persona, or a person with more hats than anybody should wear."""

    name: str
    actor: Actor

    @cached_property
    def roles(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((g.role.value, g.scope.value, g.scope_id) for g in self.actor.grants)

    @property
    def key(self) -> Any:
        return self.actor.person_id

    def has(self, role: str) -> bool:
        """Anywhere."""
        return any(held == role for held, _, _ in self.roles)

    def administers(self, country: str | None) -> bool:
        return ("country_admin", "country", country) in self.roles

    def works_in(self, role: str, cohort: Any) -> bool:
        return (role, "cohort", str(cohort)) in self.roles


def _may_touch(who: Somebody, thing: Thing) -> bool:
    """No role of the person reaches beyond the countries that `who` administers."""
    reach = {key for role, _, key in who.roles if role == "country_admin"}
    return all(
        scope not in {"all", "country"} or (scope == "country" and key in reach)
        for _, scope, key in thing.held
    )


WORDS = {
    "anyone": lambda who, thing: True,
    "signed in": lambda who, thing: who.key is not None,
    # roles held somewhere
    "some country admin": lambda who, thing: who.has("country_admin"),
    "programme admin": lambda who, thing: who.has("programme_admin"),
    "auditor": lambda who, thing: who.has("auditor"),
    "some partner": lambda who, thing: who.has("partner"),
    "some assessor": lambda who, thing: who.has("assessor"),
    "some juror": lambda who, thing: who.has("juror"),
    "some trainer": lambda who, thing: who.has("trainer"),
    "some supervisor": lambda who, thing: who.has("supervisor"),
    # roles held where the thing belongs
    "its admin": lambda who, thing: who.administers(thing.country),
    "its trainer": lambda who, thing: who.works_in("trainer", thing.cohort),
    "its supervisors": lambda who, thing: who.works_in("supervisor", thing.cohort),
    "its trainees": lambda who, thing: who.works_in("trainee", thing.cohort),
    # being named for it
    "owner": lambda who, thing: who.key is not None and who.key == thing.owner,
    "author": lambda who, thing: who.key is not None and who.key == thing.author,
    "named supervisor": lambda who, thing: (
        who.key is not None
        and who.key == thing.supervisor
        and who.works_in("supervisor", thing.cohort)
    ),
    "stand-in": lambda who, thing: (
        ("supervisor", "person", str(thing.supervisor)) in who.roles
        and who.works_in("supervisor", thing.cohort)
    ),
    "invited": lambda who, thing: who.key in thing.invited,
    "there": lambda who, thing: who.key in thing.there,
    "nobody": lambda who, thing: False,
    "named stand-in": lambda who, thing: who.key is not None and who.key == thing.stand_in,
    "assessor of the case": lambda who, thing: who.key in thing.assessors,
    "juror of the case": lambda who, thing: who.key in thing.jurors,
    "chair of the case": lambda who, thing: who.key is not None and who.key == thing.chair,
    # for persons
    "who trains or supervises them": lambda who, thing: any(
        who.works_in("trainer", key) or who.works_in("supervisor", key) for key in thing.studies_in
    ),
    "of limited reach": _may_touch,
    "only a trainee": lambda who, thing: all(role == "trainee" for role, _, _ in thing.held),
    "of its cohort": lambda who, thing: any(
        who.works_in(role, thing.cohort) for role in ("trainer", "supervisor", "trainee")
    ),
    # conditions
    "under its charter": lambda who, thing: who.key is not None and who.key in thing.invited,
    "for the office": lambda who, thing: thing.access == "office",
    "hidden": lambda who, thing: thing.access == "hidden",
    "handed in": lambda who, thing: thing.handed_in,
    "for the team": lambda who, thing: thing.access in {"team", "case"},
    "for the case": lambda who, thing: thing.access == "case",
    "office": lambda who, thing: (
        who.administers(thing.country) or who.has("programme_admin") or who.has("auditor")
    ),
    "official": lambda who, thing: (
        who.administers(thing.country) or who.has("programme_admin")
    ),
}  # fmt: skip


def may(who: Somebody, words: str, thing: Thing) -> bool:
    """`owner | its admin & not owner`: whether any alternative holds in all its parts."""
    return any(
        all(_holds(who, part.strip(), thing) for part in alternative.split("&"))
        for alternative in words.split("|")
    )


def _holds(who: Somebody, word: str, thing: Thing) -> bool:
    if word.startswith("not "):
        return not WORDS[word.removeprefix("not ")](who, thing)
    return WORDS[word](who, thing)


def everybody(session: Any) -> list[Somebody]:
    """Nobody, all personas, the teams of the other cohorts, a colleague."""
    people = [Somebody("anonymous", PUBLIC)]
    people += [Somebody(key, persona(session, key).actor) for key in BY_KEY]
    return people


def person(session: Any, name: str, record: Any) -> Somebody:
    """Anybody else, as they are."""
    return Somebody(name, record.actor)


def hats(thing: Thing, owner: Actor) -> list[Somebody]:
    """The thing's owner, also holding each role that could tempt them."""
    country, cohort = str(thing.country or ""), str(thing.cohort or "")
    roles = [
        Grant(Role.COUNTRY_ADMIN, Scope.COUNTRY, country),
        Grant(Role.PROGRAMME_ADMIN, Scope.ALL),
        Grant(Role.AUDITOR, Scope.ALL),
        Grant(Role.ASSESSOR, Scope.ALL),
        Grant(Role.JUROR, Scope.ALL),
    ]
    if cohort:
        roles += [
            Grant(Role.TRAINER, Scope.COHORT, cohort),
            Grant(Role.SUPERVISOR, Scope.COHORT, cohort),
        ]
    found = [_also(owner, f"owner of {thing}", role) for role in roles]
    if cohort and thing.supervisor:
        stands_in = Grant(Role.SUPERVISOR, Scope.PERSON, str(thing.supervisor))
        found.append(_also(owner, f"owner of {thing}, standing in", roles[-1], stands_in))
    return found


def _also(actor: Actor, name: str, *roles: Grant) -> Somebody:
    worn = replace(actor, grants=actor.grants | frozenset(roles))
    return Somebody(f"{name} as {', '.join(role.role.value for role in roles)}", worn)


def judges_with_office(thing: Thing, people: list[Somebody]) -> list[Somebody]:
    """Those who judge the case, also administering it."""
    office = [
        Grant(Role.COUNTRY_ADMIN, Scope.COUNTRY, str(thing.country)),
        Grant(Role.PROGRAMME_ADMIN, Scope.ALL),
    ]
    return [
        _also(who.actor, f"{who.name} judging {thing}", role)
        for who in people
        if who.key in thing.assessors | thing.jurors
        for role in office
    ]


def judging_oneself(thing: Thing) -> list[Thing]:
    """The thing, its owner named for everything that decides on it."""
    me = thing.owner
    if thing.kind == "dossier":
        alone = frozenset({me})
        return [
            altered(thing, {"assessors": alone}, {"assessor_ids": alone}),
            altered(thing, {"jurors": alone, "chair": me}, {"juror_ids": alone, "chair_id": me}),
        ]
    if thing.kind in {"entry", "evidence", "placement"}:
        return [altered(thing, {"supervisor": me}, {"supervisor_id": me})]
    if thing.kind == "observation":
        return [altered(thing, {"author": me}, {"trainer_id": me})]
    return []
