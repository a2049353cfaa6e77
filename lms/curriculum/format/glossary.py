"""Reading `glossary.toml`, and finding its terms in a text."""

import re
from collections.abc import Iterable, Mapping

from lms.curriculum.format.faults import shown
from lms.curriculum.format.table import Table, report_duplicates
from lms.curriculum.markdown import Terms
from lms.curriculum.rules import Term

_PREFIX = {"ar": "(?:[وف]?[بكل]?)"}
"""What is written onto the front of an Arabic word without being part of it."""


def read_glossary(top: Table) -> dict[str, Term]:
    """The terms of the craft by id."""
    tables = top.tables("term")
    terms = [_term(table) for table in tables]
    report_duplicates(list(zip(tables, (term.id for term in terms), strict=True)), "term")
    known = {term.id for term in terms}
    for table, term in zip(tables, terms, strict=True):
        for other in term.see:
            if other not in known:
                table.fault("see", f"no term {shown(other)}", "Name the id of another term.")
    top.seeds()
    top.close()
    return {term.id: term for term in terms}


def _term(table: Table) -> Term:
    forms = table.table("forms") if "forms" in table else None
    links = table.flag("link")
    term = Term(
        id=table.ident(),
        title=table.text("title"),
        definition=table.text("definition"),
        forms={
            language: table_words(forms, language) if forms else ()
            for language in table.source.languages
        },
        see=table.idents("see"),
        linked=links is not False,
    )
    if forms:
        forms.close()
    table.seeds()
    table.close()
    return term


def table_words(table: Table, key: str) -> tuple[str, ...]:
    """A list of words, each not empty."""
    values = table.items(key)
    words = tuple(value.strip() for value in values if isinstance(value, str))
    if len(words) != len(values) or not all(words):
        table.fault(key, f"`{key}` must be a list of words", f'Write {key} = ["…"].')
    return tuple(word for word in words if word)


def terms_in(terms: Mapping[str, Term], language: str) -> Terms | None:
    """What to look for in texts of one language; None where there is nothing to link."""
    forms: dict[str, str] = {}
    for term in terms.values():
        if term.linked:
            for form in (term.title.get(language, ""), *term.forms.get(language, ())):
                if form:
                    forms.setdefault(form.casefold(), term.id)
    if not forms:
        return None
    return Terms(_pattern(forms, language), forms)


def _pattern(forms: Iterable[str], language: str) -> re.Pattern[str]:
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    words = "|".join(re.escape(form) for form in longest_first)
    return re.compile(rf"(?<!\w){_PREFIX.get(language, '')}({words})(?!\w)", re.IGNORECASE)
