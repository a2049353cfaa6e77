"""The policy table in words."""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from lms.policy.actions import Action
from lms.policy.table import POLICY

AREAS: dict[str, LazyString] = {
    "public": lazy_gettext("Public pages"),
    "account": lazy_gettext("Account"),
    "demo": lazy_gettext("Demonstration"),
    "credential": lazy_gettext("Verification"),
    "session": lazy_gettext("Session"),
    "home": lazy_gettext("Home"),
    "network": lazy_gettext("Network"),
    "country": lazy_gettext("Country"),
    "centre": lazy_gettext("Centre of excellence"),
    "partner": lazy_gettext("Partner body"),
    "convention": lazy_gettext("Convention"),
    "people": lazy_gettext("People"),
    "person": lazy_gettext("Person"),
    "grant": lazy_gettext("Role"),
    "release": lazy_gettext("Content release"),
    "learning": lazy_gettext("Learning"),
    "attempt": lazy_gettext("Quiz attempt"),
    "cohort": lazy_gettext("Cohort"),
    "enrolment": lazy_gettext("Enrolment"),
    "practice": lazy_gettext("Practice"),
    "absence": lazy_gettext("Absence of a supervisor"),
    "comment": lazy_gettext("Reusable comment"),
    "placement": lazy_gettext("Placement"),
    "agreement": lazy_gettext("Practice agreement"),
    "sheet": lazy_gettext("Weekly sheet"),
    "entry": lazy_gettext("Practice entry"),
    "evidence": lazy_gettext("Evidence"),
    "template": lazy_gettext("Template of an entry"),
    "coachee": lazy_gettext("Pseudonym of somebody coached"),
    "observation": lazy_gettext("Observation"),
    "attestation": lazy_gettext("Attestation"),
    "supervision": lazy_gettext("Supervision"),
    "ledger": lazy_gettext("What remains"),
    "logbook": lazy_gettext("Logbook"),
    "cases": lazy_gettext("Dossiers"),
    "dossier": lazy_gettext("Dossier"),
    "certificate": lazy_gettext("Certificate"),
    "register": lazy_gettext("Register"),
    "doubts": lazy_gettext("Reports of doubtful certificates"),
    "keys": lazy_gettext("Signing key"),
    "audit": lazy_gettext("Audit trail"),
    "case": lazy_gettext("Story of a case"),
    "jobs": lazy_gettext("Jobs"),
    "outbox": lazy_gettext("Outbox"),
    "permissions": lazy_gettext("Who may do what"),
    "health": lazy_gettext("Health of the installation"),
}
ACTS: dict[str, LazyString] = {
    "read": lazy_gettext("look at"),
    "sign-in": lazy_gettext("sign in"),
    "switch-persona": lazy_gettext("change person"),
    "verify": lazy_gettext("verify"),
    "report-doubt": lazy_gettext("report a doubt"),
    "view": lazy_gettext("see"),
    "manage": lazy_gettext("manage"),
    "edit": lazy_gettext("edit"),
    "list": lazy_gettext("list"),
    "invite": lazy_gettext("invite"),
    "make-code": lazy_gettext("make a one-time code"),
    "change": lazy_gettext("change"),
    "do": lazy_gettext("learn"),
    "work": lazy_gettext("answer"),
    "create": lazy_gettext("create"),
    "enrol": lazy_gettext("enrol"),
    "progress": lazy_gettext("see the progress of all"),
    "reassign": lazy_gettext("give late entries to somebody else"),
    "queue": lazy_gettext("work on the queue"),
    "sync": lazy_gettext("send what was written without network"),
    "choose-version": lazy_gettext("choose between two versions"),
    "propose": lazy_gettext("propose"),
    "confirm": lazy_gettext("answer as a host, with a link"),
    "ask-host": lazy_gettext("ask the host to sign or to give feedback"),
    "sign": lazy_gettext("sign"),
    "print": lazy_gettext("print"),
    "file": lazy_gettext("file its photo or scan"),
    "read-reflection": lazy_gettext("read the confidential reflection"),
    "decide": lazy_gettext("approve, send back or reject"),
    "revoke": lazy_gettext("revoke"),
    "countersign": lazy_gettext("countersign"),
    "submit": lazy_gettext("submit"),
    "admit": lazy_gettext("decide on admissibility"),
    "assign": lazy_gettext("assign assessors and jury"),
    "declare-conflict": lazy_gettext("declare a conflict of interest"),
    "score": lazy_gettext("score"),
    "sign-light": lazy_gettext("sign the assessment"),
    "deliberate": lazy_gettext("record the deliberation and sign"),
    "release": lazy_gettext("release the decision"),
    "hold": lazy_gettext("see one’s own"),
    "handle": lazy_gettext("handle"),
    "end": lazy_gettext("end"),
    "plan": lazy_gettext("plan"),
    "read-notes": lazy_gettext("read the shared notes"),
    "read-private": lazy_gettext("read the private notes"),
    "run": lazy_gettext("move and write down"),
    "cancel": lazy_gettext("cancel"),
    "tick": lazy_gettext("tick off what was agreed"),
    "evaluate": lazy_gettext("evaluate one’s supervisor"),
    "results": lazy_gettext("see evaluations, added up"),
    "list-results": lazy_gettext("list evaluations, added up"),
    "trace": lazy_gettext("follow from start to end"),
    "practice": lazy_gettext("see hours and outputs"),
    "take-along": lazy_gettext("print and take along"),
}
PREDICATES: dict[str, LazyString] = {
    "anyone": lazy_gettext("the public"),
    "signed_in": lazy_gettext("anybody signed in"),
    "own": lazy_gettext("the person it belongs to"),
    "not_own": lazy_gettext("never for oneself"),
    "not_its_admin": lazy_gettext("never an administrator of its country or of the programme"),
    "open_to_team": lazy_gettext("not kept for the supervisor alone"),
    "handed_in": lazy_gettext("once its author has handed it in"),
    "within_reach": lazy_gettext("never for roles that reach beyond the administrator’s countries"),
    "only_trainee": lazy_gettext("only for people who are trainees and nothing else"),
    "admin_of_country": lazy_gettext("administrator of its country"),
    "programme_admin": lazy_gettext("programme administrator"),
    "auditor": lazy_gettext("auditor"),
    "some_country_admin": lazy_gettext("administrator of a country"),
    "some_partner": lazy_gettext("verifier of a partner body"),
    "some_case_worker": lazy_gettext("assessor or juror"),
    "some_supervisor": lazy_gettext("supervisor"),
    "some_trainer": lazy_gettext("trainer"),
    "trainer_of_cohort": lazy_gettext("trainer of its cohort"),
    "supervisor_of_cohort": lazy_gettext("supervisor in its cohort"),
    "trainee_of_cohort": lazy_gettext("trainee of its cohort"),
    "its_supervisor": lazy_gettext("its own supervisor"),
    "stands_in": lazy_gettext("who stands in for its supervisor"),
    "its_stand_in": lazy_gettext("who stands in during it"),
    "its_trainer": lazy_gettext("the trainer who wrote it"),
    "invited": lazy_gettext("trainee whom it is for"),
    "was_there": lazy_gettext("trainee who was there"),
    "its_assessor": lazy_gettext("assessor assigned to the case"),
    "its_juror": lazy_gettext("juror assigned to the case"),
    "its_chair": lazy_gettext("chair of the case’s jury"),
    "teaches_person": lazy_gettext("trainer or supervisor of the person"),
}


@dataclass(frozen=True)
class Permission:
    """One act and the ways to be allowed it."""

    name: str
    ways: list[list[str]]


def areas() -> list[tuple[str, list[Permission]]]:
    """Acts by area, in the order of the table."""
    found: dict[str, list[Permission]] = {}
    for action in Action:
        area, _colon, act = action.value.partition(":")
        ways = [[str(PREDICATES[p.__name__]) for p in row] for row in POLICY.get(action, [])]
        found.setdefault(area, []).append(Permission(str(ACTS[act]), ways))
    return [(str(AREAS[area]), rows) for area, rows in found.items()]
