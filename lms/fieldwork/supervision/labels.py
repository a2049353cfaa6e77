"""What the rules of supervision say when they say no."""

from flask_babel import lazy_gettext

from lms.core.labels import register_refusals
from lms.fieldwork.supervision.evaluation import labels as evaluation

__all__ = ["evaluation"]

register_refusals(
    {
        "supervision_one_trainee": lazy_gettext(
            "An individual session is with exactly one trainee."
        ),
        "supervision_two_trainees": lazy_gettext("A group has two trainees at least."),
        "supervision_too_many_trainees": lazy_gettext("A group has %(limit)s trainees at most."),
        "supervision_minutes": lazy_gettext("Give from %(least)s to %(most)s minutes."),
        "supervision_in_future": lazy_gettext(
            "This session is still to come: write it down once it has taken place."
        ),
        "supervision_not_over": lazy_gettext("By these minutes the session is not over yet."),
        "supervision_presence_missing": lazy_gettext("Say of each trainee whether they came."),
        "supervision_excuse_missing": lazy_gettext("Say why somebody was excused."),
        "supervision_nobody_there": lazy_gettext(
            "Nobody came: cancel the session instead, and say so."
        ),
        "supervision_too_many_actions": lazy_gettext(
            "Agree on %(limit)s things at most: fewer get done."
        ),
        "supervision_action_of_another": lazy_gettext(
            "This trainee does not belong to the session."
        ),
        "supervision_of_another": lazy_gettext("Another supervisor planned this session."),
        "supervision_not_enrolled": lazy_gettext(
            "A trainee you chose is no longer enrolled in this cohort. Choose again."
        ),
        "supervision_locked": lazy_gettext(
            "A trainee’s dossier has been handed in with this session: it cannot be corrected."
        ),
    }
)
