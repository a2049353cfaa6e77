"""The language of a page, of a mail, of a number; Arabic counts in six ways."""

from datetime import UTC, date, datetime

import pytest
from babel.messages.pofile import read_po
from flask import render_template, session
from flask_babel import force_locale, gettext, lazy_gettext
from jinja2 import ChoiceLoader, DictLoader

from lms.core import i18n
from lms.core.db import db
from lms.core.resources import PACKAGE
from lms.policy.actor import Actor
from tests.core import toy as toys
from tests.core.toy import HTML, PEOPLE, Client

PAGES = {
    "toy.html": "{{ _('This file is too large: %(limit)s MB at most.', limit=what) }}",
    "toy.txt": "{{ _('This file is too large: %(limit)s MB at most.', limit=what) }}",
    "many.html": "{{ ngettext('<i>%(num)d %(what)s</i>', '<i>%(num)d %(what)ss', 3, what=what) }}",
    "many.txt": "{{ ngettext('%(num)d %(what)s', '%(num)d %(what)ss', 3, what=what) }}",
    "plain.html": "{{ _('100 % <b>') }}",
    "macro.html": "{% from 'lib.html' import words %}{{ words(what) }}",
    "lib.html": "{% macro words(what) %}{{ _('Give %(what)s', what=what) }}{% endmacro %}",
}


@pytest.fixture(scope="module")
def app(sqlite_server, make_app):
    url = sqlite_server.clone()
    app = toys.toy(make_app(url))
    app.jinja_loader = ChoiceLoader([DictLoader(PAGES), app.jinja_loader])
    yield app
    with app.app_context():
        db.engine.dispose()
    sqlite_server.drop(url)


@pytest.fixture
def page(app):
    """Render one of PAGES in a language."""

    def render(name, language="en", **values):
        with app.test_request_context("/"), force_locale(language):
            return render_template(name, **values)

    return render


# --- which language ---


@pytest.mark.parametrize(
    ("choices", "language"),
    [
        (("ar", "en", "en", "fr"), "ar"),
        (("", "en", "ar", "fr"), "en"),
        (("", None, "ar", "fr"), "ar"),
        (("", None, "", "ar-MA,fr;q=0.5"), "ar"),
        (("", None, "", "en-GB;q=0.3,ar;q=0.2"), "en"),
        (("", None, "", "de,pt"), "fr"),
        (("", None, "", "ar-MA,fr-FR;q=0.9"), "ar"),
        (("", None, "", "ar;q=0,en;q=0.1"), "en"),
        (("", None, "", ""), "fr"),
        (("", None, "", "*"), "fr"),
        (("", None, "", ";;q=x,\u00e9"), "fr"),
        (("de", None, "", "ar"), "ar"),
        (("", "de", "", "ar"), "ar"),
        (("", None, "de", "ar"), "ar"),
        (("AR", None, "", ""), "fr"),
    ],
)
def test_who_is_asked_in_which_order(app, choices, language):
    """The address, then the person, the cookie, the browser, and the installation."""
    asked, person, cookie, browser = choices
    PEOPLE["awa"] = Actor(display_name="Awa", language=person)
    visitor = Client(app, "awa" if person else "")
    if cookie:
        with visitor.session_transaction(base_url=toys.HOME) as kept:
            kept["lang"] = cookie
    headers = HTML | {"Accept-Language": browser.encode("utf-8").decode("latin-1")}
    answer = visitor.get(f"/toy/open?lang={asked}" if asked else "/toy/open", headers=headers)
    assert answer.text == f"{language} {'rtl' if language == 'ar' else 'ltr'}"


def test_a_choice_is_remembered_and_sent_once(app):
    visitor = Client(app)
    assert "Set-Cookie" in visitor.get("/toy/open?lang=ar").headers
    assert "Set-Cookie" not in visitor.get("/toy/open?lang=ar").headers
    assert visitor.get("/toy/open").text.startswith("ar")
    assert "Set-Cookie" not in Client(app).get("/toy/open?lang=xx").headers


def test_languages_of_the_installation(sqlite_server, make_app):
    app = toys.toy(make_app(sqlite_server.clone(), LMS_LANGUAGES="ar,en"))
    headers = HTML | {"Accept-Language": "fr"}
    assert Client(app).get("/toy/open?lang=fr", headers=headers).text == "ar rtl"
    with app.app_context():
        assert i18n.current_language() == "ar", "outside of requests, the first"
        db.engine.dispose()
    assert i18n.current_language() == "en"


def test_another_language_for_a_while(app):
    word = lazy_gettext("This file is empty. Choose another one.")
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        with force_locale("ar"):
            assert i18n.current_language() == "ar"
            arabic = str(word)
            with force_locale("fr"):
                assert str(word) == gettext("This file is empty. Choose another one.")
                assert str(word).startswith("Ce fichier")
            assert str(word) == arabic
        assert str(word).startswith("This file")


# --- words ---


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_catalogue_counts_in_the_same_way(language):
    """The merged catalogue has one formula: one that Babel writes by itself swaps two forms."""
    said = {}
    for path in sorted((PACKAGE / "translations" / language).glob("*.po")):
        with path.open("rb") as file:
            said[path.name] = read_po(file).mime_headers
    wanted = i18n.PLURALS[language].replace(" ", "")
    formulas = {
        name: dict(headers)["Plural-Forms"].replace(" ", "") for name, headers in said.items()
    }
    assert {name for name, formula in formulas.items() if formula != wanted} == set()


@pytest.mark.parametrize(
    ("number", "form"),
    [
        *((0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (103, 3), (110, 3), (1003, 3)),
        *((11, 4), (26, 4), (99, 4), (111, 4), (199, 4)),
        *((100, 5), (101, 5), (102, 5), (200, 5), (1000, 5)),
    ],
)
def test_arabic_counts_in_six_ways(number, form):
    assert i18n.catalogue("ar").plural(number) == form


def test_french_counts_nought_as_one():
    assert [i18n.catalogue("fr").plural(number) for number in (0, 1, 2)] == [0, 0, 1]


def test_plurals_reach_the_page(app, tmp_path, monkeypatch):
    """From file to page: the form that stands at a number's place is the one that is shown."""
    folder = tmp_path / "translations" / "ar"
    folder.mkdir(parents=True)
    forms = "".join(f'msgstr[{n}] "شكل{n}"\n' for n in range(6))
    (folder / "a.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {i18n.PLURALS["ar"]}\\n"\n\n'
        f'msgid "%(num)d row"\nmsgid_plural "%(num)d rows"\n{forms}',
        encoding="utf-8",
    )
    monkeypatch.setattr(i18n, "PACKAGE", tmp_path)
    words = i18n.catalogue.__wrapped__("ar")
    got = [words.ngettext("%(num)d row", "%(num)d rows", n)[-1] for n in (0, 1, 2, 5, 26, 100)]
    assert got == ["0", "1", "2", "3", "4", "5"]


def test_what_is_put_in_is_escaped_in_pages_alone(page):
    """A mail's text says `N'Diaye & fils`, not what HTML makes of it."""
    name = "N'Diaye & <b>fils</b>"
    assert name in page("toy.txt", what=name)
    assert "N&#39;Diaye &amp; &lt;b&gt;fils&lt;/b&gt;" in page("toy.html", what=name)
    assert page("many.txt", what=name) == f"3 {name}s"
    shown = page("many.html", what=name)
    assert shown.startswith("&lt;i&gt;3 N&#39;Diaye")
    assert page("macro.html", what=name) == "Give N&#39;Diaye &amp; &lt;b&gt;fils&lt;/b&gt;"
    assert page("plain.html") == "100 % &lt;b&gt;"


def test_words_of_the_page_in_each_language(page):
    assert "10 Mo" in page("toy.html", "fr", what=10)
    assert "10" in page("toy.html", "ar", what=10)
    assert page("toy.html", "en", what=10) == "This file is too large: 10 MB at most."


# --- dates and numbers ---

AT = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("fr", "9 mars 2026", "9 mars 2026 23:30"),
        ("en", "9 March 2026", "9 March 2026 23:30"),
        ("ar", "9 مارس 2026", "9 مارس 2026 23:30"),
    ],
)
def test_dates(app, language, day, moment):
    filters = app.jinja_env.filters
    with app.test_request_context("/"), force_locale(language):
        assert filters["date"](date(2026, 3, 9)) == day
        assert filters["datetime"](AT) == moment
        assert filters["datetime"](AT, "Asia/Kolkata").endswith("05:00")
        assert filters["date"](None) == filters["datetime"](None) == ""


def test_months_of_pages_in_arabic_are_those_of_the_lessons(app):
    with app.test_request_context("/"), force_locale("ar"):
        assert app.jinja_env.filters["date"](date(2026, 9, 9)) == "9 شتنبر 2026"
        assert i18n.month(date(2026, 11, 9)) == "نونبر 2026"


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("fr", "mardi 1er décembre 2026"),
        ("en", "Tuesday 1 December 2026"),
        ("ar", "الثلاثاء 1 ديسمبر 2026"),
        ("ar_MA", "الثلاثاء 1 دجنبر 2026"),
    ],
)
def test_the_first_of_a_month(locale, text):
    assert i18n.in_words(date(2026, 12, 1), "EEEE d MMMM y", locale) == text


@pytest.mark.parametrize("day", [2, 11, 21, 31])
def test_other_days_have_no_ordinal(day):
    assert i18n.in_words(date(2026, 12, day), "d MMMM y", "fr") == f"{day} décembre 2026"


def test_the_zone_of_the_person(app):
    PEOPLE["awa"] = Actor(display_name="Awa", language="en", time_zone="Africa/Lagos")
    with app.test_request_context("/"):
        session["_user_id"] = "awa"
        assert app.jinja_env.filters["datetime"](AT) == "10 March 2026 00:30"
        assert app.jinja_env.filters["date"](AT) == "10 March 2026"


def test_a_zone_tells_one_time_on_every_page(app):
    PEOPLE["sami"] = Actor(display_name="Sami", language="fr", time_zone="Africa/Casablanca")
    winter = datetime(2026, 12, 1, 10, tzinfo=UTC)
    with app.test_request_context("/"):
        session["_user_id"] = "sami"
        of_person, of_zone = (
            app.jinja_env.filters["datetime"](winter, zone) for zone in ("", "Africa/Casablanca")
        )
        assert of_person == of_zone == "1er décembre 2026 10:00"


@pytest.mark.parametrize(
    ("value", "fr", "ar"),
    [(0, "0 min", "0 د"), (45, "45 min", "45 د"), (60, "1 h", "1 س"), (90, "1 h 30", "1 س 30 د"),
     (605, "10 h 05", "10 س 5 د")],
)  # fmt: skip
def test_lengths_of_time(app, value, fr, ar):
    with app.test_request_context("/"):
        with force_locale("fr"):
            assert i18n.minutes(value) == fr
        with force_locale("ar"):
            assert i18n.minutes(value) == ar


def test_countries_and_numbers(app):
    with app.test_request_context("/"):
        for language, morocco in (("fr", "Maroc"), ("en", "Morocco"), ("ar", "المغرب")):
            with force_locale(language):
                assert i18n.country_name("MA") == morocco
                assert i18n.country_name("??") == "??"
                assert app.jinja_env.filters["number"](1234.5).startswith("1")
