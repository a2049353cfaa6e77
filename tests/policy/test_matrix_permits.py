"""Who may do what, said a second time by hand, against the table: on every seeded record.

TABLE is written from the design (domain, decisions, trust) and not from `lms.policy.table`. Where
the two differ, one of them is wrong. Afterwards the policy is damaged in every way, one piece at a
time, and each damage must show.
"""

from collections.abc import Iterator

import pytest

from lms.assessment import service as assessment
from lms.cohorts import service as cohorts
from lms.cohorts.announcements import service as announcements
from lms.cohorts.discussion import listing as discussions
from lms.cohorts.discussion import moderation
from lms.cohorts.training import queries as training
from lms.credentials import service as credentials
from lms.curriculum.corrections import service as corrections
from lms.fieldwork import service as fieldwork
from lms.fieldwork.queue import absences
from lms.fieldwork.supervision import queries as supervision
from lms.insight import service as insight
from lms.learning.exercises import queries as exercises
from lms.learning.notes import service as notes
from lms.learning.questions import service as questions
from lms.people import service as people
from lms.policy import permits as asking
from lms.policy.actions import Action
from lms.policy.actor import PUBLIC
from lms.policy.predicates import anyone
from lms.policy.table import POLICY
from tests.policy.seeded import who as saying
from tests.policy.seeded.things import Altered, Thing, all_things
from tests.policy.seeded.who import Somebody, may

NOTHING = Thing("nothing", None)
CASE = (
    "case entry, case observation, case training, case supervision, case feedback, case evidence, "
    "case attestation, case report"
)
TABLE = f"""
public:read              | nothing                | anyone
account:sign-in          | nothing                | anyone
demo:switch-persona      | nothing                | anyone
credential:verify        | nothing                | anyone
credential:report-doubt  | nothing                | anyone
health:read              | nothing                | anyone
home:view                | nothing                | signed in
account:manage           | nothing                | signed in
session:end              | session                | owner

network:view             | nothing, country, centre, partner, convention | signed in
country:create           | nothing                | programme admin
country:edit             | country                | official
centre:edit              | centre, country        | official
partner:edit             | partner, country       | official
convention:edit          | convention, country    | official

people:list              | nothing                | some country admin / programme admin / auditor
person:view              | person                 | office / owner / who trains or supervises them
person:edit              | person                 | its admin & of limited reach & not owner / programme admin & not owner
person:invite            | nothing                | some country admin / programme admin
person:make-code         | person                 | its admin & of limited reach & not owner / programme admin & not owner / who trains or supervises them & some trainer & only a trainee & not owner
grant:change             | person                 | its admin & of limited reach & not owner / programme admin & not owner

statistics:view          | nothing                | some country admin / programme admin / auditor / some trainer
release:list             | nothing                | some country admin / programme admin / auditor
release:publish          | nothing                | programme admin
content:list             | nothing                | programme admin / some trainer
correction:create        | nothing                | programme admin / some trainer
correction:list          | nothing                | programme admin / auditor / some trainer
correction:view          | correction             | programme admin & handed in / auditor & handed in / owner & programme admin / owner & some trainer
correction:edit          | correction             | owner & programme admin / owner & some trainer
correction:decide        | correction             | programme admin & handed in
learning:do              | enrolment              | owner
learning:view            | enrolment              | office / owner / its trainer / its supervisors
note:read                | mark                   | owner
attempt:view             | attempt                | office / owner / its trainer
attempt:work             | attempt                | owner
attempt:mark             | attempt                | its trainer & not owner
open-answer:list         | nothing                | some trainer
extra-time:give          | enrolment, extra time  | its trainer & not owner / its admin & not owner

exercise:view            | work, work file        | office & handed in / owner / its trainer & handed in
exercise:take-back       | work                   | owner
exercise:mark            | work                   | its trainer & not owner & handed in
exercise:queue           | nothing                | some trainer
activity:take-part       | cohort                 | its trainees
activity:lead            | cohort                 | its trainer
activity:remove-line     | line                   | owner / its trainer

question:list            | nothing                | some trainer
question:view            | question, lesson reply | office / owner / of its cohort
question:ask             | enrolment              | owner
question:answer          | question               | of its cohort
question:edit            | question, lesson reply | owner
question:settle          | question, lesson reply | owner / its trainer

announcement:view        | announcement           | its trainer / its admin / of its cohort & handed in / programme admin & handed in / auditor & handed in
announcement:write       | cohort, announcement   | its trainer / its admin
charter:accept           | cohort                 | of its cohort
discussion:take-part     | room, thread, post     | of its cohort & under its charter
discussion:moderate      | room, thread, post     | its trainer & under its charter
discussion:stop-mail     | nothing                | anyone
post:edit                | post                   | owner & of its cohort & under its charter
post:report              | post                   | of its cohort & under its charter & not owner
report:list              | nothing                | some trainer / some country admin
report:settle            | post report            | its trainer & under its charter & not owner / its admin & for the office & not owner

cohort:list              | nothing                | some country admin / programme admin / auditor / some trainer / some supervisor
cohort:view              | cohort                 | office / its trainer / its supervisors / its trainees
cohort:create            | nothing                | some country admin / programme admin
cohort:edit              | cohort                 | official
cohort:enrol             | cohort                 | official
cohort:progress          | cohort                 | office / its trainer / its supervisors
training:plan            | cohort                 | its trainer / its admin
training:view            | training, training material, training scan | office / its trainer / its supervisors / its trainees
training:run             | training, training material | its trainer / its admin
training:read-list       | training, training scan | office / its trainer / its supervisors
training:read-reasons    | attendance             | owner / its trainer / its admin
training:correct         | attendance             | its trainer & not owner / its admin & not owner
training:announce-absence | training              | its trainees
enrolment:view           | enrolment              | office / owner / its trainer / its supervisors
enrolment:change         | enrolment              | official & not owner

practice:view            | enrolment, placement, attestation, host feedback, host signature | office / owner / its trainer / its supervisors
practice:queue           | nothing                | some supervisor
practice:sync            | nothing                | signed in
practice:choose-version  | synced                 | owner
practice:reassign        | nothing                | some country admin / programme admin
absence:list             | nothing                | some supervisor / some country admin
absence:view             | absence                | owner / named stand-in / its admin
absence:end              | absence                | owner / its admin
comment:edit             | comment                | owner
placement:propose        | enrolment              | owner / official
placement:edit           | placement              | official & not owner
practice:confirm         | nothing                | anyone
practice:ask-host        | placement, host link   | owner / its supervisors / its admin
agreement:sign           | placement              | owner
agreement:countersign    | placement              | named supervisor & not owner / its admin & not owner
sheet:print              | enrolment, sheet       | owner
sheet:file               | enrolment, sheet       | owner / its supervisors / its admin
entry:create             | enrolment              | owner
entry:view               | entry                  | owner / named supervisor & handed in / stand-in & handed in / its trainer & handed in / office & handed in
entry:read-reflection    | entry                  | owner / named supervisor & handed in
entry:edit               | entry                  | owner
entry:decide             | entry                  | named supervisor & not owner & handed in / stand-in & not owner & handed in
entry:revoke             | entry                  | named supervisor & not owner & handed in / its admin & not owner & handed in
evidence:view            | evidence               | owner / named supervisor & handed in / stand-in & handed in & for the team / its trainer & handed in & for the team / office & handed in & for the team
template:edit            | template               | owner
coachee:edit             | coachee                | owner
observation:create       | enrolment              | its trainer & not owner
observation:view         | observation            | author / owner & handed in / its trainer & handed in / its supervisors & handed in / office & handed in
observation:edit         | observation            | author & not owner
observation:countersign  | observation            | owner & handed in
attestation:create       | enrolment              | its admin & not owner
attestation:revoke       | attestation            | its admin & not owner

supervision:plan         | cohort                 | its supervisors
supervision:view         | supervision            | office / invited / its trainer / its supervisors
supervision:read-notes   | supervision            | named supervisor / there
supervision:read-private | supervision            | named supervisor
supervision:run          | supervision            | named supervisor
supervision:cancel       | supervision            | named supervisor / its admin
supervision:tick         | agreed                 | owner / named supervisor
supervision:evaluate     | enrolment              | owner
supervision:results      | person                 | owner / its admin / programme admin
supervision:list-results | nothing                | some country admin / programme admin

ledger:view              | enrolment, ledger training, ledger supervision, ledger feedback | office / owner / its trainer / its supervisors
cases:list               | nothing                | some country admin / programme admin / auditor / some assessor / some juror
dossier:submit           | enrolment, dossier     | owner
dossier:view             | dossier, {CASE}        | office / owner / assessor of the case / juror of the case
dossier:admit            | dossier                | its admin & not owner
dossier:assign           | dossier                | programme admin & not owner
dossier:declare-conflict | dossier                | assessor of the case & not owner / juror of the case & not owner
dossier:score            | dossier                | assessor of the case & not owner & not official
dossier:sign-light       | dossier                | assessor of the case & not owner & not official
dossier:deliberate       | dossier                | chair of the case & not owner & not official
dossier:release          | dossier                | programme admin & not owner

certificate:hold         | nothing                | signed in
register:view            | nothing                | some country admin / programme admin / auditor / some partner
certificate:view         | certificate            | office / owner
certificate:revoke       | certificate            | programme admin & not owner
doubts:handle            | nothing, doubt         | programme admin
keys:view                | nothing                | programme admin / auditor

audit:list               | nothing                | some country admin / programme admin / auditor
case:trace               | enrolment              | its admin & not owner / programme admin & not owner / auditor & not owner
country:practice         | country                | office
logbook:take-along       | enrolment              | office / owner / its trainer
jobs:view                | nothing, job           | programme admin
outbox:view              | nothing, message       | programme admin
permissions:view         | nothing                | signed in
"""  # noqa: E501 - one row an action, one line a row
"""Action | the things that it is asked about | who may: `/` between alternatives, `&` within."""


def rows() -> dict[Action, tuple[list[str], str]]:
    found: dict[Action, tuple[list[str], str]] = {}
    for line in filter(None, map(str.strip, TABLE.splitlines())):
        name, kinds, words = (cell.strip() for cell in line.split("|"))
        assert Action(name) not in found, f"{name} has two rows"
        found[Action(name)] = ([kind.strip() for kind in kinds.split(",")], words.replace("/", "|"))
    return found


ROWS = rows()
once = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
"""What asks the policy alone needs no second database."""


class World:
    """Everybody and everything, with one thing of each sort for the questions that repeat."""

    def __init__(self, session) -> None:
        self.all = all_things(session)
        self.people = saying.everybody(session)
        owners = {thing.owner: thing.obj.actor for thing in self.all["person"]}
        focus = [self._first(kind) for kind in ("person", "session", "enrolment", "certificate")]
        focus += [self._first("entry"), self._first("observation")]
        focus += [next(t for t in self.all["dossier"] if t.chair), self._first("dossier")]
        for thing in focus:
            self.people += saying.hats(thing, owners[thing.owner])
            self.people += saying.judges_with_office(thing, self.people)
        for name in (
            "abroad",
            "former",
            "stand-in",
            "outside",
            "removed",
            "sn00090",
            "sn00091",
            "ma00090",
            "ma00012",
        ):
            email = f"{name}@demo.example"
            found = next(t.obj for t in self.all["person"] if t.obj.email == email)
            self.people.append(Somebody(name, found.actor))
        colleagues = [t for t in self.all["enrolment"] if t.country in {"MA", "SN"}][1::6]
        self.people += [Somebody(f"trainee {t.owner}", owners[t.owner]) for t in colleagues]
        for thing in focus:
            for kind in ("entry", "evidence", "observation", "placement", "dossier"):
                of_owner = [t for t in self.all[kind] if t.owner == thing.owner][:1]
                for mine in of_owner:
                    self.all[kind] += saying.judging_oneself(mine)
        self.sample = {kind: _distinct(things) for kind, things in self.all.items()}
        self.sample["nothing"] = [NOTHING]

    def _first(self, kind: str) -> Thing:
        return next(t for t in self.all[kind] if t.owner and t.handed_in)

    def questions(self, action: Action) -> Iterator[tuple[Somebody, Thing, bool]]:
        """Everybody about every sort of thing, with the answer expected."""
        kinds, words = ROWS[action]
        for kind in kinds:
            for thing in self.sample[kind]:
                for who in self.people:
                    yield who, thing, may(who, words, thing)


def _distinct(things: list[Thing]) -> list[Thing]:
    """One of each sort: records with the same facts get the same answers."""
    found: dict[object, Thing] = {}
    for thing in things:
        sort = (
            thing.owner, thing.cohort, thing.country, thing.supervisor, thing.author,
            thing.assessors, thing.jurors, thing.handed_in, thing.held, thing.access,
            thing.invited, thing.there,
        )  # fmt: skip
        found.setdefault(sort, thing)
    return list(found.values())


@pytest.fixture
def world(seeded_session):
    return World(seeded_session)


def differences(world: World, action: Action) -> Iterator[str]:
    for who, thing, expected in world.questions(action):
        try:
            given = asking.permits(who.actor, action, thing.obj)
        except AttributeError as error:
            yield f"{action}: {who.name}, {thing}: {error}"
            continue
        if given != expected:
            yield f"{action}: {who.name}, {thing}: the policy says {given}, the table {expected}"


def test_every_action_has_a_row_here_and_there():
    assert set(ROWS) == set(Action), "add the new action to TABLE, from the design"
    assert set(POLICY) == set(Action)
    assert all(rows and all(rows) for rows in POLICY.values()), "an empty row"


@once
def test_every_row_of_the_table_is_asked_both_ways(world):
    """A row that nobody, or everybody, passes proves nothing; those of the public excepted."""
    for action, (_, words) in ROWS.items():
        answers = {expected for _, _, expected in world.questions(action)}
        assert answers == ({True} if words == "anyone" else {True, False}), action


@once
def test_policy_says_what_the_table_says(world):
    wrong = [text for action in Action for text in differences(world, action)]
    assert not wrong, "\n".join([f"{len(wrong)} differences", *wrong[:40]])


def mutants() -> Iterator[tuple[str, Action, list]]:
    """The policy with one piece missing, or one door open."""
    for action, rows in POLICY.items():
        for number, row in enumerate(rows):
            others = [*rows[:number], *rows[number + 1 :]]
            yield f"{action}: row {number} removed", action, others
            if row != [anyone]:
                yield f"{action}: row {number} open to anyone", action, [*others, [anyone]]
            for place, predicate in enumerate(row):
                rest = [*row[:place], *row[place + 1 :]]
                if rest:
                    name = f"{action}: row {number} without {predicate.__name__}"
                    yield name, action, [*others, rest]


@once
def test_every_damage_to_the_policy_is_noticed(world, monkeypatch):
    unnoticed = []
    for name, action, damaged in mutants():
        with monkeypatch.context() as patch:
            patch.setattr(asking, "POLICY", POLICY | {action: damaged})
            if next(differences(world, action), None) is None:
                unnoticed.append(name)
    assert not unnoticed, "\n".join(unnoticed)


@once
def test_who_may_act_may_see(seeded_app, world):
    """A form that is refused is shown again, with the record: acting must imply seeing."""
    guards = {view.__guard__ for view in seeded_app.view_functions.values() if _guarded(view)}
    wrong = []
    for action, view in {(guard.action, guard.view) for guard in guards if guard.view}:
        for kind in ROWS[action][0]:
            if kind not in ROWS[view][0]:
                continue
            for thing in world.sample[kind]:
                for who in world.people:
                    acts = asking.permits(who.actor, action, thing.obj)
                    if acts and not asking.permits(who.actor, view, thing.obj):
                        wrong.append(f"{who.name} may {action} but not {view}: {thing}")
    assert not wrong, "\n".join(wrong[:20])


def _guarded(view) -> bool:
    return hasattr(view, "__guard__")


@once
def test_auditors_and_partners_change_nothing(world):
    reading = {
        "view",
        "list",
        "read",
        "queue",
        "progress",
        "trace",
        "verify",
        "hold",
        "practice",
        "take",
        "results",
    }
    own = {Action.ACCOUNT, Action.SESSION_END, Action.SIGN_IN, Action.DEMO_SWITCH}
    quiet = own | {Action.REPORT_DOUBT, Action.PRACTICE_CONFIRM, Action.PRACTICE_SYNC}
    # by a signed link, about the person whom the link names
    quiet |= {Action.DISCUSSION_MAIL}
    quiet |= {a for a in Action if a.value.partition(":")[2].split("-")[0] in reading}
    for name in ("auditor", "partner"):
        who = next(w for w in world.people if w.name == name)
        for action in set(Action) - quiet:
            done = [str(t) for w, t, yes in world.questions(action) if w is who and yes]
            assert not done, f"{name} may {action}: {done[:3]}"


# --- lists: what a query finds is what the table allows ---

LISTS = {
    "cohort": (cohorts.visible_to, Action.COHORT_VIEW),
    "enrolment": (cohorts.enrolments_visible_to, Action.ENROLMENT_VIEW),
    "person": (people.visible_to, Action.PERSON_VIEW),
    "mark": (notes.visible_to, Action.NOTE_READ),
    "entry": (fieldwork.entries_visible_to, Action.ENTRY_VIEW),
    "observation": (fieldwork.observations_visible_to, Action.OBSERVATION_VIEW),
    "evidence": (fieldwork.evidence_visible_to, Action.EVIDENCE_VIEW),
    "placement": (fieldwork.placements_visible_to, Action.PRACTICE_VIEW),
    "supervision": (supervision.sessions_visible_to, Action.SUPERVISION_VIEW),
    "training": (training.sessions_visible_to, Action.TRAINING_VIEW),
    "announcement": (announcements.visible_to, Action.ANNOUNCEMENT_VIEW),
    "thread": (discussions.threads_visible_to, Action.DISCUSSION_JOIN),
    "post report": (moderation.reports_visible_to, Action.REPORT_SETTLE),
    "work": (exercises.visible_to, Action.EXERCISE_VIEW),
    "question": (questions.visible_to, Action.QUESTION_VIEW),
    "absence": (absences.visible_to, Action.ABSENCE_VIEW),
    "correction": (corrections.visible_to, Action.CORRECTION_VIEW),
    "dossier": (assessment.visible_to, Action.DOSSIER_VIEW),
    "certificate": (credentials.visible_to, Action.CERTIFICATE_VIEW),
}


def _ids(session, query) -> set:
    """Keys of what a list shows, without loading it."""
    model = query.column_descriptions[0]["entity"]
    return set(session.scalars(query.with_only_columns(model.id)))


def test_lists_show_what_the_table_allows(seeded_session, world):
    wrong = []
    for kind, (query, action) in LISTS.items():
        things = {t.obj.id: t for t in world.all[kind] if not isinstance(t.obj, Altered)}
        for who in world.people:
            listed = _ids(seeded_session, query(who.actor))
            allowed = {
                key
                for key, t in things.items()
                if not t.deleted and asking.permits(who.actor, action, t.obj)
            }
            name = f"{who.name} is"
            wrong += [f"{name} shown, against the table: {things[k]}" for k in listed - allowed]
            wrong += [f"{name} not shown, against it: {things[k]}" for k in allowed - listed]
    assert not wrong, "\n".join([f"{len(wrong)} differences", *wrong[:20]])


def test_waiting_cases_are_visible_cases(seeded_session, world):
    for who in world.people:
        waiting = _ids(seeded_session, assessment.waiting_for(who.actor))
        assert waiting <= _ids(seeded_session, assessment.visible_to(who.actor)), who.name


def test_trail_shows_the_countries_one_administers(seeded_session, world):
    words = "office"
    for who in world.people:
        listed = _ids(seeded_session, insight.trail_visible_to(who.actor))
        allowed = {t.obj.id for t in world.all["audit"] if may(who, words, t)}
        assert listed == allowed, who.name


def test_the_public_is_listed_nothing(seeded_session):
    for kind, (query, _) in LISTS.items():
        assert not _ids(seeded_session, query(PUBLIC)), kind
