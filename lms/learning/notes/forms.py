"""The form of a note at a lesson."""

from flask_babel import lazy_gettext

from lms.core.forms import LongTextField, VersionedForm
from lms.learning.notes.rules import NOTE_LIMIT


class NoteForm(VersionedForm):
    """Its words, and the version that the person saw."""

    note = LongTextField(lazy_gettext("My note"), limit=NOTE_LIMIT)
