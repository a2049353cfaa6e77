"""An exercise on a phone: handed in with a file, returned, reworked, accepted; a team's values."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import delete, select

from lms.cohorts.models import Enrolment
from lms.core.db import db
from lms.core.mail import MailMessage
from lms.demo.personas import BY_KEY
from lms.learning.activities import service as activities
from lms.learning.activities.values import counted
from lms.learning.exercises import service
from lms.learning.exercises.rules import WorkState
from lms.learning.models import ExerciseFile, ExerciseVersion, ExerciseWork
from lms.learning.service import completed_modules
from lms.people.models import Person

pytestmark = pytest.mark.slow

FIRST = "Objectif : vingt jeunes. الهدف: عشرون شابا"
SECOND = "Objectif : vingt jeunes avant juin. الهدف: عشرون شابا قبل يونيو"
ASKED = "Avant quand ? متى؟"


def salma_of(site):
    """Her enrolment and cohort; as if she had not handed in the exercise of the method."""
    with site.app.app_context():
        query = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
        one = db.session.scalars(query.where(Person.email == BY_KEY["trainee"].email)).one()
        work = service.work_of(db.session, one.id, "c6-x1")
        for model in (ExerciseFile, ExerciseVersion):
            db.session.execute(delete(model).where(model.work_id == work.id))
        db.session.execute(delete(ExerciseWork).where(ExerciseWork.id == work.id))
        keys = one.id, one.cohort_id
        db.session.commit()
        return keys


def work_of(site, enrolment):
    with site.app.app_context():
        return service.work_of(db.session, enrolment, "c6-x1")


def completed(site, enrolment):
    with site.app.app_context():
        return "c6-method" in completed_modules(db.session, [enrolment])[enrolment]


def told(site):
    with site.app.app_context():
        query = select(MailMessage).where(MailMessage.template == "exercise_marked")
        return db.session.scalars(query.order_by(MailMessage.id.desc())).first()


def picture():
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return {"name": "plan.png", "mimeType": "image/png", "buffer": out.getvalue()}


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_exercise_and_values(travel, demo_site, way):
    somebody = travel(way)
    salma, cohort = salma_of(demo_site)
    assert not completed(demo_site, salma)

    # the trainee finds what her module still takes, and hands it in with a picture
    place = f"/learn/{salma}/c6-method"
    page = f"{place}/exercises/c6-x1"
    somebody.become("trainee").open(place)
    somebody.press(f'main a.button[href="{page}"]')
    somebody.fill({"text": FIRST})
    somebody.page.locator('[name="files"]').set_input_files(picture())
    somebody.press('button[value="hand_in"]')
    work = f"/learn/work/{work_of(demo_site, salma).id}"

    # the trainer finds it in the queue, looks at it, and asks for more
    somebody.become("trainer").open("/learn/exercises")
    somebody.press(f'a[href="{work}"]')
    somebody.says(FIRST)
    somebody.press(f'form[action="{work}/look"] button')
    somebody.fill({"levels-diagnosis": "1", "comments-diagnosis": ASKED, "feedback": ASKED})
    somebody.press('button[value="return"]')
    assert told(demo_site).language == somebody.language

    # she finds it at home, and hands in another version
    somebody.become("trainee").open("/home")
    somebody.press(f'main a[href="{work}"]')
    somebody.says(ASKED)
    somebody.fill({"text": SECOND})
    somebody.press('button[value="hand_in"]')

    # what changed is shown; it is accepted, and the module is complete
    somebody.become("trainer").open(work)
    somebody.says(SECOND)
    assert somebody.page.locator("ins").count() >= 1
    somebody.press(f'form[action="{work}/look"] button')
    somebody.fill({"levels-diagnosis": "3", "levels-strategic-planning": "2"})
    somebody.press('button[value="accept"]')
    assert work_of(demo_site, salma).state is WorkState.ACCEPTED
    assert completed(demo_site, salma)
    somebody.become("trainee").open(page)
    assert somebody.page.locator("main .notice.ok").count() == 1

    # the team's values: her list stays hers, the tally is everybody's
    values = f"/cohorts/{cohort}/activities/c10-x2"
    somebody.open(f"/cohorts/{cohort}/activities")
    somebody.press(f'main a[href="{values}"]')
    mine = ["Constance", "الإنصات", "Équité", "Patience", "Humilité"]
    somebody.fill({f"value_{number}": word for number, word in enumerate(mine, start=1)})
    somebody.press(f'form[action="{values}/values"] button')
    somebody.become("trainer").open(values)
    assert "Constance" not in somebody.page.content()
    somebody.press(f'form[action="{values}/lead"] button')
    somebody.says("Constance")
    with demo_site.app.app_context():
        one = activities.round_of(db.session, cohort, "c10-x2")
        assert {row.key: row.number for row in counted(one)}["equite"] == 4
