"""Cohorts, who is in them, and what they do together."""

from lms.cohorts.models.announcement import (
    Announcement,
    AnnouncementVisit,
    AnnouncementWording,
)
from lms.cohorts.models.calendar import CalendarFeed
from lms.cohorts.models.cohort import Cohort, Enrolment, HasEnrolment, OfEnrolment
from lms.cohorts.models.discussion import (
    CharterAcceptance,
    DiscussionPost,
    DiscussionThread,
    PostReport,
    ThreadMark,
)
from lms.cohorts.models.meeting import Meeting
from lms.cohorts.models.training import (
    Attendance,
    TrainingMaterial,
    TrainingScan,
    TrainingSession,
    TrainingSheet,
    TrainingTrainer,
)

__all__ = [
    "Announcement",
    "AnnouncementVisit",
    "AnnouncementWording",
    "Attendance",
    "CalendarFeed",
    "CharterAcceptance",
    "Cohort",
    "DiscussionPost",
    "DiscussionThread",
    "Enrolment",
    "HasEnrolment",
    "Meeting",
    "OfEnrolment",
    "PostReport",
    "ThreadMark",
    "TrainingMaterial",
    "TrainingScan",
    "TrainingSession",
    "TrainingSheet",
    "TrainingTrainer",
]
