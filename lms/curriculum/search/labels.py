"""Words of what can be searched for."""

from flask_babel import lazy_gettext

from lms.core.labels import register
from lms.curriculum.search.models import Searched

register(
    {
        Searched.LESSON: lazy_gettext("Lesson"),
        Searched.TERM: lazy_gettext("Word of the glossary"),
    }
)
