"""Languages: one catalogue a language, merged from a file for each package.

`lms/translations/<language>/<package>.po` are merged in memory at start, so a package's words live
beside its code's history and nothing has to be compiled. Message ids are English.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import cache, lru_cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import (
    Babel,
    Domain,
    LazyString,
    force_locale,
    format_time,
    get_locale,
    lazy_gettext,
    ngettext,
    to_user_timezone,
)
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from lms.core.resources import PACKAGE

NATIVE_NAMES = {"fr": "Français", "en": "English", "ar": "العربية"}
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 ? 4 : 5);",
}
"""Which form a number takes, as in the catalogues' headers; Babel's own Arabic swaps 4 and 5."""

__all__ = [
    "NATIVE_NAMES",
    "catalogue",
    "current_language",
    "date_in_words",
    "datetime_in_words",
    "direction",
    "force_locale",
    "in_words",
    "init_app",
    "of_dates",
    "site_name",
]


@cache
def catalogue(language: str) -> Translations | NullTranslations:
    """All packages' messages in one language; English ids stand for themselves."""
    merged = Catalog(locale=language)
    if language in PLURALS:
        merged.mime_headers = [("Plural-Forms", PLURALS[language])]
    for path in sorted((PACKAGE / "translations" / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string:
                    merged[message.id] = message
    buffer = BytesIO()
    write_mo(buffer, merged)
    buffer.seek(0)
    return Translations(buffer)


@cache
def _texts(language: str) -> dict[str, str]:
    """Message id → text: what `gettext` looks into, without the way there."""
    return getattr(catalogue(language), "_catalog", {})


class _Packages(Domain):
    def get_translations(self) -> Any:
        return catalogue(current_language())

    def gettext(self, string: str, **variables: Any) -> str:
        text = _texts(current_language()).get(string, string)
        return text % variables if variables else text


class _Babel(Babel):
    domain_instance = _Packages()


def current_language() -> str:
    """`fr`, `en` or `ar`: the language of this request, or of the mail being written."""
    try:
        # asked for with every string: look where Flask-Babel keeps it before asking Flask-Babel
        return str(g._flask_babel.babel_locale.language)  # noqa: SLF001 - each look counts here
    except (AttributeError, RuntimeError):
        pass
    try:
        locale = get_locale()
    except RuntimeError:  # outside of any request or job
        locale = None
    return locale.language if locale else "en"


DEFAULT_NAME = lazy_gettext("Coaching territorial")
"""The name that an installation has until it is given its own; it exists in each language."""


def site_name(name: str) -> LazyString:
    """The installation's name in the language of the request or the mail, if it is the default."""
    return lazy_gettext(name)


def direction(language: str = "") -> str:
    """`rtl` for Arabic, else `ltr`; of the language being written when none is named."""
    return "rtl" if (language or current_language()) == "ar" else "ltr"


def choose_language(languages: tuple[str, ...], preferred: Callable[[], str | None]) -> str:
    """`?lang=`, then the person's choice, then the cookie, then the browser, then the default."""
    asked = request.args.get("lang", "")
    if asked in languages:
        if session.get("lang") != asked:
            session["lang"] = asked
        return asked
    for choice in (preferred(), session.get("lang")):
        if choice in languages:
            return str(choice)
    for accepted, quality in request.accept_languages:  # the most wanted first; ar-MA is Arabic
        primary = accepted.partition("-")[0].lower()
        if quality > 0 and primary in languages:
            return primary
    return languages[0]


@pass_eval_context
def _gettext(context: EvalContext, message: str, /, **params: object) -> str:
    text = _texts(current_language()).get(message, message)
    return _filled(context, text, params) if params else text


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, /, **params: object) -> str:
    text: str = catalogue(current_language()).ngettext(one, many, num)
    return _filled(context, text, {"num": num, **params})


def _filled(context: EvalContext, text: str, params: dict[str, object]) -> str:
    """Escaped in pages, as it is in the text of mails."""
    if not context.autoescape:
        return text % params
    return Markup(escape(text)) % params  # noqa: S704 - both are escaped: here, and by `%`


def minutes(value: int) -> str:
    """A length of time: 90 → `1 h 30`."""
    hours, rest = divmod(int(value), 60)
    if current_language() == "ar":
        parts = [f"{hours} س"] if hours else []
        parts += [f"{rest} د"] if rest or not hours else []
        return " ".join(parts)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def halves(value: int) -> str:
    """So many half days as a number of days: 5 → `2.5`."""
    return _decimal(value / 2 if value % 2 else value // 2, current_language())


def days_of(value: int) -> str:
    """So many half days in words: 5 → `2.5 days`."""
    if value % 2 == 0:
        return str(ngettext("%(num)d day", "%(num)d days", value // 2))
    # a fraction is one or several by the language: French says one up to two
    form = {"fr": value // 2, "ar": 100}.get(current_language(), 2)
    return str(ngettext("%(number)s day", "%(number)s days", form, number=halves(value)))


_FIRST = re.compile(r"(?<!\d)1(?= [^\W\d])")


def in_words(value: date, pattern: str, locale: Locale | str) -> str:
    """A date by a pattern of Unicode; French says `1er` of the first day of a month."""
    text = str(dates.format_date(value, pattern, locale))
    is_french = str(locale).partition("_")[0] == "fr"
    return _FIRST.sub("1er", text, count=1) if is_french and value.day == 1 else text


def of_dates(language: str) -> str:
    """Pages in Arabic name months as Morocco and the lessons do: شتنبر, not سبتمبر."""
    return "ar_MA" if language == "ar" else language


def date_in_words(value: date | datetime | None) -> str:
    """A day, of an instant the one where the person is; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = to_user_timezone(value).date()
    return _long_date(value, current_language())


@lru_cache(4096)
def _long_date(value: date, language: str) -> str:
    return in_words(value, "d MMMM y", of_dates(language))


@lru_cache(1024)
def _long_month(value: date, language: str) -> str:
    return str(dates.format_skeleton("yMMMM", value, locale=of_dates(language)))


def month(value: date) -> str:
    """A month with its year, in words: `mars 2027`."""
    return _long_month(value.replace(day=1), current_language())


def weekdays() -> list[tuple[str, str]]:
    """Names of the days from Monday, long and short."""
    locale = current_language()
    long = dates.get_day_names("wide", locale=locale)
    short = dates.get_day_names("abbreviated", locale=locale)
    return [(long[day], short[day]) for day in range(7)]


def datetime_in_words(value: datetime | None, zone: str = "") -> str:
    """Day and time, on the clocks of a zone or else of the person; nothing for None."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone)) if zone else to_user_timezone(value)
    return f"{_long_date(local.date(), current_language())} {local:%H:%M}"


def _clock(value: datetime | None) -> str:
    """The time of day where the person is."""
    return "" if value is None else str(format_time(value, "HH:mm"))


def _number(value: float) -> str:
    return _decimal(value, current_language())


@lru_cache(4096)
def _decimal(value: float, language: str) -> str:
    return numbers.format_decimal(value, locale=language)


def country_name(code: str) -> str:
    """Name of a country by ISO 3166-1 code, in the language of the request."""
    return _territories(current_language()).get(code, code)


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale(language).territories)


def init_app(
    app: Flask,
    languages: tuple[str, ...],
    preferred: Callable[[], str | None],
    time_zone: Callable[[], str | None],
) -> None:
    """Choose the language and zone of each request, and give templates their words."""

    def select_language() -> str:
        if not has_request_context():
            return languages[0]
        if "language" not in g:
            asks = (lambda: None) if g.get("bare") else preferred
            g.language = choose_language(languages, asks)
        return str(g.language)

    babel = _Babel(configure_jinja=False)
    babel.init_app(
        app,
        default_locale=languages[0],
        locale_selector=select_language,
        timezone_selector=lambda: time_zone() if has_request_context() else None,
    )
    app.jinja_env.globals.update(
        _=_gettext,
        gettext=_gettext,
        ngettext=_ngettext,
        country_name=country_name,
        current_language=current_language,
        direction=direction,
    )
    app.jinja_env.filters.update(
        clock=_clock,
        date=date_in_words,
        datetime=datetime_in_words,
        enum=_enum_value,
        minutes=minutes,
        days_of=days_of,
        month=month,
        number=_number,
    )


def _enum_value(member: Enum) -> str:
    return str(member.value)
