"""Cohorts with people who learn and practise, told through the services that pages use."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from lms.cohorts import enrolling
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.rules import CohortData, CohortEvent
from lms.core.db import AnySession
from lms.core.files import FileStore
from lms.core.settings import Settings
from lms.curriculum.release import Release
from lms.curriculum.rules import Programme, RequirementKind
from lms.demo.load import answering, handed
from lms.demo.load.people import ZONES, Hiring
from lms.demo.load.practice import COACH_PLAN, FACILITATOR_PLAN, Field
from lms.demo.load.stories import COMMUNES, HOSTS
from lms.fieldwork.attestations import service as attestations
from lms.fieldwork.models import Observation, Placement
from lms.fieldwork.observations import service as observations
from lms.fieldwork.placements import service as placements
from lms.fieldwork.placements.service import PlacementData
from lms.fieldwork.rules import PlacementEvent
from lms.learning import service as learning
from lms.learning.models import QuizAttempt
from lms.learning.quizzes import marking, papers
from lms.learning.quizzes import service as quizzes
from lms.learning.quizzes.rules.scoring import needed, out_of
from lms.network.models import Centre
from lms.people.models import Person
from lms.policy.actor import Role

ON_PAPER = frozenset(
    {
        RequirementKind.ATTESTED,
        RequirementKind.TRAINING_DAYS,
        RequirementKind.SUPERVISION,
        RequirementKind.HOST_FEEDBACK,
    }
)
"""What the centres of the demonstration have attested so far."""
AGAIN = timedelta(hours=30)
"""After how long a quiz is taken again: the exam wants a day between two attempts."""
PLANS = {"facilitator": FACILITATOR_PLAN, "coach": COACH_PLAN}


@dataclass
class Stage:
    """What the whole demonstration is told with."""

    session: AnySession
    settings: Settings
    files: FileStore
    release: Release
    now: datetime
    centres: dict[str, Centre]
    cast: dict[str, Person]
    hiring: Hiring
    turn: int = field(default=0)

    @property
    def today(self) -> date:
        """The day of loading."""
        return self.now.date()

    def ago(self, days: int) -> datetime:
        """Nine in the morning (UTC), `days` ago."""
        return datetime.combine(self.today - timedelta(days=days), time(9), tzinfo=UTC)

    def admin(self, country: str) -> Person:
        """The administrator of a country."""
        return self.cast[f"admin.{country.lower()}"]

    def cohort(
        self, country: str, programme: str, name: str, begins: int, ends: int, events: str
    ) -> Cohort:
        """A cohort from `begins` to `ends` days relative to today, led on by `events`."""
        admin = self.admin(country).actor
        founded = self.ago(max(1, 30 - begins))
        data = CohortData(
            country_code=country,
            centre_id=self.centres[country].id if country in self.centres else None,
            programme=programme,
            release_id=self.release.id,
            name=name,
            starts_on=self.today + timedelta(days=begins),
            ends_on=self.today + timedelta(days=ends),
            time_zone=ZONES[country],
        )
        made = cohorts.create_cohort(self.session, admin, UUID(str(uuid7())), data, founded)
        for word in events.split():
            event = CohortEvent(word)
            cohorts.change_cohort(self.session, admin, made, event, "Fin du parcours.", founded)
        return made

    def close(self, cohort: Cohort) -> None:
        """End a cohort."""
        admin = self.admin(cohort.country_code).actor
        event, reason = CohortEvent.CLOSE, "Fin du parcours."
        cohorts.change_cohort(self.session, admin, cohort, event, reason, self.ago(1))

    def team(self, cohort: Cohort, trainer: Person, supervisor: Person) -> None:
        """Give the cohort its trainer and its supervisor."""
        admin, now = self.admin(cohort.country_code).actor, cohort.created_at
        cohorts.assign(self.session, admin, cohort, trainer, Role.TRAINER, now)
        cohorts.assign(self.session, admin, cohort, supervisor, Role.SUPERVISOR, now)

    def enrol(self, cohort: Cohort, person: Person) -> Enrolment:
        """Enrol one person a little after the cohort was founded."""
        admin = self.admin(cohort.country_code).actor
        now = cohort.created_at + timedelta(hours=3)
        return enrolling.enrol(self.session, admin, cohort, person, now)

    def place(self, enrolment: Enrolment, supervisor: Person) -> Placement:
        """Agree and begin a placement, its supervisor named."""
        cohort, turn = enrolment.cohort, self._next()
        admin, session = self.admin(cohort.country_code).actor, self.session
        hosts, communes = HOSTS[cohort.country_code], COMMUNES[cohort.country_code]
        starts_on = cohort.starts_on + timedelta(days=7)
        now = datetime.combine(starts_on, time(9), tzinfo=UTC)
        data = PlacementData(
            host=hosts[turn % len(hosts)],
            host_contact="",
            territory=communes[turn % len(communes)],
            starts_on=starts_on,
            ends_on=cohort.ends_on,
            own_institution=False,
            consent_note="",
        )
        made = placements.propose(session, admin, enrolment, UUID(str(uuid7())), data, now)
        placements.assign_supervisor(session, admin, cohort, [made.id], supervisor, now)
        placements.change(session, admin, made, PlacementEvent.AGREE, "", now)
        placements.change(session, admin, made, PlacementEvent.START, "", now)
        return made

    def learn(self, enrolment: Enrolment, modules: int, days: int) -> None:
        """Read and pass the first `modules` written modules, the last one `days` ago."""
        programme = self.release.content.programmes[enrolment.cohort.programme]
        for turn, slug in enumerate(programme.written[:modules]):
            begun = self.ago(days + 6 * (modules - turn))
            for step, lesson in enumerate(self.release.lessons(slug)):
                at = begun + timedelta(hours=20 * step)
                learning.mark_read(self.session, enrolment, lesson, at)
            self.quiz(enrolment, slug, begun + timedelta(days=4))
            for key in self.release.content.modules[slug].required:
                at = begun + timedelta(days=4, hours=2)
                handed.accepted(self.session, self.files, self.release, enrolment, key, at)

    def read(self, enrolment: Enrolment, module: str, lessons: int, days: int) -> None:
        """Read only the first lessons of a module."""
        for lesson in self.release.lessons(module)[:lessons]:
            learning.mark_read(self.session, enrolment, lesson, self.ago(days))

    def quiz(self, enrolment: Enrolment, module: str, at: datetime) -> None:
        """Pass a module's quiz."""
        paper = papers.paper_of(self.release, self._programme(enrolment), module)
        if paper is None:
            raise LookupError(module)
        self.take(enrolment, paper, at)

    def exam(self, enrolment: Enrolment, days: int) -> None:
        """Pass the final exam, where the programme has one."""
        paper = papers.exam_of(self.release, self._programme(enrolment))
        if paper is not None:
            self.take(enrolment, paper, self.ago(days))

    def take(self, enrolment: Enrolment, paper: papers.Paper, at: datetime) -> None:
        """Take a quiz or exam; whoever fails takes it again on the next day but one, and passes."""
        first = self._attempt(enrolment, paper, at)
        if not first.passed:
            self._attempt(enrolment, paper, at + AGAIN, must_pass=True)

    def _attempt(
        self, enrolment: Enrolment, paper: papers.Paper, at: datetime, *, must_pass: bool = False
    ) -> QuizAttempt:
        """Answer and hand in once; a trainer marks the open answers a day later."""
        session, person, quiz = self.session, enrolment.person, paper.quiz
        attempt = quizzes.start_attempt(session, person.actor, enrolment, paper, at)
        asked = [question for question, _ in quizzes.asked(self.release, attempt)]
        worth = out_of(asked)
        may_lose = worth - needed(worth, quiz.pass_percent) if must_pass else None
        answers = answering.answers(asked, person.email or "", attempt.number, may_lose)
        later = at + timedelta(minutes=14)
        quizzes.save_answers(session, attempt, answers, attempt.version, later)
        quizzes.submit(session, person.actor, attempt, attempt.version, later)
        self.mark(attempt, at + timedelta(days=1))
        return attempt

    def mark(self, attempt: QuizAttempt, at: datetime) -> None:
        """A trainer marks the open answers well, where there are any."""
        if not attempt.to_mark:
            return
        marks = {
            row.question.id: (
                {criterion.id: 3 for criterion in criteria},
                "Les acteurs sont nommés et le cadre est posé. Dites aussi qui manque à la table.",
            )
            for row, criteria in marking.open_answers(self.release, attempt)
        }
        marking.mark(self.session, self.cast["trainer"].actor, attempt, marks, at)

    def _programme(self, enrolment: Enrolment) -> Programme:
        return self.release.content.programmes[enrolment.cohort.programme]

    def observe(
        self, enrolment: Enrolment, trainer: Person, days: int, *, until: str = "countersigned"
    ) -> Observation:
        """A trainer observes; `until` is draft, shared or countersigned."""
        session, now = self.session, self.ago(days)
        rubric = self.release.content.rubrics[self._programme(enrolment).rubric]
        indicators = [i.id for c in rubric.criteria for i in c.indicators]
        content = observations.ObservationContent(
            observed_on=now.date(),
            place=COMMUNES[enrolment.cohort.country_code][0],
            setting="workshop",
            setting_note="",
            entry_id=None,
            scores={name: 2 + (n + days) % 3 % 2 for n, name in enumerate(indicators[:11])},
            feedback="Cadre posé dès l’ouverture, parole bien distribuée. À travailler : "
            "reformuler avant de proposer, et noter au mur ce qui est acquis.",
        )
        made = observations.begin(
            session, trainer.actor, enrolment, UUID(str(uuid7())), content, rubric, now
        )
        if until != "draft":
            observations.share(session, trainer.actor, made, now + timedelta(hours=2))
        if until == "countersigned":
            person = enrolment.person.actor
            later = now + timedelta(days=1)
            observations.countersign(session, person, made, made.version, "", later)
        return made

    def attest_rest(self, enrolment: Enrolment, days: int) -> None:
        """Attest in full what has no tool yet, or happened on paper."""
        programme = self.release.content.programmes[enrolment.cohort.programme]
        admin = self.admin(enrolment.country_code).actor
        for need in programme.requirements:
            if need.kind in ON_PAPER:
                attestations.attest(
                    self.session,
                    admin,
                    enrolment,
                    UUID(str(uuid7())),
                    need,
                    need.needed,
                    "Feuilles signées vues au centre, copie au dossier papier.",
                    None,
                    None,
                    self.ago(days),
                )

    def complete(self, enrolment: Enrolment, supervisor: Person, trainer: Person) -> None:
        """Everything that the programme asks for."""
        programme = enrolment.cohort.programme
        spot = Field(self.session, self.files, enrolment, self.place(enrolment, supervisor))
        until = min(self.today - timedelta(days=20), enrolment.cohort.ends_on)
        for entry in spot.practise(spot.stories(PLANS[programme]), until):
            self.session.expire(entry, ["evidence"])
        self.learn(enrolment, 99, 40)
        self.exam(enrolment, 37)
        for turn in range(2 if programme == "coach" else 1):
            self.observe(enrolment, trainer, 35 + 20 * turn)
        self.attest_rest(enrolment, 18)

    def _next(self) -> int:
        self.turn += 1
        return self.turn
