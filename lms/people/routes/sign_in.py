"""Signing in and out."""

from uuid import UUID

from flask import Response, make_response, render_template, request, session
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.errors import Refusal
from lms.people import passwords
from lms.people.access import service as access
from lms.people.access import tries
from lms.people.access.tries import Attempt
from lms.people.forms import CodeForm, SignInForm, check_password
from lms.people.routes import recognition
from lms.people.routes.area import bp, cheap, device, see_other, settings, unshared
from lms.people.rules import safe_next
from lms.people.sessions import service as sessions
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

HOME = "/home"


@bp.route("/sign-in", methods=["GET", "POST"])
@guard(Action.SIGN_IN)
def sign_in() -> Response:
    """The first page that people see."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
        if current_actor().is_authenticated:
            return see_other(safe_next(form.next.data) or HOME)
    after = safe_next(form.next.data)
    if not form.validate_on_submit():
        return _page("people/sign_in.html", form, 200 if request.method == "GET" else 422)
    try:
        with writing() as changing:
            attempt = tries.begin(
                changing, form.who.data or "", request.remote_addr or "", clock.now()
            )
        match = attempt.match(form.password.data or "", cheap=cheap())
        if match is None or not _enter(attempt, *match, form):
            raise Refusal("sign_in_failed")
    except Refusal as refusal:
        form.refuse(refusal)
        return _page("people/sign_in.html", form, 429 if refusal.code == "throttled" else 422)
    return see_other(after or HOME)


def _enter(attempt: Attempt, person_id: UUID, kept_hash: str, form: SignInForm) -> bool:
    """Open the session; a hash made with old parameters is made anew on the way."""
    fresh = None
    if passwords.is_outdated(kept_hash, cheap=cheap()):
        fresh = passwords.hash_password(form.password.data or "", cheap=cheap())
    now, old, kept = clock.now(), recognition.signed_in(), bool(form.kept.data)
    with writing() as changing:
        person = tries.succeed(changing, attempt, person_id, now)
        if person is None:
            return False
        if fresh is not None and person.password_hash == kept_hash:
            person.password_hash = fresh
        if (chosen := session.get("lang")) in settings().languages:
            person.language = chosen
        if old is not None:
            sessions.end_one(changing, old.session_id, now)
        token = sessions.open_session(changing, person, now, kept=kept, device=device())
    recognition.sign_in(token, kept=kept)
    return True


@bp.route("/sign-in/code", methods=["GET", "POST"])
@guard(Action.SIGN_IN)
def code() -> Response:
    """A one-time code, made by a trainer or an administration, opens a new password."""
    form = CodeForm()
    typed = form.validate_on_submit()
    if not (typed and check_password(form, form.password, [form.who.data or ""])):
        return _page("people/code.html", form, 200 if request.method == "GET" else 422)
    try:
        with writing() as changing:
            attempt = tries.begin(
                changing, form.who.data or "", request.remote_addr or "", clock.now()
            )
        new_hash = passwords.hash_password(form.password.data or "", cheap=cheap())
        now, secret = clock.now(), settings().secret_key
        with writing() as changing:
            token = access.find_code(changing, attempt, form.code.data or "", secret, now)
            if token is None or not tries.succeed(changing, attempt, token.person_id, now):
                raise Refusal("code_failed")
            person = access.reset_password(changing, token, new_hash, now)
            cookie = sessions.open_session(changing, person, now, device=device())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page("people/code.html", form, 429 if refusal.code == "throttled" else 422)
    recognition.sign_in(cookie, kept=False)
    web.say(_("Your new password is kept. You are signed in."))
    return see_other(HOME)


@bp.get("/sign-out")
@guard(Action.SIGN_IN)
def sign_out() -> Response:
    """A page with a form: a picture on another site cannot sign anybody out."""
    return unshared(render_template("people/sign_out.html"))


@bp.post("/sign-out")
@guard(Action.SIGN_IN)
def leave() -> Response:
    """The session is dead from now on, also for whoever copied the cookie."""
    user = recognition.signed_in()
    if user is not None:
        with writing() as changing:
            sessions.end_one(changing, user.session_id, clock.now())
    recognition.sign_out()
    web.say(_("You are signed out."))
    response = see_other("/sign-in")
    # what the browser kept of the pages goes too: the next person may sit at the same machine
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _page(template: str, form: SignInForm | CodeForm, status: int) -> Response:
    response = make_response(render_template(template, form=form), status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
