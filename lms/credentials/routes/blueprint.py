"""The blueprint that all routes of this room share, and what several of them need."""

from flask import Blueprint, current_app, request

from lms.core.i18n import current_language
from lms.credentials.facts import LANGUAGE_ORDER, Words
from lms.credentials.issuer import IssuingBody, body_of

bp = Blueprint("credentials", __name__)


def body() -> IssuingBody:
    """Who issues here."""
    return body_of(current_app)


def in_language(words: Words) -> str:
    """A printed text in the language of the request, else in the first that it has."""
    return words.get(current_language()) or next(iter(words.values()), "")


def asked_language(default: str) -> str:
    """`?lang=` of a document; it chooses a file, and does not change the language of pages."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGE_ORDER else default
