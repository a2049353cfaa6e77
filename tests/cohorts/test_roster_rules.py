"""Reading a roster: every shape that people hand over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.roster.rules import (
    MAX_ROWS,
    RowFault,
    decode,
    read,
    safe_cell,
    split_name,
)


def people(text):
    return [(row.given_name, row.family_name, row.email, row.phone) for row in read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Salma;BENNANI;salma@example.org;0612345678",
        "Salma,BENNANI,salma@example.org,0612345678",
        "Salma\tBENNANI\tsalma@example.org\t0612345678",
        "\ufeffSalma;BENNANI;salma@example.org;0612345678",
        "Nom;Prénom;E-mail;Téléphone\r\nBENNANI;Salma;Salma@Example.org;0612345678",
        "Téléphone,E-mail,Prénom,Nom\n0612345678,salma@example.org,Salma,BENNANI",
        '"Nom";"Prénom";"E-mail";"Téléphone"\n"BENNANI";"Salma";"salma@example.org";"0612345678"',
        "0612345678;salma@example.org;Salma BENNANI",
        "Salma BENNANI; salma@example.org ; 0612345678",
    ],
)
def test_the_same_person_in_every_shape(text):
    assert people(text) == [("Salma", "BENNANI", "salma@example.org", "0612345678")]


def test_names_alone():
    assert people("Salma BENNANI\n\nOmar Idrissi\nAïcha\n") == [
        ("Salma", "BENNANI", "", ""),
        ("Omar", "Idrissi", "", ""),
        ("", "Aïcha", "", ""),
    ]


def test_arabic_names_find_their_place():
    (row,) = read("Salma BENNANI;سلمى بناني;salma@example.org")
    assert (row.given_name_ar, row.family_name_ar) == ("سلمى", "بناني")
    (row,) = read("النسب;الاسم;البريد\nبناني;سلمى;s@example.org")
    assert (row.family_name_ar, row.given_name_ar) == ("بناني", "سلمى")
    assert row.fault is RowFault.NO_NAME


def test_an_arabic_name_alone_lacks_the_latin_one():
    (row,) = read("سلمى بناني")
    assert row.name_ar == "سلمى بناني"
    assert row.fault is RowFault.NO_NAME


def test_an_employer_comes_after_the_names():
    (row,) = read("Salma;BENNANI;salma@example.org;Commune d’Oujda")
    assert row.employer == "Commune d’Oujda"


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("Salma;BENNANI;salma@example", RowFault.BAD_EMAIL),
        ("Salma;BENNANI;sal ma@example.org", RowFault.BAD_EMAIL),
        ("S" * 201 + ";BENNANI;a@example.org", RowFault.TOO_LONG),
        ("Sal\x07ma;BENNANI;a@example.org", RowFault.STRANGE),
        ("Sal\x00ma;BENNANI;a@example.org", RowFault.STRANGE),
        (";;a@example.org", RowFault.NO_NAME),
    ],
)
def test_faults(cell, fault):
    (row,) = read(cell)
    assert row.fault is fault


@pytest.mark.parametrize(
    "data",
    [
        "Aïcha;Élève".encode(),
        "Aïcha;Élève".encode("utf-8-sig"),
        "Aïcha;Élève".encode("cp1252"),
        "Aïcha;Élève".encode("utf-16"),
    ],
)
def test_files_of_excel(data):
    assert people(decode(data)) == [("Aïcha", "Élève", "", "")]


def test_a_lone_quotation_mark_swallows_nothing():
    assert len(read('Salma "la brave BENNANI\nOmar Idrissi\nAïcha Diop')) == 3


def test_more_rows_than_allowed_are_noticed_not_read():
    assert len(read("A B\n" * 5000)) == MAX_ROWS + 1


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("BENNANI Salma", ("Salma", "BENNANI")),
        ("Salma EL IDRISSI", ("Salma", "EL IDRISSI")),
        ("Jean-Paul de la Tour", ("Jean-Paul", "de la Tour")),
        ("Moussa", ("", "Moussa")),
        ("", ("", "")),
    ],
)
def test_names_are_split(name, parts):
    assert split_name(name) == parts


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read(text):
    for row in read(text):
        assert row.fault is not None or row.family_name


@given(st.binary(max_size=300))
def test_whatever_is_uploaded_is_read(data):
    read(decode(data))


@pytest.mark.parametrize("text", ["=1+1", "+212", "-1", "@x", "\tx"])
def test_no_cell_becomes_a_formula(text):
    assert safe_cell(text) == f"'{text}"
