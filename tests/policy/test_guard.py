"""The guard: sign in first, 404 for what may not be seen, 403 for what may not be done."""

from types import SimpleNamespace

import pytest
from flask import Flask

from lms.core.db import db
from lms.policy.actions import Action
from lms.policy.guard import Guarded, guard, require_guards
from lms.policy.table import POLICY
from tests.core import toy as toys
from tests.core.toy import HTML, JSON, PEOPLE, THINGS, Client
from tests.house.source import fail_with
from tests.policy import matrix


@pytest.fixture(scope="module")
def app(sqlite_server, make_app):
    url = sqlite_server.clone()
    app = toys.toy(make_app(url))
    app.config["WTF_CSRF_ENABLED"] = False
    PEOPLE.update(matrix.PEOPLE)
    yield app
    with app.app_context():
        db.engine.dispose()
    sqlite_server.drop(url)


@pytest.fixture(autouse=True)
def _things():
    kept = {"name": "thing", "decided": False, "meanwhile": None}
    THINGS.clear()
    THINGS[1] = matrix.thing(**kept)
    THINGS[2] = matrix.thing(**kept | {"handed_in": False})
    yield
    THINGS.clear()


def ask(app, who, path, headers=HTML, method="GET"):
    return Client(app, "" if who == "public" else who).open(path, method=method, headers=headers)


REFERRERS = {
    toys.HOME + "/toy/thing/1/edit?page=2": "?next=/toy/thing/1/edit?page%3D2",
    toys.HOME + "/toy/thing/1/decide": "",  # a form refused: no page to come back to
    toys.HOME: "",
    "https://evil.example/toy/thing/1/edit": "",
    f"https://evil.example/?x={toys.HOME}/toy/thing/1/edit": "",
    "x": "",
}
VIEW, EDIT, DECIDE = "/toy/thing/1", "/toy/thing/1/edit", "/toy/thing/1/decide"


@pytest.mark.parametrize(
    ("who", "method", "path", "code"),
    [
        ("owner", "GET", VIEW, 200),
        ("its-supervisor", "GET", VIEW, 200),
        ("country-admin", "GET", VIEW, 200),
        ("other-country-admin", "GET", VIEW, 404),
        ("trainer-elsewhere", "GET", VIEW, 404),
        ("nobody", "GET", VIEW, 404),
        ("public", "GET", VIEW, 302),
        # a draft, and what is not there, look the same
        ("its-supervisor", "GET", "/toy/thing/2", 404),
        ("its-supervisor", "GET", "/toy/thing/3", 404),
        ("programme-admin", "GET", "/toy/thing/3", 404),
        ("public", "GET", "/toy/thing/3", 302),
        ("owner", "GET", "/toy/thing/x", 404),
        # no view action is named: who may not act does not learn that it is there
        ("owner", "GET", EDIT, 200),
        ("country-admin", "GET", EDIT, 404),
        # who may see, but not act
        ("its-supervisor", "POST", DECIDE, 200),
        ("country-admin", "POST", DECIDE, 403),
        ("owner", "POST", DECIDE, 403),
        ("nobody", "POST", DECIDE, 404),
        ("public", "POST", DECIDE, 302),
        # no object at all
        ("programme-admin", "GET", "/toy/outbox", 200),
        ("country-admin", "GET", "/toy/outbox", 403),
        ("public", "GET", "/toy/outbox", 302),
        ("public", "GET", "/toy/open", 200),
    ],
)
def test_the_answer(app, who, method, path, code):
    answer = ask(app, who, path, method=method)
    assert answer.status_code == code
    told = ask(app, who, path, JSON, method)
    assert told.status_code == (401 if code == 302 else code)
    if code in {403, 404}:
        assert told.json["error"] == code
    if code == 302:
        assert told.json == {"error": "sign-in"}
    if code != 200:
        assert not THINGS[1].decided


def test_whoever_signs_in_comes_back(app):
    there = ask(app, "public", "/toy/thing/1?page=2&q=é").headers["Location"]
    assert there == "/sign-in?next=/toy/thing/1?page%3D2%26q%3D%C3%A9"
    assert ask(app, "public", "/toy/outbox").headers["Location"] == "/sign-in?next=/toy/outbox"
    assert ask(app, "public", DECIDE, method="POST").headers["Location"] == "/sign-in"
    for place, back in REFERRERS.items():
        there = ask(app, "public", DECIDE, HTML | {"Referer": place}, "POST").headers["Location"]
        assert there == "/sign-in" + back


def test_a_form_whose_session_is_over(app, monkeypatch):
    """Its token went with the session: the way in, and back to the form; what is open stays 400."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    form = HTML | {"Referer": toys.HOME + EDIT}
    there = ask(app, "public", DECIDE, form, "POST")
    assert (there.status_code, there.location) == (302, f"/sign-in?next={EDIT}")
    assert ask(app, "public", DECIDE, JSON, "POST").status_code == 401
    assert ask(app, "owner", DECIDE, form, "POST").status_code == 400
    assert ask(app, "public", "/toy/say", form, "POST").status_code == 400


def test_a_json_body_is_answered_in_json(app):
    answer = Client(app).post(DECIDE, json={}, headers={"Accept": "*/*"})
    assert (answer.status_code, answer.json) == (401, {"error": "sign-in"})


def test_head_is_guarded_and_options_tell_nothing(app):
    assert ask(app, "nobody", VIEW, method="HEAD").status_code == 404
    assert ask(app, "owner", VIEW, method="HEAD").status_code == 200
    assert ask(app, "public", VIEW, method="OPTIONS").data == b""


def test_templates_ask_the_same(app):
    assert ask(app, "its-supervisor", VIEW).text == "thing True False"
    assert ask(app, "owner", VIEW).text == "thing False True"
    assert ask(app, "country-admin", VIEW).text == "thing False False"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"supervisor_id": matrix.OWNER}, 404),
        ({"handed_in": False}, 404),
        ({"country_code": "SN", "supervisor_id": None}, 404),
    ],
)
def test_what_changed_meanwhile_is_guarded_again(app, change, code):
    """Between the first look and the write somebody else was faster."""
    thing = THINGS[1]
    thing.meanwhile = lambda: vars(thing).update(change)
    assert ask(app, "its-supervisor", DECIDE, method="POST").status_code == code
    assert not thing.decided


def test_what_is_gone_meanwhile_is_not_found(app):
    THINGS[1].meanwhile = THINGS.clear
    assert ask(app, "its-supervisor", DECIDE, method="POST").status_code == 404


# --- start ---


def plain():
    app = Flask("plain", static_folder=None)
    app.add_url_rule("/guarded", "guarded", guard(Action.HOME)(lambda: "x"))
    return app


def test_an_application_with_an_unguarded_route_does_not_start():
    app = plain()
    require_guards(app)
    app.add_url_rule("/bare", "bare", lambda: "x")
    with pytest.raises(RuntimeError, match=r"without @guard\(Action\.…\): bare$"):
        require_guards(app)


def test_create_app_asks(make_app, monkeypatch):
    from lms import app as composing

    room = SimpleNamespace(init_app=lambda app: app.add_url_rule("/bare", "bare", lambda: "x"))
    real = composing.parts
    monkeypatch.setattr(composing, "parts", lambda name: [room] if name == "routes" else real(name))
    with pytest.raises(RuntimeError, match="bare"):
        make_app("sqlite:////x")


def test_one_object_a_route():
    with pytest.raises(TypeError, match="one object"):
        guard(Action.HOME, one=lambda _session: 1, other=lambda _session: 2)


def test_what_guards_a_route_can_be_read():
    def find(session, number):
        """Find."""

    view = guard(Action.ENTRY_DECIDE, view=Action.ENTRY_VIEW, entry=find)(lambda entry: "x")
    assert view.__guard__ == Guarded(Action.ENTRY_DECIDE, Action.ENTRY_VIEW, "entry", find)


# --- the product's own routes ---


def guards(app):
    for rule in app.url_map.iter_rules():
        found = getattr(app.view_functions[rule.endpoint], "__guard__", None)
        if found is not None and not rule.endpoint.startswith("toy."):
            yield rule, found


def test_what_looks_at_a_thing_loads_one(app):
    """`[[own]]` without a loader would answer every request with a fault."""

    def looks(action):
        return any(ask.__code__.co_varnames[1] == "obj" for row in POLICY[action] for ask in row)

    fail_with(
        [
            f"{rule.endpoint}: {action.value} looks at an object; give @guard a loader"
            for rule, found in guards(app)
            for action in (found.action, found.view)
            if action is not None and looks(action) and found.loader is None
        ]
    )


def test_every_part_of_an_address_reaches_somebody(app):
    """The loader takes the keys that it names; what it does not take, the view must."""
    from inspect import signature

    faults = []
    for rule, found in guards(app):
        view = app.view_functions[rule.endpoint].__wrapped__
        taken = set(list(signature(found.loader).parameters)[1:]) if found.loader else set()
        given = (set(rule.arguments) - taken) | ({found.loads} if found.loads else set())
        asked = signature(view).parameters
        needed = {
            name for name, one in asked.items()
            if one.default is one.empty and one.kind is not one.VAR_KEYWORD
        }  # fmt: skip
        if not needed <= given or not given <= set(asked):
            faults.append(f"{rule.endpoint}: address gives {given}, the view takes {set(asked)}")
    fail_with(faults)


def test_a_get_changes_nothing(app):
    """Actions that change something stand behind POST; their forms may be shown by GET."""
    mixed = [
        rule.endpoint
        for rule, _ in guards(app)
        if {"PUT", "DELETE", "PATCH"} & (rule.methods or set())
    ]
    assert not mixed, "forms know GET and POST"
