"""The form of the attendance slip: nothing of it is kept."""

from flask_babel import lazy_gettext
from wtforms import DateField
from wtforms.validators import DataRequired, InputRequired

from lms.core.forms import Form, LineField


class SlipForm(Form):
    """Who was where, when; made by whoever runs the day, for whoever was there."""

    name = LineField(lazy_gettext("Full name"), [DataRequired()], limit=120)
    arabic_name = LineField(lazy_gettext("Full name in Arabic script"), limit=120)
    event = LineField(lazy_gettext("Event"), [DataRequired()], limit=160)
    place = LineField(lazy_gettext("Place"), [DataRequired()], limit=120)
    held_on = DateField(lazy_gettext("Date"), [InputRequired()])
