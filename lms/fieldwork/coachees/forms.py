"""The form of a pseudonym."""

from flask_babel import lazy_gettext
from wtforms import BooleanField

from lms.cohorts.fields import ChoiceField, required
from lms.core.forms import LineField, NewRecordForm
from lms.fieldwork.coachees.rules import LONGEST


class CoacheeForm(NewRecordForm):
    """Somebody coached, under a name that names nobody."""

    pseudonym = LineField(
        lazy_gettext("Pseudonym"),
        [required(lazy_gettext("Give a pseudonym, such as P-01."))],
        limit=LONGEST,
    )
    category = ChoiceField(lazy_gettext("Kind of actor"))
    insist = BooleanField(lazy_gettext("It is a pseudonym: nobody is called that"))
