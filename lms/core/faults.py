"""Faults in words that are safe to keep: logs and job rows hold nothing that people wrote."""

from traceback import format_tb

from sqlalchemy.exc import SQLAlchemyError


def words_of_fault(error: BaseException) -> str:
    """What went wrong. A database's own words repeat the row's values, confidential notes too."""
    if isinstance(error, SQLAlchemyError):
        origin = getattr(error, "orig", None)
        return f"{type(error).__name__} ({type(origin).__name__})"
    return f"{type(error).__name__}: {error}"


def way_of_fault(error: BaseException) -> str:
    """Where it went wrong: the traceback, without the error's own words."""
    return "".join(format_tb(error.__traceback__))
