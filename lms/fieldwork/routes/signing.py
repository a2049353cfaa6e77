"""The trainee asks the host to confirm an entry: a code on the spot, or a link to send."""

from typing import Any
from urllib.parse import quote

from flask import Response, current_app, make_response, render_template, url_for
from flask_babel import gettext as _

from lms.core import web
from lms.core.codes import picture_of
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.labels import label, refusal_text
from lms.core.settings import Settings
from lms.fieldwork.entries.rules import EDITABLE
from lms.fieldwork.models import ConfirmationLink, PracticumEntry
from lms.fieldwork.routes.blueprint import bp, now, see_other
from lms.fieldwork.rules import LinkPurpose, Means
from lms.fieldwork.service import find_entry
from lms.fieldwork.signing import links, service
from lms.fieldwork.signing.links import find_link
from lms.fieldwork.words import words_of
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing


@bp.get("/practice/entries/<uuid:entry_id>/host")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def ask_host(entry: PracticumEntry) -> str:
    """Ways to have the host confirm, what is under way, what was answered."""
    fault = None
    try:
        service.confirmable(entry)
    except Refusal as refusal:
        fault = refusal_text(refusal)
    return render_template(
        "fieldwork/signing/ask.html",
        entry=entry,
        enrolment=entry.enrolment,
        words=words_of(db.session, entry.enrolment.cohort),
        signatures=service.signatures_of(db.session, entry),
        links=links.open_links(db.session, entry, now()),
        zone=entry.enrolment.cohort.time_zone,
        fault=fault,
        may_complete=fault is not None and entry.state in EDITABLE,
    )


@bp.post("/practice/entries/<uuid:entry_id>/host/code")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def show_code(entry: PracticumEntry) -> Response:
    """A QR code for the host's phone, here and now."""
    return _make(entry, Means.QR)


@bp.post("/practice/entries/<uuid:entry_id>/host/link")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def send_link(entry: PracticumEntry) -> Response:
    """A link to send, good for one answer."""
    return _make(entry, Means.LINK)


def _make(entry: PracticumEntry, means: Means) -> Response:
    key = entry.id
    with writing() as session:
        found = session.get_one(PracticumEntry, key)
        service.confirmable(found)
        purpose = LinkPurpose.ENTRY
        link, token = links.make_link(session, current_actor(), found, purpose, means, now())
        link_id = link.id
    link = db.session.get_one(ConfirmationLink, link_id)
    return link_page(link, token, url_for(".ask_host", entry_id=key))


def link_page(link: ConfirmationLink, token: str, back: str) -> Response:
    """A link just made, shown once: as a code, or as an address to send."""
    settings: Settings = current_app.config["SETTINGS"]
    url = f"{settings.base_url}/confirm/{token}"
    name = link.enrolment.person.name
    text = _(
        "%(what)s: %(name)s. One answer, no account needed.", what=label(link.purpose), name=name
    )
    page = render_template(
        f"fieldwork/signing/{'code' if link.means is Means.QR else 'link'}.html",
        link=link,
        url=url,
        host=settings.host,
        qr=picture_of(url),
        whatsapp=f"https://wa.me/?text={quote(f'{text} {url}', safe='')}",
        back=back,
        zone=link.enrolment.cohort.time_zone,
    )
    answer = make_response(page)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.post("/practice/links/<uuid:link_id>/cancel")
@guard(Action.PRACTICE_ASK_HOST, link=find_link)
def cancel_link(link: ConfirmationLink) -> Any:
    """Close a link that nobody has answered."""
    key, entry_id, placement_id = link.id, link.entry_id, link.placement_id
    with writing() as session:
        links.cancel(session, current_actor(), session.get_one(ConfirmationLink, key), now())
    web.say(_("The link is cancelled: it opens nothing any more."))
    if entry_id is not None:
        return see_other("fieldwork.entry", entry_id=entry_id)
    return see_other("fieldwork.placement", placement_id=placement_id)
