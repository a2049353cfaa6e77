"""Entries over HTTP: templates, duplicates, the month, search, pseudonyms, files for whom."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from lms.core import clock
from lms.core.errors import Refusal
from lms.core.files import Upload
from lms.fieldwork.coachees import service as coachees
from lms.fieldwork.entries import service as entries
from lms.fieldwork.entries import templates
from lms.fieldwork.models import Coachee, EntryTemplate, Evidence, PracticumEntry
from lms.fieldwork.rules import EntryEvent, EntryState, EvidenceAccess
from tests.core.test_audio import m4a, mp3
from tests.factories import cohorts, fieldwork
from tests.factories.cohorts import NOW
from tests.fieldwork.test_thread import filled
from tests.pages import counted, post

pytestmark = pytest.mark.slow

S = EntryState
LANGUAGES = ("fr", "en", "ar")


@pytest.fixture
def trainee(browse, enrolment):
    return browse(enrolment.person)


@pytest.fixture
def form_address(enrolment):
    return f"/practice/{enrolment.id}/entries/new"


def only(session, model):
    return session.scalars(select(model)).one()


def value_of(page, name):
    tag = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>([^<]*)', page.text)
    given = re.search(r'value="([^"]*)"', tag[0])
    return given[1] if given else tag[1].strip()


def chosen(page, name):
    options = re.search(rf'<select[^>]*name="{name}".*?</select>', page.text, re.DOTALL)[0]
    return re.search(r'<option selected value="([^"]*)"', options)[1]


# --- in time ---


def test_what_is_noted_too_late_stays_a_draft(session, trainee, form_address, placement):
    late = filled(placement, held_on="2026-05-10")
    page = post(trainee, f"{form_address}?lang=fr", form_address, **late, action="submit")
    assert page.status_code == 422
    assert "plus de 30 jours" in page.text
    assert only(session, PracticumEntry).state is S.DRAFT


def test_a_device_a_year_ahead_or_behind_changes_nothing(session, enrolment, placement):
    for days in (-400, 0, 400):
        claimed = NOW + timedelta(days=days)
        for held_on, fits in ((date(2026, 5, 11), True), (date(2026, 5, 10), False)):
            made = entries.write_entry(
                session, enrolment.person.actor, enrolment, uuid7(),
                fieldwork.content(placement, held_on=held_on, minutes_direct=10), "", (),
                fieldwork.files(), NOW, claimed,
            )  # fmt: skip
            codes = [fault.code for fault in entries.standing_faults(session, made, NOW)]
            assert codes == ([] if fits else ["entry_too_late"])


def test_handing_in_late_what_was_noted_in_time(session, browse, placement, enrolment):
    entry = fieldwork.draft(session, placement, held_on=date(2026, 5, 20), now=NOW)
    address = f"/practice/entries/{entry.id}/edit"
    with clock.frozen(NOW + timedelta(days=20)):
        data = filled(placement, held_on="2026-05-20")
        done = post(browse(enrolment.person), address, address, **data, action="submit")
    assert done.status_code == 303
    session.expire_all()
    assert entry.state is S.SUBMITTED


# --- templates and duplicates ---


def test_a_template_is_kept_begun_from_and_deleted(session, trainee, enrolment, placement):
    entry = fieldwork.entry(session, placement, S.APPROVED, reflection="secret-7", role="co_led")
    address = f"/practice/entries/{entry.id}/template"
    assert value_of(trainee.get(f"{address}?lang=fr"), "name") == "Atelier participatif"
    for _ in range(2):  # the same name twice is one template
        assert post(trainee, address, address, name="Mardi").status_code == 303
    template = only(session, EntryTemplate)
    assert "secret-7" not in str(template.content)
    assert "Atelier sur" not in str(template.content)
    assert "held_on" not in template.content

    page = trainee.get(f"/practice/{enrolment.id}/entries/new?template={template.id}")
    assert chosen(page, "type") == "workshop"
    assert chosen(page, "placement") == str(placement.id)
    assert value_of(page, "minutes_direct") == "90"
    assert value_of(page, "participants-citizen") == "11"
    assert value_of(page, "held_on") == "2026-06-10"
    assert value_of(page, "summary") == ""
    assert value_of(page, "reflection") == ""

    home = f"/practice/{enrolment.id}/templates"
    assert "Mardi" in trainee.get(home).text
    gone = post(trainee, f"/practice/templates/{template.id}/delete", home, enrolment=enrolment.id)
    assert gone.status_code == 303
    assert gone.location.endswith(home)
    assert session.scalar(select(func.count()).select_from(EntryTemplate)) == 0


def test_a_duplicate_is_of_today_without_reflection_and_files(
    session, trainee, enrolment, placement
):
    entry = fieldwork.draft(
        session, placement, "secret-8", [Upload("a.pdf", "application/pdf", b"%PDF")],
        held_on=date(2026, 5, 5),
    )  # fmt: skip
    page = trainee.get(f"/practice/{enrolment.id}/entries/new?copy={entry.id}")
    assert value_of(page, "held_on") == "2026-06-10"
    assert value_of(page, "minutes_preparation") == "60"
    assert "Atelier sur les priorités" in page.text
    assert "secret-8" not in page.text
    assert "a.pdf" not in page.text
    assert session.scalar(select(func.count()).select_from(PracticumEntry)) == 1, "a GET makes none"


def test_nobody_begins_from_what_is_not_theirs(
    session, browse, cohort, supervisor, enrolment, placement
):
    theirs = fieldwork.entry(session, placement, summary="canari-bleu")
    template = templates.keep(session, enrolment.person.actor, theirs, "canari-vert", NOW)
    other = cohorts.enrolment(session, None, cohort)
    stranger = browse(other.person)
    for query in (f"copy={theirs.id}", f"template={template.id}", "copy=x", f"copy={uuid7()}"):
        page = stranger.get(f"/practice/{other.id}/entries/new?{query}")
        assert page.status_code == 200
        assert "canari" not in page.text
        assert value_of(page, "minutes_direct") == ""
    assert "canari" not in stranger.get(f"/practice/{other.id}/templates").text
    address = f"/practice/templates/{template.id}/delete"
    assert post(stranger, address, f"/practice/{other.id}/people").status_code == 404
    assert stranger.get(f"/practice/entries/{theirs.id}/template").status_code == 404


def test_templates_have_an_end(session, enrolment, placement):
    entry = fieldwork.draft(session, placement)
    for number in range(templates.MOST):
        templates.keep(session, enrolment.person.actor, entry, f"M {number}", NOW)
    with pytest.raises(Refusal, match="template_too_many"):
        templates.keep(session, enrolment.person.actor, entry, "encore", NOW)
    templates.keep(session, enrolment.person.actor, entry, "m 3", NOW)


# --- what is missing ---


def test_a_draft_says_what_it_still_lacks(session, trainee, enrolment, placement):
    draft = fieldwork.draft(session, placement, role="", consent_basis=None, summary="")
    fieldwork.draft(session, placement, "réfléchi", held_on=date(2026, 6, 2))
    page = trainee.get(f"/practice/{enrolment.id}?state=to_do&lang=fr")
    assert page.text.count("Il manque encore") == 1
    assert "Votre rôle, Ce qui a été fait, Consentement" in re.sub(r"\s+", " ", page.text)
    assert page.text.count("réflexion à ajouter") == 1
    assert "réflexion à ajouter" in trainee.get(f"/practice/entries/{draft.id}").text


def test_where_nothing_is_missing_nothing_is_said_of_it(session, trainee, placement):
    entry = fieldwork.entry(session, placement, S.NEEDS_INFO)
    address = f"/practice/entries/{entry.id}?lang=fr"
    assert "Avant de la remettre" in trainee.get(address).text
    entry.reflection = "J’ai trop parlé."
    session.commit()
    assert "Avant de la remettre" not in trainee.get(address).text


def test_what_is_missing_is_its_authors_business(session, browse, supervisor, placement):
    fieldwork.entry(session, placement, S.NEEDS_INFO)
    page = browse(supervisor).get(f"/practice/{placement.enrolment_id}?lang=fr")
    assert "À compléter" in page.text
    assert "réflexion à ajouter" not in page.text


# --- list, month, search ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_in_every_language(session, trainee, enrolment, placement, language):
    for day in (1, 8, 9):
        fieldwork.entry(session, placement, S.APPROVED, held_on=date(2026, 6, day))
    fieldwork.entry(session, placement, S.APPROVED, held_on=date(2026, 5, 31))
    address = f"/practice/{enrolment.id}?view=calendar&lang={language}"
    page = trainee.get(address)
    assert page.status_code == 200
    assert page.text.count('class="event ') == 3
    assert page.text.count("<caption") == 1
    may = trainee.get(f"{address}&month=2026-05")
    assert may.text.count('href="/practice/entries/') == 1
    assert "month=2026-04" in may.text
    assert "month=2026-06" in may.text


@pytest.mark.parametrize("month", ["", "2026-13", "0000-01", "99999-01", "x", "2026-5", "1899-01"])
def test_a_month_that_does_not_exist_is_this_one(trainee, enrolment, month):
    page = trainee.get(f"/practice/{enrolment.id}?view=calendar&month={month}&lang=fr")
    assert page.status_code == 200
    assert "juin 2026" in page.text


def listed(page):
    return set(re.findall(r'href="/practice/entries/([0-9a-f-]{36})"', page.text))


def test_search_is_deaf_to_accents_and_hamza(session, trainee, enrolment, placement):
    forum = fieldwork.entry(session, placement, summary="Réunion à l’école : eau potable")
    arabic = fieldwork.entry(
        session, placement, summary="لقاء مع أعضاء الجماعة", type="citizen-meeting",
        held_on=date(2026, 6, 2),
    )  # fmt: skip
    home = f"/practice/{enrolment.id}"
    for words, found in (
        ("ecole EAU", {forum}),
        ("اعضاء", {arabic}),
        ("berkane", {forum, arabic}),
        ("rencontre", {arabic}),
        ("atelier ecole", {forum}),
        ("%", set()),
        ("_", {forum, arabic}),
        ("x" * 5000, set()),
    ):
        page = trainee.get(home, query_string={"q": words, "lang": "fr"})
        assert listed(page) == {str(entry.id) for entry in found}, words
        month = trainee.get(home, query_string={"q": words, "view": "calendar"})
        assert listed(month) == {str(entry.id) for entry in found}, words
    assert listed(trainee.get(home, query_string={"q": "لقاء مواطن", "lang": "ar"})) == {
        str(arabic.id)
    }


def test_the_reflection_is_not_searched(session, trainee, enrolment, placement):
    fieldwork.draft(session, placement, "orage")
    assert listed(trainee.get(f"/practice/{enrolment.id}?q=orage")) == set()


@pytest.mark.parametrize("view", ["", "calendar"])
def test_a_logbook_takes_as_many_queries_however_long(session, trainee, enrolment, placement, view):
    person = coachees.add(session, enrolment, uuid7(), "P-01", "", NOW)
    numbers = []
    for days in ((1, 2), range(3, 10)):
        for day in days:
            fieldwork.draft(
                session, placement, held_on=date(2026, 6, day), coachees=(str(person.id),),
                uploads=[Upload("a.pdf", "application/pdf", b"%PDF")],
            )  # fmt: skip
        session.expire_all()
        with counted() as statements:
            assert trainee.get(f"/practice/{enrolment.id}?view={view}").status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 30


# --- pseudonyms ---


def test_people_are_chosen_and_added_in_the_form(session, trainee, form_address, placement):
    mine = coachees.add(session, placement.enrolment, uuid7(), "P-01", "", NOW)
    data = filled(placement, type="individual-interview", coachees=[str(mine.id)])
    done = post(trainee, form_address, form_address, **data, new_coachee="P-02", action="draft")
    assert done.status_code == 303
    entry = only(session, PracticumEntry)
    names = coachees.named(session, entry.coachees)
    assert sorted(names.values()) == ["P-01", "P-02"]
    for page in (trainee.get(done.location), trainee.get(f"/practice/{entry.enrolment_id}")):
        assert "P-01" in page.text
        assert "P-02" in page.text


@pytest.mark.parametrize(
    ("text", "word"),
    [("Awa Diop", "vrai nom"), ("awa@demo.example", "adresse"), ("0612345678", "téléphone")],
)
def test_a_name_in_the_form_is_asked_about_and_nothing_is_lost(
    session, trainee, form_address, placement, text, word
):
    page = post(
        trainee, f"{form_address}?lang=fr", form_address,
        **filled(placement), new_coachee=text, action="draft",
    )  # fmt: skip
    assert page.status_code == 422
    assert word in page.text
    assert "Atelier sur les priorités du quartier." in page.text
    assert session.scalar(select(func.count()).select_from(Coachee)) == 0
    assert session.scalar(select(func.count()).select_from(PracticumEntry)) == 0


def test_the_list_of_people(session, trainee, enrolment):
    address = f"/practice/{enrolment.id}/people"
    asked = post(trainee, f"{address}?lang=fr", address, pseudonym="Salif Keïta")
    assert asked.status_code == 422
    assert 'name="insist"' in asked.text
    assert post(trainee, address, address, pseudonym="Salif Keïta", insist="y").status_code == 303
    assert post(trainee, address, address, pseudonym="P-01", category="citizen").status_code == 303
    first = session.scalars(select(Coachee).where(Coachee.pseudonym == "P-01")).one()
    for act in ("archive", "restore"):
        done = post(trainee, f"/practice/coachees/{first.id}/{act}", address)
        assert done.location.endswith(address)
        session.expire_all()
        assert (first.archived_at is None) is (act == "restore")


# --- files ---


def test_files_go_to_whom_their_author_chose(
    session, browse, trainee, form_address, placement, supervisor, trainer, admin
):
    for access in EvidenceAccess:
        data = filled(placement, held_on=f"2026-06-0{1 + list(EvidenceAccess).index(access)}")
        data["files"] = (BytesIO(fieldwork.picture()), f"{access.value}.jpg")
        done = post(
            trainee, form_address, form_address, **data, access=access.value, action="submit"
        )
        assert done.status_code == 303
    files = {each.access: each for each in session.scalars(select(Evidence))}
    own, named, others = browse(placement.enrolment.person), browse(supervisor), (trainer, admin)
    for access, each in files.items():
        address, page = f"/practice/evidence/{each.id}", f"/practice/entries/{each.entry_id}"
        for browser in (own, named):
            assert browser.get(address).status_code == 200
            assert address in browser.get(page).text
        for someone in others:
            browser, hidden = browse(someone), access is EvidenceAccess.SUPERVISOR
            assert browser.get(address).status_code == (404 if hidden else 200)
            assert (address in browser.get(page).text) is not hidden


@pytest.mark.parametrize(
    ("data", "kind"),
    [(m4a(), "audio/mp4"), (mp3(), "audio/mpeg"), (fieldwork.PDF, "application/pdf")],
)
def test_sound_is_handed_out_and_never_run(session, trainee, form_address, placement, data, kind):
    given = filled(placement) | {"files": (BytesIO(data), "Entretien.html")}
    assert post(trainee, form_address, form_address, **given, action="draft").status_code == 303
    answer = trainee.get(f"/practice/evidence/{only(session, Evidence).id}")
    assert answer.data == data
    assert answer.headers["Content-Type"].partition(";")[0] == kind
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "html" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_refused_file_says_what_is_taken(session, trainee, form_address, placement):
    given = filled(placement) | {"files": (BytesIO(b"<svg onload='alert(1)'/>"), "photo.jpg")}
    page = post(trainee, f"{form_address}?lang=fr", form_address, **given, action="submit")
    assert page.status_code == 422
    assert "MP3" in page.text
    assert "Atelier sur les priorités" in page.text


# --- versions ---


def test_what_changed_between_versions(session, browse, supervisor, placement, trainee):
    entry = fieldwork.entry(session, placement, S.APPROVED, reflection="secret-9")
    me = placement.enrolment.person.actor
    entries.amend(session, me, entry, "Erreur.", NOW)
    better = fieldwork.content(placement, minutes_direct=75, participants={"citizen": 9})
    entries.edit_entry(
        session, me, entry, entry.revision, better, "secret-10", (), (), fieldwork.files(), NOW
    )
    address = f"/practice/entries/{entry.id}?lang=fr"
    pending = trainee.get(address)
    assert "Pas encore remis" in pending.text
    entries.submit(session, me, entry, NOW)
    entries.decide(
        session, supervisor.actor, entry, entry.revision, EntryEvent.APPROVE, "", NOW, tell=False
    )
    for browser in (trainee, browse(supervisor)):
        page = browser.get(address)
        told = re.search(r'<dl class="changes">.*?</dl>', page.text, re.DOTALL)[0]
        assert "1 h 30" in told
        assert "1 h 15" in told
        assert "Élus et élues" in told
        assert "secret" not in told
        assert "Pas encore remis" not in page.text
