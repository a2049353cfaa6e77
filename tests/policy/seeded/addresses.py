"""From a route to real addresses: which records its address names, which ones stand nearer to whom.

A new route is found here by what its guard loads. Where that is not enough, the test that fails
says what to add, and to which of these tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from lms.credentials.models import Certificate
from lms.curriculum import service as curriculum
from lms.policy.actor import Actor
from tests.policy.seeded import community, extras, hosts, supervision
from tests.policy.seeded.things import Thing
from tests.policy.seeded.who import Somebody

KINDS = {
    "lms.network.service.find_country": ("country", "code"),
    "lms.network.service.find_centre": ("centre", "centre_id"),
    "lms.network.service.find_partner": ("partner", "partner_id"),
    "lms.network.service.find_convention": ("convention", "convention_id"),
    "lms.people.service.find_person": ("person", "person_id"),
    "lms.people.sessions.service.find_session": ("session", "session_id"),
    "lms.cohorts.service.find_cohort": ("cohort", "cohort_id"),
    "lms.cohorts.service.find_enrolment": ("enrolment", "enrolment_id"),
    "lms.cohorts.announcements.service.find_announcement": ("announcement", "announcement_id"),
    "lms.cohorts.discussion.charter.find_room": ("room", "cohort_id"),
    "lms.cohorts.discussion.service.find_thread": ("thread", "thread_id"),
    "lms.cohorts.discussion.service.find_post": ("post", "post_id"),
    "lms.cohorts.discussion.moderation.find_report": ("post report", "report_id"),
    "lms.learning.exercises.service.find_work": ("work", "work_id"),
    "lms.learning.exercises.service.find_file": ("work file", "file_id"),
    "lms.learning.activities.service.find_team": ("cohort", "cohort_id"),
    "lms.learning.activities.contribution.find_line": ("line", "line_id"),
    "lms.learning.questions.service.find_question": ("question", "question_id"),
    "lms.learning.questions.service.find_reply": ("lesson reply", "reply_id"),
    "lms.curriculum.corrections.service.find_correction": ("correction", "correction_id"),
    "lms.learning.quizzes.service.find_attempt": ("attempt", "attempt_id"),
    "lms.fieldwork.service.find_placement": ("placement", "placement_id"),
    "lms.fieldwork.service.find_entry": ("entry", "entry_id"),
    "lms.fieldwork.service.find_evidence": ("evidence", "evidence_id"),
    "lms.fieldwork.entries.templates.find_template": ("template", "template_id"),
    "lms.fieldwork.coachees.service.find_coachee": ("coachee", "coachee_id"),
    "lms.fieldwork.service.find_observation": ("observation", "observation_id"),
    "lms.fieldwork.service.find_observed": ("observation", "observation_id"),
    "lms.fieldwork.service.find_attestation": ("attestation", "attestation_id"),
    "lms.fieldwork.queue.absences.find_absence": ("absence", "absence_id"),
    "lms.fieldwork.queue.comments.find_comment": ("comment", "comment_id"),
    "lms.fieldwork.signing.links.find_link": ("host link", "link_id"),
    "lms.fieldwork.signing.service.find_paper": ("host signature", "signature_id"),
    "lms.fieldwork.feedback.service.find_feedback": ("host feedback", "feedback_id"),
    "lms.fieldwork.sheets.service.find_sheet": ("sheet", "sheet_id"),
    "lms.fieldwork.sheets.service.find_by_token": ("sheet", ""),
    "lms.fieldwork.sync.service.find_item": ("synced", "item_id"),
    "lms.cohorts.training.service.find_training": ("training", "session_id"),
    "lms.cohorts.training.service.find_by_token": ("training", ""),
    "lms.cohorts.training.service.find_attendance": ("attendance", "attendance_id"),
    "lms.cohorts.training.service.find_material": ("training material", "material_id"),
    "lms.cohorts.training.service.find_scan": ("training scan", "scan_id"),
    "lms.fieldwork.supervision.service.find_session": ("supervision", "session_id"),
    "lms.fieldwork.supervision.service.find_action": ("agreed", "action_id"),
    "lms.assessment.service.cases.find_dossier": ("dossier", "dossier_id"),
    "lms.assessment.service.rows.find_entry": ("case entry", ""),
    "lms.assessment.service.rows.find_observation": ("case observation", ""),
    "lms.assessment.service.rows.find_training": ("case training", ""),
    "lms.assessment.service.rows.find_ledger_training": ("ledger training", ""),
    "lms.assessment.service.rows.find_supervision": ("case supervision", ""),
    "lms.assessment.service.rows.find_feedback": ("case feedback", ""),
    "lms.assessment.service.rows.find_ledger_supervision": ("ledger supervision", ""),
    "lms.assessment.service.rows.find_ledger_feedback": ("ledger feedback", ""),
    "lms.assessment.service.rows.find_evidence": ("case evidence", ""),
    "lms.assessment.service.rows.find_attestation": ("case attestation", ""),
    "lms.assessment.service.rows.find_attestation_file": ("case attestation file", ""),
    "lms.assessment.service.rows.find_report": ("case report", ""),
    "lms.credentials.service.find_certificate": ("certificate", "certificate_id"),
    "lms.credentials.service.find_doubt": ("doubt", "doubt_id"),
    "lms.insight.service.find_job": ("job", "job_id"),
    "lms.insight.service.find_message": ("message", "message_id"),
}
"""What a guard's loader loads: the kind of thing (`things.py`), and what its key is called."""

WORDS = {
    "curriculum.added_question": {"number": 1},
    "curriculum.save_added": {"number": 1},
    "assessment.behind": {"need": "supervision"},
    "insight.country_table": {"format": "csv"},
    "insight.logbook_table": {"format": "csv"},
    "insight.progress_table": {"format": "csv"},
    "cohorts.ask_change": {"event": "close"},
    "cohorts.change": {"event": "close"},
    "cohorts.ask_enrolment_change": {"event": "pause"},
    "cohorts.change_enrolment": {"event": "pause"},
    "cohorts.change_team": {"act": "assign"},
    "cohorts.end_training": {"act": "cancel"},
    "cohorts.switch_code": {"act": "show"},
    "cohorts.withdraw_announcement": {"act": "withdraw"},
    "cohorts.thread_mail": {"wish": "off"},
    "cohorts.discussion_mail": {"wish": "off"},
    "cohorts.keep_thread": {"act": "pin"},
    "learning.settle_question": {"event": "remove"},
    "learning.activity": {"exercise": "c10-x2"},
    "learning.print_activity": {"exercise": "c10-x3"},
    "learning.write_values": {"exercise": "c10-x2"},
    "learning.add_line": {"exercise": "c10-x3"},
    "learning.agree_to_charter": {"exercise": "c10-x2"},
    "learning.lead_activity": {"exercise": "c10-x2"},
    "fieldwork.change_placement": {"event": "end"},
    "fieldwork.ask_placement_host": {"purpose": "feedback", "means": "link"},
    "fieldwork.tick_action": {"done": "done"},
    "credentials.decide": {"act": "suspend"},
}
"""Words in an address that are no keys, by endpoint."""

ABSENT = UUID("01900000-0000-7000-8000-000000000000")
"""A key that nothing has."""


def _free(session: Any) -> dict[str, list[dict[str, Any]]]:
    """Addresses whose arguments no guard loads, by endpoint."""
    certificates = session.scalars(select(Certificate).order_by(Certificate.id)).all()
    tokens = [{"token": certificate.token} for certificate in certificates]
    release = curriculum.current_release(session)
    programmes, rubrics = release.content.programmes, release.content.rubrics
    versions = [{"slug": key, "version": found.version} for key, found in programmes.items()]
    module, _, name = next(iter(release.content.lessons)).partition("/")
    lesson = {"module": module, "lesson": name}
    return {
        "credentials.certificate": tokens,
        "credentials.credential": tokens,
        "credentials.printed": tokens[:2],
        "credentials.status_list": [{"purpose": "revocation", "number": 1}],
        "cohorts.ask_stop_mail": [{"token": community.token(session)}],
        "cohorts.stop_mail": [{"token": community.token(session)}],
        "credentials.achievement": versions,
        "curriculum.attach_handout": [lesson],
        "curriculum.content_lesson": [lesson],
        "curriculum.correct_lesson": [lesson],
        "curriculum.correct_question": [{"question": next(iter(release.content.questions))}],
        "curriculum.questions_out": [{"module": "c9-limits"}],
        "curriculum.bank_file": [{"module": "c9-limits"}],
        "curriculum.questions_in": [lesson],
        "curriculum.take_questions": [lesson],
        "curriculum.changes": [{"release_id": release.id}],
        "curriculum.media": [{"name": next(iter(release.content.media)).rpartition("/")[2]}],
        "curriculum.discover_lesson": [
            dict(zip(("module", "lesson"), key.split("/"), strict=True))
            for key in release.content.discover.lessons[:2]
        ],
        "learning.question_statistics": [{"module": "c9-limits"}, {"module": "exam"}],
        "curriculum.programme": [{"slug": slug} for slug in programmes],
        "curriculum.rubric": [{"slug": slug} for slug in rubrics],
        "demo.step": [{"number": number} for number in range(1, 9)],
        "fieldwork.calendar_feed": [{"token": supervision.FEED}],
        "fieldwork.answer": [{"token": token} for token in hosts.TOKENS],
        "fieldwork.confirm": [{"token": token} for token in hosts.TOKENS],
        "fieldwork.confirmed": [{"token": hosts.USED}],
        "fieldwork.undo_approvals": [{"batch_id": ABSENT}],
        "people.invitation": [{"token": extras.INVITATION}],
        "people.reset": [{"token": extras.RESET}],
    }


ASK_FOR_NOTHING = {"anonymous", "trainee", "programme"}
"""Personas who also ask for what does not exist: for the others it would be the same."""


@dataclass(frozen=True)
class Target:
    """One address, what it is about, and how that stands to whoever asks."""

    rule: Rule
    url: str
    values: dict[str, Any]
    thing: Thing | None
    relation: str

    def __str__(self) -> str:
        return f"{self.rule.endpoint} ({self.relation}{f' {self.thing}' if self.thing else ''})"


def rules(app: Flask) -> list[Rule]:
    """Every route but the static files, in a steady order."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(found, key=lambda rule: (rule.rule, sorted(rule.methods or ())))


def relation(who: Somebody, thing: Thing, home: str | None) -> str:
    """How near a thing stands to somebody whose country is `home`."""
    if who.key is not None and thing.owner == who.key:
        return "own"
    if who.key is not None and who.key in thing.named:
        return "assigned"
    mine = {key for _, scope, key in who.roles if scope == "cohort"}
    if str(thing.cohort) in mine or mine & thing.studies_in:
        return "same cohort"
    if thing.country is None:
        return "any"
    return "other cohort" if thing.country == home else "other country"


def home_of(who: Somebody) -> str | None:
    """The country that somebody administers, else the one that administers them."""
    return next((key for role, _, key in who.roles if role == "country_admin"), None) or (
        who.actor.country_code
    )


class Catalogue:
    """Addresses for every route, as near to and as far from somebody as there are records."""

    def __init__(self, app: Flask, session: Any, things: dict[str, list[Thing]]) -> None:
        self.app, self.things = app, things
        self.free = _free(session)
        self._lessons = {t.obj.id: self._first_lesson(session, t.obj) for t in things["cohort"]}
        self._exercises = {t.obj.id: self._first_exercise(session, t.obj) for t in things["cohort"]}
        self._urls = app.url_map.bind("coaching.example")

    def near_and_far(self, who: Somebody, kind: str) -> dict[str, Thing]:
        """The things of one kind, by relation: `own`, `same cohort`, `draft of other cohort` …"""
        found: dict[str, Thing] = {}
        home = home_of(who)
        for thing in sorted(self.things.get(kind, []), key=lambda t: t.state != "on paper"):
            name = relation(who, thing, home)
            if thing.deleted:
                name = f"deleted, {name}"
            elif not thing.handed_in:
                name = f"draft, {name}"
            found.setdefault(name, thing)
        return found

    def targets(self, rule: Rule, who: Somebody) -> Iterator[Target]:
        """Every address of the route that the test should try as this person."""
        guard = self.app.view_functions[rule.endpoint].__guard__
        if guard.loader is None:
            for values in self._unloaded(rule):
                yield self._target(rule, values, None, "")
            return
        kind, key = self._kind(rule, guard)
        picked = self.near_and_far(who, kind)
        if not picked:
            pytest.fail(f"no {kind} is seeded: add one to tests/policy/seeded/extras.py", False)
        for name, thing in picked.items():
            yield self._target(rule, self._values(rule, thing, key), thing, name)
        if kind != "country" and who.name in ASK_FOR_NOTHING:
            values = self._values(rule, next(iter(picked.values())), key)
            values |= {name: ABSENT for name in values if name.endswith("_id")}
            yield self._target(rule, values, None, "absent")

    def _target(self, rule, values, thing, name) -> Target:
        url = self._urls.build(rule.endpoint, values)
        return Target(rule, url, values, thing, name)

    def _unloaded(self, rule: Rule) -> list[dict[str, Any]]:
        if not rule.arguments:
            return [{}]
        if rule.endpoint not in self.free:
            pytest.fail(
                f"{rule.rule} ({rule.endpoint}) takes {sorted(rule.arguments)} and its guard loads "
                "nothing: say in _free of tests/policy/seeded/addresses.py which values to try",
                pytrace=False,
            )
        return self.free[rule.endpoint]

    def _kind(self, rule: Rule, guard: Any) -> tuple[str, str]:
        name = f"{guard.loader.__module__}.{guard.loader.__qualname__}"
        if name not in KINDS:
            pytest.fail(
                f"{rule.rule} ({rule.endpoint}) loads by {name}: add it to KINDS of "
                "tests/policy/seeded/addresses.py, and what it loads to things.py",
                pytrace=False,
            )
        return KINDS[name]

    def _values(self, rule: Rule, thing: Thing, key: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in rule.arguments:
            if name == key:
                values[name] = getattr(thing.obj, "code" if name == "code" else "id")
            elif name in thing.keys:
                values[name] = thing.keys[name]
            elif name in WORDS.get(rule.endpoint, {}):
                values[name] = WORDS[rule.endpoint][name]
            elif rule.endpoint in {"learning.exercise", "learning.save_exercise"}:
                values[name] = self._exercises[thing.cohort][name]
            elif name in {"module", "lesson"}:
                values[name] = self._lessons[thing.cohort][name]
            elif name.endswith("_id"):
                values[name] = ABSENT
            else:
                pytest.fail(
                    f"{rule.rule} ({rule.endpoint}): nothing is known to put for <{name}>; add it "
                    "to WORDS of tests/policy/seeded/addresses.py",
                    pytrace=False,
                )
        return values

    def _first_lesson(self, session: Any, cohort: Any) -> dict[str, str]:
        """The first lesson of the first module that is written."""
        release = curriculum.release(session, cohort.release_id)
        module = release.content.programmes[cohort.programme].written[0]
        name = release.lessons(module)[0].id.partition("/")[2]
        return {"module": module, "lesson": name}

    def _first_exercise(self, session: Any, cohort: Any) -> dict[str, str]:
        """The first exercise that somebody of the programme hands in alone, with its module."""
        release = curriculum.release(session, cohort.release_id)
        modules = release.content.programmes[cohort.programme].written
        return next(
            {"module": module, "exercise": one.id}
            for module in modules
            for one in release.content.exercises.values()
            if one.deliver and one.lesson in release.content.modules[module].lessons
        )


def nobody_or(session: Any, key: str) -> Somebody:
    """A persona by key; `anonymous` is nobody."""
    return Somebody(key, Actor() if key == "anonymous" else extras.persona(session, key).actor)
