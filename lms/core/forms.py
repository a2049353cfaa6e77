"""What all forms share: safe text, limits, a key of their own, refusals shown beside the fields."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from uuid_utils.compat import uuid7
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError

from lms.core.errors import Refusal
from lms.core.labels import refusal_text

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
"""Control characters, the marks that turn text round, and what no database keeps."""
_LINE_END = re.compile(r"\r\n|[\r\x85\u2028\u2029]")


def tidy(text: str | None) -> str:
    r"""Unicode NFC, line ends as `\n`, no space at either end."""
    return _LINE_END.sub("\n", unicodedata.normalize("NFC", text or "")).strip()


def tidy_line(text: str | None) -> str:
    """The same on one line: a name with a line end in it would break lists and mail."""
    return re.sub(r"\s*\n\s*", " ", tidy(text))


class SafeText:
    """Refuses control characters and too long text, in words that say what to do."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Check one field. Raises ValidationError."""
        text = field.data or ""
        if _CONTROL.search(text):
            raise ValidationError(
                lazy_gettext("This text holds characters that cannot be kept. Type it again.")
            )
        if len(text) > self.limit:
            raise ValidationError(
                lazy_gettext(
                    "This text is too long: %(length)d characters, %(limit)d at most.",
                    length=len(text),
                    limit=self.limit,
                )
            )


class LineField(StringField):
    """One line of text, 200 characters unless told."""

    def __init__(self, label: Any, validators: Any = (), limit: int = 200, **kwargs: Any) -> None:
        super().__init__(label, [*validators, SafeText(limit)], filters=[tidy_line], **kwargs)


class LongTextField(TextAreaField):
    """Some paragraphs, 5,000 characters unless told."""

    def __init__(self, label: Any, validators: Any = (), limit: int = 5000, **kwargs: Any) -> None:
        super().__init__(label, [*validators, SafeText(limit)], filters=[tidy], **kwargs)


class Form(FlaskForm):
    """Parent of all forms."""

    beside: ClassVar[Mapping[str, str]] = {}
    """Code of a refusal → name of the field beside which it is shown; others stand at the top."""

    def refuse(self, refusal: Refusal, field: Field | None = None) -> None:
        """Show a refusal on this form: beside `field`, or where the form says."""
        if field is None and refusal.code in self.beside:
            field = self[self.beside[refusal.code]]
        text = refusal_text(refusal)
        if field is not None:
            field.errors = [*field.errors, text]
        else:
            self.form_errors: list[str] = [*self.form_errors, text]


class NewRecordForm(Form):
    """A form that makes a record: it carries the record's key, so a repeat makes nothing twice."""

    record_id = HiddenField(default=lambda: str(uuid7()))

    @property
    def new_id(self) -> UUID:
        """The key of the record to be made; a fresh one when the form's was broken."""
        try:
            return UUID(self.record_id.data or "")
        except ValueError:
            return UUID(str(uuid7()))


class VersionedForm(Form):
    """A form on a record that others may change: carries the version that was shown."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the person saw; 0 when broken, which is always stale."""
        text = str(self.version.data or "")  # the record itself stands in for a missing field
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
