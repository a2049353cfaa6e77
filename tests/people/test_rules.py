"""Rules about persons and ways in, without a database."""

from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people import rules
from lms.people.rules import Names
from lms.policy.actor import PUBLIC, SYSTEM, Actor, Grant, Role, Scope

# --- where to go next ---

KIND = ["/home", "/learn/abc?tab=2#x", "/people?q=%C3%A9l", "/a/b%20c", "/réseau", "/?q=a:b"]
HOSTILE = [
    "",
    "home",
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%2f/evil.example",
    "/%2F%2Fevil.example",
    "/%252f/evil.example",
    "%2f%2fevil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%0d%0aSet-Cookie:x=1",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example\x00",
    "/\x00",
    "/\u200b/evil.example",
    "/\u2028/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "ftp://evil.example",
    "//evil.example/%2f..",
    "/.//evil.example",
    "/..//evil.example",
    "/home//evil.example",
    "/a\\b",
    "/a?next=\\evil",
    "/%255cevil.example",
    "/%25255cevil.example",
    "//[::1]",
    "/@evil.example//",
    "//user@evil.example",
    "//evil.example:80",
    "//0x7f000001",
    "////",
    "/\x7f/x",
    "/\ufeff/x",
    "/" + "a" * 2001,
    "/sign-out",
    "/sign-in?next=/home",
    "/sign-in/code",
    "/reset/abc",
    "/invitations/abc",
    "?next=/x",
    "#/home",
    ".",
    "../x",
    "/\u202e/x",
]


@pytest.mark.parametrize("path", KIND)
def test_paths_of_this_site_may_be_next(path):
    assert rules.safe_next(path) == path


@pytest.mark.parametrize("path", HOSTILE)
def test_nothing_else_may_be_next(path):
    assert rules.safe_next(path) is None


@given(st.text(alphabet="/\\\t\n.:@%25cfCF0aehx?# \u200b", max_size=25))
def test_next_never_leaves_the_site(text):
    allowed = rules.safe_next(text)
    if allowed is not None:
        stripped = "".join(c for c in allowed if c not in "\t\r\n").replace("\\", "/")
        there = urlsplit(urljoin("https://coaching.example/sign-in", stripped))
        assert (there.scheme, there.netloc) == ("https", "coaching.example")


@given(st.text(max_size=40))
def test_whatever_is_quoted_stays_a_path(text):
    path = "/find?q=" + quote(quote(text))
    assert rules.safe_next(path) in {path, None}


# --- identifiers ---

REGIONS = ("MA", "SN", "BE")


@pytest.mark.parametrize(
    "typed",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "+212 612-345678",
        "+212612345678",
        "00212 612345678",
        "(0)612345678",
        "٠٦١٢٣٤٥٦٧٨",
        "+٢١٢ ٦١٢٣٤٥٦٧٨",
    ],
)
def test_one_phone_number_however_typed(typed):
    assert "+212612345678" in rules.identify(typed, REGIONS).phones


def test_a_national_number_may_be_of_several_countries():
    assert "+221771234567" in rules.phone_number("77 123 45 67", REGIONS)
    assert rules.phone_number("0470123456", ("BE", "MA"))[0] == "+32470123456"


@pytest.mark.parametrize("typed", ["", "12", "+", "hello", "1" * 41, "06x12345678", "💥" * 8])
def test_what_is_no_phone_number(typed):
    assert rules.phone_number(typed, REGIONS) == ()


def test_identifiers_are_told_apart():
    assert rules.identify(" Salma@Example.ORG ", REGIONS).email == "salma@example.org"
    assert rules.identify("Salma.A", REGIONS).login_name == "salma.a"
    assert rules.identify("فاطمة", REGIONS).login_name == "فاطمة"
    nobody = rules.identify("?!", REGIONS)
    assert (nobody.email, nobody.phones, nobody.login_name) == (None, (), None)


@given(st.text(max_size=300))
def test_anything_can_be_typed(text):
    meant = rules.identify(text, REGIONS)
    assert meant.key
    assert meant.email is None or meant.login_name is None


@pytest.mark.parametrize("name", ["ab", "0612345678", "a b", "-abc", "a" * 41, "a@b", "<b>", ""])
def test_unfit_chosen_names(name):
    assert rules.login_name(name) is None


# --- names ---


@pytest.mark.parametrize("name", ["El Idrissi", "N’Diaye", "d'Almeida-Sow", "Élodie", "Łukasz"])
def test_latin_names(name):
    assert rules.is_latin(name)
    assert not rules.is_arabic(name)


@pytest.mark.parametrize("name", ["العمراني", "بن علي", "عبد الله", "إِبراهيم"])
def test_arabic_names(name):
    assert rules.is_arabic(name)
    assert not rules.is_latin(name)


@pytest.mark.parametrize("name", ["", " ", "123", "Amrani العمراني", "Иван", "…"])
def test_names_in_neither_script(name):
    assert not rules.is_latin(name)
    assert not rules.is_arabic(name)


def test_a_single_name_is_enough():
    assert rules.name_faults(Names(family_name="Kaddour"), needs_arabic=False) == {}


def test_what_names_lack():
    assert rules.name_faults(Names(family_name=""), needs_arabic=False) == {
        "family_name": "name_needed"
    }
    assert rules.name_faults(Names(family_name="A", given_name="B"), needs_arabic=True) == {
        "family_name_ar": "name_ar_needed",
        "given_name_ar": "name_ar_needed",
    }
    odd = Names(family_name="أحمد", given_name_ar="Ahmed")
    assert rules.name_faults(odd, needs_arabic=False) == {
        "family_name": "name_not_latin",
        "given_name_ar": "name_not_arabic",
        "family_name_ar": "name_ar_needed",
    }


# --- passwords ---


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"),
        ("123456789", "password_short"),
        ("a" * 257, "password_long"),
        ("azertyuiop", "password_common"),
        ("Mot De Passe 123", "password_common"),
        ("aaaaaaaaaaaa", "password_common"),
        ("abababababab", "password_common"),
        ("salma amrani", "password_personal"),
        ("Salma.Amrani1", "password_personal"),
        ("Salma dans les oasis", None),
        ("oasis figuier 1912", None),
        ("نخلة وواحة بعيدة", None),
        ("correct horse battery staple", None),
        ("          ", "password_common"),
    ],
)
def test_passwords(password, code):
    assert rules.password_fault(password, ["salma amrani", "Amrani"]) == code


@given(st.text(min_size=10, max_size=256))
def test_long_enough_is_short_of_nothing(password):
    assert rules.password_fault(password) in {None, "password_common"}


# --- codes ---


@given(st.integers(0, 10**8 - 1))
def test_codes_are_read_as_shown(number):
    code = f"{number:08d}"
    assert rules.read_code(rules.shown_code(code)) == code
    assert rules.read_code(f" {code[:3]}-{code[3:]}\u00a0") == code


def test_codes_in_arabic_digits():
    assert rules.read_code("١٢٣٤ ٥٦٧٨") == "12345678"


def test_new_codes_have_eight_digits():
    made = {rules.new_code() for _ in range(50)}
    assert len(made) > 45
    assert all(len(code) == 8 and code.isdigit() for code in made)


# --- roles ---

MA_ADMIN = Actor(grants=frozenset({Grant(Role.COUNTRY_ADMIN, Scope.COUNTRY, "MA")}))
PROGRAMME = Actor(grants=frozenset({Grant(Role.PROGRAMME_ADMIN, Scope.ALL)}))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("country", ["MA", "SN", None])
def test_a_country_admin_gives_within_the_country_alone(role, scope, country):
    key = "" if scope is Scope.ALL else "x"
    given = rules.may_give(MA_ADMIN, role, scope, key, country)
    assert given == (scope in rules.SCOPES[role] and scope is not Scope.ALL and country == "MA")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scope", Scope)
def test_the_programme_gives_what_exists(role, scope):
    key = "" if scope is Scope.ALL else "x"
    for actor in (PROGRAMME, SYSTEM):
        assert rules.may_give(actor, role, scope, key, None) == (scope in rules.SCOPES[role])
    assert not rules.may_give(PUBLIC, role, scope, key, "MA")
    assert not rules.may_give(PROGRAMME, role, scope, "x" if key == "" else "", "MA")


@pytest.mark.parametrize(
    ("browser", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13) AppleWebKit Chrome/120 Mobile Safari",
            "Chrome · Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Safari", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari Edg/120", "Edge · Windows"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_devices_have_names(browser, name):
    assert rules.device_name(browser) == name
