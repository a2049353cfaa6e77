"""The blueprint that all routes of this room share, and what several of them need."""

from datetime import date

from flask import Blueprint, current_app, request

from lms.core.i18n import current_language
from lms.credentials.facts import LANGUAGE_ORDER, CertificateFacts, Words
from lms.credentials.issuer import IssuingBody, body_of
from lms.credentials.wording import printed_date

bp = Blueprint("credentials", __name__)


def body() -> IssuingBody:
    """Who issues here."""
    return body_of(current_app)


def in_language(words: Words) -> str:
    """A printed text in the language of the request, else in the first that it has."""
    return words.get(current_language()) or next(iter(words.values()), "")


def printed_day(day: date, facts: CertificateFacts) -> str:
    """A date as it is printed on the paper, in the language of the request."""
    return printed_date(day, current_language(), facts.country_code)


def asked_language(default: str) -> str:
    """`?lang=` of a document; it chooses a file, and does not change the language of pages."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGE_ORDER else default
