"""Pages of the case."""

from flask import Flask

from lms.assessment.routes import decision, dossier, ledger, panel, rows, scoring
from lms.assessment.routes.area import bp

__all__ = ["decision", "dossier", "init_app", "ledger", "panel", "rows", "scoring"]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
