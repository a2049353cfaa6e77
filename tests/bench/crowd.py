"""A class of people who are signed in already: sign-in is a row of its own."""

from sqlalchemy import select

from lms.app import create_app
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import db, write
from lms.core.settings import Settings
from lms.curriculum.service import release
from lms.demo.load import large
from lms.people.sessions import service as sessions

NUMBER = 300


def seats(environ: dict[str, str]) -> list[tuple[str, str, str]]:
    """Name and value of each one's cookie, and the address of their first quiz."""
    app = create_app(Settings.from_env(environ))
    sign = app.session_interface.get_signing_serializer(app).dumps  # type: ignore[attr-defined]
    name = app.config["SESSION_COOKIE_NAME"]
    with app.app_context():
        with write(db.session) as session:
            cohort = session.scalars(select(Cohort).where(Cohort.name == large.NAME)).one()
            first = release(session, cohort.release_id).programmes[cohort.programme].written[0]
            enrolled = select(Enrolment).where(Enrolment.cohort_id == cohort.id).limit(NUMBER)
            found = [
                (
                    name,
                    sign({"_user_id": sessions.open_session(session, one.person, clock.now())}),
                    f"/learn/{one.id}/{first}/quiz",
                )
                for one in session.scalars(enrolled.order_by(Enrolment.id))
            ]
        db.session.remove()
        db.engine.dispose()
    return found
