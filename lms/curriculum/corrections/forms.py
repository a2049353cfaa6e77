"""Forms on which lessons, questions and handouts are corrected, in all languages at once."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField
from wtforms.validators import Optional

from lms.core.forms import Form, LineField, LongTextField, NewRecordForm, VersionedForm
from lms.core.i18n import NATIVE_NAMES
from lms.curriculum.corrections.files import settled

MOST_BODY = 60_000
MOST_WORDS = 4_000
HANDOUT_PARTS = ("title", "description", "transcript")


class NumberField(IntegerField):
    """A whole number; the check of the content says whether it fits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError in words."""
        text = valuelist[0].strip() if valuelist else ""
        if not text.isascii() or not text.isdigit() or len(text) > 6:
            self.data = None
            raise ValueError(_("Give a whole number, such as 90."))
        self.data = int(text)


class CorrectionForm(NewRecordForm, VersionedForm):
    """What every correction has: why, and the release that was before its author."""

    release = HiddenField()
    why = LongTextField(lazy_gettext("Why this correction?"), [Optional()], limit=2000)


class LessonForm(CorrectionForm):
    """A lesson; `title-fr`, `body-fr` and so on are added for each language."""

    minutes = NumberField(lazy_gettext("Minutes"))


class HandoutForm(CorrectionForm):
    """A handout of a lesson; `title-fr`, `description-fr` and so on are added; sound has words."""

    file = FileField(lazy_gettext("File"))


def lesson_form(content: Mapping[str, Any], languages: tuple[str, ...], **data: Any) -> LessonForm:
    """The form with a lesson in it."""
    shape: type[LessonForm] = type("FilledLessonForm", (LessonForm,), _lesson_fields(languages))
    return shape(data={"minutes": content["minutes"], **_flat(content, "title", "body"), **data})


def _lesson_fields(languages: tuple[str, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for language in languages:
        name = NATIVE_NAMES.get(language, language)
        fields[f"title-{language}"] = LineField(f"{_('Title')} · {name}")
        fields[f"body-{language}"] = LongTextField(f"{_('Text')} · {name}", limit=MOST_BODY)
    return fields


def lesson_content(
    form: LessonForm, shown: Mapping[str, Any], languages: tuple[str, ...]
) -> dict[str, Any]:
    """What was typed; a text that the browser has only tidied stays as it was."""
    return {
        "minutes": form.minutes.data,
        "title": _typed(form, "title", shown.get("title", {}), languages),
        "body": _typed(form, "body", shown.get("body", {}), languages),
    }


def handout_form(
    content: Mapping[str, Any], languages: tuple[str, ...], **data: Any
) -> HandoutForm:
    """The form for a handout."""
    fields: dict[str, Any] = {}
    for language in languages:
        name = NATIVE_NAMES.get(language, language)
        fields[f"title-{language}"] = LineField(f"{_('Title')} · {name}")
        fields[f"description-{language}"] = LongTextField(
            f"{_('Description')} · {name}", limit=MOST_WORDS
        )
        fields[f"transcript-{language}"] = LongTextField(
            f"{_('What is said in it')} · {name}", limit=MOST_BODY
        )
    shape: type[HandoutForm] = type("FilledHandoutForm", (HandoutForm,), fields)
    return shape(data={**_flat(content, *HANDOUT_PARTS), **data})


def handout_content(form: HandoutForm, languages: tuple[str, ...]) -> dict[str, Any]:
    """What was typed."""
    return {part: _typed(form, part, {}, languages) for part in HANDOUT_PARTS}


def _typed(
    form: Form, part: str, shown: Mapping[str, str], languages: tuple[str, ...]
) -> dict[str, str]:
    return {
        language: settled(shown.get(language, ""), form[f"{part}-{language}"].data or "")
        for language in languages
    }


def _flat(content: Mapping[str, Any], *parts: str) -> dict[str, str]:
    return {
        f"{part}-{language}": text
        for part in parts
        for language, text in content.get(part, {}).items()
    }


class DecisionForm(VersionedForm):
    """Accepted or declined, with words for the proposer."""

    reason = LongTextField(lazy_gettext("Words for the proposer"), [Optional()], limit=2000)


class PublishForm(Form):
    """A new release; the corrections chosen are read from the request."""

    release = HiddenField()
    note = LineField(lazy_gettext("What is new in it, for those who move cohorts to it"), limit=500)
