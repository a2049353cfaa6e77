"""Nothing of the two source documents gets lost."""

import pytest
from click.testing import CliRunner

from lms.curriculum.commands import content as command
from lms.curriculum.format.coverage import ROWS, coverage
from tests.factories import curriculum


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_every_row_is_taught_or_served_somewhere(language):
    found = coverage(curriculum.files(ours=True), language)
    assert [row for row, places in found.items() if not places] == []
    assert tuple(found) == ROWS, "a file names a row that does not exist"
    assert all(place.words for places in found.values() for place in places)


def test_most_rows_are_taught_in_a_lesson():
    found = coverage(curriculum.files(ours=True), "fr")
    without = {row for row, places in found.items() if "lesson" not in {p.kind for p in places}}
    # a day, an agenda, records of centres and figures: the software's part
    assert without <= {"D1", "D3", "D20", "D21"}


def test_the_command_fails_when_a_row_is_lost(tmp_path):
    for name, body in curriculum.files(ours=True).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body.replace(b'"D24"', b'"D23"'))
    lost = CliRunner().invoke(command, ["coverage", str(tmp_path)])
    assert lost.exit_code == 1
    assert "D24  nowhere" in lost.output
    whole = CliRunner().invoke(command, ["coverage"])
    assert whole.exit_code == 0
    assert whole.output.count("\nD") + whole.output.count("\nU") == len(ROWS) - 1
