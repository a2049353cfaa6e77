"""Composes the application: settings, rooms, guards, headers."""

import logging
import os
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from uuid import UUID

from flask import Flask, has_request_context, request
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy import MetaData
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.core import files, i18n, web
from lms.core.db import Base, db
from lms.core.resources import resource_root
from lms.core.settings import Settings
from lms.policy import guard

ROOMS = (
    "core",
    "policy",
    "network",
    "people",
    "curriculum",
    "cohorts",
    "learning",
    "fieldwork",
    "assessment",
    "credentials",
    "insight",
    "demo",
)
"""In import order: a room knows only those before it."""

csrf = CSRFProtect()


class LMS(Flask):
    """Flask, with addresses built once: endpoint and values say all of them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._built = lru_cache(4096, typed=True)(super().url_for)

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of an endpoint, kept unless it depends on the request."""
        plain = (
            has_request_context()
            and not request.script_root
            and not endpoint.startswith(".")
            and "_external" not in values
            and all(isinstance(value, str | int | UUID) for value in values.values())
        )
        return self._built(endpoint, **values) if plain else super().url_for(endpoint, **values)


def parts(name: str) -> Iterator[ModuleType]:
    """The module `name` (models, labels, jobs, routes, commands) of each room that has one."""
    for room in ROOMS:
        path = f"lms.{room}.{name}"
        if find_spec(path) is not None:
            yield import_module(path)


for _loaded in (*parts("models"), *parts("labels"), *parts("jobs")):
    logging.getLogger(__name__).debug("loaded %s", _loaded.__name__)

metadata: MetaData = Base.metadata


def create_app(settings: Settings | None = None) -> Flask:
    """The application, ready to serve. Raises RuntimeError if a route has no guard."""
    settings = settings or Settings.from_env(os.environ)
    app = LMS(__name__, template_folder=str(resource_root() / "templates"))
    app.config.update(_configuration(settings))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, 0)  # type: ignore[method-assign]
    db.init_app(app)
    csrf.init_app(app)
    Compress(app)
    app.extensions["files"] = files.FileStore(settings.data_dir, settings.files_url)

    login = LoginManager()
    # pages ask `current_actor`; `current_user` beside it would cost every error page a query
    login.init_app(app, add_context_processor=False)
    login.session_protection = None
    i18n.init_app(
        app,
        settings.languages,
        preferred=lambda: guard.current_actor().language,
        time_zone=lambda: guard.current_actor().time_zone,
    )
    web.init_app(app)
    app.register_error_handler(
        CSRFError, lambda error: guard.sign_in_first() or web.http_error(error)
    )
    app.jinja_env.globals.update(can=guard.can, current_actor=LocalProxy(guard.current_actor))

    for routes in parts("routes"):
        routes.init_app(app)
    guard.require_guards(app)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "TRUSTED_HOSTS": None if settings.demo else [settings.hostname],
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "lms",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https:"),
        "PERMANENT_SESSION_LIFETIME": 60 * 60 * 24 * 30,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "COMPRESS_ALGORITHM": ["gzip"],
        "COMPRESS_LEVEL": 5,
        "COMPRESS_REGISTER": not settings.trusted_proxies,
    }
