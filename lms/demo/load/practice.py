"""Practice as it would have happened: entries written, handed in and decided week by week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID, uuid5

from lms.cohorts.models import Enrolment
from lms.core.db import AnySession
from lms.core.files import FileStore
from lms.demo.load.pictures import wall
from lms.demo.load.stories import STORIES, Story
from lms.fieldwork.coachees import service as coachees
from lms.fieldwork.coachees.rules import MET_ALONE
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries.rules import EntryContent
from lms.fieldwork.models import Placement, PracticumEntry
from lms.fieldwork.rules import ConsentBasis, EntryEvent, EvidenceAccess

FACILITATOR_PLAN = {
    "individual-interview": 7,
    "collective-interview": 2,
    "workshop": 2,
    "citizen-meeting": 2,
    "codevelopment": 1,
    "working-group": 3,
}
COACH_PLAN = {
    "individual-interview": 12,
    "collective-interview": 5,
    "workshop": 5,
    "citizen-meeting": 3,
    "individual-coaching": 7,
    "codevelopment": 4,
    "working-group": 7,
}
"""How many activities of each type a trainee who has met everything has done."""
STRETCH = {"facilitator": 1.2, "coach": 1.2}
"""The stories' minutes, lengthened so that a full plan meets the hours required."""
PICTURES = {0: EvidenceAccess.CASE, 4: EvidenceAccess.TEAM}
"""Which entries of nine have a picture, and for whom."""
NAMESPACE = UUID("6f0f7a52-5d0e-4f0c-9a63-6b1f0a9a7c11")


@dataclass(frozen=True)
class Field:
    """Where the practice of one trainee is noted."""

    session: AnySession
    files: FileStore
    enrolment: Enrolment
    placement: Placement

    def stories(self, plan: dict[str, int]) -> list[Story]:
        """The plan's activities, mixed, each with its text."""
        rows = [
            (turn / number, STORIES[kind][turn % len(STORIES[kind])])
            for kind, number in plan.items()
            for turn in range(number)
        ]
        factor = STRETCH[self.enrolment.cohort.programme]
        return [_stretched(story, factor) for _, story in sorted(rows, key=lambda row: row[0])]

    def days(self, number: int, until: date) -> list[date]:
        """`number` working days, spread from the start of the placement to `until`."""
        first = self.placement.starts_on + timedelta(days=3)
        span = max(1, (until - first).days)
        found = [first + timedelta(days=round(span * i / max(1, number))) for i in range(number)]
        return [day - timedelta(days=1) if day.weekday() == 6 else day for day in found]

    def write(self, story: Story, day: date, number: int) -> PracticumEntry:
        """Write one entry, the evening it happened."""
        content = EntryContent(
            placement_id=self.placement.id,
            type=story.type,
            form=story.form,
            held_on=day,
            minutes_direct=story.direct,
            minutes_indirect=story.indirect,
            minutes_preparation=story.preparation,
            role="co_led" if number % 5 == 4 and story.type == "individual-interview" else "led",
            participants=story.participants,
            stakes=story.stakes,
            limits=story.limits,
            purposes=story.purposes,
            summary=story.summary,
            consent_basis=ConsentBasis.CONSENT,
            coachees=self._met(story, day, number),
        )
        return entries.write_entry(
            self.session,
            self.enrolment.person.actor,
            self.enrolment,
            uuid5(NAMESPACE, f"{self.enrolment.person.email}:{self.enrolment.cohort_id}:{number}"),
            content,
            story.reflection,
            [wall()] if number % 9 in PICTURES else (),
            self.files,
            evening(day),
            access=PICTURES.get(number % 9, EvidenceAccess.TEAM),
        )

    def _met(self, story: Story, day: date, number: int) -> tuple[str, ...]:
        """Whom one meets alone: somebody new at interviews, one of three in coaching."""
        if story.type not in MET_ALONE:
            return ()
        turn = number % 3 + 1 if story.type == "individual-coaching" else number + 4
        name = f"P-{turn:02d}"
        category = next(iter(story.participants), "")
        key = uuid5(NAMESPACE, f"{self.enrolment.id}:{name}")
        made = coachees.add(self.session, self.enrolment, key, name, category, evening(day))
        return (str(made.id),)

    def submit(self, entry: PracticumEntry) -> None:
        """Hand it in the next morning."""
        now = evening(entry.held_on) + timedelta(hours=13)
        entries.submit(self.session, self.enrolment.person.actor, entry, now)

    def decide(
        self, entry: PracticumEntry, event: EntryEvent, comment: str = "", *, tell: bool = False
    ) -> None:
        """The supervisor decides two days later."""
        supervisor = entry.supervisor
        if supervisor is None:
            raise LookupError("an entry without supervisor cannot be decided")
        now = evening(entry.held_on) + timedelta(days=2)
        entries.decide(
            self.session, supervisor.actor, entry, entry.revision, event, comment, now, tell=tell
        )

    def practise(self, stories: Sequence[Story], until: date) -> Iterator[PracticumEntry]:
        """Write, hand in and have approved one entry a story."""
        numbers = count()
        for story, day in zip(stories, self.days(len(stories), until), strict=True):
            entry = self.write(story, day, next(numbers))
            self.submit(entry)
            self.decide(entry, EntryEvent.APPROVE)
            yield entry


def evening(day: date) -> datetime:
    """Seven in the evening, in UTC, of a day."""
    return datetime.combine(day, time(19), tzinfo=UTC)


def _stretched(story: Story, factor: float) -> Story:
    def longer(minutes: int) -> int:
        return round(minutes * factor / 5) * 5

    return replace(
        story,
        direct=longer(story.direct),
        indirect=longer(story.indirect),
        preparation=longer(story.preparation),
    )
