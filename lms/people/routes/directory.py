"""The list of people, inviting, printed slips."""

from datetime import datetime
from enum import Enum
from typing import TypeVar
from uuid import UUID

import segno
from babel.lists import format_list
from flask import Response, make_response, render_template, request
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from lms.core import clock, i18n, web
from lms.core.db import AnySession, db
from lms.core.errors import Refusal
from lms.core.labels import label
from lms.core.paging import paginate
from lms.network.models import Country
from lms.people import grants, service
from lms.people.access import service as access
from lms.people.forms import InviteForm
from lms.people.models import Person
from lms.people.roles import choices as role_choices
from lms.people.roles import partner_choices, read_role
from lms.people.routes.area import bp, called, language_choices, see_other, settings, unshared
from lms.people.rules import NewPerson, Standing, TokenKind
from lms.policy.actions import Action
from lms.policy.actor import Actor, Role
from lms.policy.guard import current_actor, guard, writing
from lms.policy.permits import permits


@bp.get("/people")
@guard(Action.PEOPLE_LIST)
def people() -> str:
    """Search, filters and pages, all in the address."""
    actor = current_actor()
    words = request.args.get("q", "")[:100].replace("\x00", "")
    role = _member(Role, request.args.get("role"))
    standing = _member(Standing, request.args.get("standing"))
    codes = _countries(actor)
    code = request.args.get("country", "")
    query = service.listed(actor, words, role, code if code in codes else "", standing)
    return render_template(
        "people/list.html",
        page=paginate(db.session, query, Person.id, Person.sort_name),
        role_names=_role_names,
        role_options=[(each.value, label(each)) for each in Role],
        words=words,
        role=role,
        standing=standing,
        country=code,
        countries=_named(codes),
        filtered=bool(words or role or standing or code),
        may_invite=permits(actor, Action.PERSON_INVITE),
    )


def _role_names(person: Person) -> str:
    names = sorted({label(held.role) for held in person.active_grants})
    return format_list(names, style="unit", locale=get_locale()) if names else ""


Chosen = TypeVar("Chosen", bound=Enum)


def _member(enum: type[Chosen], text: str | None) -> Chosen | None:
    try:
        return enum(text or "")
    except ValueError:
        return None


def _countries(actor: Actor) -> list[str]:
    if actor.sees_everything:
        return list(db.session.scalars(select(Country.code)))
    return sorted(actor.countries)


def _named(codes: list[str]) -> list[tuple[str, str]]:
    return sorted(((code, i18n.country_name(code)) for code in codes), key=lambda item: item[1])


@bp.route("/people/new", methods=["GET", "POST"])
@guard(Action.PERSON_INVITE)
def invite() -> Response:
    """Somebody new, with a first role if they need one beyond a cohort."""
    actor, form = current_actor(), InviteForm()
    codes = [code for code in _countries(actor) if service.administers(actor, code)]
    form.country_code.choices = _named(codes)
    form.language.choices = language_choices()
    form.role.choices = [("", _("None yet, or in a cohort")), *role_choices(actor)]
    form.partner.choices = [("", "—"), *partner_choices(db.session, codes)]
    if request.method == "GET":
        form.language.data = i18n.current_language()
        if actor.country_code in codes:
            form.country_code.data = actor.country_code
    form.regions = service.regions(db.session, form.country_code.data)
    if not form.validate_on_submit():
        return _invite_page(form, 200 if request.method == "GET" else 422)
    try:
        with writing() as changing:
            person = _invited(changing, actor, form, clock.now())
            person_id, mailed = person.id, bool(person.email)
            name = called(person)
    except Refusal as refusal:
        form.refuse(refusal, form.partner if refusal.code == "role_not_yours" else None)
        return _invite_page(form, 422)
    if mailed:
        web.say(_("%(name)s is invited: the link is on its way by e-mail.", name=name))
    else:
        web.say(_("%(name)s is invited. Print a slip, or pass the link on.", name=name))
    return see_other(f"/people/{person_id}/access")


def _invited(session: AnySession, actor: Actor, form: InviteForm, now: datetime) -> Person:
    contact, names = form.contact, form.names
    new = NewPerson(
        country_code=form.country_code.data,
        language=form.language.data,
        employer=form.employer.data or "",
        commune=form.commune.data or "",
        **vars(contact),
        **vars(names),
    )
    person, _token = service.invite(session, actor, new, now, settings(), person_id=form.new_id)
    if (chosen := read_role(form.role.data, form.country_code.data, form.partner.data)) is not None:
        grants.give(session, actor, person, *chosen, now=now)
    return person


def _invite_page(form: InviteForm, status: int) -> Response:
    return make_response(render_template("people/invite.html", form=form), status)


@bp.post("/people/slips")
@guard(Action.PERSON_INVITE)
def slips() -> Response:
    """An A4 sheet of QR slips for chosen people who have not come in yet; each a new link."""
    chosen = [key for key in map(_key, request.form.getlist("person")[:200]) if key is not None]
    actor, now = current_actor(), clock.now()
    with writing() as changing:
        found = changing.scalars(
            service.listed(actor, standing=Standing.INVITED)
            .where(Person.id.in_(chosen))
            .order_by(Person.sort_name, Person.id)
        ).all()
        links = {
            person.id: access.make_link(changing, actor, person, TokenKind.INVITATION, now)
            for person in found
            if permits(actor, Action.PERSON_EDIT, person)
        }
    if not links:
        web.say(_("Choose at least one person who has not come in yet."), "warn")
        return see_other("/people?standing=invited")
    people = db.session.scalars(
        select(Person).where(Person.id.in_(links)).order_by(Person.sort_name, Person.id)
    )
    expires_at = access.expiry(TokenKind.INVITATION, now)
    sheet = [slip(person, links[person.id], expires_at) for person in people]
    return unshared(render_template("people/slips.html", slips=sheet))


def slip(person: Person, token: str, expires_at: datetime) -> Markup:
    """The slip of one person, in their language."""
    url = access.link_url(settings(), TokenKind.INVITATION, token)
    code = segno.make(url, error="m", micro=False)
    qr = code.svg_data_uri(border=4, scale=4, dark="#000", light="#fff")
    with force_locale(person.language):
        words = render_template(
            "people/_slip.html", person=person, url=url, qr=qr, expires_at=expires_at
        )
    return Markup(words)  # noqa: S704 - a template of ours, which has escaped what it shows


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
