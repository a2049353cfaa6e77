"""`lms demo load` and `lms demo show`: the contract, twice the same, never beside real people."""

import json
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from lms.assessment.models import Dossier
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import db, write
from lms.core.errors import Refusal
from lms.core.installation import Installation
from lms.credentials.models import Certificate
from lms.demo.commands import demo
from lms.demo.load import bulk, everything
from lms.demo.names import names, numbered
from lms.demo.personas import BY_KEY, DOMAIN, PERSONAS
from lms.demo.show import show
from lms.fieldwork.models import PracticumEntry
from lms.fieldwork.rules import EntryState
from lms.people.models import Person
from tests.factories import people
from tests.seeded import ENVIRON

STATES = {"valid", "suspended", "revoked", "expired", "superseded", "legacy"}


@pytest.fixture
def run(clone_database, seeded, tmp_path):
    """Run a command of `lms demo` on a copy of the demonstration, or on `url`."""

    def invoke(*arguments, url=None, **environ):
        given = {
            **ENVIRON,
            "LMS_DATA_DIR": str(tmp_path),
            "LMS_DATABASE_URL": url or clone_database(seeded.url),
            **environ,
        }
        return CliRunner().invoke(demo, list(arguments), env=given, catch_exceptions=False)

    return invoke


def test_a_second_load_keeps_what_is_there(run, clone_database, seeded, make_app):
    url = clone_database(seeded.url)
    tables = (Person, Enrolment, PracticumEntry, Dossier, Certificate)

    def counts():
        with make_app(url).app_context():
            found = [db.session.scalar(select(func.count()).select_from(t)) for t in tables]
            db.session.remove()
            db.engine.dispose()
        return found

    before = counts()
    done = run("load", url=url)
    assert done.exit_code == 0
    assert "there already" in done.output
    assert counts() == before


def test_without_the_switch_nothing_is_loaded(run):
    done = run("load", LMS_DEMO="0", LMS_SECRET_KEY="x" * 40)
    assert done.exit_code == 1
    assert "LMS_DEMO=1" in done.output


def test_show_tells_how_to_sign_in(run):
    done = run("show")
    assert done.exit_code == 0
    assert all(persona.email in done.output for persona in PERSONAS)
    assert "coaching-demo" in done.output


def test_show_before_loading_says_what_to_do(run, clone_database):
    done = run("show", url=clone_database())
    assert done.exit_code == 1
    assert "lms demo load" in done.output


def test_show_as_json_is_the_contract(run):
    found = json.loads(run("show", "--json").output)
    keys = {"base_url", "password", "people", "certificates", "cohorts", "initiatives", "dossiers"}
    assert keys <= set(found)
    assert found["base_url"] == ENVIRON["LMS_BASE_URL"]
    assert found["password"] == "coaching-demo"
    assert found["people"] == {key: f"{key}@{DOMAIN}" for key in BY_KEY}
    assert set(found["certificates"]) >= STATES
    assert all(set(one) == {"token", "code", "name"} for one in found["certificates"].values())
    assert set(found["cohorts"]) == {"MA", "SN", "BE"}
    assert {"submitted", "admissible", "assessing", "jury", "certified"} <= set(found["dossiers"])


def test_everything_shown_by_key_opens(as_persona, seeded_app, seeded_session):
    found = show(seeded_session, seeded_app.config["SETTINGS"])
    public = as_persona("anonymous")
    for state, one in found["certificates"].items():
        page = public.get(f"/verify/{one['token']}")
        assert page.status_code == 200, state
        assert one["name"] in page.text
    for country, cohort in found["cohorts"].items():
        path = f"/cohorts/{cohort}"
        assert as_persona(f"admin.{country.lower()}").get(path).status_code == 200, path
    for state, dossier in found["dossiers"].items():
        path = f"/assessment/dossiers/{dossier}"
        assert as_persona("programme").get(path).status_code == 200, state


# --- never beside real people ---


def test_a_real_installation_refuses(session):
    session.add(Installation(id=1, demo=False, created_at=clock.now()))
    session.flush()
    with pytest.raises(Refusal, match="installation_is_real"):
        everything.is_loaded(session)


def test_people_nobody_knows_about_are_real(session):
    people.person(session)
    with pytest.raises(Refusal, match="installation_is_real"):
        everything.is_loaded(session)


def test_an_empty_installation_can_be_loaded(session):
    assert everything.is_loaded(session) is False


@pytest.mark.parametrize("arguments", [("load",), ("--no-serve",), ("load", "--people", "5")])
def test_the_command_refuses_beside_real_people(run, clone_database, make_app, arguments):
    url = clone_database()
    app = make_app(url)
    with app.app_context():
        with write(db.session) as session:
            people.person(session)
        db.session.remove()
        done = run(*arguments, url=url)
        assert done.exit_code == 1
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
        db.session.remove()
        db.engine.dispose()


# --- what is in it ---


def test_everybody_is_fictional(seeded_session):
    addresses = seeded_session.scalars(select(Person.email).where(Person.email.is_not(None)))
    own = [one for one in addresses if not one.endswith(f"@{DOMAIN}")]
    assert not [one for one in own if not one.endswith((".example", ".test", ".invalid"))]


def test_entries_in_every_state_that_the_demonstration_tells(seeded_session):
    found = set(seeded_session.scalars(select(PracticumEntry.state).distinct()))
    told = {"draft", "submitted", "needs_info", "approved", "rejected", "locked"}
    assert {EntryState(state) for state in told} <= found


def test_a_reload_after_a_mishap_is_not_a_real_installation(seeded_session):
    seeded_session.execute(update(Installation).values(demo=True))
    assert everything.is_loaded(seeded_session) is True


def test_many_more_people(seeded_session):
    cohort = seeded_session.scalars(
        select(Cohort).where(Cohort.country_code == "MA").order_by(Cohort.id)
    ).first()
    size = select(func.count()).select_from(Enrolment).where(Enrolment.cohort_id == cohort.id)
    before = seeded_session.scalar(size)
    assert bulk.load(seeded_session, 520, clock.now()) == 520
    assert seeded_session.scalar(size) == before + 520


def test_many_more_people_need_a_demonstration(session):
    with pytest.raises(LookupError):
        bulk.load(session, 1, clock.now())


def test_names_are_told_apart_and_in_both_scripts():
    many = [numbered("MA", number) for number in range(2000)]
    assert len({(one.family, one.given) for one in many}) == len(many)
    assert all(re.search("[\u0600-\u06ff]", one.family_ar) for one in many)
    assert all(len({n.family for n in names(c)}) == len(names(c)) for c in ("MA", "SN", "BE"))
