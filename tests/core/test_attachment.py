"""Names of files to be kept, in any script: a header holds Latin letters only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from lms.core.addresses import attachment


@pytest.mark.parametrize(
    "name", ["feuille.pdf", "émargement été.pdf", "سجل الممارسة.xlsx", 'a"b;c.csv', "سجل"]
)
def test_the_name_is_read_back(name):
    told = attachment(name)
    told.encode("ascii")
    kind, options = parse_options_header(told)
    assert kind == "attachment"
    assert options["filename"] == name


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_any_name_fits_a_header(name):
    told = attachment(name)
    told.encode("ascii")
    assert "\n" not in told
    assert "\r" not in told
