"""Cohorts, who is in them, and what they do together."""

from lms.cohorts.models.cohort import Cohort, Enrolment, HasEnrolment, OfEnrolment

__all__ = ["Cohort", "Enrolment", "HasEnrolment", "OfEnrolment"]
