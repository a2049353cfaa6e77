"""Words of announcements."""

from flask_babel import lazy_gettext

from lms.cohorts.announcements.rules import AnnouncementEvent, AnnouncementState
from lms.core.labels import register, register_refusals

register(
    {
        AnnouncementState.PLANNED: lazy_gettext("Planned"),
        AnnouncementState.PUBLISHED: lazy_gettext("Published"),
        AnnouncementState.WITHDRAWN: lazy_gettext("Withdrawn"),
    },
    {
        AnnouncementState.PLANNED: "soft",
        AnnouncementState.PUBLISHED: "ok",
        AnnouncementState.WITHDRAWN: "warn",
    },
)
register(
    {
        AnnouncementEvent.PUBLISH: lazy_gettext("Publish"),
        AnnouncementEvent.WITHDRAW: lazy_gettext("Withdraw the announcement"),
        AnnouncementEvent.RESTORE: lazy_gettext("Undo the withdrawal"),
        AnnouncementEvent.PLAN: lazy_gettext("Plan again"),
    }
)
register_refusals(
    {
        "announcement_half_time": lazy_gettext(
            "Give both day and hour, or neither: then it appears at once."
        ),
        "announcement_past": lazy_gettext("This hour has gone by: give one that is to come."),
        "announcement_far": lazy_gettext("A year ahead at most: check the date."),
        "announcement_withdrawn": lazy_gettext("This announcement was withdrawn: undo that first."),
    }
)
