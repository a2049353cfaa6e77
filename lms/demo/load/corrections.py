"""Corrections of the course content: one waits for the programme's administrator."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from lms.curriculum.corrections import checking, service
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionKind
from lms.curriculum.corrections.service import Base, Wanted
from lms.demo.load.stage import Stage

LESSON = "c4-tools-sociogram-swot/01-building-a-sociogram"
QUESTION = "c1-q01"
ADDED = {
    "fr": "Avant l’entretien, dites toujours à la personne qui verra la carte, et demandez son "
    "accord pour y écrire son nom.",
    "en": "Before the interview, always tell the person who will see the map, and ask whether "
    "their name may stand on it.",
    "ar": "قبل المقابلة، أخبروا الشخص دائمًا بمن سيطّلع على الخريطة، واطلبوا موافقته على كتابة "
    "اسمه فيها.",
}
WHY = "À Oujda, deux personnes se sont plaintes d’avoir trouvé leur nom sur la carte."
DECLINED = "Le mot « commune » est celui de la loi ; gardons-le. Merci d’avoir relu."


def load(stage: Stage) -> None:
    """A proposal that waits, and one that was declined with a reason."""
    base = service.base(stage.session)
    waiting = _begin(stage, base, CorrectionKind.LESSON, _lesson(base), WHY, 3)
    service.propose(stage.session, _trainer(stage), waiting, waiting.revision, stage.ago(2))
    closed = _begin(stage, base, CorrectionKind.QUESTION, _question(base), "", 20)
    service.propose(stage.session, _trainer(stage), closed, closed.revision, stage.ago(20))
    admin = stage.cast["programme"].actor
    service.decline(stage.session, admin, closed, closed.revision, DECLINED, stage.ago(18))


def _trainer(stage: Stage) -> Any:
    return stage.cast["trainer"].actor


def _begin(
    stage: Stage, base: Base, kind: CorrectionKind, content: Mapping[str, Any], why: str, days: int
) -> Correction:
    lesson = _home(base)
    title = base.release.content.lessons[lesson].title
    subject = lesson
    if kind is CorrectionKind.QUESTION:
        asked = base.release.content.questions[QUESTION]
        subject, lesson, title = asked.id, asked.lesson, asked.text
    wanted = Wanted(kind, subject, lesson, title, content, why)
    key, now = UUID(str(uuid7())), stage.ago(days)
    return service.begin(stage.session, _trainer(stage), key, wanted, base.release.id, now)


def _home(base: Base) -> str:
    """The lesson on the sociogram, or whichever begins its module."""
    lessons = base.release.content.lessons
    module = LESSON.partition("/")[0]
    return LESSON if LESSON in lessons else base.release.lessons(module)[0].id


def _lesson(base: Base) -> dict[str, Any]:
    lesson = _home(base)
    kind = CorrectionKind.LESSON
    content = checking.read(base.files, kind, lesson, lesson, base.languages) or {}
    body = {code: f"{text}\n\n{ADDED[code]}" for code, text in content["body"].items()}
    return {**content, "body": body}


def _question(base: Base) -> dict[str, Any]:
    lesson = base.release.content.questions[QUESTION].lesson
    kind = CorrectionKind.QUESTION
    content = checking.read(base.files, kind, QUESTION, lesson, base.languages) or {}
    text = {**content["text"], "fr": content["text"]["fr"].replace("commune", "municipalité")}
    return {**content, "text": text}
