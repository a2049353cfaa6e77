"""The blueprint, and how all of its pages show, save and end."""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext as _

from lms.core import clock, i18n, web
from lms.core.db import db
from lms.core.errors import Refusal, Stale
from lms.core.forms import Form
from lms.network import service
from lms.network.forms import EndForm
from lms.network.models import Centre, Convention, PartnerBody
from lms.network.rules import Standing, standing
from lms.policy.guard import current_actor, writing

bp = Blueprint("network", __name__, url_prefix="/network")


def state(record: service.Lasting) -> Standing:
    """Whether a record is at work today."""
    today = clock.now().date()
    match record:
        case Convention():
            return standing(today, record.signed_on, record.ends_on)
        case Centre():
            return standing(today, None, record.closed_on)
        case PartnerBody():
            return standing(today, None, record.ended_on)


def end(record: service.Lasting, back: str) -> Response:
    """Ask once more, with the last day and the reason; then end it."""
    kind: Any = type(record)
    key = record.id
    form = EndForm(data={"last_day": clock.now().date()})

    def save() -> None:
        with writing() as session:
            service.end(
                session,
                current_actor(),
                session.get_one(kind, key),
                form.last_day.data,  # type: ignore[arg-type]
                form.reason.data or "",
                now=clock.now(),
            )

    def show(_version: bool) -> Response:
        found: Any = db.session.get_one(kind, key)
        return page("network/end.html", form=form, record=found, back=back, kind=kind.__name__)

    return edited(form, save, show, back)


def edited(
    form: Form, save: Callable[[], None], show: Callable[[bool], Response], done: str
) -> Response:
    """Show the form, or save it; a refusal shows it again with what was typed.

    `show` is told whether somebody else changed the record: then it gives the form the version as
    it is now, so that whoever has compared can save.
    """
    if not form.validate_on_submit():
        return show(False)
    try:
        save()
    except Stale as refusal:
        form.refuse(refusal)
        response = show(True)
        response.status_code = 409
        return response
    except Refusal as refusal:
        form.refuse(refusal)
        return show(False)
    web.say(_("Kept."))
    return see(done)


def fields(form: Form, *names: str) -> dict[str, str]:
    """What was typed in these fields, '' for nothing."""
    return {name: form[name].data or "" for name in names}


def languages() -> list[tuple[str, str]]:
    """Languages of the installation, each in its own words."""
    return [(code, i18n.NATIVE_NAMES[code]) for code in current_app.config["SETTINGS"].languages]


def see(url: str) -> Response:
    """Go and look there."""
    return redirect(url, 303)  # type: ignore[return-value]


def page(template: str, **values: object) -> Response:
    """A page with a form: 422 when it comes back with errors."""
    return make_response(
        render_template(template, **values), 200 if request.method == "GET" else 422
    )
