"""Every enum, refusal and job that the code speaks of is known: read from the code itself."""

import ast
import re
from enum import StrEnum

import pytest
from flask_babel import force_locale
from sqlalchemy import Enum as EnumType

from lms.app import metadata
from lms.core import jobs, labels
from lms.core.errors import Refusal, Stale
from tests.house.source import fail_with, modules

LANGUAGES = ["fr", "en", "ar"]
PLACEHOLDER = re.compile(r"%\((\w+)\)")


def calls(*names):
    """Every call of one of the names in lms, as (place, call)."""
    for module in modules().values():
        for node in module.nodes:
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else None
                called = node.func.id if isinstance(node.func, ast.Name) else called
                if called in names:
                    yield f"{module.where}:{node.lineno}", node


def constants(node):
    """The texts that an expression may be, as far as it says so itself."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return constants(body) + constants(other)
    return []


def refusals():
    for place, call in calls("Refusal", "Late"):
        for code in constants(call.args[0]) if call.args else []:
            yield place, code, call


def test_every_refusal_has_words():
    known = labels.refusal_codes()
    fail_with(
        [
            f"{place}: Refusal({code!r}) has no words: labels.register_refusals in labels.py"
            for place, code, _ in refusals()
            if code not in known
        ]
    )


def test_words_of_a_refusal_ask_for_what_it_brings():
    """`%(limit)s` in the words, `limit=` wherever it is raised."""
    faults = []
    for place, code, call in refusals():
        given = {keyword.arg for keyword in call.keywords}
        if None in given or code not in labels.refusal_codes():
            continue
        words = labels._REFUSALS[code]._args[0]
        if lacking := set(PLACEHOLDER.findall(words)) - given:
            faults.append(f"{place}: Refusal({code!r}) lacks {', '.join(sorted(lacking))}")
    fail_with(faults)


def test_the_search_finds_something():
    found = {code for _, code, _ in refusals()}
    assert {"throttled", "file_type", "illegal_transition"} <= found
    assert labels.refusal_codes() > {"stale", "not_possible"}


def test_every_kept_enum_has_words():
    """What is kept in a column is shown somewhere sooner or later."""
    kept = {
        column.type.enum_class
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, EnumType) and column.type.enum_class
    }
    assert len(kept) > 5
    fail_with(
        [
            f"{enum.__module__}.{enum.__name__}: {member.name} has no words in labels.py"
            for enum in sorted(kept, key=str)
            for member in enum
            if not labels.has_label(member)
        ]
    )


def named():
    """The enums of which at least one member has words."""
    return {enum for enum, _ in labels._LABELS}


def test_an_enum_is_named_whole():
    fail_with(
        [
            f"{enum.__module__}.{enum.__name__}: {member.name} has no words, the others have"
            for enum in sorted(named(), key=str)
            for member in enum
            if not labels.has_label(member)
        ]
    )


def test_members_with_the_same_text_keep_their_own_words(monkeypatch):
    monkeypatch.setattr(labels, "_LABELS", {})
    one, two = StrEnum("one", ["OPEN"]), StrEnum("two", ["OPEN"])
    assert one.OPEN == two.OPEN
    labels.register({one.OPEN: "open"})
    assert not labels.has_label(two.OPEN)
    labels.register({two.OPEN: "ouvert"})
    assert (labels.label(one.OPEN), labels.label(two.OPEN)) == ("open", "ouvert")


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_there_in_each_language(app, language):
    with app.test_request_context("/"), force_locale(language):
        for enum in named():
            for member in enum:
                assert labels.label(member).strip()
        for text in labels._REFUSALS.values():
            assert str(text).strip()


def test_tones_are_known():
    assert set(labels._TONES.values()) <= labels.TONES
    assert labels.tone(next(iter(jobs.JobState))) in labels.TONES


def test_what_has_no_words_is_still_no_fault(app):
    """A code that nobody registered, or with too little said, must not make a 500 of a 409."""
    unheard = StrEnum("unheard", ["OF"])
    with app.test_request_context("/"), force_locale("en"):
        assert labels.label(unheard.OF) == "of"
        general = "This is not possible as things stand now."
        assert labels.refusal_text(Refusal("unheard_of")) == general
        assert labels.refusal_text(Refusal("file_too_large", size=3)) == general
        assert labels.refusal_text(Refusal("throttled", minutes=3)).endswith("3 min.")
        state = Refusal("illegal_transition", state=jobs.JobState.DONE, event=unheard.OF)
        assert "“done”" in labels.refusal_text(state)
        assert labels.refusal_text(Stale()).startswith("Somebody else")


def test_every_enqueued_name_has_a_handler():
    asked = [
        (place, name)
        for place, call in calls("enqueue")
        for argument in call.args[1:2]
        for name in constants(argument)
    ]
    assert ("core.deliver_mail") in {name for _, name in asked}
    fail_with(
        [
            f"{place} asks for {name!r}, which no @jobs.handler does"
            for place, name in asked
            if name not in jobs.names()
        ]
    )


def test_every_job_is_named_after_its_room():
    fail_with(
        [
            f"{name}: call it {function.__module__.split('.')[1]}.…"
            for name, function in jobs._HANDLERS.items()
            if name.split(".")[0] != function.__module__.split(".")[1]
        ]
    )
