"""Words for roles, scopes, standings, and for what people's rules refuse."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.people.rules import Standing, TokenKind
from lms.policy.actor import Role, Scope

register(
    {
        Role.TRAINEE: lazy_gettext("Trainee"),
        Role.TRAINER: lazy_gettext("Trainer"),
        Role.SUPERVISOR: lazy_gettext("Supervisor"),
        Role.ASSESSOR: lazy_gettext("Assessor"),
        Role.JUROR: lazy_gettext("Jury member"),
        Role.COUNTRY_ADMIN: lazy_gettext("Country administrator"),
        Role.PROGRAMME_ADMIN: lazy_gettext("Programme administrator"),
        Role.PARTNER: lazy_gettext("Partner verifier"),
        Role.AUDITOR: lazy_gettext("Auditor"),
    }
)
register(
    {
        Scope.ALL: lazy_gettext("all countries"),
        Scope.COUNTRY: lazy_gettext("one country"),
        Scope.COHORT: lazy_gettext("one cohort"),
        Scope.PARTNER: lazy_gettext("one partner body"),
        Scope.PERSON: lazy_gettext("in the place of somebody who is away"),
    }
)
register(
    {
        Standing.INVITED: lazy_gettext("invited"),
        Standing.ACTIVE: lazy_gettext("active"),
        Standing.LEFT: lazy_gettext("has left"),
    },
    {Standing.INVITED: "soft", Standing.ACTIVE: "ok", Standing.LEFT: "plain"},
)
register(
    {
        TokenKind.INVITATION: lazy_gettext("invitation"),
        TokenKind.RESET: lazy_gettext("reset link"),
        TokenKind.CODE: lazy_gettext("one-time code"),
    }
)

register_refusals(
    {
        "sign_in_failed": lazy_gettext(
            "This does not match an account. Check what you typed, then try again."
        ),
        "code_failed": lazy_gettext(
            "This code does not fit, or it has expired. Check both, or ask for a new code."
        ),
        "password_wrong": lazy_gettext("This is not your present password."),
        "password_short": lazy_gettext(
            "Choose at least 10 characters. A few words with spaces are easy to remember."
        ),
        "password_long": lazy_gettext("Choose 256 characters at most."),
        "password_common": lazy_gettext(
            "This password is among the first that others would try. Choose another one."
        ),
        "password_personal": lazy_gettext(
            "This is little more than your name or address. Choose something else."
        ),
        "name_needed": lazy_gettext(
            "Write the family name. Whoever has a single name writes it here."
        ),
        "name_ar_needed": lazy_gettext(
            "Write this name in Arabic script, as on the identity document."
        ),
        "name_not_latin": lazy_gettext("Use Latin letters here (a, b, c …)."),
        "name_not_arabic": lazy_gettext("Use Arabic letters here (ا، ب، ت …)."),
        "contact_needed": lazy_gettext(
            "Give at least one: e-mail address, phone number or chosen name."
        ),
        "contact_taken": lazy_gettext(
            "This address, number or name cannot be used: perhaps the person is here already. Look "
            "in the list, or ask the programme's administration."
        ),
        "phone_unfit": lazy_gettext(
            "Write a phone number such as 06 12 34 56 78 or +212 612 345 678."
        ),
        "login_name_unfit": lazy_gettext(
            "Choose 3 to 40 letters, digits, dots or hyphens, with at least one letter."
        ),
        "not_your_country": lazy_gettext("You do not administer this country."),
        "role_not_yours": lazy_gettext("You cannot give or end this role here."),
        "person_left": lazy_gettext("This person has left. Say first that they are back."),
        "already_in": lazy_gettext(
            "This person has come in already: a one-time code lets them choose a new password."
        ),
        "link_unknown": lazy_gettext("This link is not known. Check that you opened all of it."),
        "link_used": lazy_gettext("This link has been used."),
        "link_expired": lazy_gettext("This link has expired."),
    }
)
