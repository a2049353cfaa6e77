"""Pages and files of verification, the holder's page, the register."""

from flask import Flask

from lms.credentials.routes import doubts, files, holder, keys, material, public, register
from lms.credentials.routes.blueprint import bp

__all__ = ["doubts", "files", "holder", "init_app", "keys", "material", "public", "register"]


def init_app(app: Flask) -> None:
    """Register all routes. The typed code changes nothing: its form alone carries no token."""
    app.register_blueprint(bp)
    app.extensions["csrf"].exempt(public.find)
