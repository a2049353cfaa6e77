"""Words for what core records, and for what a case asks of people."""

from flask_babel import lazy_gettext

from lms.core.jobs import JobState
from lms.core.labels import register
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
