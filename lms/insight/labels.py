"""Words for what core records, and for what a case asks of people."""

from flask_babel import lazy_gettext

from lms.core.jobs import JobState
from lms.core.labels import register
from lms.insight.roster import Show, Sort
from lms.insight.rules import Task

register(
    {
        JobState.QUEUED: lazy_gettext("waiting"),
        JobState.RUNNING: lazy_gettext("running"),
        JobState.DONE: lazy_gettext("done"),
        JobState.FAILED: lazy_gettext("failed"),
        Task.DECLARE: lazy_gettext("Declare whether you have a conflict of interest"),
        Task.SCORE: lazy_gettext("Score the case on the rubric"),
        Task.SIGN: lazy_gettext("Sign the outcome"),
        Task.DELIBERATE: lazy_gettext("Write down the deliberation"),
        Task.ADMIT: lazy_gettext("Decide whether it is admissible"),
        Task.ASSIGN: lazy_gettext("Name who judges this case"),
        Task.RELEASE: lazy_gettext("Release the decision"),
    },
    {
        JobState.QUEUED: "soft",
        JobState.RUNNING: "soft",
        JobState.DONE: "ok",
        JobState.FAILED: "bad",
    },
)
register(
    {
        Show.ALL: lazy_gettext("Everybody"),
        Show.AT_RISK: lazy_gettext("All at risk"),
        Show.OVERDUE: lazy_gettext("Cohort over, not complete"),
        Show.STANDSTILL: lazy_gettext("Practice stands still"),
        Show.PACE: lazy_gettext("Too slow for the end of the cohort"),
        Show.SUPERVISION: lazy_gettext("Short of supervision"),
        Show.COMPLETE: lazy_gettext("Complete"),
        Sort.RISK: lazy_gettext("At risk first"),
        Sort.NAME: lazy_gettext("By name"),
        Sort.LEAST: lazy_gettext("Least done first"),
        Sort.MOST: lazy_gettext("Most done first"),
    }
)
