"""Reading the code as text: modules, what each imports, what it does."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROLES = ("rules", "models", "service", "forms", "routes", "jobs")
NOT_OURS = {"__pycache__", "instance", "dist", "build", "screenshots", "bench-results"}
NOT_OURS |= {"node_modules", "venv", "env"}


@dataclass(frozen=True)
class Import:
    """One imported name: `target` is `module.name`, `module` where it comes from."""

    target: str
    module: str
    line: int


@dataclass(frozen=True)
class Module:
    """One file of `lms`."""

    name: str
    text: str
    is_package: bool = False

    @property
    def package(self) -> str:
        """The room it stands in: `people` for lms.people.service; `app` for lms.app."""
        return self.name.partition(".")[2].partition(".")[0]

    @property
    def role(self) -> str:
        """`rules` for lms.people.rules, and for lms.people.rules.states where it has grown."""
        return next((part for part in self.name.split(".")[2:] if part in ROLES), "")

    @property
    def where(self) -> str:
        """Its path, for messages."""
        return self.name.replace(".", "/") + ("/__init__.py" if self.is_package else ".py")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of its syntax."""
        return list(ast.walk(self.tree))

    @cached_property
    def imports(self) -> list[Import]:
        """Every import, those inside functions too."""
        found = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names = [(alias.name, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                origin = self._origin(node)
                names = [(f"{origin}.{alias.name}", origin) for alias in node.names]
            else:
                continue
            found += [Import(*name, node.lineno) for name in names]
        return found

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        base = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*base, *([node.module] if node.module else [])])


@cache
def modules() -> dict[str, Module]:
    """All modules of `lms`, by name."""
    found = {}
    for path in sorted((ROOT / "lms").rglob("*.py")):
        if "_data" in path.parts:
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        found[name] = Module(name, path.read_text(encoding="utf-8"), is_package)
    return found


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project, without Git: hidden folders and what is made are left out."""
    stack = [ROOT]
    while stack:
        for path in sorted(stack.pop().iterdir()):
            if path.is_dir():
                hidden = path.name.startswith(".") and path.name != ".ci"
                if not hidden and path.name not in NOT_OURS and path.suffix != ".egg-info":
                    stack.append(path)
            elif not suffixes or path.suffix in suffixes:
                yield path


def fail_with(faults: list[str]) -> None:
    """Fail with the faults alone, one a line, no traceback; pass if there are none."""
    if faults:
        pytest.fail("\n".join(["", *faults]), pytrace=False)
