"""The database: typed base, column types, and the two kinds of transaction.

Reads use plain `BEGIN`. A write runs inside `with write(session)`: one writer at a time, on SQLite
by `BEGIN IMMEDIATE`, on PostgreSQL by a lock that ends with the transaction. So read-then-write
never loses an update on either. Writes are short: no hashing, no network.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    Uuid,
    event,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry, scoped_session
from uuid_utils.compat import uuid7

AnySession: TypeAlias = Session | scoped_session[Any]
S = TypeVar("S", bound=AnySession)

_ONE_WRITER = "SET LOCAL lock_timeout = '5s'; SELECT pg_advisory_xact_lock(7264312)"
"""PostgreSQL's `BEGIN IMMEDIATE`: waits as long as SQLite's busy timeout, then OperationalError."""

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both databases. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the database stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an aware datetime is needed")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored instant its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_parsed = lru_cache(16_384)(UUID)


class Key(Uuid[UUID]):
    """A UUID. SQLite keeps text; parsing it costs more than fetching it, so it is done once."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Turn what the database gives into a UUID."""
        if dialect.supports_native_uuid:
            return super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return lambda value: None if value is None else _parsed(value)


def _values(enum: type[Enum]) -> list[str]:
    return [member.value for member in enum]


class Base(DeclarativeBase):
    """Parent of all models."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime,
            date: Date,
            UUID: Key,
            str: String(200),
            bytes: LargeBinary,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            list[str]: JSON,
            list[dict[str, Any]]: JSON,
            dict[str, int]: JSON,
            dict[str, str]: JSON,
            Enum: EnumType(
                Enum, native_enum=False, length=32, values_callable=_values, validate_strings=True
            ),
        },
    )


class Keyed:
    """A record with a time-ordered UUID of its own (RFC 9562, version 7)."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


LongText = Text
db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if "sqlite" not in type(connection).__module__:
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    wants_write = connection.get_execution_options().get("lms_write", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_write else "BEGIN")
    elif wants_write:
        connection.exec_driver_sql(_ONE_WRITER)


@contextmanager
def write(session: S) -> Iterator[S]:
    """One transaction that may change things: begun anew, committed at the end, or undone.

    Objects loaded before are expired: what is read inside is what is true now. Raises RuntimeError
    inside another `write` of the same session, whose work it would undo.
    """
    if session.info.get("lms_writing"):
        raise RuntimeError("write() inside write(): the outer one commits")
    session.rollback()
    session.info["lms_writing"] = True
    try:
        session.connection(execution_options={"lms_write": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("lms_writing", None)
