"""Everybody and every seeded record, so that each may be asked about each."""

from collections.abc import Iterator

from lms.policy.actions import Action
from tests.policy.seeded import who as saying
from tests.policy.seeded.expected import ROWS
from tests.policy.seeded.things import Thing, all_things
from tests.policy.seeded.who import Somebody, may

NOTHING = Thing("nothing", None)


class World:
    """Everybody and everything, with one thing of each sort for the questions that repeat."""

    def __init__(self, session) -> None:
        self.all = all_things(session)
        self.people = saying.everybody(session)
        owners = {thing.owner: thing.obj.actor for thing in self.all["person"]}
        focus = [self._first(kind) for kind in ("person", "session", "enrolment", "certificate")]
        focus += [self._first("entry"), self._first("observation")]
        focus += [next(t for t in self.all["dossier"] if t.chair), self._first("dossier")]
        for thing in focus:
            self.people += saying.hats(thing, owners[thing.owner])
            self.people += saying.judges_with_office(thing, self.people)
        for name in (
            "abroad",
            "former",
            "stand-in",
            "outside",
            "removed",
            "sn00090",
            "sn00091",
            "ma00090",
            "ma00012",
        ):
            email = f"{name}@demo.example"
            found = next(t.obj for t in self.all["person"] if t.obj.email == email)
            self.people.append(Somebody(name, found.actor))
        colleagues = [t for t in self.all["enrolment"] if t.country in {"MA", "SN"}][1::6]
        self.people += [Somebody(f"trainee {t.owner}", owners[t.owner]) for t in colleagues]
        for thing in focus:
            for kind in ("entry", "evidence", "observation", "placement", "dossier"):
                of_owner = [t for t in self.all[kind] if t.owner == thing.owner][:1]
                for mine in of_owner:
                    self.all[kind] += saying.judging_oneself(mine)
        self.sample = {kind: _distinct(things) for kind, things in self.all.items()}
        self.sample["nothing"] = [NOTHING]

    def _first(self, kind: str) -> Thing:
        return next(t for t in self.all[kind] if t.owner and t.handed_in)

    def questions(self, action: Action) -> Iterator[tuple[Somebody, Thing, bool]]:
        """Everybody about every sort of thing, with the answer expected."""
        kinds, words = ROWS[action]
        for kind in kinds:
            for thing in self.sample[kind]:
                for who in self.people:
                    yield who, thing, may(who, words, thing)


def _distinct(things: list[Thing]) -> list[Thing]:
    """One of each sort: records with the same facts get the same answers."""
    found: dict[object, Thing] = {}
    for thing in things:
        sort = (
            thing.owner, thing.cohort, thing.country, thing.supervisor, thing.author,
            thing.assessors, thing.jurors, thing.handed_in, thing.held, thing.access,
            thing.invited, thing.there,
        )  # fmt: skip
        found.setdefault(sort, thing)
    return list(found.values())
