"""Words of training days."""

from flask_babel import lazy_gettext

from lms.cohorts.training.rules import Attended, Noting, Rhythm, TrainingEvent, TrainingState, Worth
from lms.core.labels import register, register_refusals

register(
    {
        TrainingState.PLANNED: lazy_gettext("Planned"),
        TrainingState.HELD: lazy_gettext("Held"),
        TrainingState.CANCELLED: lazy_gettext("Cancelled"),
    },
    {
        TrainingState.PLANNED: "soft",
        TrainingState.HELD: "ok",
        TrainingState.CANCELLED: "bad",
    },
)
register(
    {
        TrainingEvent.HOLD: lazy_gettext("Close the list"),
        TrainingEvent.REOPEN: lazy_gettext("Open the list again"),
        TrainingEvent.CANCEL: lazy_gettext("Cancel the training"),
    }
)
register(
    {
        Attended.EXPECTED: lazy_gettext("Not noted yet"),
        Attended.PRESENT: lazy_gettext("Was present"),
        Attended.LATE: lazy_gettext("Came late"),
        Attended.LEFT_EARLY: lazy_gettext("Left early"),
        Attended.ABSENT: lazy_gettext("Absent"),
        Attended.EXCUSED: lazy_gettext("Excused"),
    },
    {
        Attended.PRESENT: "ok",
        Attended.LATE: "warn",
        Attended.LEFT_EARLY: "warn",
        Attended.ABSENT: "bad",
        Attended.EXCUSED: "soft",
    },
)
register(
    {
        Noting.LIST: lazy_gettext("By the list"),
        Noting.CODE: lazy_gettext("By the code"),
    }
)
register(
    {
        Worth.WHOLE: lazy_gettext("A whole day"),
        Worth.HALF: lazy_gettext("Half a day"),
        Worth.NONE: lazy_gettext("Does not count"),
    }
)
register(
    {
        Rhythm.DAILY: lazy_gettext("Each day"),
        Rhythm.WEEKLY: lazy_gettext("Each week"),
    }
)
register_refusals(
    {
        "training_ends_before": lazy_gettext("It ends before it begins: check the hours."),
        "training_without_trainer": lazy_gettext("Choose at least one trainer."),
        "training_length": lazy_gettext("Training lasts from 30 minutes to %(most)s hours."),
        "training_trainer_gone": lazy_gettext(
            "A trainer you chose is no longer on the cohort’s team. Choose again."
        ),
        "training_of_another": lazy_gettext("This training belongs to another cohort."),
        "training_in_future": lazy_gettext(
            "This training is still to come: close its list once it has begun."
        ),
        "training_list_incomplete": lazy_gettext(
            "Say for each person whether they came; still to be noted: %(number)s."
        ),
        "training_excuse_missing": lazy_gettext("Say why somebody was excused."),
        "training_nobody_there": lazy_gettext(
            "Nobody came: cancel the training instead, and say so."
        ),
        "training_list_closed": lazy_gettext("This list is closed, or the training is cancelled."),
        "training_list_open": lazy_gettext("This list is still open: tick it there."),
        "training_locked": lazy_gettext(
            "A trainee’s dossier has been handed in with this day: it cannot be changed."
        ),
        "training_code_not_now": lazy_gettext(
            "A code can be shown from an hour before the training until an hour after it."
        ),
        "training_code_unknown": lazy_gettext(
            "No screen shows this code now. It changes each minute: type the one you see."
        ),
        "training_not_enrolled": lazy_gettext(
            "You are not enrolled in the cohort of this training. Tell the trainer: they can "
            "have you enrolled, or note you on paper."
        ),
        "training_noted_already": lazy_gettext(
            "The trainer has noted something else of you already: speak to them."
        ),
        "training_material_either": lazy_gettext("Give a file or an address, one of them."),
        "training_sheet_elsewhere": lazy_gettext(
            "The code on this sheet belongs to training that you do not run."
        ),
        "training_sheet_unread": lazy_gettext(
            "The code cannot be read on this photo. Open the training and hand it in there."
        ),
    }
)
