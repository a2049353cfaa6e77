"""One's own account: names, language, ways of being reached, password, sessions."""

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.core import clock, web
from lms.core.db import db
from lms.core.errors import Refusal
from lms.network.models import Country
from lms.people import passwords, service
from lms.people.access import service as access
from lms.people.access import tries
from lms.people.forms import (
    LanguageForm,
    NamesForm,
    OwnContactForm,
    PasswordForm,
    check_password,
    known_words,
    zone_choices,
)
from lms.people.models import AccountSession
from lms.people.routes import recognition
from lms.people.routes.area import bp, cheap, language_choices, me, see_other
from lms.people.rules import device_name
from lms.people.sessions import service as sessions
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

ACCOUNT = "/account"


@bp.get(ACCOUNT)
@guard(Action.ACCOUNT)
def account() -> str:
    """Everything at a glance, each with its way to change it."""
    person, now = me(), clock.now()
    user = recognition.signed_in()
    return render_template(
        "people/account.html",
        person=person,
        sessions=sessions.listed(db.session, person.id, now),
        this_session=user.session_id if user is not None else None,
        device_name=device_name,
    )


@bp.route("/account/names", methods=["GET", "POST"])
@guard(Action.ACCOUNT)
def names() -> Response:
    """Names in both scripts."""
    person = me()
    country = db.session.get_one(Country, person.country_code)
    form = NamesForm(obj=person)
    form.needs_arabic = country.needs_arabic_names
    if not form.validate_on_submit():
        return _page("people/account_names.html", form, country=country)
    with writing() as changing:
        service.change_names(changing, current_actor(), me(changing), form.names, clock.now())
    web.say(_("Your names are kept."))
    return see_other(ACCOUNT)


@bp.route("/account/language", methods=["GET", "POST"])
@guard(Action.ACCOUNT)
def language() -> Response:
    """Language of pages and mail, zone of times."""
    person = me()
    form = LanguageForm(obj=person)
    form.language.choices = language_choices()
    form.time_zone.choices = zone_choices(person.time_zone)
    if not form.validate_on_submit():
        return _page("people/account_language.html", form)
    with writing() as changing:
        service.change_language(
            changing,
            current_actor(),
            me(changing),
            form.language.data,
            form.time_zone.data,
            now=clock.now(),
        )
    recognition.speak(form.language.data)
    web.say(_("Your language and time zone are kept."))
    return see_other(ACCOUNT)


@bp.route("/account/contact", methods=["GET", "POST"])
@guard(Action.ACCOUNT)
def contact() -> Response:
    """E-mail, phone, chosen name: what one signs in with. Asks for the password."""
    person = me()
    form = OwnContactForm(obj=person)
    form.regions = service.regions(db.session, person.country_code)
    if not form.validate_on_submit():
        return _page("people/account_contact.html", form)
    try:
        _ask_password(form.password.data or "")
        with writing() as changing:
            service.change_contact(
                changing, current_actor(), me(changing), form.contact, clock.now()
            )
    except Refusal as refusal:
        form.refuse(refusal, form.password if refusal.code == "password_wrong" else None)
        return _page("people/account_contact.html", form)
    web.say(_("Your contact details are kept."))
    return see_other(ACCOUNT)


@bp.route("/account/password", methods=["GET", "POST"])
@guard(Action.ACCOUNT)
def password() -> Response:
    """A new password; every other session ends."""
    person, form = me(), PasswordForm()
    fits = form.validate_on_submit() and check_password(form, form.password, known_words(person))
    if not fits:
        return _page("people/account_password.html", form)
    try:
        _ask_password(form.present.data or "")
        new_hash = passwords.hash_password(form.password.data or "", cheap=cheap())
        user = recognition.signed_in()
        with writing() as changing:
            access.set_password(
                changing,
                current_actor(),
                me(changing),
                new_hash,
                clock.now(),
                how="account",
                keep=user.session_id if user is not None else None,
            )
    except Refusal as refusal:
        form.refuse(refusal, form.present if refusal.code == "password_wrong" else None)
        return _page("people/account_password.html", form)
    web.say(_("Your new password is kept. Other devices have been signed out."))
    return see_other(ACCOUNT)


def _ask_password(typed: str) -> None:
    """Make sure that it is really oneself. Raises Refusal."""
    now = clock.now()
    with writing() as changing:
        attempt = tries.begin_known(changing, me(changing), now)
    match = attempt.match(typed, cheap=cheap())
    if match is None:
        raise Refusal("password_wrong")
    with writing() as changing:
        tries.succeed(changing, attempt, match[0], now)


@bp.post("/account/sessions/<uuid:session_id>/end")
@guard(Action.SESSION_END, ended=sessions.find_session)
def end_session(ended: AccountSession) -> Response:
    """Sign one device out."""
    user, ended_id = recognition.signed_in(), ended.id
    with writing() as changing:
        found = sessions.find_session(changing, ended_id)
        if found is not None:
            sessions.end(changing, current_actor(), found, clock.now())
    if user is not None and user.session_id == ended_id:
        recognition.sign_out()
        return see_other("/sign-in")
    web.say(_("This device has been signed out."))
    return see_other(f"{ACCOUNT}#sessions")


@bp.post("/account/sessions/end-others")
@guard(Action.ACCOUNT)
def end_other_sessions() -> Response:
    """Sign all other devices out."""
    user = recognition.signed_in()
    with writing() as changing:
        count = sessions.end_all(
            changing, me(changing).id, clock.now(), but=user.session_id if user else None
        )
    web.say(
        ngettext(
            "%(num)d other device has been signed out.",
            "%(num)d other devices have been signed out.",
            count,
        )
    )
    return see_other(f"{ACCOUNT}#sessions")


def _page(template: str, form: object, **values: object) -> Response:
    status = 200 if request.method == "GET" else 422
    return make_response(render_template(template, form=form, **values), status)
