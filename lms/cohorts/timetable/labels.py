"""What clocks say when they say no."""

from flask_babel import lazy_gettext

from lms.core.labels import register_refusals

register_refusals(
    {
        "no_such_time": lazy_gettext(
            "Clocks go forward on that day: %(time)s does not exist on %(day)s."
        ),
    }
)
