"""The form on which banks are sent in, a file a language."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import Optional

from lms.core.forms import LongTextField, NewRecordForm
from lms.core.i18n import NATIVE_NAMES
from lms.curriculum.corrections.forms import NumberField


class BankForm(NewRecordForm):
    """Where the questions belong; `file-fr` and so on are added for each language."""

    outcome = SelectField(lazy_gettext("Outcome that they examine"), validate_choice=False)
    competency = SelectField(lazy_gettext("Competency"), validate_choice=False)
    first = NumberField(lazy_gettext("Begin with question number"), default=1)
    why = LongTextField(lazy_gettext("Where do they come from?"), [Optional()], limit=2000)


Pairs = Sequence[tuple[str, str]]


def bank_form(languages: Sequence[str], outcomes: Pairs, competencies: Pairs) -> BankForm:
    """The form with a place for the file of each language."""
    fields: dict[str, Any] = {
        f"file-{language}": FileField(NATIVE_NAMES.get(language, language))
        for language in languages
    }
    shape: type[BankForm] = type("FilledBankForm", (BankForm,), fields)
    form = shape()
    form["outcome"].choices = list(outcomes)
    form["competency"].choices = list(competencies)
    return form
