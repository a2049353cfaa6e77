"""Words of what a team does together: states, acts, refusals."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.learning.activities.rules import Circle, RoundEvent, RoundState, Side

register(
    {
        RoundState.COLLECTING: lazy_gettext("Open: everybody writes"),
        RoundState.TALLIED: lazy_gettext("Counted: to be put into words"),
        RoundState.PROPOSED: lazy_gettext("Proposed: everybody agrees"),
        RoundState.SETTLED: lazy_gettext("Final"),
    },
    {
        RoundState.COLLECTING: "soft",
        RoundState.TALLIED: "soft",
        RoundState.PROPOSED: "soft",
        RoundState.SETTLED: "ok",
    },
)
register(
    {
        RoundEvent.CLOSE: lazy_gettext("Close and count"),
        RoundEvent.PROPOSE: lazy_gettext("Propose the text"),
        RoundEvent.SETTLE: lazy_gettext("Make it final"),
        RoundEvent.REOPEN: lazy_gettext("Take up again"),
    }
)
register(
    {
        Side.ADDED: lazy_gettext("What we add"),
        Side.PRODUCED: lazy_gettext("What we produce"),
    }
)
register(
    {
        Circle.TEAM: lazy_gettext("For the team"),
        Circle.TERRITORY: lazy_gettext("For the territory"),
        Circle.OTHERS: lazy_gettext("For other teams"),
    }
)
register_refusals(
    {
        "activity_closed": lazy_gettext("This is closed now: nothing more is taken."),
        "activity_for_trainees": lazy_gettext("Only trainees of this cohort take part here."),
        "values_five": lazy_gettext("Write %(number)s values, one a line."),
        "values_twice": lazy_gettext("Two of these are the same value: write five different ones."),
        "values_too_few_lists": lazy_gettext(
            "Fewer than %(number)s lists: the count would show who wrote what. Wait for more."
        ),
        "values_merge": lazy_gettext("Choose two different values of the list."),
        "charter_empty": lazy_gettext("Write the text of the charter."),
        "charter_not_everybody": lazy_gettext(
            "Not everybody has agreed yet (%(number)s missing). Wait for them, or give the reason "
            "why it is final all the same."
        ),
        "contribution_full": lazy_gettext("%(number)s lines each at most: remove one first."),
        "contribution_empty": lazy_gettext("Nothing has been written yet."),
    }
)
