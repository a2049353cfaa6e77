"""The house rules of the design (architecture): each fault names the place and the remedy."""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.house.source import Module, fail_with, modules

ORDER = [
    "core",
    "policy",
    "network",
    "people",
    "curriculum",
    "cohorts",
    "learning",
    "territory",
    "fieldwork",
    "assessment",
    "credentials",
    "insight",
    "demo",
]
COMPOSERS = {"lms.app", "lms.cli", "lms.serving", "lms.__main__", "lms"}
"""With `demo`, the only ones that may import routes and the application itself."""
LAYERS = {"rules": 0, "models": 1, "service": 2, "forms": 3, "routes": 3, "jobs": 3}
HEAVY = {"flask", "flask_login", "flask_wtf", "flask_babel", "flask_sqlalchemy"}
HEAVY |= {"sqlalchemy", "wtforms", "weasyprint", "werkzeug"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
FORBIDDEN_IN_SERVICE = {
    "flask.request": "take what you need as an argument",
    "flask.g": "take what you need as an argument",
    "flask.session": "take what you need as an argument",
    "flask.current_app": "take what you need as an argument",
    "flask_login.current_user": "take the actor as an argument",
    "lms.core.clock": "take `now` as an argument",
    "lms.core.db.write": "the route or job opens the transaction and commits",
}

Modules = dict[str, Module]
Rule = Callable[[Modules], Iterator[str]]


def rank(module: Module) -> int:
    """Place in the order; what composes the rest stands above all."""
    return ORDER.index(module.package) if module.package in ORDER else len(ORDER)


def composes(module: Module) -> bool:
    """Whether the module may import routes and the application."""
    return module.name in COMPOSERS or module.package == "demo"


def layer(module: Module) -> int | None:
    """Place inside a room. `core` and `policy` are the ground, with no layers of that name."""
    return None if module.package in {"core", "policy"} else LAYERS.get(module.role)


def ours(module: Module, all_modules: Modules) -> Iterator[tuple[Module, int]]:
    """Modules of ours that this one imports, with the line."""
    for found in module.imports:
        name = found.target if found.target in all_modules else found.module
        if name in all_modules and name != module.name:
            yield all_modules[name], found.line


def packages_have_a_place(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        if module.name not in COMPOSERS and module.package not in ORDER:
            yield f"{module.where}: give its package a place in ORDER, or move it into one there"


def imports_go_up_the_list(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        for target, line in ours(module, all_modules):
            if composes(module) and target.name in COMPOSERS:
                continue
            if target.name != "lms" and rank(target) > rank(module):
                yield (
                    f"{module.where}:{line} imports {target.name}, which stands below "
                    f"{module.package}: move the function that needs both into {target.package}, "
                    "or let the higher package hand in what is needed"
                )


def layers_go_one_way(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        for target, line in ours(module, all_modules):
            own, other = layer(module), layer(target)
            if own is not None and other is not None and other > own:
                yield (
                    f"{module.where}:{line} imports {target.name}: the way is rules ← models ← "
                    "service ← forms, routes, jobs; move what is shared down"
                )


def only_the_composers_import_routes(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        for target, line in ours(module, all_modules):
            inside = module.role == "routes" and module.package == target.package
            if target.role == "routes" and not inside and not composes(module):
                yield (
                    f"{module.where}:{line} imports {target.name}: only app.py and cli.py do; "
                    "use url_for, or move what is shared into a service"
                )


def rules_are_pure(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        if module.role == "rules" or module.name == "lms.policy.table":
            chain = _way_to_heavy(module, all_modules, seen=set())
            if chain:
                yield (
                    f"{module.where} loads {' → '.join(chain)}: rules and the policy table stand "
                    "on the standard library; take values as arguments, or split off the pure part"
                )


def _way_to_heavy(module: Module, all_modules: Modules, seen: set[str]) -> list[str]:
    seen.add(module.name)
    for found in module.imports:
        if found.target.split(".")[0] in HEAVY:
            return [found.target]
    for target, _ in ours(module, all_modules):
        if target.name not in seen and (rest := _way_to_heavy(target, all_modules, seen)):
            return [target.name, *rest]
    return []


def no_cycles(all_modules: Modules) -> Iterator[str]:
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> Iterator[str]:
        if name in path:
            ring = [*path[path.index(name) :], name]
            yield f"a ring of imports: {' → '.join(ring)}; move what is shared into one below"
        elif name not in done:
            for target, _ in ours(all_modules[name], all_modules):
                yield from walk(target.name, [*path, name])
            done.add(name)

    for name in all_modules:
        yield from walk(name, [])


def names_say_something(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        if FORBIDDEN_NAMES & set(module.name.split(".")):
            yield f"{module.where}: name it after its subject"


def services_leave_the_transaction_alone(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        if module.role != "service":
            continue
        for found in module.imports:
            for name in {found.target, found.module} & FORBIDDEN_IN_SERVICE.keys():
                yield f"{module.where}:{found.line} imports {name}: {FORBIDDEN_IN_SERVICE[name]}"
        for node in module.nodes:
            match node:
                case ast.Call(func=ast.Attribute(attr="commit" | "rollback" as verb)):
                    yield (
                        f"{module.where}:{node.lineno} calls .{verb}(): flush at most; "
                        "the route or job commits"
                    )


def only_the_clock_reads_the_time(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        if module.name == "lms.core.clock":
            continue
        for node in module.nodes:
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = ast.unparse(node.func.value).rsplit(".", 1)[-1]
            if owner in {"datetime", "date"} and node.func.attr in {"now", "utcnow", "today"}:
                yield (
                    f"{module.where}:{node.lineno} reads the time: take `now` as an argument, "
                    "or ask lms.core.clock in a route or job"
                )


def only_transitions_change_states(all_modules: Modules) -> Iterator[str]:
    for module in all_modules.values():
        if module.name == "lms.core.transitions":
            continue
        for node in module.nodes:
            if _assigns_state(node):
                yield (
                    f"{module.where}:{node.lineno} sets a state: add the event to the table in "
                    "rules.py and call core.transitions.advance"
                )


def _assigns_state(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(_is_state(target) for target in targets)
        case ast.AugAssign(target=target):
            return _is_state(target)
        case ast.AnnAssign(target=target, value=value):
            return value is not None and _is_state(target)
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="state"), *_]):
            return True
    return False


def _is_state(target: ast.AST) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return any(_is_state(part) for part in target.elts)
    return isinstance(target, ast.Attribute) and target.attr == "state"


RULES: list[Rule] = [
    packages_have_a_place,
    imports_go_up_the_list,
    layers_go_one_way,
    only_the_composers_import_routes,
    rules_are_pure,
    no_cycles,
    names_say_something,
    services_leave_the_transaction_alone,
    only_the_clock_reads_the_time,
    only_transitions_change_states,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_house_rule(rule):
    fail_with(sorted(set(rule(modules()))))


@pytest.mark.parametrize(
    ("rule", "faulty"),
    [
        (packages_have_a_place, {"lms.attic.rules": ""}),
        (imports_go_up_the_list, {"lms.core.mail": "def f():\n  from lms.people import service"}),
        (imports_go_up_the_list, {"lms.people.service": "import lms.app"}),
        (imports_go_up_the_list, {"lms.network.models": "from ..people.service import find"}),
        (layers_go_one_way, {"lms.people.models": "from lms.people import service"}),
        (
            only_the_composers_import_routes,
            {"lms.insight.service": "from lms.people.routes import bp"},
        ),
        (rules_are_pure, {"lms.people.rules": "from flask import g"}),
        (rules_are_pure, {"lms.people.rules": "from lms.core import db"}),
        (rules_are_pure, {"lms.people.rules.names": "import wtforms"}),
        (rules_are_pure, {"lms.policy.table": "import sqlalchemy.orm"}),
        (no_cycles, {"lms.people.a": "import lms.people.b", "lms.people.b": "import lms.people.a"}),
        (names_say_something, {"lms.people.utils": ""}),
        (services_leave_the_transaction_alone, {"lms.people.service": "session.commit()"}),
        (services_leave_the_transaction_alone, {"lms.people.service": "from flask import g"}),
        (
            services_leave_the_transaction_alone,
            {"lms.people.service": "from lms.core import clock"},
        ),
        (only_the_clock_reads_the_time, {"lms.people.jobs": "dt.datetime.now(UTC)"}),
        (only_transitions_change_states, {"lms.people.service": "entry.state = 'approved'"}),
        (only_transitions_change_states, {"lms.people.service": "setattr(entry, 'state', x)"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "+".join(value),
)
def test_house_rule_notices(rule, faulty):
    """Each rule is itself tried on a fault."""
    present = {
        "lms.app": "",
        "lms.core.db": "import sqlalchemy",
        "lms.core.clock": "",
        "lms.people.service": "",
        "lms.people.routes": "",
    }
    given = {name: Module(name, text) for name, text in (present | faulty).items()}
    assert list(rule(given))
