"""What the repository may hold: no traces of one machine, files of one subject, all languages."""

import re
from statistics import median

from tests.house.source import ROOT, fail_with, files

TEXTS = {".py", ".md", ".toml", ".html", ".txt", ".xml", ".js", ".css", ".svg", ".po", ".lock", ""}
TEXTS |= {".cfg", ".json", ".yml", ".yaml", ".mako", ".sh", ".webmanifest"}
TRACES = re.compile(
    r"(?:^|[^a-z])/(?:work|farm|root|tmp/bash_jobs)/|/home/(?!<)[a-z]+/[a-z]"
    r"|https?://[a-z.]*(?:pypi|pythonhosted|npmjs)"
)

LONG: dict[str, str] = {
    "tests/conftest.py": "the fixtures of all tests, each built on the one before",
    "tests/credentials/test_routes.py": "one page of the room after another",
    "tests/credentials/test_service.py": "the life of one certificate",
    "tests/learning/test_routes.py": "one page of the room after another",
}
"""Files past 400 lines, each with the one subject that fills it."""


def text(path):
    return path.read_text(encoding="utf-8", errors="replace")


def test_no_trace_of_a_machine():
    """Folders of one computer and hosts of registries do not belong in the project."""
    fail_with(
        [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for path in files(*TEXTS)
            for number, line in enumerate(text(path).splitlines(), 1)
            if TRACES.search(line)
        ]
    )


def test_files_have_one_subject():
    """Past 400 lines look for a second subject; never split merely to obey."""
    lengths = {
        str(path.relative_to(ROOT)): len(text(path).splitlines())
        for place in ("lms", "tests", "migrations")
        for path in files(".py")
        if path.is_relative_to(ROOT / place)
    }
    own = [length for name, length in lengths.items() if name.startswith("lms/") and length > 1]
    assert median(own) <= 120, "the median file of lms is past 120 lines: the design wants 90"
    faults = [
        f"{name}: {length} lines; split off its second subject, or say in LONG why there is none"
        for name, length in lengths.items()
        if length > 400 and name not in LONG and "migrations/versions" not in name
    ]
    faults += [
        f"{name} is no longer past 400 lines: take it out of LONG"
        for name in LONG
        if lengths.get(name, 0) <= 400
    ]
    fail_with(faults)


def test_readme_is_short():
    readme = ROOT / "README.md"
    assert readme.exists(), "the wheel's metadata need README.md"
    assert len(text(readme).splitlines()) <= 150
