"""Words for what core records."""

from flask_babel import lazy_gettext

from lms.core.jobs import JobState
from lms.core.labels import register

register(
    {
        JobState.QUEUED: lazy_gettext("waiting"),
        JobState.RUNNING: lazy_gettext("running"),
        JobState.DONE: lazy_gettext("done"),
        JobState.FAILED: lazy_gettext("failed"),
    },
    {
        JobState.QUEUED: "soft",
        JobState.RUNNING: "soft",
        JobState.DONE: "ok",
        JobState.FAILED: "bad",
    },
)
