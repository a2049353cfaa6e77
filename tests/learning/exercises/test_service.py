"""Work on an exercise, on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.errors import Late, Refusal, Stale
from lms.core.files import Upload
from lms.core.mail import MailMessage
from lms.learning.exercises import queries, service
from lms.learning.exercises.rules import Marking, WorkEvent, WorkState
from lms.learning.models import ExerciseVersion, ExerciseWork
from lms.policy.actions import Action
from lms.policy.permits import permits
from tests.learning.conftest import NOW, cohort_on, enrol
from tests.people import person

GOOD = Marking({"problem-solving": 3, "ethics": 2}, {}, "Clear.")
THIN = Marking({"problem-solving": 1}, {"problem-solving": "One actor only."}, "Name the others.")


@pytest.fixture(autouse=True)
def _page(app):
    """Mail is written with templates."""
    with app.test_request_context("/"):
        yield


@pytest.fixture
def write(session, actor, enrolment, x1, files):
    def written(text="Three actors.", uploads=(), removed=(), seen=None, exercise=x1, now=NOW):
        known = service.work_of(session, enrolment.id, exercise.id)
        version = (known.revision if known else 0) if seen is None else seen
        return service.save(
            session, actor, enrolment, exercise, version, text, uploads, removed, files, now
        )

    return written


@pytest.fixture
def handed_in(session, actor, write, x1, trainer, other_trainer):
    work = write()
    service.hand_in(session, actor, work, x1, NOW)
    return work


@pytest.fixture
def looked_at(session, handed_in, trainer):
    service.look(session, trainer.actor, handed_in, NOW)
    return handed_in


def decide(session, trainer, work, x1, event=WorkEvent.ACCEPT, marking=GOOD, seen=None, now=NOW):
    version = work.revision if seen is None else seen
    service.decide(session, trainer.actor, work, x1, version, event, marking, now)


def mails(session):
    rows = session.execute(select(MailMessage.template, MailMessage.person_id)).all()
    return [(row.template, row.person_id) for row in rows]


def acts(session, work):
    query = select(AuditEntry.action).where(AuditEntry.subject_id == str(work.id))
    return list(session.scalars(query.order_by(AuditEntry.id)))


def test_a_draft_is_kept_once_and_is_its_authors(session, write, trainer, picture):
    work = write(uploads=[picture])
    again = write(uploads=[picture], seen=0)
    assert again is work
    assert (work.revision, [f.file.name for f in work.kept_files]) == (1, ["map.webp"])
    assert not permits(trainer.actor, Action.EXERCISE_VIEW, work)
    assert session.scalars(select(ExerciseWork)).all() == [work]


def test_nothing_typed_makes_nothing(session, write):
    with pytest.raises(Refusal, match="exercise_empty"):
        write("")
    assert session.scalars(select(ExerciseWork)).all() == []


def test_a_stale_form_is_refused(write):
    work = write("first")
    with pytest.raises(Stale):
        write("other window", seen=0)
    assert work.text == "first"
    assert write("second").revision == 2


def test_handing_in_makes_a_version_and_tells_the_trainers_once(
    session, actor, handed_in, x1, trainer, other_trainer, cohort, release, files
):
    assert (handed_in.state, handed_in.number) == (WorkState.HANDED_IN, 1)
    (version,) = handed_in.versions
    assert (version.text, version.decision, version.handed_in_at) == ("Three actors.", None, NOW)
    service.hand_in(session, actor, handed_in, x1, NOW)  # pressed twice
    assert len(handed_in.versions) == 1
    assert set(mails(session)) == {
        ("exercise_waits", trainer.id),
        ("exercise_waits", other_trainer.id),
    }
    second = enrol(session, person(session, "trainee.new", cohort=cohort), cohort)
    work = service.save(session, second.person.actor, second, x1, 0, "Mine.", (), (), files, NOW)
    service.hand_in(session, second.person.actor, work, x1, NOW + timedelta(hours=1))
    assert len(mails(session)) == 2, "something waits already: they have been told"
    assert queries.oldest(session, trainer.actor, 5) == [handed_in, work]
    assert queries.number_waiting(session, trainer.actor) == 2
    assert queries.number_waiting(session, actor) == 0


def test_what_was_handed_in_stays_while_it_waits(session, write, handed_in):
    assert write("Three actors.", seen=0) is handed_in  # the same form once more
    with pytest.raises(Refusal, match="exercise_closed"):
        write("Changed behind their back")
    assert handed_in.versions[0].text == "Three actors."


def test_taken_back_before_anybody_looked(session, actor, handed_in, trainer):
    service.withdraw(session, actor, handed_in, NOW)
    service.withdraw(session, actor, handed_in, NOW)
    assert (handed_in.state, handed_in.number, handed_in.versions) == (WorkState.DRAFT, 0, [])
    assert queries.oldest(session, trainer.actor, 5) == []
    assert session.scalars(select(ExerciseVersion)).all() == []
    assert acts(session, handed_in)[-1] == "exercisework.withdraw"


def test_not_taken_back_once_it_is_being_marked(session, actor, looked_at):
    with pytest.raises(Refusal, match="exercise_being_marked"):
        service.withdraw(session, actor, looked_at, NOW)


def test_returned_reworked_taken_back_and_handed_in_again(
    session, actor, looked_at, x1, trainer, write, picture
):
    decide(session, trainer, looked_at, x1, WorkEvent.RETURN, THIN)
    work = looked_at
    assert (work.state, work.looked_by_id) == (WorkState.RETURNED, None)
    first = work.versions[0]
    assert (first.decision, first.decided_by_id) == (WorkState.RETURNED, trainer.id)
    write("Five actors.", [picture])
    assert first.text == "Three actors.", "the trainer reads what was handed in"
    (file,) = work.kept_files
    assert not permits(trainer.actor, Action.EXERCISE_VIEW, file)
    service.hand_in(session, actor, work, x1, NOW + timedelta(days=1))
    assert [v.number for v in work.versions] == [2, 1]
    assert permits(trainer.actor, Action.EXERCISE_VIEW, file)
    service.withdraw(session, actor, work, NOW + timedelta(days=1))
    assert (work.state, work.number, work.decided_at) == (WorkState.RETURNED, 1, NOW)
    assert not permits(trainer.actor, Action.EXERCISE_VIEW, file)
    service.hand_in(session, actor, work, x1, NOW + timedelta(days=2))
    service.look(session, trainer.actor, work, NOW + timedelta(days=3))
    decide(session, trainer, work, x1)
    assert (work.state, work.number) == (WorkState.ACCEPTED, 2)
    assert [m for m in mails(session) if m[1] == actor.person_id] == [
        ("exercise_marked", actor.person_id)
    ] * 2


def test_accepting_twice_with_the_same_form_decides_once(session, looked_at, x1, trainer):
    seen = looked_at.revision
    decide(session, trainer, looked_at, x1, seen=seen)
    decide(session, trainer, looked_at, x1, seen=seen)
    assert acts(session, looked_at).count("exercisework.accept") == 1


def test_two_trainers_never_overwrite_each_other(session, looked_at, x1, trainer, other_trainer):
    seen = looked_at.revision
    with pytest.raises(Refusal, match="exercise_looked_at"):
        service.look(session, other_trainer.actor, looked_at, NOW)
    with pytest.raises(Refusal, match="exercise_looked_at"):
        decide(session, other_trainer, looked_at, x1)
    service.keep_marks(session, trainer.actor, looked_at, x1, seen, THIN)
    service.look(session, other_trainer.actor, looked_at, NOW, take_over=True)
    with pytest.raises(Stale):
        decide(session, trainer, looked_at, x1, seen=seen)
    assert looked_at.versions[0].marks == dict(THIN.marks), "what was written goes along"
    decide(session, other_trainer, looked_at, x1)
    with pytest.raises(Stale):
        decide(session, trainer, looked_at, x1, WorkEvent.RETURN, THIN, seen=seen)
    assert looked_at.state is WorkState.ACCEPTED


def test_a_decision_wants_its_words(session, looked_at, x1, trainer):
    for event, marking, code in (
        (WorkEvent.ACCEPT, Marking({"ethics": 2}, {}, ""), "exercise_level_missing"),
        (WorkEvent.ACCEPT, Marking({"problem-solving": 4, "ethics": 2}, {}, ""), "comment_missing"),
        (WorkEvent.RETURN, Marking({}, {}, ""), "exercise_feedback_missing"),
        (WorkEvent.REOPEN, GOOD, "not_a_decision"),
    ):
        with pytest.raises(Refusal, match=code):
            decide(session, trainer, looked_at, x1, event, marking)
    assert looked_at.state is WorkState.LOOKED_AT


def test_accepted_work_is_taken_up_again_with_a_reason(session, actor, looked_at, x1, trainer):
    decide(session, trainer, looked_at, x1)
    with pytest.raises(Refusal, match="reason_needed"):
        service.reopen(session, trainer.actor, looked_at, x1, looked_at.revision, "", NOW)
    with pytest.raises(Stale):
        service.reopen(session, trainer.actor, looked_at, x1, 1, "Wrong level.", NOW)
    service.reopen(session, trainer.actor, looked_at, x1, looked_at.revision, "Wrong level.", NOW)
    assert (looked_at.state, looked_at.versions[0].decision) == (WorkState.LOOKED_AT, None)
    decide(session, trainer, looked_at, x1, WorkEvent.RETURN, THIN)
    assert looked_at.state is WorkState.RETURNED


def test_returned_by_mistake(session, actor, looked_at, x1, trainer, write):
    """Taken up again as it was handed in; once its author has gone on, it is theirs."""
    decide(session, trainer, looked_at, x1, WorkEvent.RETURN, THIN)
    again = (session, trainer.actor, looked_at, x1)
    service.reopen(*again, looked_at.revision, "Sent back by mistake.", NOW)
    assert (looked_at.state, looked_at.versions[0].decision) == (WorkState.LOOKED_AT, None)
    decide(session, trainer, looked_at, x1, WorkEvent.RETURN, THIN)
    write("Better.")
    with pytest.raises(Late, match="exercise_gone_on_with"):
        service.reopen(*again, looked_at.revision, "Sent back by mistake.", NOW)
    assert looked_at.state is WorkState.RETURNED


def test_nobody_marks_their_own_or_elsewhere(session, handed_in, actor, enrolment, release):
    stranger = person(session, "trainer", cohort=cohort_on(session, release, country="SN"))
    for who in (actor, stranger.actor):
        with pytest.raises(Refusal, match="exercise_not_yours_to_mark"):
            service.look(session, who, handed_in, NOW)


def test_files_belong_to_the_exercise(write, release, picture):
    with pytest.raises(Refusal, match="exercise_takes_no_files"):
        write("x", [picture], exercise=release.content.exercises["c6-x2"])
    many = [Upload(f"{n}.webp", "image/webp", b"%d" % n) for n in range(6)]
    with pytest.raises(Refusal, match="exercise_too_many_files"):
        write("x", many)


def test_a_file_taken_out_stays_in_the_version_that_held_it(
    session, actor, write, x1, trainer, picture
):
    work = write(uploads=[picture])
    (file,) = work.kept_files
    service.hand_in(session, actor, work, x1, NOW)
    service.look(session, trainer.actor, work, NOW)
    decide(session, trainer, work, x1, WorkEvent.RETURN, THIN)
    write("Without.", removed={file.id})
    assert work.kept_files == []
    assert work.versions[0].files == [str(file.id)]
    assert service.find_file(session, file.id) is file
    extra = write("More.", [Upload("a.webp", "image/webp", b"a")]).kept_files[0]
    write("Less.", removed={extra.id})
    assert service.find_file(session, extra.id) is None, "nobody has ever seen it"


def test_who_sees_work_as_a_query_and_by_the_table(
    session, handed_in, write, release, trainer, cohort, enrolment
):
    write("Only mine", exercise=release.content.exercises["c6-x2"])
    works = session.scalars(select(ExerciseWork)).all()
    names = ["trainee", "trainee.new", "trainer", "supervisor", "admin.ma", "admin.sn"]
    readers = [person(session, name) for name in [*names, "programme", "auditor", "partner"]]
    readers += [trainer, person(session, "supervisor", cohort=cohort)]
    for reader in readers:
        seen = set(session.scalars(queries.visible_to(reader.actor)))
        assert seen == {w for w in works if permits(reader.actor, Action.EXERCISE_VIEW, w)}
    assert set(session.scalars(queries.visible_to(trainer.actor))) == {handed_in}
