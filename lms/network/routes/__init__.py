"""Pages of the network."""

from flask import Flask

from lms.network.routes import centres, conventions, countries, partners
from lms.network.routes.area import bp

__all__ = ["centres", "conventions", "countries", "init_app", "partners"]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
