"""One person, as an administration or a trainer helps them: details, roles, ways in."""

from uuid import UUID

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from lms.core import clock, i18n, web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.people import grants, service
from lms.people.access import service as access
from lms.people.forms import PersonForm, ReasonForm, RoleForm, TransferForm
from lms.people.models import Person, RoleGrant
from lms.people.roles import choices as role_choices
from lms.people.roles import partner_choices, read_role, scope_names
from lms.people.routes.area import bp, see_other, settings, unshared
from lms.people.routes.directory import slip
from lms.people.rules import TokenKind, shown_code
from lms.people.sessions import service as sessions
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.route("/people/<uuid:person_id>/edit", methods=["GET", "POST"])
@guard(Action.PERSON_EDIT, view=Action.PERSON_VIEW, person=service.find_person)
def edit(person: Person) -> Response:
    """Correct names and contact details."""
    person_id = person.id
    form = PersonForm(obj=person)
    form.regions = service.regions(db.session, person.country_code)
    if not form.validate_on_submit():
        return _page("people/edit.html", person, form=form)
    try:
        with writing() as changing:
            service.change_details(
                changing,
                current_actor(),
                changing.get_one(Person, person_id),
                form.names,
                form.contact,
                clock.now(),
                seen_version=form.seen_version,
                employer=form.employer.data or "",
                commune=form.commune.data or "",
            )
    except Refusal as refusal:
        form.refuse(refusal)
        person = db.session.get_one(Person, person_id)
        stale = isinstance(refusal, Stale)
        if stale:
            form.version.data = str(person.version)
        return _page("people/edit.html", person, 409 if stale else 422, form=form, stale=stale)
    web.say(_("The details are kept."))
    return see_other(f"/people/{person_id}")


@bp.route("/people/<uuid:person_id>/roles", methods=["GET", "POST"])
@guard(Action.GRANT_CHANGE, view=Action.PERSON_VIEW, person=service.find_person)
def roles(person: Person) -> Response:
    """Roles held now and before; one more."""
    actor, person_id, country = current_actor(), person.id, person.country_code
    form = RoleForm()
    codes = [code for code, _name in _country_choices() if service.administers(actor, code)]
    form.role.choices = role_choices(actor)
    form.partner.choices = [("", "—"), *partner_choices(db.session, codes)]
    if form.validate_on_submit():
        try:
            chosen = read_role(form.role.data, country, form.partner.data)
            with writing() as changing:
                person = changing.get_one(Person, person_id)
                if chosen is not None:
                    grants.give(changing, actor, person, *chosen, now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal, form.partner if refusal.code == "role_not_yours" else None)
            person = db.session.get_one(Person, person_id)
        else:
            web.say(_("The role is given."))
            return see_other(f"/people/{person_id}/roles")
    names = scope_names(db.session, [(g.scope, g.scope_id) for g in person.grants])
    return _page("people/roles.html", person, form=form, scope_names=names)


@bp.route("/people/<uuid:person_id>/roles/<uuid:grant_id>/end", methods=["GET", "POST"])
@guard(Action.GRANT_CHANGE, view=Action.PERSON_VIEW, person=service.find_person)
def end_role(person: Person, grant_id: UUID) -> Response:
    """End one role, with the reason."""
    held = next((g for g in person.active_grants if g.id == grant_id), None)
    if held is None:
        web.say(_("This role has ended."), "warn")
        return see_other(f"/people/{person.id}/roles")
    person_id, form = person.id, ReasonForm()
    if form.validate_on_submit():
        try:
            with writing() as changing:
                held = changing.get_one(RoleGrant, grant_id)
                grants.end(
                    changing,
                    current_actor(),
                    held.person,
                    held.role,
                    held.scope,
                    held.scope_id,
                    now=clock.now(),
                    reason=form.reason.data or "",
                )
        except Refusal as refusal:
            form.refuse(refusal)
            held = db.session.get_one(RoleGrant, grant_id)
        else:
            web.say(_("The role has ended."))
            return see_other(f"/people/{person_id}/roles")
    names = scope_names(db.session, [(held.scope, held.scope_id)])
    return _page("people/end_role.html", held.person, form=form, held=held, scope_names=names)


@bp.get("/people/<uuid:person_id>/access")
@guard(Action.PERSON_CODE, view=Action.PERSON_VIEW, person=service.find_person)
def ways_in(person: Person) -> Response:
    """How this person comes in, and help if they cannot."""
    open_sessions = sessions.listed(db.session, person.id, clock.now())
    return _page("people/access.html", person, open_sessions=len(open_sessions))


@bp.post("/people/<uuid:person_id>/invitation")
@guard(Action.PERSON_CODE, view=Action.PERSON_VIEW, person=service.find_person)
def resend(person: Person) -> Response:
    """A new invitation: by e-mail if asked for and possible, and shown once with its QR code."""
    person_id, actor, now = person.id, current_actor(), clock.now()
    by_mail = request.form.get("by") == "mail"
    with writing() as changing:
        person = changing.get_one(Person, person_id)
        token = access.make_link(changing, actor, person, TokenKind.INVITATION, now)
        mailed = by_mail and service.send_invitation(
            changing, actor, person, token, now, settings=settings()
        )
    if mailed:
        web.say(_("The invitation is on its way by e-mail."))
        return see_other(f"/people/{person_id}/access")
    person = db.session.get_one(Person, person_id)
    page = render_template(
        "people/link.html",
        person=person,
        slip=slip(person, token, access.expiry(TokenKind.INVITATION, now)),
        url=access.link_url(settings(), TokenKind.INVITATION, token),
    )
    return unshared(page)


@bp.post("/people/<uuid:person_id>/code")
@guard(Action.PERSON_CODE, view=Action.PERSON_VIEW, person=service.find_person)
def make_code(person: Person) -> Response:
    """A one-time code, shown once."""
    person_id, now = person.id, clock.now()
    with writing() as changing:
        made = access.make_code(
            changing,
            current_actor(),
            changing.get_one(Person, person_id),
            now,
            secret=settings().secret_key,
        )
    page = render_template(
        "people/code_made.html",
        person=db.session.get_one(Person, person_id),
        made=shown_code(made),
        expires_at=access.expiry(TokenKind.CODE, now),
        url=f"{settings().base_url}/sign-in/code",
    )
    return unshared(page)


@bp.route("/people/<uuid:person_id>/leave", methods=["GET", "POST"])
@guard(Action.PERSON_EDIT, view=Action.PERSON_VIEW, person=service.find_person)
def mark_left(person: Person) -> Response:
    """The person has left: asked once more, with the reason."""
    person_id, form = person.id, ReasonForm()
    if form.validate_on_submit():
        with writing() as changing:
            service.leave(
                changing,
                current_actor(),
                changing.get_one(Person, person_id),
                form.reason.data or "",
                clock.now(),
            )
        web.say(_("The person has left and can no longer sign in."))
        return see_other(f"/people/{person_id}/access")
    return _page("people/leave.html", person, form=form)


@bp.route("/people/<uuid:person_id>/return", methods=["GET", "POST"])
@guard(Action.PERSON_EDIT, view=Action.PERSON_VIEW, person=service.find_person)
def come_back(person: Person) -> Response:
    """The person is back."""
    person_id, form = person.id, ReasonForm()
    if form.validate_on_submit():
        with writing() as changing:
            service.come_back(
                changing,
                current_actor(),
                changing.get_one(Person, person_id),
                form.reason.data or "",
                clock.now(),
            )
        web.say(_("The person is back. Give roles anew."))
        return see_other(f"/people/{person_id}/access")
    return _page("people/come_back.html", person, form=form)


@bp.route("/people/<uuid:person_id>/transfer", methods=["GET", "POST"])
@guard(Action.PERSON_EDIT, view=Action.PERSON_VIEW, person=service.find_person)
def transfer(person: Person) -> Response:
    """Another country administers the person from now on."""
    person_id, actor, form = person.id, current_actor(), TransferForm()
    form.country_code.choices = [
        (code, name)
        for code, name in _country_choices()
        if code != person.country_code and service.administers(actor, code)
    ]
    if form.validate_on_submit():
        with writing() as changing:
            service.transfer(
                changing,
                actor,
                changing.get_one(Person, person_id),
                form.country_code.data,
                form.reason.data or "",
                now=clock.now(),
            )
        web.say(_("The person has been transferred."))
        return see_other(f"/people/{person_id}/access")
    return _page("people/transfer.html", person, form=form)


def _country_choices() -> list[tuple[str, str]]:
    codes = service.regions(db.session)
    return sorted(((code, i18n.country_name(code)) for code in codes), key=lambda item: item[1])


def _page(template: str, person: Person, status: int = 0, **values: object) -> Response:
    status = status or (200 if request.method == "GET" else 422)
    return make_response(render_template(template, person=person, **values), status)
