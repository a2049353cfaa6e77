"""What a trainee has written down for herself, and the places she keeps."""

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.demo.load.stage import Stage
from lms.learning.notes import service

WRITTEN = {
    "c1-frame-and-context/02-charter": (
        "À dire en ouvrant chaque atelier : ce qui se dit ici reste ici, sauf ce que le groupe "
        "décide d’écrire.\nDemander au comité s’il faut aussi le dire en tamazight."
    ),
    "c3-actors-and-stakes/02-four-stakes": (
        "Pour le souk : l’enjeu économique se voit, l’enjeu social se tait. Commencer par "
        "écouter les vendeuses."
    ),
    "c4-tools-sociogram-swot/02-reading-a-sociogram": "Chercher les absents avant les liens.",
}
KEPT = ("c3-actors-and-stakes/03-case-brussels", "c4-tools-sociogram-swot/01-building-a-sociogram")


def load(stage: Stage) -> None:
    """Three notes and two bookmarks, from before the lesson she has come to."""
    salma = stage.cast["trainee"]
    enrolment = stage.session.scalars(
        select(Enrolment).where(Enrolment.person_id == salma.id).order_by(Enrolment.id)
    ).first()
    if enrolment is None:
        raise LookupError("the trainee is in no cohort")
    lessons = stage.release.content.lessons
    for days, (key, text) in enumerate(WRITTEN.items()):
        service.save_note(stage.session, enrolment, lessons[key], text, 0, stage.ago(60 - days))
    for key in KEPT:
        service.bookmark(stage.session, enrolment, lessons[key], stage.ago(50), keep=True)
