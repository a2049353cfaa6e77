"""Notes that a trainee's phone sent after a day without network; one of them in two versions."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

from lms.cohorts.models import Enrolment
from lms.demo.load.practice import NAMESPACE
from lms.demo.load.stage import Stage
from lms.fieldwork.entries.service import placements_of
from lms.fieldwork.rules import SyncKind
from lms.fieldwork.sync import service
from lms.fieldwork.sync.rules import Item, content_hash


def notes(stage: Stage, enrolment: Enrolment) -> None:
    """Two notes; the second was changed on the phone after its receipt had been lost."""
    place = placements_of(stage.session, enrolment)[0]
    day = stage.today - timedelta(days=2)
    first: dict[str, Any] = {
        "enrolment": str(enrolment.id),
        "placement": str(place.id),
        "type": "individual-interview",
        "held_on": day.isoformat(),
        "minutes_direct": 45,
        "participants": {"civil-society": 1},
        "summary": "Échange avec la présidente de la coopérative, au retour du souk.",
    }
    second = first | {
        "type": "citizen-meeting",
        "minutes_direct": 90,
        "participants": {"citizen": 8, "elected": 1},
        "summary": "Rencontre au douar : eau, piste, école. 8 habitants.",
    }
    later = second | {
        "minutes_direct": 120,
        "participants": {"citizen": 14, "elected": 1},
        "summary": "Rencontre au douar : eau, piste, école. 14 habitants, dont 5 femmes.",
    }
    for number, content in enumerate((first, second, later)):
        key = uuid5(NAMESPACE, f"{enrolment.person.email} phone {min(number, 1)}")
        item = Item(
            key,
            SyncKind.ENTRY,
            stage.ago(2) + timedelta(hours=number),
            content,
            content_hash(key, SyncKind.ENTRY, content),
        )
        arrived = stage.ago(1) + timedelta(minutes=number)
        service.receive(stage.session, enrolment.person.actor, item, stage.files, arrived)
