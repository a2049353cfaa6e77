"""Cohorts (promotions), enrolments, rosters."""
