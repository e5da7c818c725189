"""A desk in its own thread, for the list: a connection belongs to one thread, and the screen never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from msgspec import Struct

from backout_tui.domain.plan.plan_line import PlanHead, PlanLine
from backout_tui.domain.values import replace
from backout_tui.engine import listing
from backout_tui.engine.desk import Desk
from backout_tui.engine.listing import BackoutLine
from backout_tui.engine.typed_file import TypedFile
from backout_tui.ui.dialogs.fates import Memory

P = ParamSpec("P")
T = TypeVar("T")


READ_AT_FIRST = 10
"""Plans that are read before there is a view; the others are read when they come into view."""


class Listing(Struct, frozen=True):
    """The backouts and the matching plans at one moment; only some of the plans have been read in full.

    `of` counts all plans there are.
    """

    backouts: tuple[BackoutLine, ...] = ()
    plans: tuple[PlanHead, ...] = ()
    of: int = 0

    def with_read(self, read: Mapping[int, PlanLine]) -> Listing:
        """Return the same listing with the plans that have been read since."""
        return replace(self, plans=tuple(read.get(plan.id, plan) for plan in self.plans))


def listed(desk: Desk, text: str = "", in_view: range = range(READ_AT_FIRST)) -> Listing:
    """List the backouts and the plans that contain every word of `text`, and read those `in_view`."""
    heads = listing.plan_heads(desk)
    found = _holding(desk, text) if text else heads
    first = Listing(listing.backouts(desk), found, len(heads))
    return first.with_read(read_plans(desk, found[in_view.start : in_view.stop]))


def read_plans(desk: Desk, heads: Iterable[PlanHead]) -> Mapping[int, PlanLine]:
    """Read these plans, and return them by id."""
    return {line.id: line for line in listing.plan_lines(desk, heads)}


def _holding(desk: Desk, text: str) -> tuple[PlanHead, ...]:
    from backout_tui.engine.planning.searching import search

    return search(desk, text.split())


def version(desk: Desk) -> int:
    """Return a number that changes when somebody else writes; -1 while there is no database."""
    return desk.reader.data_version() if desk.exists else -1


class Office:
    """Does one piece of work after another at its desk."""

    def __init__(self, desk: Desk) -> None:
        """Work at `desk`, which nobody else may use meanwhile."""
        self._desk = desk
        self._typed = TypedFile(desk.database, desk.actor.name, "list", begins=True)
        self.memory = Memory(self._typed.read(), self._typed.keep)
        self._thread = ThreadPoolExecutor(1, "backout-list")

    def do(self, work: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `work` done; the future raises what it raises."""
        return self._thread.submit(work, self._desk, *args, **kwargs)

    def held_by(self) -> str:
        """Return which process has the database locked just now; "" if none is known."""
        from backout_tui.engine.session.standing import lock_holder

        return lock_holder(self._desk.database)

    def close(self) -> None:
        """Finish what was asked for, and close the database."""
        self._thread.submit(self._desk.close).result()
        self._thread.shutdown()
        self._typed.finish()
