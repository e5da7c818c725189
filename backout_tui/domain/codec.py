"""Frozen values to JSON and back, by their type hints: integers, text, lists and objects only, never a float.

This is the one way from plain data, which may be damaged, to one of our values, and it checks every type.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from backout_tui.domain.damage import Unfit

T = TypeVar("T")

_FIRST_YEAR, _LAST_YEAR = 1900, 9000  # the years any clock may show; beyond them no zone and no span can be added
_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number with a point",
    "bool": "true or false",
    "null": "nothing",
    "array": "a list",
    "object": "entries with names",
    "datetime": "a time",
}
_WRONG = {
    "Invalid enum value": "is none of the words that can stand there",
    "RFC3339": "is no time",
    "` >= ": "is too small a number",
    "` <= ": "is too large a number",
}
_MISSING = re.compile(r"Object missing required field `(.*?)`(?: - at `(.*)`)?")
_OTHER = re.compile(r"Expected `(.*?)`, got `(.*?)`(?: - at `(.*)`)?")
_PLACE = re.compile(r" - at `(.*)`$")


def rfc3339(moment: datetime) -> str:
    """A moment in UTC with microseconds, as records write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: str) -> datetime:
    """The moment that `rfc3339` wrote. Raises Unfit for anything else, a missing zone or an impossible year."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Unfit(f"{str(text)[:40]!r} is no time") from None
    if moment.tzinfo is None:
        raise Unfit(f"a time without a zone: {text}")
    return possible(moment)


def possible(moment: datetime) -> datetime:
    """The same moment, in UTC. Raises Unfit if its year is impossible."""
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise Unfit(f"a time in the year {moment.year}")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def encode(value: Any) -> Any:
    """`value` as plain JSON data. Fields that hold their default are left out, to keep records short."""
    if isinstance(value, msgspec.Struct) or (dataclasses.is_dataclass(value) and not isinstance(value, type)):
        return {
            name: encode(inner)
            for name, default in _defaults(type(value))
            if (inner := getattr(value, name)) != default
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


@functools.cache
def _defaults(kind: type) -> Sequence[tuple[str, Any]]:
    """The fields of a type, each with its default."""
    if issubclass(kind, msgspec.Struct):
        return [(field.name, field.default) for field in msgspec.structs.fields(kind)]
    return [(field.name, field.default) for field in dataclasses.fields(kind)]  # type: ignore[arg-type]  # it is a dataclass


def decode(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `encode` turned into `data`; ignores unknown fields. Raises Unfit."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise Unfit(_in_words(str(error))) from None
    except RecursionError:
        raise Unfit("it is nested too deeply") from None


def _in_words(error: str) -> str:
    """The decoder's error in words, without the name of a type."""
    if (missing := _MISSING.fullmatch(error)) is not None:
        return f"`{_place(missing[2], missing[1])}` is missing"
    if (other := _OTHER.fullmatch(error)) is not None:
        expected = " or ".join(_WORDS.get(one.strip(), one.strip()) for one in other[1].split("|"))
        return f"{_named(other[3])} is {_WORDS.get(other[2], other[2])}, and must be {expected}"
    found = _PLACE.search(error)
    wrong = next((words for sign, words in _WRONG.items() if sign in error), "cannot be what it says")
    return f"{_named(found[1] if found else None)} {wrong}"


def _named(path: str | None) -> str:
    place = _place(path, "")
    return f"`{place}`" if place else "what it holds"


def _place(path: str | None, name: str) -> str:
    """`plan.id` from `$.plan` and `id`."""
    return ".".join(filter(None, ((path or "$").removeprefix("$").removeprefix("."), name)))
