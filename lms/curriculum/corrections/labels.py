"""Words of corrections: kinds, states, refusals."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.curriculum.corrections.rules import (
    CorrectionEvent,
    CorrectionKind,
    CorrectionState,
    Standing,
)

register(
    {
        CorrectionKind.LESSON: lazy_gettext("Lesson"),
        CorrectionKind.QUESTION: lazy_gettext("Question"),
        CorrectionKind.HANDOUT: lazy_gettext("Handout"),
        CorrectionKind.QUESTIONS: lazy_gettext("New questions"),
    }
)
register(
    {
        CorrectionState.DRAFT: lazy_gettext("Draft"),
        CorrectionState.PROPOSED: lazy_gettext("Waiting for a decision"),
        CorrectionState.ACCEPTED: lazy_gettext("Accepted, not yet published"),
        CorrectionState.DECLINED: lazy_gettext("Declined"),
        CorrectionState.PUBLISHED: lazy_gettext("In a release"),
        CorrectionState.WITHDRAWN: lazy_gettext("Given up by its author"),
    },
    {
        CorrectionState.PROPOSED: "warn",
        CorrectionState.ACCEPTED: "ok",
        CorrectionState.DECLINED: "bad",
        CorrectionState.PUBLISHED: "ok",
    },
)
register(
    {
        CorrectionEvent.PROPOSE: lazy_gettext("Propose"),
        CorrectionEvent.REWORK: lazy_gettext("Take it back to write on"),
        CorrectionEvent.WITHDRAW: lazy_gettext("Give it up"),
        CorrectionEvent.ACCEPT: lazy_gettext("Accept"),
        CorrectionEvent.DECLINE: lazy_gettext("Decline"),
        CorrectionEvent.PUBLISH: lazy_gettext("Publish"),
    }
)
register(
    {
        Standing.SAME: lazy_gettext("Fits the current release"),
        Standing.CHANGED: lazy_gettext("Changed in the meantime"),
        Standing.GONE: lazy_gettext("No longer there"),
    }
)
register_refusals(
    {
        "nothing_published": lazy_gettext("Nothing is published yet"),
        "correction_gone": lazy_gettext(
            "What is corrected here is no longer part of the content. Give the correction up."
        ),
        "correction_by_hand": lazy_gettext(
            "This passage of the file cannot be rewritten safely. Whoever looks after the files of "
            "the content has to change it there."
        ),
        "correction_twice": lazy_gettext(
            "Two of the corrections chosen are about the same thing: %(subject)s. Publish one; the "
            "other is then compared with it."
        ),
        "correction_of_another": lazy_gettext("This correction is somebody else’s."),
        "correction_begun": lazy_gettext(
            "You have handed this correction in already: its state is “%(state)s”. Save once more, "
            "and your words become a new correction."
        ),
        "correction_overtaken": lazy_gettext(
            "Another release has changed this text in the meantime. Open the correction, look at "
            "both and save it again."
        ),
        "correction_nothing": lazy_gettext(
            "Nothing differs from what is published: there is nothing to propose."
        ),
        "correction_faulty": lazy_gettext(
            "With this correction the content would have faults: its proposer sees them on the "
            "form. Decline it, and say so."
        ),
        "correction_without_reason": lazy_gettext("Say why, so that the proposer can learn."),
        "correction_none_chosen": lazy_gettext("Choose at least one correction."),
        "correction_note": lazy_gettext("Say what is new."),
        "handout_twice": lazy_gettext("The module has a file called %(name)s already."),
        "handout_too_large": lazy_gettext("The file is larger than %(limit)s MB."),
        "handout_file": lazy_gettext("Choose a file: PDF, JPEG, PNG, WebP, MP3, CSV or ODT."),
        "handout_macro": lazy_gettext("This document holds a program. Save it without macros."),
        "handout_formula": lazy_gettext(
            "A program for tables would calculate this cell: %(cell)s. Write its value instead."
        ),
    }
)
