"""Pages of what is taught: for the public, and for those who run and correct it."""

from flask import Flask

from lms.curriculum.markdown import below
from lms.curriculum.routes import (
    adding,
    banks,
    content,
    correcting,
    corrections,
    discover,
    glossary,
    media,
    public,
    publishing,
    releases,
)
from lms.curriculum.routes.blueprint import bp, language_name, phrased, words

__all__ = [
    "adding",
    "banks",
    "content",
    "correcting",
    "corrections",
    "discover",
    "glossary",
    "init_app",
    "media",
    "public",
    "publishing",
    "releases",
]


def init_app(app: Flask) -> None:
    """Register the pages, and filters for texts: `module.title|words`, `question.text|phrased`."""
    app.jinja_env.filters.update(
        below=below, words=words, phrased=phrased, language_name=language_name
    )
    app.register_blueprint(bp)
