"""Words of what devices send."""

from flask_babel import lazy_gettext

from lms.core.labels import register_refusals

register_refusals(
    {
        "sync_unreadable": lazy_gettext(
            "This item cannot be read. Keep the file, and ask for help."
        ),
        "sync_too_long": lazy_gettext("This item is too long: %(limit)s KB at most."),
        "sync_time": lazy_gettext("The time that the device gave cannot be read."),
        "sync_field_unknown": lazy_gettext("This field is not known here."),
        "sync_reflection": lazy_gettext(
            "The reflection is confidential: write it online, in the entry’s own form."
        ),
        "sync_text_long": lazy_gettext(
            "This text is too long: %(length)s characters, %(limit)s at most."
        ),
        "sync_choice": lazy_gettext("This choice does not exist any more. Choose again."),
        "sync_day": lazy_gettext("This day does not exist: give day, month and year."),
        "sync_number": lazy_gettext("Give a whole number from 0 to %(most)s."),
        "sync_case": lazy_gettext("You cannot write in this logbook."),
        "sync_of_another": lazy_gettext("This was sent by somebody else."),
        "sync_photo": lazy_gettext("The photo did not arrive whole. Send it again."),
        "sync_settled_before": lazy_gettext("The choice between these versions was made already."),
        "sync_file": lazy_gettext(
            "This is not a file that this application has saved, or it holds too much."
        ),
        "sync_file_of_another": lazy_gettext(
            "This file belongs to somebody else: they hand it in, signed in as themselves."
        ),
    }
)
