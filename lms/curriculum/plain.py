"""Dataclasses to plain JSON values and back, by their type hints."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Shape = TypeVar("Shape")


def to_plain(value: Any) -> Any:
    """Dicts, lists, texts and numbers only; fields that are None are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: to_plain(item) for name, item in pairs if item is not None}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value


def from_plain(shape: type[Shape], value: Any) -> Shape:
    """The value again as `shape`, one of our dataclasses. Reverses `to_plain`."""
    made: Shape = _make(shape, value)
    return made


def _make(shape: Any, value: Any) -> Any:
    if is_dataclass(shape) and isinstance(shape, type):
        hints = _hints(shape)
        return shape(**{name: _make(hints[name], item) for name, item in value.items()})
    origin, inner = get_origin(shape), get_args(shape)
    if origin in {Union, types.UnionType}:
        return _make(next(part for part in inner if part is not type(None)), value)
    if origin is tuple:
        return tuple(_make(inner[0], item) for item in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _make(inner[1], item) for key, item in value.items()}
    if isinstance(shape, type) and issubclass(shape, Enum):
        return shape(value)
    return value


@cache
def _hints(shape: type) -> dict[str, Any]:
    return get_type_hints(shape)
