"""The ledger: what counts towards a certificate, what remains, and on which rows it rests.

Pure: the same requirements and facts always give the same ledger, frozen byte for byte.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from lms.curriculum.rules import Measure, Requirement, RequirementKind, Unit

OWN_INSTITUTION_SHARE = 2
"""Practice in one's own institution covers at most one part in two of what is required
(domain, section 3, segregation rule 6; our proposal)."""


class RowKind(StrEnum):
    """What kind of record a counted row is."""

    MODULE = "module"
    EXAM = "exam"
    ENTRY = "entry"
    OBSERVATION = "observation"
    TRAINING = "training"
    SUPERVISION = "supervision"
    HOST_FEEDBACK = "host_feedback"
    ATTESTATION = "attestation"


@dataclass(frozen=True, slots=True)
class EntryFact:
    """A practicum entry that was handed in. It counts once `approved` (or locked)."""

    id: str
    type: str
    counts_as: str
    role: str
    held_on: date
    minutes_direct: int
    minutes_total: int
    approved: bool
    own_institution: bool = False
    content_hash: str = ""
    """Fingerprint of what the supervisor approved."""


@dataclass(frozen=True, slots=True)
class ExamFact:
    """The attempt by which the final exam was passed."""

    id: str
    passed_on: date


@dataclass(frozen=True, slots=True)
class ObservationFact:
    """An observation that the trainee has countersigned."""

    id: str
    setting: str
    observed_on: date


@dataclass(frozen=True, slots=True)
class TrainingFact:
    """A training session in half days: held with the trainee there, or planned."""

    id: str
    title: str
    held_on: date
    halves: int
    held: bool = True
    """It counts once held."""


@dataclass(frozen=True, slots=True)
class SupervisionFact:
    """A supervision session that was held with the trainee there."""

    id: str
    individual: bool
    held_on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class FeedbackFact:
    """A host's feedback on the trainee's work."""

    id: str
    given_on: date


@dataclass(frozen=True, slots=True)
class AttestationFact:
    """An attestation in force: what was done on paper, or has no tool yet."""

    id: str
    requirement: str
    amount: int
    attested_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one trainee has to show."""

    modules: Sequence[str] = ()
    """Slugs of the programme's written modules that are completed."""
    exams: Sequence[ExamFact] = ()
    """At most one: an exam is passed once."""
    entries: Sequence[EntryFact] = ()
    observations: Sequence[ObservationFact] = ()
    training: Sequence[TrainingFact] = ()
    supervision: Sequence[SupervisionFact] = ()
    feedback: Sequence[FeedbackFact] = ()
    attestations: Sequence[AttestationFact] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One record behind a figure. `label` is an id to be put into words, or a reason given."""

    kind: RowKind
    id: str
    amount: int
    label: str
    on: date | None = None
    own_institution: bool = False
    content_hash: str = ""
    """Fingerprint of an entry's content as it was counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement: needed, counted, missing, and the rows behind it."""

    requirement: str
    kind: RequirementKind
    unit: Unit
    needed: int
    counted: int
    attested: int
    """The part of `counted` that rests on attestations."""
    capped: int
    """Minutes left out: more than half of the need at one's own institution, or more supervision
    in a group than the share of individual supervision allows."""
    rows: tuple[Row, ...]
    waiting: int = field(default=0, compare=False)
    """What would count besides if entries handed in were approved, or once what is planned was
    held. Never frozen."""

    @property
    def missing(self) -> int:
        """What remains; never less than zero."""
        return max(0, self.needed - self.counted)

    @property
    def done(self) -> bool:
        """Whether nothing remains."""
        return self.missing == 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """What counts and what remains, requirement by requirement."""

    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        """How many requirements are met."""
        return sum(line.done for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether every requirement is met: the dossier may be handed in."""
        return bool(self.lines) and all(line.done for line in self.lines)

    @property
    def remaining(self) -> tuple[Line, ...]:
        """The requirements not yet met."""
        return tuple(line for line in self.lines if not line.done)

    def line(self, requirement: str) -> Line | None:
        """The line of a requirement."""
        return next((line for line in self.lines if line.requirement == requirement), None)

    def row_ids(self, kind: RowKind) -> frozenset[str]:
        """Ids of all rows of one kind that were counted."""
        return frozenset(row.id for line in self.lines for row in line.rows if row.kind is kind)


def evaluate(requirements: Iterable[Requirement], facts: Facts) -> Ledger:
    """The ledger of one trainee. Hours and activities count from approved entries only."""
    facts = replace(
        facts,
        entries=sorted(facts.entries, key=lambda e: (e.held_on, e.id)),
        observations=sorted(facts.observations, key=lambda o: (o.observed_on, o.id)),
        training=sorted(facts.training, key=lambda t: (t.held_on, t.id)),
        supervision=sorted(facts.supervision, key=lambda s: (s.held_on, s.id)),
        feedback=sorted(facts.feedback, key=lambda f: (f.given_on, f.id)),
        attestations=sorted(facts.attestations, key=lambda a: (a.attested_on, a.id)),
    )
    return Ledger(tuple(_line(requirement, facts) for requirement in requirements))


def _line(need: Requirement, facts: Facts) -> Line:
    attested = _attested(need, facts)
    rows = (*_own_rows(need, facts, approved=True), *attested)
    paper = sum(row.amount for row in attested)
    counted, capped = count(need, rows)
    more = _own_rows(need, facts, approved=False)
    if_approved = count(need, (*rows, *more))[0] if more else counted
    return Line(
        requirement=need.id,
        kind=need.kind,
        unit=need.unit,
        needed=need.needed,
        counted=counted,
        attested=paper,
        capped=capped,
        rows=rows,
        waiting=if_approved - counted,
    )


INDIVIDUAL, GROUP = "individual", "group"
"""Labels of supervision rows."""


def count(need: Requirement, rows: Iterable[Row]) -> tuple[int, int]:
    """What the rows amount to, and what a cap takes away."""
    free = own = alone = together = 0
    for row in rows:
        if row.own_institution and need.kind is RequirementKind.PRACTICE_MINUTES:
            own += row.amount
        elif row.kind is RowKind.SUPERVISION and row.label == GROUP:
            together += row.amount
        elif row.kind is RowKind.SUPERVISION:
            alone += row.amount
        else:
            free += row.amount
    return add_up(need, free=free, own=own, alone=alone, together=together)


def add_up(
    need: Requirement, *, free: int = 0, own: int = 0, alone: int = 0, together: int = 0
) -> tuple[int, int]:
    """What amounts of each sort come to, and what a cap takes away.

    own: at one's own institution, up to half of the need. together: supervision in a group, up to
    what leaves individual supervision (`alone`) its share. Paper (in `free`) neither is capped nor
    makes room.
    """
    capped = max(0, own - need.needed // OWN_INSTITUTION_SHARE)
    if need.individual_share:
        room = alone * (100 - need.individual_share) // need.individual_share
        capped += max(0, together - room)
    return free + own + alone + together - capped, capped


def _own_rows(need: Requirement, facts: Facts, *, approved: bool) -> tuple[Row, ...]:
    """Rows from the tools of the application; those still waiting when not `approved`."""
    match need.kind:
        case RequirementKind.MODULES:
            done = facts.modules if approved else ()
            return tuple(Row(RowKind.MODULE, slug, 1, slug) for slug in done)
        case RequirementKind.EXAM:
            passed = facts.exams if approved else ()
            return tuple(Row(RowKind.EXAM, e.id, 1, "", e.passed_on) for e in passed)
        case RequirementKind.OBSERVATION:
            seen = facts.observations if approved else ()
            return tuple(Row(RowKind.OBSERVATION, o.id, 1, o.setting, o.observed_on) for o in seen)
        case RequirementKind.TRAINING_DAYS:
            days = [day for day in facts.training if day.held is approved]
            return tuple(Row(RowKind.TRAINING, t.id, t.halves, t.title, t.held_on) for t in days)
        case RequirementKind.SUPERVISION:
            held = facts.supervision if approved else ()
            return tuple(
                Row(
                    RowKind.SUPERVISION,
                    s.id,
                    s.minutes,
                    INDIVIDUAL if s.individual else GROUP,
                    s.held_on,
                )
                for s in held
            )
        case RequirementKind.HOST_FEEDBACK:
            given = facts.feedback if approved else ()
            return tuple(Row(RowKind.HOST_FEEDBACK, f.id, 1, "", f.given_on) for f in given)
        case RequirementKind.PRACTICE_MINUTES | RequirementKind.ACTIVITY:
            return tuple(
                Row(
                    RowKind.ENTRY,
                    e.id,
                    amount,
                    e.type,
                    e.held_on,
                    e.own_institution,
                    e.content_hash,
                )
                for e in facts.entries
                if e.approved is approved and (amount := _amount(need, e))
            )
        case RequirementKind.ATTESTED:
            return ()


def _amount(need: Requirement, entry: EntryFact) -> int:
    """What one entry brings to a requirement, in its unit."""
    if need.kind is RequirementKind.PRACTICE_MINUTES:
        direct = need.measure is Measure.DIRECT
        return entry.minutes_direct if direct else entry.minutes_total
    fits = entry.counts_as in need.counts and (not need.roles or entry.role in need.roles)
    return int(fits)


def _attested(need: Requirement, facts: Facts) -> tuple[Row, ...]:
    return tuple(
        Row(RowKind.ATTESTATION, a.id, a.amount, a.reason, a.attested_on)
        for a in facts.attestations
        if a.requirement == need.id
    )
