"""Invitations and forgotten passwords: a GET never uses anything up."""

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from lms.core import clock, i18n, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.network.models import Country
from lms.people import passwords
from lms.people.access import service as access
from lms.people.forms import (
    ForgotForm,
    InvitationForm,
    ResetForm,
    check_password,
    known_words,
)
from lms.people.models import AccessToken, Person
from lms.people.routes import recognition
from lms.people.routes.area import (
    bp,
    cheap,
    device,
    language_choices,
    see_other,
    unshared,
)
from lms.people.rules import TokenKind
from lms.people.sessions import service as sessions
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

GONE = {"link_unknown": 404, "link_used": 410, "link_expired": 410}


def _closed(refusal: Refusal, kind: TokenKind) -> Response:
    """A page that says why the link does not open, and what to do."""
    page = render_template("people/link_closed.html", code=refusal.code, kind=kind)
    return unshared(page, GONE[refusal.code])


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@guard(Action.SIGN_IN)
def invitation(token: str) -> Response:
    """The invited person gives names, language and password, and is signed in."""
    try:
        link = access.open_link(db.session, TokenKind.INVITATION, token, clock.now())
    except Refusal as refusal:
        return _closed(refusal, TokenKind.INVITATION)
    person = link.person
    recognition.speak_unless_chosen(person.language)
    country = db.session.get_one(Country, person.country_code)
    form = InvitationForm(obj=person, data=None)
    form.language.choices = language_choices()
    form.needs_arabic = country.needs_arabic_names
    if request.method == "GET":
        # the language of the page, which may be one that they just chose
        form.language.data = i18n.current_language()
    if not (form.validate_on_submit() and _fits(form, person)):
        return _invitation_page(form, link, country, 200 if request.method == "GET" else 422)
    db.session.rollback()
    new_hash = passwords.hash_password(form.password.data or "", cheap=cheap())
    now = clock.now()
    try:
        with writing() as changing:
            link = access.open_link(changing, TokenKind.INVITATION, token, now)
            person = access.accept_invitation(
                changing, link, form.names, form.language.data, new_hash, now
            )
            cookie = sessions.open_session(changing, person, now, device=device())
            language = person.language
    except Refusal as refusal:
        return _closed(refusal, TokenKind.INVITATION)
    recognition.sign_in(cookie, kept=False)
    recognition.speak(language)
    web.say(_("Welcome. Your account is ready."))
    return see_other("/home")


def _fits(form: InvitationForm, person: Person) -> bool:
    words = [*known_words(person), form.family_name.data or "", form.given_name.data or ""]
    return check_password(form, form.password, words)


def _invitation_page(
    form: InvitationForm, link: AccessToken, country: Country, status: int
) -> Response:
    page = render_template(
        "people/invitation.html",
        form=form,
        person=link.person,
        country=country,
        expires_at=link.expires_at,
        somebody_else=current_actor().is_authenticated
        and current_actor().person_id != link.person_id,
    )
    return unshared(page, status)


@bp.route("/reset", methods=["GET", "POST"])
@guard(Action.SIGN_IN)
def forgot() -> Response:
    """Ask for a link by e-mail; the answer never tells whether there is an account."""
    form = ForgotForm()
    if not form.validate_on_submit():
        status = 200 if request.method == "GET" else 422
        return make_response(render_template("people/forgot.html", form=form), status)
    with writing() as changing:
        access.ask_reset(changing, form.who.data or "", request.remote_addr or "", clock.now())
    return make_response(render_template("people/forgot_sent.html"))


@bp.route("/reset/<token>", methods=["GET", "POST"])
@guard(Action.SIGN_IN)
def reset(token: str) -> Response:
    """A new password by a link from an e-mail."""
    try:
        link = access.open_link(db.session, TokenKind.RESET, token, clock.now())
    except Refusal as refusal:
        return _closed(refusal, TokenKind.RESET)
    form, person = ResetForm(), link.person
    recognition.speak_unless_chosen(person.language)
    if not (form.validate_on_submit() and check_password(form, form.password, known_words(person))):
        page = render_template("people/reset.html", form=form, person=person)
        return unshared(page, 200 if request.method == "GET" else 422)
    db.session.rollback()
    new_hash = passwords.hash_password(form.password.data or "", cheap=cheap())
    now = clock.now()
    try:
        with writing() as changing:
            link = access.open_link(changing, TokenKind.RESET, token, now)
            person = access.reset_password(changing, link, new_hash, now)
            cookie = sessions.open_session(changing, person, now, device=device())
    except Refusal as refusal:
        return _closed(refusal, TokenKind.RESET)
    recognition.sign_in(cookie, kept=False)
    web.say(_("Your new password is kept. You are signed in."))
    return see_other("/home")
