"""Days and hours on the clocks of a cohort, as pages write them."""

from datetime import date
from zoneinfo import ZoneInfo

from lms.cohorts.models import Meeting
from lms.core.i18n import current_language, in_words, of_dates


def weekday(day: date) -> str:
    """A day with its weekday: Friday 27 November."""
    return in_words(day, "EEEE d MMMM", of_dates(current_language()))


def local_day(meeting: Meeting) -> date:
    """The day on which it begins, where the cohort is."""
    return meeting.starts_at.astimezone(ZoneInfo(meeting.cohort.time_zone)).date()


def hours(meeting: Meeting) -> str:
    """From when to when, on the clocks of the cohort."""
    zone = ZoneInfo(meeting.cohort.time_zone)
    start, end = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    return f"\u2066{start:%H:%M}–{end:%H:%M}\u2069"  # from left to right in Arabic too
