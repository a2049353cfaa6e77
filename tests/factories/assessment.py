"""Cases at any step of their way, led there by the services themselves.

`case(session, "facilitator")` is an enrolment with a complete ledger; its methods act as the
persona whose turn it is: `case.to("jury")` goes all the way to a state.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from flask import current_app

from lms.assessment import service
from lms.assessment.rules.scoring import Vote
from lms.assessment.rules.states import CaseRole, DossierState, Outcome
from lms.assessment.service.decisions import Meeting
from lms.assessment.service.dossiers import Preparation, current_ledger
from lms.assessment.service.sheets import Scores
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortState, EnrolmentState
from lms.core.files import StoredFile, Upload
from lms.fieldwork.models import Attestation, Evidence, Observation, Placement, PracticumEntry
from lms.fieldwork.rules import (
    ConsentBasis,
    EntryState,
    EvidenceAccess,
    ObservationState,
    PlacementState,
)
from lms.policy.actor import Role
from tests.factories import curriculum, network
from tests.people import grant_in, person

_numbers = count(1)
START = datetime(2026, 9, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
CRITERIA = ("leadership", "problem-solving", "communication", "active-listening", "ethics")
PDF = b"%PDF-1.4\nreport\nstartxref\n0\n%%EOF"


def cohort(session, programme="facilitator", country="MA", **fields):
    """A running cohort on our own content, at a centre."""
    number = next(_numbers)
    release = curriculum.release(session, curriculum.ours())
    centre = network.centre(session, country, name=f"Centre {number}", city="Oujda")
    made = Cohort(
        country_code=country,
        centre=centre,
        programme=programme,
        release_id=release.id,
        name=f"Promotion {number}",
        starts_on=date(2026, 1, 15),
        ends_on=date(2026, 12, 15),
        state=CohortState.RUNNING,
        time_zone="Africa/Casablanca",
        created_at=START - 200 * DAY,
        **fields,
    )
    session.add(made)
    session.flush()
    return made


def enrolment(session, someone, in_cohort):
    """A trainee of the cohort, with the role that goes with it."""
    made = Enrolment(
        cohort=in_cohort,
        person=someone,
        state=EnrolmentState.ENROLLED,
        enrolled_at=START - 190 * DAY,
    )
    session.add(made)
    session.flush()
    grant_in(session, someone, Role.TRAINEE, in_cohort)
    return made


def placement(session, of, supervisor, **fields):
    given = {
        "host": "Commune de Berkane",
        "territory": "Berkane",
        "starts_on": date(2026, 2, 1),
        "ends_on": date(2026, 12, 1),
        "state": PlacementState.RUNNING,
        "created_at": START - 180 * DAY,
    }
    made = Placement(enrolment=of, supervisor=supervisor, **(given | fields))
    session.add(made)
    session.flush()
    return made


def entry(session, at, supervisor, type="workshop", state=EntryState.APPROVED, **fields):
    """An entry of the placement; approved by the supervisor unless told otherwise."""
    given = {
        "form": "training-workshop",
        "held_on": date(2026, 5, 14),
        "minutes_direct": 120,
        "minutes_indirect": 30,
        "minutes_preparation": 45,
        "role": "co_led",
        "participants": {"elected": 2, "citizen": 9},
        "stakes": ["public-space"],
        "limits": [],
        "purposes": [],
        "summary": "Atelier sur l’espace public, avec les habitantes et les habitants.",
        "consent_basis": ConsentBasis.PUBLIC_EVENT,
        "reflection": "CONFIDENTIEL: ce que je n’ai dit à personne",
        "version": 1,
        "content_hash": f"{next(_numbers):064x}",
        "claimed_at": START - 90 * DAY,
        "received_at": START - 90 * DAY,
        "submitted_at": START - 90 * DAY,
    }
    if state is not EntryState.SUBMITTED:
        given |= {"decided_at": START - 80 * DAY, "decided_by_id": supervisor.id}
    made = PracticumEntry(
        enrolment=at.enrolment,
        placement=at,
        supervisor_id=supervisor.id,
        type=type,
        state=state,
        **(given | fields),
    )
    session.add(made)
    session.flush()
    return made


def evidence(session, of, data=b"\x89picture"):
    """A file of the entry, really in the store."""
    sha256 = current_app.extensions["files"].put(data)
    file = StoredFile(
        sha256=sha256,
        size=len(data),
        media_type="image/webp",
        name="atelier.webp",
        created_at=START,
    )
    made = Evidence(entry=of, file=file, caption="Le mur d’idées", access=EvidenceAccess.CASE)
    session.add_all([file, made])
    session.flush()
    return made


def observation(session, of, trainer, **fields):
    given = {
        "observed_on": date(2026, 6, 2),
        "place": "Berkane",
        "setting": "workshop",
        "rubric": "territorial-coaching",
        "scores": {"leadership-objectives": 3, "ethics-participation": 3},
        "feedback": "Un cadre clair, des questions ouvertes.",
        "state": ObservationState.COUNTERSIGNED,
        "claimed_at": START - 60 * DAY,
        "received_at": START - 60 * DAY,
        "shared_at": START - 60 * DAY,
        "countersigned_at": START - 59 * DAY,
    }
    made = Observation(enrolment=of, trainer=trainer, **(given | fields))
    session.add(made)
    session.flush()
    return made


def attestation(session, of, admin, requirement, amount, **fields):
    given = {"reason": "Feuille de présence signée.", "attested_at": START - 30 * DAY}
    made = Attestation(
        enrolment=of,
        requirement=requirement,
        amount=amount,
        attested_by=admin,
        **(given | fields),
    )
    session.add(made)
    session.flush()
    return made


def case(session, programme="facilitator", who="trainee", country="MA", **fields):
    """A trainee whose ledger is complete, with trainer, supervisor and the office around."""
    return Case(session, programme, who, country, **fields)


def scores(level=3, recommends=Outcome.CERTIFIED, summary="Une pratique solide.", **levels):
    """A complete sheet; `leadership=1` sets one level, underscores for hyphens."""
    given = dict.fromkeys(CRITERIA, level)
    given |= {name.replace("_", "-"): value for name, value in levels.items()}
    comments = dict.fromkeys(CRITERIA, "Vu sur le terrain, relu dans les fiches.")
    return Scores(given, comments, recommends, summary)


class Case:
    """One dossier on its way; each method acts as the persona whose turn it is."""

    def __init__(self, session, programme, who, country, complete=True):
        self.session, self.now = session, START
        self.cohort = cohort(session, programme, country)
        self.trainee = person(session, who)
        self.trainer = person(session, "trainer", cohort=self.cohort)
        self.supervisor = person(session, "supervisor", cohort=self.cohort)
        self.admin = person(session, f"admin.{country.lower()}")
        self.programme = person(session, "programme")
        self.enrolment = enrolment(session, self.trainee, self.cohort)
        self.placement = placement(session, self.enrolment, self.supervisor)
        self.entries = [
            entry(session, self.placement, self.supervisor, held_on=date(2026, 5, 2 + n))
            for n in range(3)
        ]
        self.evidence = evidence(session, self.entries[0])
        self.observation = observation(session, self.enrolment, self.trainer)
        self.dossier = None
        if complete:
            self.attest_the_rest()

    def attest_the_rest(self):
        for line in current_ledger(self.session, self.enrolment).remaining:
            attestation(self.session, self.enrolment, self.admin, line.requirement, line.missing)

    def tick(self):
        self.now += timedelta(hours=1)
        return self.now

    def url(self, part=""):
        return f"/assessment/dossiers/{self.dossier.id}{part}"

    def as_(self, name):
        return person(self.session, name).actor

    # the way

    def prepared(self):
        self.dossier = service.prepare(
            self.session,
            self.trainee.actor,
            self.enrolment,
            Preparation("J’ai appris à écouter.", Upload("rapport.pdf", "application/pdf", PDF)),
            0,
            current_app.extensions["files"],
            self.tick(),
        )
        return self

    def submitted(self):
        self.prepared()
        service.submit(
            self.session, self.trainee.actor, self.dossier, self.dossier.version, self.tick()
        )
        return self

    def admissible(self):
        self.submitted()
        service.admit(
            self.session, self.admin.actor, self.dossier, self.dossier.version, self.tick()
        )
        return self

    def assign(self, **names):
        """`assign(assessor=["assessor1"], chair=["chair"], …)` by personas."""
        places = {
            CaseRole(role): [person(self.session, name).id for name in people]
            for role, people in names.items()
        }
        service.assign(
            self.session,
            self.programme.actor,
            self.dossier,
            places,
            self.dossier.version,
            self.tick(),
        )
        return self

    def assigned(self):
        self.admissible()
        if self.dossier.profile == "light":
            return self.assign(assessor=["assessor1"])
        return self.assign(
            assessor=["assessor1", "assessor2"], chair=["chair"], juror=["juror1", "juror2"]
        )

    def declare(self, *names):
        for name in names:
            service.declare(self.session, self.as_(name), self.dossier, self.tick())
        return self

    def declared(self):
        self.assigned()
        everyone = {a.person_id for a in self.dossier.active}
        names = ("assessor1", "assessor2", "chair", "juror1", "juror2")
        return self.declare(*(n for n in names if person(self.session, n).id in everyone))

    assessing = declared

    def score(self, name, given=None):
        actor = self.as_(name)
        sheet = service.save_sheet(
            self.session, actor, self.dossier, given or scores(), 0, self.tick()
        )
        service.hand_in(self.session, actor, self.dossier, sheet.version, self.tick())
        return self

    def concordant(self):
        return self.assessing().score("assessor1")

    def divergent(self):
        return self.assessing().score("assessor1").score("assessor2", scores(leadership=1))

    def jury(self):
        return self.assessing().score("assessor1").score("assessor2")

    def meet(self, votes=None, reasons="", **fields):
        """The chair writes the meeting down; `votes` by persona."""
        votes = votes or dict.fromkeys(("chair", "juror1", "juror2"), Vote.CERTIFIED)
        known = service.deliberation_of(self.session, self.dossier)
        meeting = Meeting(
            **{
                "held_on": date(2026, 9, 1),
                "place": "Oujda",
                "votes": {person(self.session, n).id: Vote(v) for n, v in votes.items()},
                "minutes": "Échange sur la posture.",
                "reasons": reasons,
                **fields,
            }
        )
        return service.deliberate(
            self.session,
            self.as_("chair"),
            self.dossier,
            meeting,
            known.version if known else 0,
            self.tick(),
        )

    def signed(self, outcome=Outcome.CERTIFIED, reasons=""):
        """Signed by the assessor (light) or the chair (standard)."""
        session = self.session
        if self.dossier is None:
            (self.concordant if self.cohort.programme == "facilitator" else self.jury)()
        if self.dossier.profile == "light":
            actor = self.as_("assessor1")
            version = self.dossier.version
            service.sign_light(session, actor, self.dossier, outcome, reasons, version, self.tick())
        else:
            names = ("chair", "juror1", "juror2")
            record = self.meet(dict.fromkeys(names, Vote(outcome.value)), reasons)
            service.sign_jury(session, self.as_("chair"), self.dossier, record.version, self.tick())
        return self

    certified = signed

    def notified(self, outcome=Outcome.CERTIFIED, reasons=""):
        self.signed(outcome, reasons)
        self.award = self.release()
        return self

    def release(self):
        return service.release(
            self.session,
            self.programme.actor,
            self.dossier,
            self.dossier.version,
            self.tick(),
            current_app.config["SETTINGS"],
        )

    def to(self, state):
        """Go all the way to a state."""
        getattr(self, DossierState(state).value)()
        return self
