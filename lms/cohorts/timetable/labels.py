"""What clocks, and the dates of a cohort, say when they say no."""

from flask_babel import lazy_gettext

from lms.core.labels import register_refusals

register_refusals(
    {
        "no_such_time": lazy_gettext(
            "Clocks go forward on that day: %(time)s does not exist on %(day)s."
        ),
        "meeting_too_many_dates": lazy_gettext("Plan from 1 to %(limit)s dates at once."),
        "meeting_without_place": lazy_gettext("Say where: a place, or a link."),
        "meeting_outside_cohort": lazy_gettext("A date lies outside the cohort’s dates."),
        "meeting_too_late": lazy_gettext(
            "This was more than %(days)s days ago: it cannot be entered any more."
        ),
        "meeting_cohort_closed": lazy_gettext(
            "Nothing can be planned: the cohort’s state is “%(state)s”."
        ),
    }
)
