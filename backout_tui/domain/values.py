"""Frozen values that are cheap to define, and how to copy one with changes.

Defining a `msgspec.Struct` takes a fiftieth of the time of a dataclass, and there are a hundred of them before the
first picture. A class that the first picture doesn't need may stay a dataclass.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from msgspec import Struct, structs

V = TypeVar("V")


def replace(value: V, /, **changes: Any) -> V:
    """The same value with these fields changed. Raises TypeError for a field that it doesn't have."""
    if isinstance(value, Struct):
        return structs.replace(value, **changes)
    return dataclasses.replace(value, **changes)  # type: ignore[type-var]  # it is one


_WHERE = frozenset({"line", "line_end", "text_line", "body_line", "remarks", "silences"})


class Placed(Struct, frozen=True, eq=False):
    """A value that knows its place in the text and the remarks about it; neither counts in a comparison."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and _said(type(self))(self) == _said(type(self))(other)

    def __ne__(self, other: object) -> bool:  # the inherited comparison would use all fields
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self), _said(type(self))(self)))


@functools.cache
def _said(kind: type[Placed]) -> Callable[[object], object]:
    """Gets the fields that count from a value of that type."""
    return attrgetter(*(name for name in kind.__struct_fields__ if name not in _WHERE))
