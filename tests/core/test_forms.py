"""Forms: text is tidied, bounded and clean; keys and versions survive whatever is sent."""

from uuid import UUID

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from lms.core.errors import Refusal
from lms.core.forms import Form, LineField, LongTextField, NewRecordForm, VersionedForm


class Sheet(Form):
    name = LineField("Name")
    story = LongTextField("Story")


@pytest.fixture
def fill(app):
    """Send a form: `fill(Sheet, name="…")`."""

    def send(kind, **data):
        with app.test_request_context("/", method="POST", data=data), force_locale("en"):
            form = kind(meta={"csrf": False})
            form.validate_on_submit()
            return form

    return send


def test_text_is_tidied(fill):
    form = fill(Sheet, name="  E\u0301lodie\r\nNdiaye\u2028 ", story=" a\r\nb\rc\x85d\u2029 ")
    assert form.name.data == "Élodie Ndiaye"
    assert form.story.data == "a\nb\nc\nd"
    assert not form.errors


@pytest.mark.parametrize("sign", ["\0", "\x08", "\x1b", "\x7f", "\x90", "\u202e", "\ufffe"])
@pytest.mark.parametrize("field", ["name", "story"])
def test_characters_that_cannot_be_kept(fill, field, sign):
    errors = fill(Sheet, **{field: f"a{sign}b"}).errors
    assert list(errors) == [field]
    assert "characters that cannot be kept" in str(errors[field][0])


@pytest.mark.parametrize("sign", ["é", "ت", "\u200f", "\u200d", "\t", "😀", "’", "\u00a0", "<b>"])
def test_characters_that_people_use(fill, sign):
    assert not fill(Sheet, name=f"a{sign}b", story=f"a{sign}b").errors


def test_too_long(fill):
    form = fill(Sheet, name="é" * 100_000, story="ت" * 100_000)
    assert "100000 characters, 200 at most" in str(form.name.errors[0])
    assert "100000 characters, 5000 at most" in str(form.story.errors[0])
    assert not fill(Sheet, name="é" * 200, story="ت" * 5000).errors
    assert not fill(Sheet, name="e\u0301" * 200).errors, "counted as it is kept"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(), story=st.text())
def test_any_text_is_kept_clean_or_refused(fill, name, story):
    form = fill(Sheet, name=name, story=story)
    if not form.errors:
        assert len((form.name.data or "").splitlines()) <= 1
        assert not {"\0", "\r"} & set(form.name.data + form.story.data)
        form.name.data.encode()


def test_a_refusal_stands_beside_its_field_or_above(fill):
    form = fill(Sheet, name="a")
    form.refuse(Refusal("stale"))
    form.refuse(Refusal("file_empty"), form.story)
    assert len(form.form_errors) == len(form.story.errors) == 1
    assert form.errors.keys() - {"story"}, "the one above stands under no field's name"


def test_the_key_of_a_new_record(fill):
    key = uuid7()
    assert fill(NewRecordForm, record_id=str(key)).new_id == key
    for broken in ("", "x", "0" * 1000, "\0", str(key)[:-1]):
        assert fill(NewRecordForm, record_id=broken).new_id.version == 7


def test_a_form_that_is_shown_carries_a_fresh_key(app):
    with app.test_request_context("/"):
        first, second = (NewRecordForm(meta={"csrf": False}).new_id for _ in range(2))
    assert isinstance(first, UUID)
    assert first != second


@pytest.mark.parametrize(
    ("sent", "seen"),
    [("3", 3), ("", 0), ("-1", 0), ("٣", 0), ("²", 0), ("9" * 10, 0), ("1.5", 0), ("\0", 0)],
)
def test_the_version_that_was_seen(fill, sent, seen):
    assert fill(VersionedForm, version=sent).seen_version == seen
