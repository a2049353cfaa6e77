"""Documentation that the code writes: printed, and the same in docs/architecture.md."""

from click.testing import CliRunner

from lms.insight.commands import LIFECYCLES, all_diagrams, diagram, docs
from lms.policy.actions import Action
from tests.house.source import ROOT

BEGIN, END = "<!-- states -->", "<!-- /states -->"


def test_architecture_shows_the_lifecycles_as_they_are():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    block = page.partition(BEGIN)[2].partition(END)[0].strip()
    assert block == all_diagrams(), f"put `lms docs states` between {BEGIN} and {END}"


def test_every_transition_is_drawn():
    for table in LIFECYCLES.values():
        drawn = diagram(table)
        for (state, event), after in table.items():
            assert f"    {state.value} --> {after.value}: {event.value}" in drawn.splitlines()


def test_each_lifecycle_starts_where_nothing_leads():
    drawn = all_diagrams()
    for first in ("planned", "enrolled", "draft", "open", "reserved", "proposed", "in_progress"):
        assert f"[*] --> {first}\n" in drawn


def test_commands_print():
    run = CliRunner().invoke
    assert run(docs, ["states"]).output.strip() == all_diagrams()
    permissions = run(docs, ["permissions"]).output
    assert all(f"`{action.value}`" in permissions for action in Action)
    assert "| `LMS_BASE_URL` |" in run(docs, ["settings"]).output
