"""Every word in every language: message ids are English; French and Arabic are complete."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.house.source import ROOT, fail_with

LANGUAGES = ["fr", "ar"]
KEYWORDS = {
    name: shape
    for base, shape in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for name in (base, f"lazy_{base}", f"_lazy_{base}", f"_{base}")
} | {"_": None, "_l": None, "N_": None, "_n": (1, 2), "n_": (1, 2)}
METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.txt", "jinja2"),
]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@cache
def used() -> dict[str, str]:
    """Every message id in code and templates, with a place where it stands."""
    found = {}
    for place in ("lms", "templates"):
        for path, line, message, _, _ in extract_from_dir(
            ROOT / place,
            METHODS,
            options_map={"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}},
            directory_filter=lambda path: not path.endswith(("_data", "__pycache__")),
            keywords=KEYWORDS,
        ):
            singular = message if isinstance(message, str) else message[0]
            found[singular] = f"{place}/{path}:{line}"
    return found


@cache
def translated(language: str) -> list[tuple[str, Message]]:
    """Every entry of a language, with its file."""
    entries = []
    for path in sorted((ROOT / "lms" / "translations" / language).glob("*.po")):
        with path.open("rb") as file:
            entries += [
                (str(path.relative_to(ROOT)), message)
                for message in read_po(file, locale=language)
                if message.id
            ]
    return entries


def msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    known = {msgid(message) for _, message in translated(language)}
    fail_with(
        [
            f"{where}: “{message}” has no entry; add it to lms/translations/{language}/<package>.po"
            for message, where in sorted(used().items(), key=lambda item: item[1])
            if message not in known
        ]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_empty_fuzzy_or_unused(language):
    fail_with(list(_faulty_entries(language)))


def _faulty_entries(language: str) -> Iterator[str]:
    for path, message in translated(language):
        where = f"{path}:{message.lineno}: “{msgid(message)}”"
        if message.fuzzy:
            yield f"{where} is fuzzy: read it, then take the mark away"
        if not all(form.strip() for form in forms(message)):
            yield f"{where} is empty"
        if msgid(message) not in used():
            yield f"{where} is used nowhere: take it out"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language):
    """In plurals a form may leave the number out (Arabic says one and two in words)."""
    faults = []
    for path, message in translated(language):
        ids = (message.id,) if isinstance(message.id, str) else message.id
        wanted = {name for one in ids for name in PLACEHOLDER.findall(one)}
        for form in forms(message):
            got = set(PLACEHOLDER.findall(form))
            lost = wanted - got if isinstance(message.id, str) else set()
            if got - wanted or lost:
                faults.append(f"{path}:{message.lineno}: “{form}” has {got}, the id has {wanted}")
    fail_with(faults)


def test_french_signs_stay_with_their_word():
    """No line begins with a colon: the space before it does not break (U+00A0)."""
    fail_with(
        [
            f"{path}:{message.lineno}: “{form}”: write a no-break space at the sign"
            for path, message in translated("fr")
            for form in forms(message)
            if re.search(r"\S [:;!?»]|« ", form)
        ]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_message_one_translation(language):
    """Catalogues are merged at start: of two answers, one would be lost."""
    answers = defaultdict(dict)
    for path, message in translated(language):
        answers[message.context, msgid(message)].setdefault(forms(message), path)
    fail_with(
        [
            f"“{message}” is translated in more than one way: "
            + "; ".join(f"{' / '.join(form)} ({path})" for form, path in found.items())
            for (_, message), found in answers.items()
            if len(found) > 1
        ]
    )
