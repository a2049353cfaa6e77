"""Training days as they would have been: held and counted, one under way, some still to come."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms.cohorts.models import Cohort, TrainingSession
from lms.cohorts.service import team as team_of
from lms.cohorts.timetable.people import enrolled
from lms.cohorts.timetable.rules import Slot
from lms.cohorts.training import attendance, service
from lms.cohorts.training.rules import Attended, Plan, Tick, Worth
from lms.core.files import store
from lms.demo.load import pictures
from lms.demo.load.practice import NAMESPACE
from lms.demo.load.stage import Stage
from lms.people.models import Person
from lms.policy.actor import Role

PLACE = "Centre d’Oujda, grande salle"
ONLINE = "https://reunion.example/formation-oujda"
NOTE = "Apportez votre sociogramme en cours. Déjeuner sur place."
MALADE = "Mon fils est malade, je reste avec lui."
BLOCK = (
    ("Outils d’analyse du territoire", ("c4-tools-sociogram-swot",)),
    ("Entretiens et ateliers", ("c5-tools-interviews-workshops-coaching",)),
    ("De l’analyse au plan d’action", ("c6-method",)),
)
POSTURE = ("c8-posture-and-role",)


@dataclass(frozen=True)
class Taught:
    """A cohort with its trainer."""

    stage: Stage
    cohort: Cohort
    trainer: Person

    def plan(
        self, title: str, at: datetime, hours: float = 7.5, worth: Worth = Worth.WHOLE,
        planned: int = 20, modules: tuple[str, ...] = (), link: str = "", times: int = 1,
    ) -> list[TrainingSession]:  # fmt: skip
        """Plan a day, or several running, so many days ago."""
        known = self.stage.release.programmes[self.cohort.programme].written
        asked = Plan(
            slots=tuple(Slot(at + timedelta(days=turn), int(60 * hours)) for turn in range(times)),
            worth=worth,
            title=title,
            place="" if link else PLACE,
            link=link,
            note=NOTE if worth is Worth.WHOLE else "",
            modules=tuple(slug for slug in modules if slug in known),
            trainer_ids=frozenset({self.trainer.id}),
        )
        key = uuid5(NAMESPACE, f"training:{self.cohort.name}:{title}:{worth}")
        when = min(self.stage.ago(planned), at - timedelta(days=1))
        return service.plan(self.stage.session, self.trainer.actor, self.cohort, key, asked, when)

    def hold(self, meeting: TrainingSession, turn: int) -> None:
        """Tick the list in the evening: one was late, one absent, one left early, by turns."""
        session, evening = self.stage.session, meeting.ends_at + timedelta(minutes=20)
        people = enrolled(session, self.cohort.id)
        others = people[1 + turn :: 4]
        said = {
            others[0].id: (Attended.EXCUSED, "Convoqué au conseil communal"),
            others[-1].id: (Attended.LATE, ""),
            people[(5 * turn + 2) % len(people)].id: (Attended.LEFT_EARLY, ""),
        }
        if self.salma_id is not None:
            said.pop(self.salma_id, None)
        ticks = {key: Tick(mark, reason, Attended.EXPECTED) for key, (mark, reason) in said.items()}
        attendance.note(session, meeting, ticks, evening)
        attendance.everybody(session, meeting, evening)
        service.close(session, self.trainer.actor, meeting, meeting.revision, evening)

    @property
    def salma_id(self) -> UUID | None:
        """The persona's enrolment, who comes each time."""
        salma = self.stage.cast["trainee"].id
        people = enrolled(self.stage.session, self.cohort.id)
        return next((one.id for one in people if one.person_id == salma), None)

    def at(self, day: date, hour: int) -> datetime:
        """An hour on the clocks of the cohort."""
        zone = ZoneInfo(self.cohort.time_zone)
        return datetime.combine(day, time(hour), zone).astimezone(UTC)


def load(stage: Stage) -> None:
    """A block held, yesterday's list to close, one day under way, others to come."""
    oujda = _taught(stage, "Coachs, Oujda 2026")
    for turn, (title, modules) in enumerate(BLOCK):
        day = stage.today - timedelta(days=40 - turn)
        (meeting,) = oujda.plan(title, oujda.at(day, 9), planned=60, modules=modules)
        oujda.hold(meeting, turn)
    day = stage.today - timedelta(days=15)
    (meeting,) = oujda.plan(
        "Relire ses premières séances", oujda.at(day, 14), 3, Worth.HALF, 30, link=ONLINE
    )
    oujda.hold(meeting, 1)
    yesterday = oujda.at(stage.today - timedelta(days=1), 9)
    (meeting,) = oujda.plan("Posture : rester neutre", yesterday, modules=POSTURE)
    scan = store(
        stage.session, stage.files, pictures.signed_sheet(), oujda.trainer.id, meeting.ends_at
    )
    service.file_scan(stage.session, oujda.trainer.actor, meeting, scan, meeting.ends_at)
    _under_way(oujda)
    _to_come(oujda)
    kaolack = _taught(stage, "Animateurs, Kaolack 2026")
    coming = kaolack.at(stage.today + timedelta(days=9), 9)
    kaolack.plan("Écoute active : mises en situation", coming, planned=5)


def role_play(stage: Stage, cohort: Cohort, trainer: Person) -> None:
    """A day of role play on posture, to which everybody came: without it C8 is not complete."""
    _attended(stage, cohort, trainer, "Posture : jeux de rôle", 64, POSTURE)


def review(stage: Stage, cohort: Cohort, trainer: Person) -> None:
    """A day at the end of the way, to which everybody came; their dossiers count it."""
    _attended(stage, cohort, trainer, "Bilan du parcours", 50)


def _attended(
    stage: Stage, cohort: Cohort, trainer: Person, title: str, days: int,
    modules: tuple[str, ...] = (),
) -> None:  # fmt: skip
    taught = Taught(stage, cohort, trainer)
    at = taught.at(stage.today - timedelta(days=days), 9)
    (meeting,) = taught.plan(title, at, planned=80, modules=modules)
    attendance.everybody(stage.session, meeting, meeting.ends_at)
    service.close(stage.session, trainer.actor, meeting, meeting.revision, meeting.ends_at)


def _under_way(oujda: Taught) -> None:
    """Today's, begun within the hour, so that its code can be shown; two are noted already."""
    stage = oujda.stage
    begun = stage.now.replace(minute=0, second=0, microsecond=0)
    (meeting,) = oujda.plan("Vision partagée : atelier", begun, 4, Worth.HALF, 12)
    for one in enrolled(stage.session, oujda.cohort.id)[3:5]:
        attendance.check_in(stage.session, one.person.actor, meeting, stage.now)


def _to_come(oujda: Taught) -> None:
    stage = oujda.stage
    first = oujda.at(stage.today + timedelta(days=6), 9)
    days = oujda.plan("Séminaire de synthèse", first, planned=10, times=2)
    absent = enrolled(stage.session, oujda.cohort.id)[4]
    attendance.announce(stage.session, absent.person.actor, days[0], MALADE, stage.ago(1))
    gone = oujda.at(stage.today + timedelta(days=3), 14)
    (meeting,) = oujda.plan("Codéveloppement", gone, 3, Worth.HALF, 8)
    service.cancel(
        stage.session, oujda.trainer.actor, meeting, meeting.revision,
        "La salle est prise par les élections professionnelles ; nouvelle date à venir.",
        stage.ago(2),
    )  # fmt: skip


def _taught(stage: Stage, name: str) -> Taught:
    cohort = stage.session.scalars(select(Cohort).where(Cohort.name == name)).one()
    team = team_of(stage.session, cohort.id)[Role.TRAINER]
    known = stage.cast["trainer"]
    return Taught(stage, cohort, known if known in team else team[0])
