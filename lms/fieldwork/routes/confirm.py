"""What hosts see and answer, without an account: each link once, and looking uses nothing up."""

from typing import Any

from flask import Response, make_response, render_template, request, url_for
from werkzeug.utils import redirect

from lms.core import throttle
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.fieldwork.entries.content import content_of
from lms.fieldwork.entries.rules import facts_fingerprint
from lms.fieldwork.feedback import service as feedback
from lms.fieldwork.models import ConfirmationLink
from lms.fieldwork.placements import agreement
from lms.fieldwork.routes.blueprint import bp, now
from lms.fieldwork.rules import LinkPurpose
from lms.fieldwork.signing import links, service
from lms.fieldwork.signing.forms import OBJECTS, ConfirmForm, FeedbackForm, HostForm, feedback_form
from lms.fieldwork.words import words_of
from lms.people.access.tries import network_of
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

CLOSED = {"link_unknown": 404, "link_used": 410, "link_expired": 410, "link_cancelled": 410}
PAGES = {
    LinkPurpose.ENTRY: "fieldwork/host/entry.html",
    LinkPurpose.AGREEMENT: "fieldwork/host/agreement.html",
    LinkPurpose.FEEDBACK: "fieldwork/host/feedback.html",
}


@bp.get("/confirm/<token>")
@guard(Action.PRACTICE_CONFIRM)
def confirm(token: str) -> Response:
    """What the host is asked. Previews of messengers fetch it too: it changes nothing."""
    try:
        link = links.open_link(db.session, token, now())
        _complete(link)
    except Refusal as refusal:
        return _closed(refusal, token)
    return _page(link, _form(link), 200)


@bp.post("/confirm/<token>")
@guard(Action.PRACTICE_CONFIRM)
def answer(token: str) -> Any:
    """The host's answer; the second of two taps finds the first one's thanks."""
    try:
        throttle.check(db.session, _address(), links.ANSWER_LIMIT, now())
        link = links.open_link(db.session, token, now())
        _complete(link)
        form = _form(link)
        if _is_insider(link):
            raise Refusal("confirm_own")
    except Refusal as refusal:
        return _refused(refusal, token)
    if not form.validate_on_submit():
        return _page(link, form, 422)
    db.session.rollback()
    try:
        with writing() as session:
            _answer(links.open_link(session, token, now()), form)
    except Stale as stale:
        link = links.open_link(db.session, token, now())
        form.refuse(stale)
        if isinstance(form, ConfirmForm):
            form.seen.data = _reads(link)
        return _page(link, form, 409)
    except Refusal as refusal:
        return _refused(refusal, token)
    return redirect(url_for(".confirmed", token=token), 303)


@bp.get("/confirm/<token>/thanks")
@guard(Action.PRACTICE_CONFIRM)
def confirmed(token: str) -> Response:
    """The answer is kept; the page may be closed."""
    try:
        link = links.find_by_token(db.session, token)
        if link.used_at is None:
            links.open_link(db.session, token, now())
            return _unshared(redirect(url_for(".confirm", token=token), 303))
    except Refusal as refusal:
        return _closed(refusal, token)
    return _unshared(render_template("fieldwork/host/thanks.html", link=link))


def _form(link: ConfirmationLink) -> ConfirmForm | FeedbackForm:
    if link.purpose is LinkPurpose.FEEDBACK:
        return feedback_form()
    return ConfirmForm(data={"seen": _reads(link)})


def _reads(link: ConfirmationLink) -> str:
    """Fingerprint of what the page shows."""
    if link.entry is not None:
        return facts_fingerprint(content_of(link.entry))
    return agreement.fingerprint_of(link.placement) if link.placement is not None else ""


def _complete(link: ConfirmationLink) -> None:
    """Whether there is something to answer. Raises Refusal."""
    if link.entry is not None:
        service.confirmable(link.entry)
    elif link.purpose is LinkPurpose.AGREEMENT and link.placement is not None:
        agreement.signable(link.placement)


def _is_insider(link: ConfirmationLink) -> bool:
    """Whether the trainee, or whoever made the link, sits in front of it."""
    return current_actor().person_id in {link.person_id, link.created_by_id}


def _answer(link: ConfirmationLink, form: HostForm) -> None:
    session = db.session
    if isinstance(form, FeedbackForm):
        feedback.give(session, link, form.answers, form.answer(), now())
    elif isinstance(form, ConfirmForm):
        given, seen = form.answer(objects=form.objects), form.seen.data or ""
        if link.purpose is LinkPurpose.ENTRY:
            service.answer_entry(session, link, seen, given, now())
        else:
            agreement.answer(session, link, seen, given, now())


def _refused(refusal: Refusal, token: str) -> Any:
    db.session.rollback()
    if refusal.code == "link_used":
        return redirect(url_for(".confirmed", token=token), 303)
    if refusal.code == "link_unknown":
        with writing() as session:
            throttle.note(session, _address(), now())
    if refusal.code in {"throttled", "confirm_own"}:
        raise refusal
    return _closed(refusal, token)


def _address() -> str:
    return f"confirm:address:{network_of(request.remote_addr or '')}"


def _closed(refusal: Refusal, token: str) -> Response:
    """A calm page that says why the link does not open, and what to do."""
    link = None
    if refusal.code != "link_unknown":
        link = links.find_by_token(db.session, token)
    page = render_template("fieldwork/host/closed.html", code=refusal.code, link=link)
    return _unshared(page, CLOSED.get(refusal.code, 409))


def _page(link: ConfirmationLink, form: HostForm, status: int) -> Response:
    cohort = link.enrolment.cohort
    page = render_template(
        PAGES[link.purpose],
        link=link,
        entry=link.entry,
        placement=link.placement if link.entry is None else link.entry.placement,
        person=link.enrolment.person,
        words=words_of(db.session, cohort),
        zone=cohort.time_zone,
        form=form,
        objects=OBJECTS,
        insider=_is_insider(link),
    )
    return _unshared(page, status)


def _unshared(page: Any, status: int | None = None) -> Response:
    """Its address is a key: not kept, not indexed, handed on to nobody."""
    answer = make_response(page, status) if status else make_response(page)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
