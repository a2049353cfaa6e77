"""Tables to take along: read back, harmless, complete, and nothing confidential in them."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from lms.assessment import service as assessment
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.demo.load import bulk
from lms.fieldwork.models import PracticumEntry, SupervisionSession
from lms.insight import country as practice
from lms.insight.tables import Column, Kind, Table, csv_lines, xlsx
from tests.people import person

HOSTILE = [
    "=1+1", "+212600000000", "-1", "@SUM(A1)", "\tcmd", "\rcmd", "\n=1", '=HYPERLINK("http://x")',
]  # fmt: skip
text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


def table(*rows):
    columns = [Column("Nom"), Column("Minutes", Kind.NUMBER), Column("Jour", Kind.DATE)]
    return Table("Essai: [1]/2?", columns, rows)


def read_csv(data, language):
    assert data.startswith("\ufeff")
    return list(
        csv.reader(StringIO(data[1:], newline=""), delimiter="," if language == "en" else ";")
    )


def read_xlsx(data):
    return load_workbook(BytesIO(data)).worksheets[0]


@pytest.mark.parametrize("given", HOSTILE)
def test_no_text_becomes_a_formula(given):
    told = "".join(csv_lines(table((given, 1, date(2026, 1, 2))), "fr"))
    cell = read_csv(told, "fr")[1][0]
    assert cell == "'" + given
    found = read_xlsx(xlsx(table((given, 1, date(2026, 1, 2))), "fr"))["A2"]
    assert found.data_type == "s"


@given(st.lists(st.tuples(text, st.integers(0, 10**6)), max_size=5))
def test_whatever_is_written_is_read_back(rows):
    given_rows = [(name, number, date(2026, 3, 4)) for name, number in rows]
    for language in ("fr", "en", "ar"):
        read = read_csv("".join(csv_lines(table(*given_rows), language)), language)
        assert len(read) == len(rows) + 1
        for (name, number, _), found in zip(given_rows, read[1:], strict=True):
            assert found[0].lstrip("'") == name.lstrip("'")
            assert not found[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
            assert found[1:] == [str(number), "2026-03-04"]


def test_a_workbook_has_a_frozen_head_wide_columns_numbers_and_the_direction_of_the_reader():
    sheet = read_xlsx(xlsx(table(("عمر", 90, date(2026, 3, 4))), "ar"))
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "B2"
    assert sheet.column_dimensions["A"].width >= 16
    assert [cell.value for cell in sheet[2]][:2] == ["عمر", 90]
    assert sheet["B2"].data_type == "n"
    assert sheet["C2"].is_date
    assert not read_xlsx(xlsx(table(), "fr")).sheet_view.rightToLeft


def test_a_text_that_no_spreadsheet_can_hold_is_told_without_it():
    sheet = read_xlsx(xlsx(table(("a\x01b\x0bc", 1, None)), "fr"))
    assert sheet["A2"].value == "a b c"
    assert sheet["C2"].value is None


# In the demonstration ----------------------------------------------------------------------------


@pytest.fixture
def cohort(seeded_session):
    query = select(Cohort).where(Cohort.name == "Coachs, Oujda 2026")
    return seeded_session.scalars(query).one()


@pytest.fixture
def salma(seeded_session, cohort):
    trainee = person(seeded_session, "trainee")
    return seeded_session.scalars(
        select(Enrolment).where(Enrolment.person_id == trainee.id, Enrolment.cohort_id == cohort.id)
    ).one()


def test_a_logbook_as_a_table(as_persona, seeded_session, salma):
    entries = seeded_session.scalars(
        select(PracticumEntry).where(PracticumEntry.enrolment_id == salma.id)
    ).all()
    handed_in = [one for one in entries if one.handed_in]
    for entry in entries:
        entry.reflection = "zz-reflection-zz"
        entry.summary = "=1+1 résumé"
    seeded_session.flush()
    browser, url = as_persona("trainee"), f"/practice/{salma.id}/logbook"
    answer = browser.get(f"{url}.csv", query_string={"lang": "fr"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = read_csv(answer.get_data(as_text=True), "fr")
    assert len(rows) == len(handed_in) + 1
    assert "zz-reflection-zz" not in answer.get_data(as_text=True)
    assert {row[15] for row in rows[1:]} == {"'=1+1 résumé"}
    sheet = read_xlsx(browser.get(f"{url}.xlsx", query_string={"lang": "ar"}).data)
    assert sheet.sheet_view.rightToLeft
    assert sum(row[10].value for row in sheet.iter_rows(min_row=2)) == sum(
        one.minutes_total for one in handed_in
    )
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert browser.get(f"{url}.ods").status_code == 404


def test_a_cohort_as_a_table_says_what_its_page_says(as_persona, seeded_session, cohort):
    people = assessment.of_cohort(seeded_session, cohort, clock.now())
    answer = as_persona("trainer").get(f"/cohorts/{cohort.id}/progress.xlsx?lang=fr")
    rows = list(read_xlsx(answer.data).iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(people)
    assert sorted(row[3] for row in rows) == sorted(one.found.done for one in people)
    head = next(read_xlsx(answer.data).iter_rows(max_row=1, values_only=True))
    place = head.index("Pratique de terrain (total) (min)")
    assert sum(row[place] for row in rows) == sum(
        one.found.line("total-practice").counted for one in people
    )


def test_a_country_sums_its_cohorts(as_persona, seeded_session):
    found = practice.sums(seeded_session, "MA")
    assert len(found.cohorts) >= 2
    for name in ("people", "total", "waiting", "alone"):
        assert getattr(found.whole, name) == sum(getattr(one, name) for _, one in found.cohorts)
    assert sum(number for number, _ in found.kinds.values()) == found.whole.entries
    answer = as_persona("admin.ma").get("/network/countries/MA/practice.csv?lang=fr")
    rows = read_csv(answer.get_data(as_text=True), "fr")
    assert len(rows) - 1 >= found.whole.people
    assert sum(int(row[9]) for row in rows[1:]) == found.whole.total


@pytest.mark.parametrize(
    "url", ["/network/countries/MA/practice", "/cohorts/{cohort}/progress.csv"]
)
def test_the_number_of_queries_does_not_grow(
    as_persona, seeded_session, cohort, count_queries, url
):
    browser, address = as_persona("admin.ma"), url.format(cohort=cohort.id)
    browser.get(address)
    with count_queries(14) as few:
        browser.get(address)
    bulk.load(seeded_session, 300, clock.now())
    with count_queries(14) as many:
        browser.get(address)
    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("who", "status"),
    [("trainee", 200), ("trainer", 200), ("admin.ma", 200), ("programme", 200), ("auditor", 200),
     ("supervisor", 403), ("admin.sn", 404), ("partner", 404), ("assessor1", 404)],
)  # fmt: skip
def test_who_takes_a_logbook_along(as_persona, salma, who, status):
    for end in ("", ".csv", ".xlsx"):
        assert as_persona(who).get(f"/practice/{salma.id}/logbook{end}").status_code == status


def test_no_private_note_and_no_address_in_any_table(as_persona, seeded_session, salma, cohort):
    browser = as_persona("admin.ma")
    for meeting in seeded_session.scalars(select(SupervisionSession)).unique():
        meeting.private_notes = meeting.shared_notes = "yy-notes-yy"
    for one in seeded_session.scalars(select(PracticumEntry)):
        one.reflection = "yy-reflection-yy"
    seeded_session.flush()
    for url in (
        f"/practice/{salma.id}/logbook.csv",
        f"/cohorts/{cohort.id}/progress.csv",
        "/network/countries/MA/practice.csv",
    ):
        told = browser.get(url).get_data(as_text=True)
        assert told
        assert "yy-" not in told
        assert "@demo.example" not in told
