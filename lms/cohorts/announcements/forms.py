"""The form of an announcement."""

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from wtforms.validators import Optional

from lms.cohorts.announcements.rules import AnnouncementState
from lms.cohorts.announcements.service import Words
from lms.cohorts.fields import DayField, HourField, required
from lms.cohorts.models import Announcement
from lms.core.forms import LineField, LongTextField, NewRecordForm, VersionedForm


class AnnouncementForm(NewRecordForm, VersionedForm):
    """What is told, and when it appears; no date means now."""

    beside: ClassVar = {
        "announcement_half_time": "at",
        "announcement_past": "day",
        "announcement_far": "day",
    }

    title = LineField(
        lazy_gettext("Title"), [required(lazy_gettext("Give it a title."))], limit=120
    )
    text = LongTextField(
        lazy_gettext("Text"), [required(lazy_gettext("Write the text."))], limit=5000
    )
    day = DayField(lazy_gettext("Day"), [Optional()])
    at = HourField(lazy_gettext("Hour"), [Optional()])

    @property
    def words(self) -> Words:
        """What was typed, as the service takes it."""
        return Words(self.title.data or "", self.text.data or "")


def filled(announcement: Announcement) -> AnnouncementForm:
    """The form on an announcement as it is."""
    local: datetime | None = None
    if announcement.state is AnnouncementState.PLANNED:
        local = announcement.publish_at.astimezone(ZoneInfo(announcement.cohort.time_zone))
    return AnnouncementForm(
        data={
            "title": announcement.title,
            "text": announcement.text,
            "day": local.date() if local else None,
            "at": local.time() if local else None,
            "version": str(announcement.version),
        }
    )
