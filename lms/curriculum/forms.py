"""The form of the attendance slip: nothing of it is kept."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import DateField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from lms.core import clock
from lms.core.forms import Form, LineField


class SlipForm(Form):
    """Who was where, when; made by whoever runs the day, for whoever was there."""

    name = LineField(lazy_gettext("Full name"), [DataRequired()], limit=120)
    arabic_name = LineField(lazy_gettext("Full name in Arabic script"), limit=120)
    event = LineField(lazy_gettext("Event"), [DataRequired()], limit=160)
    place = LineField(lazy_gettext("Place"), [DataRequired()], limit=120)
    held_on = DateField(lazy_gettext("Date"), [InputRequired()])

    def validate_held_on(self, field: DateField) -> None:
        """Nobody was anywhere tomorrow; east of Greenwich a day begins before it does in UTC."""
        if field.data and field.data > clock.now().date() + timedelta(days=1):
            raise ValidationError(_("This date is still to come: choose today or a past day."))
