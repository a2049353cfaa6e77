"""Pages of what is taught: for the public, and for those who run and correct it."""

from flask import Flask

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
from lms.curriculum.routes.blueprint import bp, language_name, words

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
    """Register the pages, and the filter that picks a text's language: `module.title|words`."""
    app.jinja_env.filters.update(words=words, language_name=language_name)
    app.register_blueprint(bp)
