"""What hosts have confirmed, doubted, signed and said; what is still asked of them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from lms.cohorts.models import Enrolment
from lms.core.files import store
from lms.demo.load.pictures import signed_sheet
from lms.demo.load.practice import evening
from lms.demo.load.stage import Stage
from lms.fieldwork.entries.content import content_of
from lms.fieldwork.entries.rules import facts_fingerprint
from lms.fieldwork.feedback import service as feedback
from lms.fieldwork.feedback.rules import Question
from lms.fieldwork.models import Placement, PracticumEntry
from lms.fieldwork.placements import agreement
from lms.fieldwork.placements import service as placements
from lms.fieldwork.placements.service import PlacementData
from lms.fieldwork.rules import EntryState, LinkPurpose, Means, Party
from lms.fieldwork.sheets import service as sheets
from lms.fieldwork.signing import links, service
from lms.fieldwork.signing.rules import CONFIRMABLE
from lms.fieldwork.signing.service import Answer

NAMESPACE = UUID("b1f6e6a0-7a6c-4a0f-8a54-5b8c1d0e7f21")
PRESIDENT = Answer("Fatima Zahra El Idrissi", "Présidente de la coopérative", "ar")
SECRETARY = Answer("Hassan Bouziane", "Secrétaire général de la commune", "fr")
OBJECTION = "La réunion a duré une heure de moins, et nous étions quatre."
SAID = (
    (PRESIDENT, (4, 4, 3, 3, 4, 4), "Elle a su faire parler celles qui se taisent d’habitude."),
    (SECRETARY, (3, 4, 4, 2, 3, 4), "Travail sérieux. La suite gagnerait à être notée ensemble."),
)  # fmt: skip


def load(stage: Stage) -> None:
    """The hosts of one trainee, and some of her colleagues'."""
    salma = stage.session.scalars(
        select(Enrolment).where(Enrolment.person_id == stage.cast["trainee"].id)
    ).one()
    place = stage.session.scalars(
        select(Placement).where(Placement.enrolment_id == salma.id).order_by(Placement.id)
    ).first()
    if place is None:
        raise LookupError("the trainee has no placement")
    _agree(stage, place)
    _confirm(stage, _entries(stage, salma))
    _paper(stage, place)
    for given, degrees, words in SAID:
        _feedback(stage, place, given, degrees, words)
    colleagues = select(Enrolment).where(
        Enrolment.cohort_id == salma.cohort_id, Enrolment.id != salma.id
    )
    others = stage.session.scalars(colleagues.order_by(Enrolment.id)).all()
    _proposal(stage, others[0], place)
    for enrolment in others:
        for entry in _entries(stage, enrolment)[-9::3]:
            _answer(stage, entry, Means.QR, SECRETARY, _soon(stage, entry))


def _entries(stage: Stage, enrolment: Enrolment) -> list[PracticumEntry]:
    return list(
        stage.session.scalars(
            select(PracticumEntry)
            .where(
                PracticumEntry.enrolment_id == enrolment.id,
                PracticumEntry.state.in_(CONFIRMABLE),
                PracticumEntry.placement_id.is_not(None),
                PracticumEntry.type != "",
                PracticumEntry.minutes_direct > 0,
            )
            .order_by(PracticumEntry.held_on, PracticumEntry.id)
        )
    )


def _soon(stage: Stage, entry: PracticumEntry) -> datetime:
    """An hour after the session, and not in the future."""
    return min(evening(entry.held_on) - timedelta(hours=1), stage.now)


def _answer(
    stage: Stage, entry: PracticumEntry, means: Means, given: Answer, now: datetime
) -> None:
    session, about = stage.session, entry.enrolment.person.actor
    if not sum(entry.participants.values()):
        return
    link, _token = links.make_link(session, about, entry, LinkPurpose.ENTRY, means, now)
    service.answer_entry(session, link, facts_fingerprint(content_of(entry)), given, now)


def _confirm(stage: Stage, mine: list[PracticumEntry]) -> None:
    """Most on the spot, some by a link; one is doubted, one link waits."""
    waiting = [entry for entry in mine if entry.state is EntryState.SUBMITTED]
    for number, entry in enumerate(mine[:-8]):
        if number % 4 != 3 and entry not in waiting:
            means = Means.LINK if number % 5 == 4 else Means.QR
            given = PRESIDENT if number % 2 else SECRETARY
            _answer(stage, entry, means, given, _soon(stage, entry))
    for entry in waiting[:1]:
        said = Answer(SECRETARY.name, SECRETARY.role, "fr", OBJECTION, objects=True)
        _answer(stage, entry, Means.LINK, said, stage.ago(0))
    actor = stage.cast["trainee"].actor
    for entry in waiting[1:2]:
        links.make_link(stage.session, actor, entry, LinkPurpose.ENTRY, Means.LINK, stage.ago(1))


def _agree(stage: Stage, place: Placement) -> None:
    """The agreement of the placement under way, signed by all three."""
    session, person = stage.session, place.enrolment.person
    now = place.created_at + timedelta(hours=2)
    agreement.declare(session, person.actor, place, place.revision, "", now)
    seen = agreement.fingerprint_of(place)
    agreement.sign(session, person.actor, place, seen, Party.TRAINEE, now)
    about = LinkPurpose.AGREEMENT
    link, _token = links.make_link(session, person.actor, place, about, Means.LINK, now)
    agreement.answer(session, link, seen, PRESIDENT, now + timedelta(hours=5))
    supervisor = stage.cast["supervisor"].actor
    agreement.sign(session, supervisor, place, seen, Party.CENTRE, now + timedelta(days=1))


def _paper(stage: Stage, place: Placement) -> None:
    """A week came back signed on paper; another one is still with the host."""
    session, actor = stage.session, place.enrolment.person.actor
    done = 0
    for week in sheets.weeks(session, place.enrolment)[1:]:
        if week.confirmed or done == 2:
            continue
        now = min(evening(week.sunday), stage.ago(1))
        sheet = sheets.print_sheet(session, actor, place.enrolment, week.monday, place.id, now)
        if done == 0:
            scan = store(session, stage.files, signed_sheet(), actor.person_id, now)
            words = "Feuille de semaine signée par la structure d’accueil"
            sheets.file_sheet(session, actor, sheet, scan, words, now + timedelta(hours=3))
        done += 1


def _feedback(
    stage: Stage, place: Placement, given: Answer, degrees: tuple[int, ...], words: str
) -> None:
    now, actor = stage.ago(12), place.enrolment.person.actor
    about = LinkPurpose.FEEDBACK
    link, _token = links.make_link(stage.session, actor, place, about, Means.LINK, now)
    answers = {each.value: n for each, n in zip(Question, degrees, strict=True)}
    said = Answer(given.name, given.role, given.language, words)
    feedback.give(stage.session, link, answers, said, now + timedelta(hours=20))


def _proposal(stage: Stage, enrolment: Enrolment, like: Placement) -> None:
    """A second place, in the trainee's own institution: the centre has yet to sign."""
    session, actor, now = stage.session, enrolment.person.actor, stage.ago(3)
    data = PlacementData(
        host="Agence urbaine de l’Oriental",
        host_contact="",
        territory=like.territory,
        starts_on=stage.today,
        ends_on=like.ends_on,
        own_institution=True,
        consent_note="Deux ateliers par mois, hors du service de la stagiaire.",
    )
    key = uuid5(NAMESPACE, f"{enrolment.person.email}:proposal")
    made = placements.propose(session, actor, enrolment, key, data, now)
    admin, supervisor = stage.admin("MA").actor, stage.cast["supervisor"]
    placements.assign_supervisor(session, admin, enrolment.cohort, [made.id], supervisor, now)
    ties = "Mon employeur depuis 2021 ; le responsable de l’atelier n’est pas mon supérieur."
    agreement.declare(session, actor, made, made.revision, ties, now)
    seen = agreement.fingerprint_of(made)
    agreement.sign(session, actor, made, seen, Party.TRAINEE, now)
    about = LinkPurpose.AGREEMENT
    link, _token = links.make_link(session, actor, made, about, Means.QR, now)
    agreement.answer(session, link, seen, SECRETARY, now + timedelta(hours=1))
