"""Mail in the recipient's language, as text and HTML, sent by a job; or kept for the outbox."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import Text, update
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import jobs
from lms.core.db import AnySession, Base, Keyed, write
from lms.core.settings import Settings


@dataclass(frozen=True)
class Recipient:
    """Who a message is for. Without an address it is kept, unsent, where admins see it."""

    name: str
    address: str | None
    language: str
    person_id: UUID | None = None


class MailMessage(Keyed, Base):
    """One message, as it was or will be sent."""

    __tablename__ = "mail_message"

    person_id: Mapped[UUID | None] = mapped_column(index=True)
    to_name: Mapped[str]
    to_address: Mapped[str | None]
    language: Mapped[str]
    template: Mapped[str]
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text, default="")
    """Dates that it brings along, as RFC 5545 writes them."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


def send(
    session: AnySession, to: Recipient, template: str, context: dict[str, Any], now: datetime
) -> MailMessage:
    """Write `templates/emails/<template>.txt` and `.html` in the recipient's language; enqueue.

    The first line of the text template is the subject. The text part of a link is its address.
    """
    with force_locale(to.language):
        text = render_template(f"emails/{template}.txt", to=to, **context).strip()
        subject, _, body = text.partition("\n")
        subject = " ".join(subject.split())
        html = render_template(f"emails/{template}.html", to=to, subject=subject, **context)
    message = MailMessage(
        person_id=to.person_id,
        to_name=" ".join(to.name.split())[:200],
        to_address=to.address,
        language=to.language,
        template=template,
        subject=subject,
        text=body.strip(),
        html=html,
        calendar="",
        created_at=now,
    )
    session.add(message)
    session.flush()
    if to.address:
        jobs.enqueue(session, "core.deliver_mail", str(message.id), {"id": str(message.id)}, now)
    return message


@jobs.handler("core.deliver_mail")
def deliver(session: AnySession, payload: dict[str, Any], now: datetime) -> None:
    """Hand one message to the SMTP server; in the demo it only counts as sent."""
    message_id = UUID(payload["id"])
    message = session.get_one(MailMessage, message_id)
    if message.sent_at is not None or not message.to_address:
        return
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.mail_url.startswith("outbox:"):
        mail = compose(settings, message)
        session.rollback()  # no transaction is open while a server far away takes its time
        _smtp(settings, mail)
    sent = update(MailMessage).where(MailMessage.id == message_id).values(sent_at=now)
    with write(session):
        session.execute(sent, execution_options={"synchronize_session": False})


def compose(settings: Settings, message: MailMessage) -> EmailMessage:
    """The message as RFC 5322 wants it, with both bodies; the same each time it is asked for.

    Raises ValueError for an address that is not exactly one address.
    """
    mail = EmailMessage()
    mail["From"] = Address(settings.site_name, addr_spec=settings.mail_from)
    mail["To"] = Address(message.to_name, addr_spec=message.to_address or "")
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    # the same at each attempt: where a retry arrives twice, it can be known for one message
    mail["Message-ID"] = f"<{message.id}@{settings.mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    if message.calendar:
        _bring_dates(mail, message.calendar)
    mail["Content-Language"] = message.language  # set earlier, it would be moved to the text part
    return mail


def _bring_dates(mail: EmailMessage, dates: str) -> None:
    """Dates as a calendar in the mailbox reads them, and as a file for all others (RFC 6047)."""
    method = dates.partition("METHOD:")[2].partition("\r\n")[0] or "PUBLISH"
    params = {"method": method}
    if method != "PUBLISH":
        mail.add_alternative(dates, subtype="calendar", cte="base64", params=params)
    mail.add_attachment(
        dates.encode(), maintype="text", subtype="calendar", filename="dates.ics",
        params={**params, "charset": "utf-8"},
    )  # fmt: skip


def _smtp(settings: Settings, mail: EmailMessage) -> None:
    url = urlsplit(settings.mail_url)
    tls = parse_qs(url.query).get("tls", [""])[0]
    host, port = url.hostname or "localhost", url.port or 25
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=30, context=context)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=30)
    )
    try:
        if tls == "starttls":
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(mail)
        with suppress(smtplib.SMTPException, OSError):
            server.quit()  # taken is taken: a bad farewell must not send it again
    finally:
        server.close()
