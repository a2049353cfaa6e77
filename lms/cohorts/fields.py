"""Fields that cohorts and what belongs to them share: days, whole numbers, boxes to tick."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import LongTextField


def required(message: Any = None) -> InputRequired:
    """A field that must be filled in, with words that say what is missing."""
    return InputRequired(message or lazy_gettext("Fill this in."))


def check_address(text: str | None) -> None:
    """Only an address of the web. Raises ValidationError."""
    if text and not text.lower().startswith(("https://", "http://")):
        raise ValidationError(_("Give the whole address, from https:// on."))


class DayField(DateField):
    """A day, from the browser's calendar or typed as 31/12/2026."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, [*validators], format=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises ValueError in words."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("This day does not exist: give day, month and year.")) from None
        if self.data is not None and not date(1900, 1, 1) <= self.data <= date(2200, 1, 1):
            self.data = None
            raise ValueError(_("This day does not exist: give day, month and year."))

    @property
    def day(self) -> date:
        """The day of a form that has been checked."""
        if self.data is None:
            raise LookupError("the form has not been checked")
        return self.data


class HourField(TimeField):
    """An hour of the day, from the browser's clock or typed as 14:30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the hour. Raises ValueError in words."""
        try:
            super().process_formdata([text.strip()[:5] for text in valuelist])
        except ValueError:
            raise ValueError(_("Give the hour and minutes, such as 14:30.")) from None

    @property
    def hour(self) -> time:
        """The hour of a form that has been checked."""
        if self.data is None:
            raise LookupError("the form has not been checked")
        return self.data


class WholeNumberField(IntegerField):
    """A whole number within bounds; empty means none."""

    def __init__(self, label: Any, most: int, least: int = 0, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(label, [Optional()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError in words."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if len(text) > 10 or not text.lstrip("+").isdecimal():
            raise ValueError(_("Give a whole number, such as 90."))
        if not self.least <= int(text) <= self.most:
            raise ValueError(
                _("Give a number from %(least)d to %(most)d.", least=self.least, most=self.most)
            )
        self.data = int(text)


class ChoiceField(SelectField):
    """One of several, from a list that opens."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, [*(validators or [Optional()])], choices=[], **kwargs)


class OneOfField(RadioField):
    """One of a few, all in sight."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        kwargs.setdefault("choices", [])
        super().__init__(label, [*(validators or [Optional()])], **kwargs)


class SomeOfField(SelectMultipleField):
    """Any number of a few, all in sight."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        kwargs.setdefault("choices", [])
        super().__init__(label, [*validators], **kwargs)


class ReasonField(LongTextField):
    """Why; kept with the decision."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label or lazy_gettext("Reason"), validators, limit=2000, **kwargs)
