"""The limit of the machine: bare Flask, one SELECT by key, one small Jinja page."""

import os
import re
from typing import Any

from flask import Flask, render_template_string
from flask_compress import Compress
from sqlalchemy import create_engine, text

PAGE = (
    "<!doctype html><html lang=fr><title>{{ name }}</title><main><h1>{{ name }}</h1><ul>"
    "{% for item in items %}<li><a href='/{{ item }}'>{{ item }} {{ name }}</a></li>{% endfor %}"
    "</ul></main></html>"
)


def create() -> Flask:
    """The page `/`, at the database of LMS_DATABASE_URL."""
    app = Flask(__name__)
    app.config.update(COMPRESS_ALGORITHM=["gzip"], COMPRESS_LEVEL=5)
    Compress(app)
    url = os.environ["LMS_DATABASE_URL"]
    engine = create_engine(re.sub(r"^postgresql:", "postgresql+psycopg:", url))

    @app.get("/")
    def page() -> Any:
        with engine.connect() as connection:
            row = connection.execute(text("SELECT code FROM country ORDER BY code LIMIT 1")).one()
        return render_template_string(PAGE, name=row.code, items=range(70))

    return app
