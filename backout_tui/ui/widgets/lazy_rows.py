"""Rows that are made when they come into view: a plan of ten thousand steps costs only the visible ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, overload

from backout_tui.ui.widgets.columns import Row

T = TypeVar("T")


class LazyRows(Sequence[Row], Generic[T]):
    """The rows of `things`; `row_of` makes each one when it is asked for."""

    def __init__(self, things: Sequence[T], row_of: Callable[[T], Row]) -> None:
        """Keep both arguments, and make no row yet."""
        self._things, self._row_of = things, row_of

    def __len__(self) -> int:
        return len(self._things)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return LazyRows(self._things[index], self._row_of)
        return self._row_of(self._things[index])
