"""The learning management and certification system for territorial coaches."""

from typing import Any


def __getattr__(name: str) -> Any:
    """`flask --app lms run` finds `create_app` here, loaded only when it is asked for."""
    if name == "create_app":
        from lms.app import create_app

        return create_app
    raise AttributeError(name)
