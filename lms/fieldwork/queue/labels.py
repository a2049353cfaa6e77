"""Words of the queue's refusals."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.fieldwork.queue.timeline import Happening

register(
    {
        Happening.ENTRY: lazy_gettext("Practice entries"),
        Happening.OBSERVATION: lazy_gettext("Observations"),
        Happening.SUPERVISION: lazy_gettext("Supervision"),
        Happening.FEEDBACK: lazy_gettext("Hosts’ feedback"),
        Happening.ATTESTATION: lazy_gettext("Attestations"),
    }
)

register_refusals(
    {
        "entry_claimed": lazy_gettext(
            "%(name)s is looking at this entry right now. Wait a little, or take it over."
        ),
        "undo_too_late": lazy_gettext(
            "It is too late to undo this: the trainees have been told. You may still take an "
            "approval back on the entry’s page."
        ),
        "comments_too_many": lazy_gettext(
            "You keep %(limit)s comments already: delete one that you no longer need."
        ),
        "absence_dates_reversed": lazy_gettext("The end comes before the start."),
        "absence_over": lazy_gettext("These days have gone by: give days that are still to come."),
        "absence_too_long": lazy_gettext(
            "More than a year: have another supervisor named for the placements instead."
        ),
        "absence_not_yours": lazy_gettext("You cannot note an absence of this person."),
        "absence_overlaps": lazy_gettext(
            "An absence is noted for some of these days already: end that one first."
        ),
        "absence_without_team": lazy_gettext("%(name)s supervises in no cohort under way."),
        "stand_in_oneself": lazy_gettext("Somebody else must stand in."),
        "stand_in_away": lazy_gettext("Whoever you chose is away on some of these days."),
        "stands_in_then": lazy_gettext(
            "On some of these days this person stands in for somebody else: find another stand-in "
            "there first."
        ),
        "stand_in_not_of_team": lazy_gettext(
            "%(name)s does not supervise in %(cohort)s: only somebody of the same teams stands in."
        ),
        "stand_in_is_trainee": lazy_gettext(
            "%(name)s is a trainee of the person who is away, and cannot decide in their place."
        ),
    }
)
