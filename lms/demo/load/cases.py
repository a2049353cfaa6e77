"""Dossiers at every step of the way, so that something waits for each persona; older awards."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.assessment import service as assessment
from lms.assessment.models import Award, Dossier
from lms.assessment.rules import AwardKind, CaseRole, Outcome
from lms.assessment.rules.scoring import Vote
from lms.assessment.service.decisions import Meeting
from lms.assessment.service.dossiers import Preparation
from lms.assessment.service.sheets import Scores
from lms.cohorts.models import Cohort, Enrolment
from lms.core import jobs
from lms.credentials import service as register
from lms.credentials.models import Certificate
from lms.credentials.rules import RevocationCategory
from lms.demo.load import training
from lms.demo.load.confirmed import confirm
from lms.demo.load.people import address
from lms.demo.load.stage import Stage
from lms.demo.names import Name, names
from lms.people.models import Person

CRITERIA = ("leadership", "problem-solving", "communication", "active-listening", "ethics")
STATEMENT = (
    "J’ai accompagné trois groupes pendant un an. Ce que j’ai le plus appris : me taire quand le "
    "groupe cherche, et poser la question qui manque. Je joins mon rapport au dossier papier."
)
JURY = {"chair": CaseRole.CHAIR, "juror1": CaseRole.JUROR, "juror2": CaseRole.JUROR}


class Case:
    """One dossier, led on step by step by those whose turn it is."""

    def __init__(self, stage: Stage, enrolment: Enrolment, days: int) -> None:
        self.stage, self.enrolment, self.days = stage, enrolment, days
        self.dossier: Dossier

    @property
    def now(self) -> datetime:
        """The time of this step; each step is a day later."""
        self.days -= 1
        return self.stage.ago(max(0, self.days)) if self.days > 0 else self.stage.now

    def hand_in(self) -> "Case":
        """The trainee hands the dossier in."""
        session, actor = self.stage.session, self.enrolment.person.actor
        prepared = Preparation(STATEMENT)
        self.dossier = assessment.prepare(
            session, actor, self.enrolment, prepared, 0, self.stage.files, self.now
        )
        assessment.submit(session, actor, self.dossier, self.dossier.version, self.now)
        return self

    def give_back(self, reason: str) -> "Case":
        """The country returns it."""
        admin = self.stage.admin(self.enrolment.country_code).actor
        version = self.dossier.version
        assessment.give_back(self.stage.session, admin, self.dossier, reason, version, self.now)
        return self

    def admit(self) -> "Case":
        """The country finds it admissible."""
        admin = self.stage.admin(self.enrolment.country_code).actor
        assessment.admit(self.stage.session, admin, self.dossier, self.dossier.version, self.now)
        return self

    def assign(self, places: Mapping[str, CaseRole]) -> "Case":
        """The programme names people."""
        named: dict[CaseRole, list[object]] = {}
        for key, role in places.items():
            named.setdefault(role, []).append(self.stage.cast[key].id)
        assessment.assign(
            self.stage.session,
            self.stage.cast["programme"].actor,
            self.dossier,
            named,  # type: ignore[arg-type]
            self.dossier.version,
            self.now,
        )
        return self

    def declare(self, *keys: str) -> "Case":
        """They declare to have no conflict of interest."""
        for key in keys:
            actor = self.stage.cast[key].actor
            assessment.declare(self.stage.session, actor, self.dossier, self.now)
        return self

    def score(self, key: str, levels: tuple[int, ...], outcome: Outcome) -> "Case":
        """An assessor scores and hands in."""
        session, actor = self.stage.session, self.stage.cast[key].actor
        chosen = dict(zip(CRITERIA, levels, strict=True))
        comments = {
            name: "Observé dans deux entretiens et un atelier, avec des faits précis au dossier."
            for name, level in chosen.items()
            if level <= 1 or level == 4
        }
        summary = "Pratique régulière, posture claire ; la reformulation reste à affermir."
        scores = Scores(chosen, comments, outcome, summary)
        sheet = assessment.save_sheet(session, actor, self.dossier, scores, 0, self.now)
        assessment.hand_in(session, actor, self.dossier, sheet.version, self.now)
        return self

    def sign_light(self, key: str, outcome: Outcome = Outcome.CERTIFIED) -> "Case":
        """The one assessor signs."""
        assessment.sign_light(
            self.stage.session,
            self.stage.cast[key].actor,
            self.dossier,
            outcome,
            "Les exigences sont remplies et les niveaux atteints.",
            self.dossier.version,
            self.now,
        )
        return self

    def deliberate(self, vote: Vote = Vote.CERTIFIED) -> "Case":
        """The jury meets; the chair signs."""
        session, chair, now = self.stage.session, self.stage.cast["chair"].actor, self.now
        meeting = Meeting(
            held_on=now.date(),
            place="En ligne",
            votes={self.stage.cast[key].id: vote for key in JURY},
            minutes="Le jury a lu le dossier, les deux grilles et les observations, entendu la "
            "candidate vingt minutes, puis voté.",
            reasons="Les deux grilles concordent ; le jury suit la proposition de la règle.",
        )
        record = assessment.deliberate(session, chair, self.dossier, meeting, 0, now)
        assessment.sign_jury(session, chair, self.dossier, record.version, now)
        return self

    def release(self) -> "Case":
        """The programme releases the decision: award, certificate, mail."""
        admin = self.stage.cast["programme"].actor
        version, settings = self.dossier.version, self.stage.settings
        assessment.release(self.stage.session, admin, self.dossier, version, self.now, settings)
        return self


LEVELS = (3, 3, 2, 3, 3)
SOLO = {"assessor1": CaseRole.ASSESSOR}
PAIR = {"assessor1": CaseRole.ASSESSOR, "assessor2": CaseRole.ASSESSOR}


def _trainees(stage: Stage, cohort: Cohort, turns: range) -> list[Enrolment]:
    pool = names(cohort.country_code)
    found = []
    for turn in turns:
        email = address(cohort.country_code, 100 + turn)
        person = stage.hiring.person(cohort.country_code, pool[turn % len(pool)], email)
        found.append(stage.enrol(cohort, person))
    return found


def _team(stage: Stage, country: str) -> tuple[Person, Person]:
    family, other = {"SN": ("Gning", "Dramé"), "MA": ("Sebti", "Bouazza")}[country]
    arabic = {"SN": ("", ""), "MA": ("السبتي", "بوعزة")}[country]
    given_ar = ("حياة", "عادل") if country == "MA" else ("", "")
    one = Name(family, "Hayat" if country == "MA" else "Coumba", arabic[0], given_ar[0])
    two = Name(other, "Adil" if country == "MA" else "Lamine", arabic[1], given_ar[1])
    hire = stage.hiring.person
    return hire(country, one, address(country, 90)), hire(country, two, address(country, 91))


def kaolack(stage: Stage) -> None:
    """Facilitators close to certification: light decisions at every step."""
    trainer, supervisor = _team(stage, "SN")
    cohort = stage.cohort("SN", "facilitator", "Animateurs, Kaolack 2026", -210, 40, "open start")
    stage.team(cohort, trainer, supervisor)
    trainees = _trainees(stage, cohort, range(1, 9))
    for enrolment in trainees:
        stage.complete(enrolment, supervisor, trainer)
        confirm(stage, enrolment, supervisor)
    training.review(stage, cohort, trainer)
    ready, submitted, returned, admissible, assigned, assessing, scored, signed = trainees
    del ready  # everything counted, nothing handed in yet
    Case(stage, submitted, 4).hand_in()
    Case(stage, returned, 9).hand_in().give_back("La feuille d’émargement de mars manque.")
    Case(stage, admissible, 7).hand_in().admit()
    Case(stage, assigned, 9).hand_in().admit().assign(SOLO)
    Case(stage, assessing, 11).hand_in().admit().assign(SOLO).declare("assessor1")
    begun = Case(stage, scored, 13).hand_in().admit().assign(SOLO).declare("assessor1")
    begun.score("assessor1", LEVELS, Outcome.CERTIFIED)
    begun = Case(stage, signed, 15).hand_in().admit().assign(SOLO).declare("assessor1")
    begun.score("assessor1", (3, 4, 3, 3, 3), Outcome.CERTIFIED).sign_light("assessor1")
    _kaolack_certified(stage, trainer, supervisor)


def _kaolack_certified(stage: Stage, trainer: Person, supervisor: Person) -> None:
    """A cohort that has ended: certificates valid, and others that no longer are."""
    cohort = stage.cohort("SN", "facilitator", "Animateurs, Kaolack 2025", -400, -15, "open start")
    stage.team(cohort, trainer, supervisor)
    certified = [stage.enrol(cohort, stage.cast["facilitator"])]
    certified += _trainees(stage, cohort, range(9, 13))
    for enrolment in certified:
        stage.complete(enrolment, supervisor, trainer)
        confirm(stage, enrolment, supervisor)
        case = Case(stage, enrolment, 16).hand_in().admit().assign(SOLO).declare("assessor1")
        case.score("assessor1", LEVELS, Outcome.CERTIFIED).sign_light("assessor1").release()
    stage.close(cohort)


def oujda_before(stage: Stage) -> None:
    """Coaches before two blind assessors and a jury."""
    trainer, supervisor = _team(stage, "MA")
    cohort = stage.cohort("MA", "coach", "Coachs, Oujda 2025", -430, 60, "open start")
    stage.team(cohort, trainer, supervisor)
    trainees = _trainees(stage, cohort, range(13, 22))
    training.role_play(stage, cohort, trainer)
    for enrolment in trainees:
        stage.complete(enrolment, supervisor, trainer)
        confirm(stage, enrolment, supervisor)
    training.review(stage, cohort, trainer)
    submitted, admissible, assessing, divergent, concordant, named, jury, *decided = trainees
    signed, notified = decided
    Case(stage, submitted, 3).hand_in()
    Case(stage, admissible, 6).hand_in().admit()
    _paired(stage, assessing, 14).score("assessor1", LEVELS, Outcome.CERTIFIED)
    split = _paired(stage, divergent, 16).score("assessor1", LEVELS, Outcome.CERTIFIED)
    split.score("assessor2", (1, 2, 2, 1, 2), Outcome.DEFERRED)
    split.assign({"assessor3": CaseRole.THIRD_ASSESSOR}).declare("assessor3")
    _agreed(stage, concordant, 17)
    _agreed(stage, named, 12).assign(JURY)  # its jury has not declared yet
    _agreed(stage, jury, 18).assign(JURY).declare(*JURY)
    _agreed(stage, signed, 19).assign(JURY).declare(*JURY).deliberate()
    _agreed(stage, notified, 20).assign(JURY).declare(*JURY).deliberate().release()


def _paired(stage: Stage, enrolment: Enrolment, days: int) -> Case:
    case = Case(stage, enrolment, days).hand_in().admit().assign(PAIR)
    return case.declare("assessor1", "assessor2")


def _agreed(stage: Stage, enrolment: Enrolment, days: int) -> Case:
    case = _paired(stage, enrolment, days)
    case.score("assessor1", LEVELS, Outcome.CERTIFIED)
    return case.score("assessor2", (3, 3, 3, 3, 4), Outcome.CERTIFIED)


def awards(stage: Stage) -> None:
    """Awards of earlier years, recorded from lists on paper: one in force, one expired."""
    pool = names("MA")
    for turn, days in ((14, 400), (15, 1500)):
        person = stage.hiring.person("MA", pool[turn], address("MA", 200 + turn))
        award = Award(
            person=person,
            person_id=person.id,
            country_code="MA",
            programme="coach",
            release_id=stage.release.id,
            kind=AwardKind.LEGACY,
            awarded_on=stage.today - timedelta(days=days),
            place="Oujda",
            legacy_source="Liste de promotion de démonstration",
        )
        stage.session.add(award)
        stage.session.flush()
        key = str(award.id)
        jobs.enqueue(stage.session, "credentials.issue", key, {"award": key}, stage.now)


def certificates(stage: Stage) -> None:
    """After issuing: one suspended, one revoked, one superseded by a corrected document."""
    session, programme, now = stage.session, stage.cast["programme"].actor, stage.now
    issued = session.scalars(
        select(Certificate)
        .join(Award, Award.id == Certificate.award_id)
        .join(Person, Person.id == Award.person_id)
        .where(
            Award.kind == AwardKind.ASSESSED,
            Award.country_code == "SN",
            Person.email != stage.cast["facilitator"].email,
        )
        .order_by(Certificate.register_number)
    ).all()
    suspended, revoked, superseded = issued[:3]
    register.suspend(session, programme, suspended, "Plainte reçue, examen en cours.", now)
    category = RevocationCategory.ERROR
    register.revoke(session, programme, revoked, category, "Délivré par erreur.", now=now)
    superseded.award.person.family_name += " Touré"
    register.replace(session, programme, superseded, "Nom corrigé après mariage.", now)
