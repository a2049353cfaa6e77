"""Words of entries: what stands in the way of them."""

from flask_babel import lazy_gettext

from lms.core.labels import register_refusals

register_refusals(
    {
        "entry_too_late": lazy_gettext(
            "This reached us more than %(days)s days after the day it was held, so it can no longer"
            " be handed in. Ask your administrator whether it can be attested."
        ),
    }
)
