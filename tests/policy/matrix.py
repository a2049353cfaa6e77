"""Hand-made people and one thing: who may do what to it, by the table, without any database.

Each person differs from the next by one right alone, so that nothing in the table can be left out
unnoticed. What each may is said in `test_table.py` (here) and `seeded/expected.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from uuid import UUID

from lms.policy.actions import Action
from lms.policy.actor import PUBLIC, Actor, Grant, Role, Scope
from lms.policy.predicates import Predicate

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
"""The cohort of the thing, and another."""
OWNER = UUID(int=10)

Rows = Sequence[Sequence[Predicate]]


def actor(number: int, *grants: tuple[Role, Scope, object]) -> Actor:
    held = frozenset(Grant(role, scope, str(where)) for role, scope, where in grants)
    return Actor(person_id=UUID(int=number), display_name=str(number), grants=held)


def _trains(where: UUID) -> tuple[Role, Scope, object]:
    return Role.TRAINER, Scope.COHORT, where


def _supervises(where: UUID) -> tuple[Role, Scope, object]:
    return Role.SUPERVISOR, Scope.COHORT, where


def _stands_in(number: int) -> tuple[Role, Scope, object]:
    return Role.SUPERVISOR, Scope.PERSON, UUID(int=number)


def _learns(where: UUID) -> tuple[Role, Scope, object]:
    return Role.TRAINEE, Scope.COHORT, where


def _runs(country: str) -> tuple[Role, Scope, object]:
    return Role.COUNTRY_ADMIN, Scope.COUNTRY, country


PROGRAMME = (Role.PROGRAMME_ADMIN, Scope.ALL, "")
AUDIT = (Role.AUDITOR, Scope.ALL, "")
ASSESS = (Role.ASSESSOR, Scope.ALL, "")
JUDGE = (Role.JUROR, Scope.ALL, "")

PEOPLE: dict[str, Actor] = {
    "public": PUBLIC,
    "nobody": actor(20),
    "owner": actor(10),
    "trainee-here": actor(21, _learns(HERE)),
    "trainee-elsewhere": actor(22, _learns(ELSEWHERE)),
    "trainer-here": actor(23, _trains(HERE)),
    "trainer-elsewhere": actor(24, _trains(ELSEWHERE)),
    "supervisor-here": actor(25, _supervises(HERE)),
    "supervisor-elsewhere": actor(26, _supervises(ELSEWHERE)),
    "its-supervisor": actor(11, _supervises(HERE)),
    "its-former-supervisor": actor(11),
    "stand-in": actor(34, _supervises(HERE), _stands_in(11)),
    "stand-in-of-another-team": actor(35, _supervises(ELSEWHERE), _stands_in(11)),
    "stand-in-in-the-absence": actor(16),
    "its-trainer": actor(12),
    "invited": actor(17),
    "was-there": actor(18),
    "trainee-under-charter": actor(40, _learns(HERE)),
    "trainer-under-charter": actor(41, _trains(HERE)),
    "gone-under-charter": actor(42),
    "trainer-elsewhere-under-charter": actor(43, _trains(ELSEWHERE)),
    "its-assessor": actor(13),
    "its-juror": actor(14),
    "its-chair": actor(15),
    "assessor": actor(27, ASSESS),
    "juror": actor(28, JUDGE),
    "country-admin": actor(29, _runs("MA")),
    "other-country-admin": actor(30, _runs("SN")),
    "programme-admin": actor(31, PROGRAMME),
    "auditor": actor(32, AUDIT),
    "partner": actor(33, (Role.PARTNER, Scope.PARTNER, UUID(int=9))),
    "assessor-and-country-admin": actor(13, _runs("MA")),
    "assessor-and-programme-admin": actor(13, PROGRAMME),
    "juror-and-country-admin": actor(14, _runs("MA")),
    "juror-and-programme-admin": actor(14, PROGRAMME),
    "chair-and-country-admin": actor(15, _runs("MA")),
    "chair-and-programme-admin": actor(15, PROGRAMME),
}
"""One right each, and the few pairs that must not come together."""


def thing(**changes: object) -> SimpleNamespace:
    """Something of the owner's, in one cohort and country, with everybody named for it."""
    return SimpleNamespace(
        **{
            "person_id": OWNER,
            "country_code": "MA",
            "cohort_id": HERE,
            "cohort_ids": frozenset({HERE}),
            "held": [Grant(Role.TRAINEE, Scope.COHORT, str(HERE))],
            "handed_in": True,
            "open_to_team": True,
            "supervisor_id": UUID(int=11),
            "trainer_id": UUID(int=12),
            "stand_in_id": UUID(int=16),
            "invited_ids": [UUID(int=17), UUID(int=18)],
            "present_ids": [UUID(int=18)],
            "published": True,
            "to_office": True,
            "charter_ids": [OWNER, *(UUID(int=number) for number in (40, 41, 42, 43))],
            "assessor_ids": [UUID(int=13)],
            "juror_ids": [UUID(int=14), UUID(int=15)],
            "chair_id": UUID(int=15),
        }
        | changes
    )


def _held(role: Role, scope: Scope, where: object = "") -> list[Grant]:
    return [*thing().held, Grant(role, scope, str(where))]


SITUATIONS: dict[str, SimpleNamespace] = {
    "draft": thing(handed_in=False),
    "not-published": thing(published=False),
    "for-moderators-alone": thing(to_office=False),
    "of-a-trainee-here": thing(person_id=UUID(int=21)),
    "for-the-supervisor": thing(open_to_team=False),
    "of-a-trainer": thing(held=_held(Role.TRAINER, Scope.COHORT, ELSEWHERE)),
    "of-an-admin-here": thing(held=_held(Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")),
    "of-an-admin-elsewhere": thing(held=_held(Role.COUNTRY_ADMIN, Scope.COUNTRY, "SN")),
    "of-a-programme-admin": thing(held=_held(Role.PROGRAMME_ADMIN, Scope.ALL)),
}
"""The same thing, but for one circumstance."""

_NAMED = {
    "its-supervisor": {"supervisor_id": OWNER},
    "its-trainer": {"trainer_id": OWNER},
    "its-assessor": {"assessor_ids": [OWNER]},
    "its-juror": {"juror_ids": [OWNER]},
    "its-chair": {"chair_id": OWNER},
}
"""How a person is named for a thing: the owner could be, by mistake."""


def own(name: str) -> tuple[Actor, SimpleNamespace]:
    """A person with the rights of `name`, before a thing of their own."""
    grants = PEOPLE[name].grants
    return Actor(person_id=OWNER, grants=grants), thing(**_NAMED.get(name, {}))


def may(rows: Rows, who: Actor, what: object) -> bool:
    """What `permits` says, of rows that need not be the table's."""
    return any(bool(row) and all(ask(who, what) for ask in row) for row in rows)


def allowed(rows: Rows) -> frozenset[str]:
    """Who may act: `name`, `own:name` on a thing of their own, `draft:name` in a situation.

    `own-draft:name` on a thing of their own that nobody else has seen.
    """
    found = {name for name, who in PEOPLE.items() if may(rows, who, thing())}
    found |= {f"own:{name}" for name in PEOPLE if name != "public" and may(rows, *own(name))}
    found |= {
        f"own-draft:{name}"
        for name in PEOPLE
        if name != "public" and may(rows, own(name)[0], SITUATIONS["draft"])
    }
    return frozenset(found) | {
        f"{situation}:{name}"
        for situation, what in SITUATIONS.items()
        for name, who in PEOPLE.items()
        if may(rows, who, what)
    }


def mutants(policy: Mapping[Action, Rows]) -> Iterable[tuple[str, Action, Rows]]:
    """Every table that lacks one predicate of one row: (what is gone, where, the rows left)."""
    for action, rows in policy.items():
        for place, row in enumerate(rows):
            for gone in row:
                left = [ask for ask in row if ask is not gone]
                changed = [*rows[:place], *([left] if left else []), *rows[place + 1 :]]
                yield f"{action.value}: {gone.__name__} of row {place + 1}", action, changed
