"""A large cohort that has just begun: enough people for question statistics to tell something."""

from lms.cohorts.models import Cohort
from lms.demo.load.people import address
from lms.demo.load.stage import Stage
from lms.demo.names import names, numbered

NUMBER = 36
COUNTRY = "MA"


def load(stage: Stage) -> Cohort:
    """Coaches of Fès with the first modules behind them, taught by the trainer of Oujda."""
    cohort = stage.cohort(COUNTRY, "coach", "Coachs, Fès 2026", -45, 320, "open start")
    supervisor = stage.hiring.person(COUNTRY, numbered(COUNTRY, 17), address(COUNTRY, 299))
    stage.team(cohort, stage.cast["trainer"], supervisor)
    for turn, number in enumerate(_numbers()):
        name, email = numbered(COUNTRY, number), address(COUNTRY, 300 + turn)
        enrolment = stage.enrol(cohort, stage.hiring.person(COUNTRY, name, email))
        stage.learn(enrolment, modules=1 + (turn % 3 > 0), days=10 + turn % 9)
    return cohort


def _numbers() -> list[int]:
    """Numbers of people with two family names that differ."""
    size = len(names(COUNTRY))
    return [n for n in range(18, 18 + 2 * NUMBER) if n % size != n // size % size][:NUMBER]
