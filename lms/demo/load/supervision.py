"""Supervision as it would have been: held and written down, planned, evaluated by some."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.service import team as team_of
from lms.demo.load.practice import NAMESPACE
from lms.demo.load.stage import Stage
from lms.fieldwork.models import SupervisionSession
from lms.fieldwork.rules import PresenceState, SupervisionKind
from lms.fieldwork.supervision import queries
from lms.fieldwork.supervision import service as supervision
from lms.fieldwork.supervision.evaluation import service as evaluation
from lms.fieldwork.supervision.evaluation.rules import QUESTIONS, Quarter
from lms.fieldwork.supervision.rules import Agreed, Minutes, Plan, Presence
from lms.people.models import Person
from lms.policy.actor import Role

ONLINE = "https://reunion.example/supervision-oujda"
PLACE = "Centre d’Oujda, salle 2"
TOPICS = (
    "Relire un entretien difficile",
    "Tenir le cadre quand un élu arrive en retard",
    "Passer du problème à l’objectif",
    "Animer sans donner la solution",
)
NOTES = (
    "Nous avons relu l’entretien minute par minute. Le silence après la deuxième question a ouvert "
    "la suite : c’est lui qu’il faut garder.\n\nÀ essayer : reformuler avant de proposer."
)
PRIVATE = "Doute beaucoup de sa légitimité face aux élus : y revenir doucement."
AGREED = (
    "Écrire le cadre en trois phrases et le lire au début du prochain atelier",
    "Observer une collègue et noter ses reformulations",
    "Rappeler la présidente de la coopérative",
)
QUIET = {6, 10}
"""Trainees of whom nothing has been heard for weeks: they have evaluated nobody."""


@dataclass(frozen=True)
class Supervised:
    """A cohort with its supervisor."""

    stage: Stage
    cohort: Cohort
    supervisor: Person

    def plan(
        self, key: str, trainees: list[Enrolment], at: datetime, planned: datetime, weeks: int = 1,
        topic: int = 0, minutes: int = 60, link: str = "",
    ) -> SupervisionSession:  # fmt: skip
        """Plan a session, or one a week."""
        asked = Plan(
            kind=SupervisionKind.INDIVIDUAL if len(trainees) == 1 else SupervisionKind.GROUP,
            starts_at=tuple(at + timedelta(weeks=week) for week in range(weeks)),
            minutes=minutes,
            place="" if link else PLACE,
            link=link,
            topic=TOPICS[topic % len(TOPICS)],
            enrolment_ids=frozenset(one.id for one in trainees),
        )
        first = uuid5(NAMESPACE, f"supervision:{self.cohort.name}:{key}")
        made = supervision.plan(
            self.stage.session, self.supervisor.actor, self.cohort, first, asked, planned
        )
        return made[0]

    def hold(
        self, meeting: SupervisionSession, absent: frozenset[UUID] = frozenset(), agreed: int = 0
    ) -> None:
        """Write it down the same evening."""
        presences = {
            one.enrolment_id: Presence(PresenceState.EXCUSED, "Réunion au conseil communal")
            if one.enrolment_id in absent
            else Presence(PresenceState.PRESENT)
            for one in meeting.presences
        }
        due = local_day(meeting) + timedelta(days=21)
        minutes = Minutes(
            minutes=meeting.minutes,
            presences=presences,
            shared_notes=NOTES,
            private_notes=PRIVATE,
            agreed=tuple(Agreed(text, None, due) for text in AGREED[:agreed]),
        )
        later = min(meeting.ends_at + timedelta(hours=3), self.stage.now)
        supervision.hold(
            self.stage.session, self.supervisor.actor, meeting, meeting.revision, minutes, later
        )

    def held(self, key: str, trainees: list[Enrolment], days: int, agreed: int = 0) -> None:
        """A session that took place some days ago."""
        at = self.at(self.stage.today - timedelta(days=days), 10 + days % 6)
        meeting = self.plan(key, trainees, at, at - timedelta(days=5), topic=days)
        self.hold(meeting, agreed=agreed)

    def at(self, day: date, hour: int) -> datetime:
        """An hour on the clocks of the cohort."""
        zone = ZoneInfo(self.cohort.time_zone)
        return datetime.combine(day, time(hour), zone).astimezone(UTC)


def local_day(meeting: SupervisionSession) -> date:
    """The day on which it took place, where the cohort is."""
    return meeting.starts_at.astimezone(ZoneInfo(meeting.cohort.time_zone)).date()


def load(stage: Stage) -> None:
    """Sessions of two cohorts; answers enough for one supervisor, too few for another."""
    oujda = _supervised(stage, "Coachs, Oujda 2026")
    everybody = _trainees(oujda)
    salma = everybody[0]
    evaluated = _last_day_of_quarter(stage)
    ago = (stage.today - evaluated).days
    for turn, one in enumerate(everybody):
        oujda.held(f"first:{turn}", [one], ago + 4 + turn % 6)
        if turn not in QUIET and turn % 2 == 0:
            _evaluate(oujda, one, evaluated, turn)
    _recent(oujda, salma, everybody)
    _planned(oujda, salma, everybody)
    kaolack = _supervised(stage, "Animateurs, Kaolack 2026")
    for turn, one in enumerate(_trainees(kaolack)[:1] + _trainees(kaolack)[2:3]):
        kaolack.held(f"first:{turn}", [one], ago + 3 + turn)
        _evaluate(kaolack, one, evaluated, turn)


def _recent(oujda: Supervised, salma: Enrolment, everybody: list[Enrolment]) -> None:
    """One with each of two trainees, a group in which one was excused; some of it done."""
    stage = oujda.stage
    oujda.held("salma:1", [salma], 16, agreed=3)
    actor = salma.person.actor
    for done in queries.open_actions(stage.session, actor)[:1]:
        supervision.tick(stage.session, done, stage.ago(4), done=True)
    oujda.held("other:1", [everybody[3]], 12, agreed=1)
    at = oujda.at(stage.today - timedelta(days=8), 15)
    group = everybody[:5]
    meeting = oujda.plan("group:1", group, at, stage.ago(20), topic=1, minutes=90)
    oujda.hold(meeting, absent=frozenset({group[4].id}), agreed=1)


def _planned(oujda: Supervised, salma: Enrolment, everybody: list[Enrolment]) -> None:
    """Yesterday's still to be written down; one today, one this week, a group each week."""
    stage, planned = oujda.stage, oujda.stage.ago(6)
    at = oujda.at(stage.today - timedelta(days=1), 11)
    oujda.plan("late", [everybody[2]], at, planned, topic=2)
    oujda.plan("today", [salma], oujda.at(stage.today, 17), planned, topic=3, link=ONLINE)
    oujda.plan("other:2", [everybody[1]], oujda.at(stage.today, 18), planned, topic=0)
    group = oujda.at(stage.today + timedelta(days=2), 15)
    oujda.plan("group:2", everybody[:6], group, planned, weeks=4, topic=1, minutes=90)
    called_off = oujda.at(stage.today + timedelta(days=4), 9)
    meeting = oujda.plan("called off", [everybody[5]], called_off, planned, topic=2)
    supervision.cancel(
        stage.session, oujda.supervisor.actor, meeting, meeting.revision,
        "Session du conseil régional ce jour-là ; nous trouverons une autre date.", stage.ago(1),
    )  # fmt: skip


def _last_day_of_quarter(stage: Stage) -> date:
    """The day on which the last quarter ended."""
    return Quarter.of(stage.today).starts_on - timedelta(days=1)


def _evaluate(of: Supervised, one: Enrolment, day: date, turn: int) -> None:
    usual = (3, 4, 2, 3, 1, 3)
    levels = {
        name: min(4, level + turn // 2 % 2) for name, level in zip(QUESTIONS, usual, strict=True)
    }
    evaluation.give(
        of.stage.session, one.person.actor, one, of.supervisor.id, levels, of.at(day, 12)
    )


def _supervised(stage: Stage, name: str) -> Supervised:
    cohort = stage.session.scalars(select(Cohort).where(Cohort.name == name)).one()
    team = team_of(stage.session, cohort.id)[Role.SUPERVISOR]
    known = stage.cast["supervisor"]
    return Supervised(stage, cohort, known if known in team else team[0])


def _trainees(of: Supervised) -> list[Enrolment]:
    """In the order in which they were enrolled."""
    query = select(Enrolment).where(Enrolment.cohort_id == of.cohort.id)
    return list(of.stage.session.scalars(query.order_by(Enrolment.enrolled_at, Enrolment.id)))
