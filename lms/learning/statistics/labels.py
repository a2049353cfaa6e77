"""Words of what statistics remark."""

from flask_babel import lazy_gettext

from lms.core.labels import register
from lms.learning.statistics.rules import Remark

register(
    {
        Remark.EASY: lazy_gettext("Nearly everybody is right"),
        Remark.HARD: lazy_gettext("Few are right"),
        Remark.WEAK: lazy_gettext("Says little about the rest"),
        Remark.REVERSED: lazy_gettext("Strong people get it wrong: check the key"),
        Remark.UNUSED: lazy_gettext("Hardly anybody takes it"),
        Remark.ATTRACTIVE: lazy_gettext("Strong people take it"),
    },
    {
        Remark.EASY: "soft",
        Remark.HARD: "warn",
        Remark.WEAK: "soft",
        Remark.REVERSED: "bad",
        Remark.UNUSED: "plain",
        Remark.ATTRACTIVE: "warn",
    },
)
