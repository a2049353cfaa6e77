"""Words of entries: what stands in the way of them."""

from flask_babel import lazy_gettext

from lms.core.labels import register_refusals

register_refusals(
    {
        "entry_too_late": lazy_gettext(
            "This reached us more than %(days)s days after the day it was held, so it can no longer"
            " be handed in. Ask your administrator whether it can be attested."
        ),
        "template_without_name": lazy_gettext("Give the template a name."),
        "template_too_many": lazy_gettext("%(limit)s templates at most: delete one first."),
        "coachee_length": lazy_gettext("Give a short pseudonym: %(limit)s characters at most."),
        "coachee_email": lazy_gettext(
            "This looks like an e-mail address. Choose a neutral pseudonym, such as P-01."
        ),
        "coachee_phone": lazy_gettext(
            "This looks like a telephone number. Choose a neutral pseudonym, such as P-01."
        ),
        "coachee_name": lazy_gettext(
            "This looks like a real name. Choose a neutral pseudonym, such as P-01."
        ),
        "coachee_unknown": lazy_gettext("This pseudonym is not in your list. Choose again."),
        "coachee_too_many": lazy_gettext("%(limit)s pseudonyms at most."),
    }
)
