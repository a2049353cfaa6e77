"""Words of what a bank could not carry, and of files that are no bank."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.curriculum.exchange.items import BankFault, LossKind

register(
    {
        LossKind.KIND: lazy_gettext("This kind of question is not known here"),
        LossKind.UNREADABLE: lazy_gettext("It could not be read"),
        LossKind.PARTIAL: lazy_gettext("Answers that were partly right count as wrong"),
        LossKind.PICTURE: lazy_gettext("Its pictures or recordings stay behind"),
        LossKind.LAYOUT: lazy_gettext("Its tables, formulas or code became plain words"),
        LossKind.WILDCARD: lazy_gettext("Accepted answers with an asterisk (*) stay behind"),
        LossKind.RANGE: lazy_gettext("A number within a range cannot be asked for here"),
        LossKind.NUMBER: lazy_gettext("The number must be typed as it stands in the file"),
        LossKind.GAPS: lazy_gettext("A text with several gaps cannot be asked here"),
        LossKind.REMARK: lazy_gettext("Remarks on single answers stay behind"),
        LossKind.MODEL: lazy_gettext("What a good answer holds stays behind"),
        LossKind.NO_RIGHT_ANSWER: lazy_gettext("No answer is right"),
        LossKind.TOO_FEW_ANSWERS: lazy_gettext("There is too little to choose from"),
        LossKind.DUPLICATE_ANSWER: lazy_gettext("Two answers are the same"),
        LossKind.STEPS_APART: lazy_gettext("Each step becomes a question of its own"),
        LossKind.TOO_LONG: lazy_gettext("One of its texts is too long"),
        LossKind.DEDUCTION: lazy_gettext("Wrong answers take no points away here"),
        LossKind.SAME_WORDS: lazy_gettext("The same words stand in several languages: translate"),
    }
)
register(
    {
        BankFault.FORMAT: lazy_gettext("It is neither Moodle XML nor GIFT."),
        BankFault.BROKEN: lazy_gettext(
            "Its XML breaks off or is wrong here: a tag without its end, or a bare & or <. "
            "Export it again."
        ),
        BankFault.DOCTYPE: lazy_gettext(
            "It holds a document type declaration, which is not accepted. Take that line out."
        ),
        BankFault.NUL: lazy_gettext(
            "It holds a character that stands in no text. Save it as UTF-8."
        ),
        BankFault.ENCODING: lazy_gettext("Its letters cannot be read. Save it as UTF-8."),
        BankFault.PACKED: lazy_gettext("It is packed. Unpack it and choose the file inside."),
        BankFault.MANY: lazy_gettext("It holds more than 2,000 questions. Divide it."),
        BankFault.LARGE: lazy_gettext("It is larger than 8 MB. Divide it, or leave pictures out."),
    }
)
FOREIGN = {
    "calculated": lazy_gettext("a number that is calculated"),
    "calculatedsimple": lazy_gettext("a number that is calculated"),
    "calculatedmulti": lazy_gettext("a number that is calculated"),
    "multianswer": lazy_gettext("a text with gaps"),
    "cloze": lazy_gettext("a text with gaps"),
    "gapselect": lazy_gettext("a text with gaps"),
    "gapfill": lazy_gettext("a text with gaps"),
    "ddwtos": lazy_gettext("a text with gaps"),
    "ddimageortext": lazy_gettext("something to drag onto a picture"),
    "ddmarker": lazy_gettext("something to drag onto a picture"),
    "stack": lazy_gettext("a formula that is calculated"),
    "formulas": lazy_gettext("a formula that is calculated"),
    "coderunner": lazy_gettext("a program to write"),
    "recordrtc": lazy_gettext("a recording to make"),
    "description": lazy_gettext("a text without a question"),
    "randomsamatch": lazy_gettext("drawn at random"),
    "random": lazy_gettext("drawn at random"),
}
"""Moodle's names of the kinds that are not known here."""

register_refusals(
    {
        "bank_none": lazy_gettext("Choose at least one file."),
        "bank_unreadable": lazy_gettext("This file cannot be taken. %(why)s"),
        "bank_unreadable_at": lazy_gettext("This file cannot be taken. Line %(line)s: %(why)s"),
        "bank_empty": lazy_gettext(
            "Not one question of this file can be taken. The report says why."
        ),
        "bank_nothing": lazy_gettext("The file holds no question."),
        "bank_start": lazy_gettext("The file holds fewer questions: %(number)s can be taken."),
        "bank_place": lazy_gettext("Choose what the questions examine."),
    }
)
