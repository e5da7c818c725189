"""Frozen values to JSON and back, by their type hints: integers, text, lists and objects only, never a float."""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")


def rfc3339(moment: datetime) -> str:
    """A moment in UTC with microseconds, as records write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: str) -> datetime:
    """The moment that `rfc3339` wrote; raises ValueError for anything without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {text}")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def encode(value: Any) -> Any:
    """`value` as plain JSON data; fields that hold their default are left out, to keep records short."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: encode(inner)
            for f in dataclasses.fields(value)
            if (inner := getattr(value, f.name)) != f.default or f.default is dataclasses.MISSING
        }
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [encode(inner) for inner in value]
    if isinstance(value, Mapping):
        return {str(key): encode(inner) for key, inner in value.items()}
    return value


def decode(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `encode` made `data` from; unknown fields are passed over."""
    builder: Callable[[Any], Any] = _decoder(typing.cast("Any", kind))
    return typing.cast("T", builder(data))


@functools.cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = _decoder(next(a for a in arguments if a is not type(None)))
        return lambda data: None if data is None else inner(data)
    if origin is tuple:
        item = _decoder(arguments[0])
        return lambda data: tuple(item(one) for one in data)
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        item = _decoder(arguments[1])
        return lambda data: {key: item(one) for key, one in data.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind)
    if kind is datetime:
        return parse_time
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind
    return _as_it_is


def _as_it_is(data: Any) -> Any:
    return data


def _dataclass_decoder(kind: Any) -> Callable[[Any], Any]:
    names: set[str] = set()
    decoders: dict[str, Callable[[Any], Any]] = {}

    def prepare() -> None:
        hints = typing.get_type_hints(kind)
        names.update(f.name for f in dataclasses.fields(kind))
        # A picture may hold a hundred thousand of these: what JSON gives as it is wanted is not called for.
        decoders.update({name: one for name in names if (one := _decoder(hints[name])) is not _as_it_is})

    def build(data: Mapping[str, Any]) -> Any:
        if not names:
            prepare()
        given = dict(data) if data.keys() <= names else {key: data[key] for key in data if key in names}
        for name, decoder in decoders.items():
            if name in given:
                given[name] = decoder(given[name])
        return kind(**given)

    return build
