"""Words of the network."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.network.rules import FigureSubject, Standing

register(
    {
        FigureSubject.COACHES: lazy_gettext("Territorial coaches"),
        FigureSubject.FACILITATORS: lazy_gettext("Facilitators"),
        FigureSubject.INITIATIVES: lazy_gettext("Initiatives"),
        FigureSubject.PROJECTS: lazy_gettext("Projects"),
    }
)
register(
    {
        Standing.COMING: lazy_gettext("to come"),
        Standing.ACTIVE: lazy_gettext("in force"),
        Standing.ENDED: lazy_gettext("ended"),
    },
    {Standing.COMING: "soft", Standing.ACTIVE: "ok", Standing.ENDED: "plain"},
)

register_refusals(
    {
        "country_known": lazy_gettext("This country is in the network already."),
        "date_unlikely": lazy_gettext("Check the year of this date."),
        "ends_before_it_begins": lazy_gettext("The end lies before the beginning."),
        "url_unfit": lazy_gettext("Write an address such as https://www.example.org."),
        "email_unfit": lazy_gettext("Write an e-mail address such as salma@example.org."),
    }
)
