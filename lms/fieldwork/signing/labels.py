"""Words of confirming, of sheets, agreements and feedback."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.fieldwork.feedback.rules import Degree, Question

register(
    {
        Question.PREPARED: lazy_gettext("The sessions were well prepared."),
        Question.LISTENED: lazy_gettext("Everybody concerned was listened to."),
        Question.NEUTRAL: lazy_gettext("The trainee stayed neutral between the parties."),
        Question.CLEAR: lazy_gettext("Objectives and next steps were clear."),
        Question.USEFUL: lazy_gettext("The work was useful to us."),
        Question.AGAIN: lazy_gettext("We would gladly work with this person again."),
    }
)
register(
    {
        Degree.NOT_AT_ALL: lazy_gettext("Not at all"),
        Degree.A_LITTLE: lazy_gettext("A little"),
        Degree.PARTLY: lazy_gettext("Partly"),
        Degree.LARGELY: lazy_gettext("Largely"),
        Degree.FULLY: lazy_gettext("Fully"),
    }
)
register_refusals(
    {
        "confirm_closed": lazy_gettext("A host can no longer confirm this entry: it is closed."),
        "confirm_incomplete": lazy_gettext(
            "Note first where it was, what you did, how long, and how many people were there."
        ),
        "confirm_own": lazy_gettext(
            "You are signed in here, and this link is for the host. Open it on the host’s phone."
        ),
        "link_cancelled": lazy_gettext("This link was cancelled."),
        "agreement_closed": lazy_gettext("This placement is over: there is nothing left to sign."),
        "agreement_without_supervisor": lazy_gettext(
            "The agreement can be signed once a supervisor is named."
        ),
        "agreement_interests_first": lazy_gettext(
            "The trainee first declares what ties them to the host, or that nothing does."
        ),
        "feedback_incomplete": lazy_gettext("Answer every question."),
        "sheet_empty": lazy_gettext("There is nothing in this week that a host could sign."),
        "sheet_unread": lazy_gettext(
            "We found no readable code, and no sheet that is still expected back."
        ),
        "sheet_of_another": lazy_gettext("This sheet belongs to somebody else. Nothing was filed."),
        "sheet_filed_before": lazy_gettext(
            "Another scan of this sheet was filed before. Print the week again if something is "
            "missing."
        ),
    }
)
