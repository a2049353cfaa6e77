"""Confidences in every state of a case and its records: met by those alone who may read them."""

from uuid import UUID

import pytest
from sqlalchemy import select

from lms.curriculum import service as curriculum
from lms.fieldwork.models import Signature
from lms.people.models import Person
from tests.policy.seeded import canaries
from tests.policy.seeded.addresses import nobody_or
from tests.policy.seeded.visits import Stage, leaks, say
from tests.policy.seeded.who import Somebody
from tests.seeded import cookie_for

SHEETS = (
    "",
    "/score",
    "/score/check",
    "/deliberate",
    "/deliberation",
    "/sign",
    "/release",
    "/assign",
)
JUDGES = (
    "assessor1", "assessor2", "assessor3", "chair", "juror1", "juror2",
    "admin.ma", "admin.sn", "programme", "auditor",
)  # fmt: skip
TEAM = "trainee", "trainer", "supervisor", "admin.ma", "programme", "auditor"
UNSEEN = {"accountsession.browser", "supervisionfeedback.answers"}
"""What no page ever shows as it is stored: a browser is told by its kind (`Chrome · Android`),
the evaluation of a supervision only in figures about several together."""


def _learning_pages(catalogue) -> list[str]:
    """Attempts, exercises, extra time, training days, corrections, notes, team activities."""
    learnt = [f"/learn/attempts/{t.obj.id}/result" for t in catalogue.things["attempt"]][:60]
    learnt += [f"/learn/attempts/{t.obj.attempt_id}/result" for t in catalogue.things["open mark"]]
    learnt += [f"/learn/work/{t.obj.id}" for t in catalogue.things["work"]]
    learnt += [f"/learn/{t.obj.enrolment_id}/extra-time" for t in catalogue.things["extra time"]]
    learnt += [f"/training/of/{t.obj.enrolment_id}" for t in catalogue.things["attendance"]][:20]
    days = {t.obj.session_id for t in catalogue.things["attendance"]}
    learnt += [f"/training/{day}{page}" for day in days for page in ("", "/list")]
    learnt += [f"/admin/corrections/{t.obj.id}" for t in catalogue.things["correction"]]
    learnt += ["/learn/notes"]
    for cohort in {t.cohort for t in catalogue.things["line"]}:
        learnt += [f"/cohorts/{cohort}/activities/c10-x{number}" for number in (2, 3)]
    return learnt


def _own_pages(catalogue, release) -> dict[UUID, list[str]]:
    """Pages by whose they are: what only its author is shown, while it is being written."""
    pages: dict[UUID, list[str]] = {}
    for thing in catalogue.things["work"]:
        exercise = release.content.exercises[thing.obj.exercise]
        module = exercise.lesson.partition("/")[0]
        own = f"/learn/{thing.obj.enrolment_id}/{module}/exercises/{exercise.id}"
        pages.setdefault(thing.owner, []).append(own)
    for thing in catalogue.things["values"][:6]:
        own = f"/cohorts/{thing.cohort}/activities/c10-x2"
        pages.setdefault(thing.owner, []).append(own)
    owners = {thing.owner for thing in catalogue.things["template"]}
    enrolments = {t.owner: t.obj.enrolment_id for t in catalogue.things["entry"]}
    for owner in owners & set(enrolments):
        pages.setdefault(owner, []).append(f"/practice/{enrolments[owner]}/templates")
    evidence = {thing.owner: thing.obj.entry_id for thing in catalogue.things["evidence"]}
    for owner, entry in evidence.items():
        pages.setdefault(owner, []).append(f"/practice/entries/{entry}")
    return pages


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
def test_confidences_in_every_state(seeded_app, seeded_session, catalogue, readers):
    """All pages of all cases, to judges, office and candidates; of all kinds of practice records.

    Each field must be met by somebody, or this test would see nothing.
    """
    dossiers, records = catalogue.things["dossier"], []
    for kind, address in (("entry", "entries"), ("observation", "observations")):
        things = [t for t in reversed(catalogue.things[kind]) if not t.deleted]
        first = {(t.state, t.handed_in, t.cohort): t for t in things}
        records += [f"/practice/{address}/{t.obj.id}" for t in first.values()]
    salma = nobody_or(seeded_session, "trainee").key
    records += [
        f"/practice/supervision/{t.obj.id}"
        for t in catalogue.things["supervision"]
        if salma in t.invited
    ]
    places = {(t.obj.state, t.cohort): t for t in catalogue.things["placement"]}
    records += [f"/practice/placements/{t.obj.id}" for t in places.values()]
    said = seeded_session.scalars(select(Signature).where(Signature.comment != "")).all()
    records += [f"/practice/entries/{each.entry_id}" for each in said if each.entry_id]
    for given in catalogue.things["host feedback"]:
        records += [f"/practice/feedback/{given.obj.id}"]
        records += [f"/practice/placements/{given.obj.placement_id}"]
    records += [f"/practice/outbox/{t.obj.id}" for t in catalogue.things["synced"]]
    records += ["/practice/absences"]
    office = [f"/admin/cases/{t.obj.enrolment_id}" for t in dossiers]
    visits = []
    for name in JUDGES:
        who = nobody_or(seeded_session, name)
        visits.append((who, [] if who.has("assessor") or who.has("juror") else office))
        for thing in dossiers:
            pages = SHEETS if who.key in thing.named else SHEETS[:1]
            visits.append((who, [f"/assessment/dossiers/{thing.obj.id}{page}" for page in pages]))
    visits += [(nobody_or(seeded_session, name), records) for name in TEAM]
    talk = [f"/cohorts/discussion/{t.obj.id}" for t in catalogue.things["thread"]]
    talk += [f"/cohorts/reports/{t.obj.id}" for t in catalogue.things["post report"][:8]]
    visits += [(nobody_or(seeded_session, name), talk) for name in ("trainee", "trainer")]
    learnt = _learning_pages(catalogue)
    taught = ("trainee", "trainer", "admin.ma")
    visits += [(nobody_or(seeded_session, name), learnt) for name in taught]
    release = curriculum.current_release(seeded_session)
    for key, pages in _own_pages(catalogue, release).items():
        visits.append((Somebody("owner", seeded_session.get(Person, key).actor), pages))
    doubts = [f"/admin/doubts/{thing.obj.id}" for thing in catalogue.things["doubt"]]
    visits.append((nobody_or(seeded_session, "programme"), doubts))
    for thing in dossiers:
        owner = Somebody("candidate", seeded_session.get(Person, thing.owner).actor)
        of_case = [
            f"/assessment/dossiers/{thing.obj.id}",
            f"/assessment/ledger/{thing.obj.enrolment_id}",
            f"/practice/{thing.obj.enrolment_id}",
            "/home",
        ]
        visits.append((owner, of_case))
    met, wrong, cookies = set(), [], {}
    for who, addresses in visits:
        if who.key not in cookies:
            person = seeded_session.get(Person, who.key)
            cookies[who.key] = "=".join(cookie_for(seeded_app, seeded_session, person))
        cookie = cookies[who.key]
        stage = Stage(seeded_app, seeded_session, cookie)
        wrong += [f"{who.name}: {url}" for url in addresses if _fails(stage.ask("GET", url))]
        wrong += [f"{who.name}: {text}" for text in leaks(stage, who, readers)]
        met |= {name for _, text in stage.bodies for name, _ in canaries.found_in(text)}
    say(wrong)
    planted = {f"{m.__name__}.{f}".lower() for m, fields in canaries.FIELDS.items() for f in fields}
    assert planted - met == UNSEEN, f"shown to nobody: {sorted(planted - met)}"


def _fails(answer) -> bool:
    return answer.status_code >= 500
