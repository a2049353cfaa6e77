"""Every seeded record with the facts that decide who may do what to it, read from the raw rows.

The facts come from foreign keys and states by plain queries, not from the properties that the
policy's predicates ask: where a property lies, the matrix sees it.
"""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.assessment.models import Assignment, Dossier
from lms.assessment.service import rows
from lms.cohorts.models import Attendance, Cohort, Enrolment
from lms.core.audit import AuditEntry
from lms.core.jobs import Job
from lms.core.mail import MailMessage
from lms.credentials.models import Certificate, DoubtReport
from lms.fieldwork.models import (
    Absence,
    Attestation,
    Coachee,
    EntryTemplate,
    Evidence,
    HostFeedback,
    Observation,
    Placement,
    PracticumEntry,
    ReusableComment,
    SupervisionPresence,
    SyncedItem,
)
from lms.fieldwork.rules import PresenceState
from lms.learning.models import LessonMark
from lms.network.models import Centre, Convention, Country, PartnerBody
from lms.people.models import AccountSession, Person, RoleGrant


@dataclass(frozen=True)
class Thing:
    """A record and what is true of it. `kind` is a word of the tables in the tests."""

    kind: str
    obj: Any
    owner: UUID | None = None
    cohort: UUID | None = None
    country: str | None = None
    supervisor: UUID | None = None
    author: UUID | None = None
    stand_in: UUID | None = None
    invited: frozenset[UUID] = frozenset()
    there: frozenset[UUID] = frozenset()
    assessors: frozenset[UUID] = frozenset()
    jurors: frozenset[UUID] = frozenset()
    chair: UUID | None = None
    handed_in: bool = True
    deleted: bool = False
    access: str = ""
    state: str = ""
    studies_in: frozenset[str] = frozenset()
    """Keys of the cohorts in which a person is a trainee now."""
    held: frozenset[tuple[str, str, str]] = frozenset()
    """Roles that a person holds now: (role, scope, scope id)."""
    keys: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)
    """Further keys of its address."""

    @property
    def named(self) -> frozenset[UUID | None]:
        """Everybody who is named for it."""
        return self.assessors | self.jurors | self.invited | {self.supervisor, self.author}

    def __str__(self) -> str:
        where = "draft " if not self.handed_in else ""
        return f"{where}{self.kind} {getattr(self.obj, 'id', '')} {self.state} {self.country or ''}"


class Altered:
    """A record of which something else is true: what no service would ever let happen."""

    def __init__(self, obj: Any, **other: Any) -> None:
        self.__dict__ |= {"_obj": obj, **other}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._obj, name)


def altered(thing: Thing, facts: dict[str, Any], attributes: dict[str, Any]) -> Thing:
    """The same thing with other facts, and a record whose attributes say so."""
    return replace(thing, obj=Altered(thing.obj, **attributes), **facts)


def all_things(session: Any) -> dict[str, list[Thing]]:
    """Everything in the database, by kind, oldest first."""
    from tests.policy.seeded import (
        community,
        corrections,
        exercises,
        hosts,
        quizzes,
        supervision,
        training,
    )

    found: dict[str, list[Thing]] = {}
    readers = (
        _network,
        _people,
        _cases,
        _fieldwork,
        _devices,
        supervision.things,
        training.things,
        quizzes.things,
        community.things,
        exercises.things,
        hosts.things,
        corrections.things,
        _dossiers,
        _office,
        _ledger_rows,
    )
    for reader in readers:
        for thing in reader(session):
            found.setdefault(thing.kind, []).append(thing)
    return found


def _all(session, model, *options):
    order = model.code if model is Country else model.id
    return session.scalars(select(model).order_by(order).options(*options)).unique().all()


def _network(session):
    for country in _all(session, Country):
        yield Thing("country", country, country=country.code)
    for kind, model in (("centre", Centre), ("partner", PartnerBody), ("convention", Convention)):
        for row in _all(session, model):
            yield Thing(kind, row, country=row.country_code)


def _people(session):
    held: dict[UUID, set[tuple[str, str, str]]] = {}
    grants = session.execute(
        select(RoleGrant.person_id, RoleGrant.role, RoleGrant.scope, RoleGrant.scope_id).where(
            RoleGrant.ended_at.is_(None)
        )
    )
    for person_id, role, scope, scope_id in grants:
        held.setdefault(person_id, set()).add((role.value, scope.value, scope_id))
    for person in _all(session, Person, joinedload(Person.grants)):
        mine = frozenset(held.get(person.id, ()))
        yield Thing(
            "person",
            person,
            owner=person.id,
            country=person.country_code,
            held=mine,
            studies_in=frozenset(key for role, _, key in mine if role == "trainee"),
            state="left" if person.left_at else "",
            keys={"grant_id": person.grants[0].id if person.grants else person.id},
        )
    for row in _all(session, AccountSession, joinedload(AccountSession.person)):
        yield Thing("session", row, owner=row.person_id, country=row.person.country_code)


def case_facts(session):
    """Whose, of which cohort and country, by enrolment."""
    found = session.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.cohort_id, Cohort.country_code).join(
            Cohort, Cohort.id == Enrolment.cohort_id
        )
    )
    return {
        key: {"owner": person, "cohort": cohort, "country": country}
        for key, person, cohort, country in found
    }


def _cases(session):
    for cohort in _all(session, Cohort):
        yield Thing("cohort", cohort, cohort=cohort.id, country=cohort.country_code)
    of_case = case_facts(session)
    for enrolment in _all(session, Enrolment):
        yield Thing("enrolment", enrolment, state=enrolment.state.value, **of_case[enrolment.id])
    for mark in _all(session, LessonMark):
        yield Thing("mark", mark, owner=mark.person_id)


def _fieldwork(session):
    of_case = case_facts(session)
    for placement in _all(session, Placement):
        facts = of_case[placement.enrolment_id] | {"supervisor": placement.supervisor_id}
        yield Thing("placement", placement, **facts)
    entries = {}
    for entry in _all(session, PracticumEntry):
        facts = of_case[entry.enrolment_id] | {
            "supervisor": entry.supervisor_id,
            "handed_in": entry.state.value not in {"draft", "deleted"},
            "state": entry.state.value,
        }
        entries[entry.id] = facts
        yield Thing("entry", entry, deleted=entry.state.value == "deleted", **facts)
    for evidence in _all(session, Evidence, joinedload(Evidence.entry)):
        facts = entries[evidence.entry_id]
        gone = evidence.removed_at is not None or facts["state"] == "deleted"
        access = evidence.access.value
        yield Thing("evidence", evidence, deleted=gone, access=access, **facts)
    for template in _all(session, EntryTemplate):
        yield Thing("template", template, owner=template.person_id)
    for coachee in _all(session, Coachee):
        yield Thing("coachee", coachee, **of_case[coachee.enrolment_id])
    for seen in _all(session, Observation):
        yield Thing(
            "observation",
            seen,
            author=seen.trainer_id,
            handed_in=seen.shared_at is not None,
            state=seen.state.value,
            **of_case[seen.enrolment_id],
        )
    for attestation in _all(session, Attestation):
        state = "on paper" if attestation.file_id else ""
        yield Thing("attestation", attestation, state=state, **of_case[attestation.enrolment_id])
    homes = {person.id: person.country_code for person in _all(session, Person)}
    for absence in _all(session, Absence):
        yield Thing(
            "absence",
            absence,
            owner=absence.supervisor_id,
            stand_in=absence.stand_in_id,
            country=homes[absence.supervisor_id],
        )
    for comment in _all(session, ReusableComment):
        yield Thing("comment", comment, owner=comment.person_id)


def _devices(session):
    for item in _all(session, SyncedItem):
        yield Thing("synced", item, owner=item.person_id)


def _dossiers(session):
    of_case = case_facts(session)
    places: dict[UUID, list[tuple[UUID, str]]] = {}
    active = session.execute(
        select(Assignment.dossier_id, Assignment.person_id, Assignment.role).where(
            Assignment.stood_down_at.is_(None)
        )
    )
    for dossier_id, person_id, role in active:
        places.setdefault(dossier_id, []).append((person_id, role.value))
    for dossier in _all(session, Dossier):
        panel = places.get(dossier.id, [])
        judges = {
            "assessors": frozenset(p for p, role in panel if role.endswith("assessor")),
            "jurors": frozenset(p for p, role in panel if role in {"juror", "chair"}),
            "chair": next((p for p, role in panel if role == "chair"), None),
        }
        facts = of_case[dossier.enrolment_id] | judges | {"state": dossier.state.value}
        yield Thing("dossier", dossier, keys=_panel_keys(panel), **facts)
        yield from _case_rows(session, dossier, facts)


def _panel_keys(panel):
    return {"person_id": panel[0][0]} if panel else {}


def _case_rows(session, dossier, facts):
    """One record of each kind that the dossier counts, as its pages find them."""
    finders = (
        ("entry_id", rows.find_entry, PracticumEntry),
        ("observation_id", rows.find_observation, Observation),
        ("session_id", rows.find_training, Attendance),
        ("session_id", rows.find_supervision, SupervisionPresence),
        ("feedback_id", rows.find_feedback, HostFeedback),
        ("evidence_id", rows.find_evidence, Evidence),
        ("attestation_id", rows.find_attestation, Attestation),
        ("attestation_id", rows.find_attestation_file, Attestation),
    )
    report = rows.find_report(session, dossier.id)
    if report is not None:
        yield Thing("case report", report, keys={"dossier_id": dossier.id}, **facts)
    for argument, finder, model in finders:
        for key in _candidates(session, model, dossier.enrolment_id):
            found = finder(session, dossier.id, key)
            if found is not None:
                kind = finder.__name__.replace("find_", "case ").replace("_", " ")
                keys = {"dossier_id": dossier.id, argument: key}
                yield Thing(kind, found, keys=keys, **facts)
                break


def _ledger_rows(session):
    """One counted session and one feedback of each case."""
    of_case = case_facts(session)
    held = select(SupervisionPresence).where(SupervisionPresence.state == PresenceState.PRESENT)
    for kind, argument, finder, found in (
        ("supervision", "session_id", rows.find_ledger_supervision, session.scalars(held)),
        ("feedback", "feedback_id", rows.find_ledger_feedback, _all(session, HostFeedback)),
    ):
        seen = set()
        for row in found:
            key = row.session_id if argument == "session_id" else row.id
            counted = finder(session, row.enrolment_id, key)
            if counted is not None and row.enrolment_id not in seen:
                seen.add(row.enrolment_id)
                keys = {"enrolment_id": row.enrolment_id, argument: key}
                yield Thing(f"ledger {kind}", counted, keys=keys, **of_case[row.enrolment_id])


def _candidates(session, model, enrolment_id):
    query = select(model.id).order_by(model.id)
    if model in {Attendance, SupervisionPresence}:
        query = select(model.session_id).order_by(model.session_id)
    if model is Evidence:
        query = query.join(PracticumEntry, PracticumEntry.id == Evidence.entry_id)
        return session.scalars(query.where(PracticumEntry.enrolment_id == enrolment_id)).all()
    return session.scalars(query.where(model.enrolment_id == enrolment_id)).all()


def _office(session):
    for certificate in _all(session, Certificate, joinedload(Certificate.award)):
        yield Thing(
            "certificate",
            certificate,
            owner=certificate.person_id,
            country=certificate.country_code,
            state=certificate.state.value,
        )
    for kind, model in (("doubt", DoubtReport), ("job", Job), ("message", MailMessage)):
        for row in _all(session, model):
            yield Thing(kind, row)
    for row in session.execute(select(AuditEntry.id, AuditEntry.country_code)):
        yield Thing("audit", row, country=row.country_code)
