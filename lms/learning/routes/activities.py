"""What a cohort does as a team: five values and their charter; its contribution."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lms.cohorts.models import Cohort
from lms.cohorts.service import find_cohort
from lms.core import clock, web
from lms.core.db import AnySession, db
from lms.core.errors import Refusal
from lms.core.forms import Form
from lms.curriculum.rules import Exercise, TeamActivity
from lms.learning.activities import contribution, service, values
from lms.learning.activities.forms import (
    AgreeForm,
    CharterForm,
    LeadForm,
    line_form,
    merge_form,
    values_form,
)
from lms.learning.activities.rules import (
    LEAST_LISTS,
    VALUES,
    Circle,
    RoundState,
    Side,
)
from lms.learning.activities.service import Team
from lms.learning.models import ContributionLine, TeamRound
from lms.learning.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, guard, writing

SETTLE = {
    TeamActivity.VALUES: values.settle,
    TeamActivity.CONTRIBUTION: contribution.settle,
}


@bp.get("/cohorts/<uuid:cohort_id>/activities")
@guard(Action.COHORT_VIEW, cohort=find_cohort)
def activities(cohort: Cohort) -> str:
    """The team exercises of the cohort's programme, and where each stands."""
    return render_template(
        "learning/activities/list.html",
        cohort=cohort,
        exercises=service.team_exercises(db.session, cohort),
        rounds=service.rounds_of(db.session, cohort.id),
        states=RoundState,
    )


@bp.get("/cohorts/<uuid:cohort_id>/activities/<exercise>")
@guard(Action.COHORT_VIEW, team=service.find_team)
def activity(team: Team) -> str:
    """The task, one's own part in it, and what has come of it."""
    return _page(team)


@bp.get("/cohorts/<uuid:cohort_id>/activities/<exercise>/print")
@guard(Action.COHORT_VIEW, team=service.find_team)
def print_activity(team: Team) -> Any:
    """The charter with its names, or the contribution: one page to be printed and put up."""
    one = service.round_of(db.session, team.cohort_id, team.exercise.id)
    if one is None or (team.exercise.activity is TeamActivity.VALUES and not one.charter):
        return redirect(_address(team))
    return render_template(
        "learning/activities/print.html",
        cohort=team.cohort,
        exercise=team.exercise,
        round=one,
        rows=values.counted(one),
        **_results(team.exercise, one),
    )


@bp.post("/cohorts/<uuid:cohort_id>/activities/<exercise>/values")
@guard(Action.ACTIVITY_TAKE_PART, view=Action.COHORT_VIEW, team=service.find_team)
def write_values(team: Team) -> Any:
    """Five values, for oneself."""
    form, key, found = values_form(()), team.cohort_id, team.exercise
    if not form.validate_on_submit():
        return _page(team, values=form), 422

    def act(session: AnySession, now: Any) -> None:
        here = session.get_one(Cohort, key)
        values.write_list(session, current_actor(), here, found, form.values(), now)

    said = _("Kept: nobody but you reads your list.")
    return _do(team, form, act, said, values=form)


@bp.post("/cohorts/<uuid:cohort_id>/activities/<exercise>/lines")
@guard(Action.ACTIVITY_TAKE_PART, view=Action.COHORT_VIEW, team=service.find_team)
def add_line(team: Team) -> Any:
    """A line of the contribution."""
    form, key, found = line_form(typed=True), team.cohort_id, team.exercise
    if not form.validate_on_submit():
        return _page(team, line=form), 422

    def act(session: AnySession, now: Any) -> None:
        here = session.get_one(Cohort, key)
        side, circle = Side(form.side.data), Circle(form.circle.data)
        text, actor = form.text.data or "", current_actor()
        contribution.add_line(session, actor, here, found, form.new_id, side, circle, text, now)

    return _do(team, form, act, _("Added to the sheet."), line=form)


@bp.post("/cohorts/<uuid:cohort_id>/activities/<exercise>/agree")
@guard(Action.ACTIVITY_TAKE_PART, view=Action.COHORT_VIEW, team=service.find_team)
def agree_to_charter(team: Team) -> Any:
    """One's name under the charter."""
    form, key, found = AgreeForm(), team.cohort_id, team.exercise

    def act(session: AnySession, now: Any) -> None:
        one = _round(session, key, found)
        values.agree(session, current_actor(), one, form.seen_version, now)

    return _do(team, form, act, _("Your name stands under the charter."))


@bp.post("/cohorts/<uuid:cohort_id>/activities/<exercise>/lead")
@guard(Action.ACTIVITY_LEAD, view=Action.COHORT_VIEW, team=service.find_team)
def lead_activity(team: Team) -> Any:
    """Close and count, merge two values, write the charter, make it final, take it up again."""
    found, what, key = team.exercise, request.form.get("act", ""), team.cohort_id
    one = _round(db.session, key, found)
    shown: dict[str, Any] = {}
    form: Any = LeadForm()
    if what == "merge":
        form = shown["merging"] = merge_form(values.counted(one), one.revision)
    elif what == "charter":
        form = shown["charter"] = CharterForm()
    elif what in {"close", "settle", "reopen"}:
        shown["lead"] = form
    else:
        abort(400)
    if not form.validate_on_submit():
        return _page(team, **shown), 422

    def act(session: AnySession, now: Any) -> None:
        here, actor, seen = _round(session, key, found), current_actor(), form.seen_version
        if what == "merge":
            values.merge(session, actor, here, seen, form.name.data, form.into.data, now)
        elif what == "charter":
            values.propose(session, actor, here, seen, form.charter.data or "", now)
        elif what == "close":
            values.close(session, actor, here, seen, now)
        elif what == "settle":
            settle = SETTLE[service.activity_of(found)]
            settle(session, actor, here, seen, form.reason.data or "", now)
        else:
            service.reopen(session, actor, found, here, seen, form.reason.data or "", now)

    return _do(team, form, act, _("Saved."), **shown)


@bp.post("/cohorts/activities/lines/<uuid:line_id>/remove")
@guard(Action.ACTIVITY_LINE, view=Action.COHORT_VIEW, line=contribution.find_line)
def remove_line(line: ContributionLine) -> Any:
    """Take a line off the sheet."""
    key, cohort_id, exercise = line.id, line.cohort_id, line.round.exercise
    with writing() as session:
        found = session.get_one(ContributionLine, key)
        contribution.remove_line(session, current_actor(), found, clock.now())
    web.say(_("Removed from the sheet."))
    return redirect(url_for("learning.activity", cohort_id=cohort_id, exercise=exercise), 303)


def _address(team: Team) -> str:
    return url_for("learning.activity", cohort_id=team.cohort_id, exercise=team.exercise.id)


def _round(session: AnySession, cohort_id: Any, exercise: Exercise) -> TeamRound:
    one = service.round_of(session, cohort_id, exercise.id)
    if one is None:
        raise Refusal("contribution_empty")
    return one


def _do(team: Team, form: Form, act: Any, said: str, **shown: Form) -> Any:
    """The one write of the request; a refusal is shown on the page, with what was typed."""
    address, key, exercise = _address(team), team.cohort_id, team.exercise
    try:
        with writing() as session:
            act(session, clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        again = Team(db.session.get_one(Cohort, key), exercise)
        page = _page(again, refused=form, **shown)
        return page, refusal.status
    web.say(said)
    return redirect(address, 303)


def _results(exercise: Exercise, one: TeamRound | None) -> dict[str, Any]:
    """Names under the charter, or the lines of the contribution."""
    session, is_values = db.session, exercise.activity is TeamActivity.VALUES
    return {
        "signers": values.signers(session, one) if is_values and one and one.charter else [],
        "lines": [] if is_values else contribution.lines_of(session, one),
        "sides": Side,
        "circles": Circle,
        "is_values": is_values,
    }


def _page(team: Team, refused: Form | None = None, **typed: Any) -> str:
    """The page, with the forms that were typed into."""
    session, actor = db.session, current_actor()
    cohort, exercise = team.cohort, team.exercise
    one = service.round_of(session, cohort.id, exercise.id)
    mine = values.own_list(session, one, actor)
    rows = values.counted(one) if one else []
    revision = str(one.revision if one else 0)
    leads = can(Action.ACTIVITY_LEAD, cohort)
    takes_part = can(Action.ACTIVITY_TAKE_PART, cohort)
    results = _results(exercise, one)
    forms: dict[str, Any] = {
        "values": values_form(mine.words if mine else ()),
        "line": line_form(),
        "merging": merge_form(rows, one.revision if one else 0),
        "charter": CharterForm(
            formdata=None, data={"version": revision, "charter": one.charter if one else ""}
        ),
        "lead": LeadForm(formdata=None, data={"version": revision}),
    }
    for form in typed.values():
        if hasattr(form, "version"):
            form.version.data = revision
    forms |= typed
    return render_template(
        "learning/activities/activity.html",
        cohort=cohort,
        exercise=exercise,
        round=one,
        state=one.state if one else RoundState.COLLECTING,
        mine=mine,
        rows=rows,
        number=values.number_of_lists(session, one),
        agreed=next((s for s in results["signers"] if s.person.id == actor.person_id), None),
        leads=leads,
        takes_part=takes_part,
        form=refused or next(iter(typed.values()), None),
        forms=forms,
        five=VALUES,
        least=LEAST_LISTS,
        **results,
    )
