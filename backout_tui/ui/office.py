"""A desk in a thread of its own, for the list: a connection belongs to one thread, and the screen never waits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from backout_tui.engine import listing
from backout_tui.engine.desk import Desk
from backout_tui.engine.listing import BackoutLine, PlanLine

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed, as it stood at one moment."""

    backouts: tuple[BackoutLine, ...] = ()
    plans: tuple[PlanLine, ...] = ()


def listed(desk: Desk) -> Listing:
    """Everything there is."""
    return Listing(listing.backouts(desk), listing.plan_lines(desk))


def version(desk: Desk) -> int:
    """A number that changes when somebody else writes; -1 while there is no database."""
    return desk.reader.data_version() if desk.exists else -1


class Office:
    """Does one piece of work after the other at its desk."""

    def __init__(self, desk: Desk) -> None:
        """Work at `desk`, which nobody else uses meanwhile."""
        self._desk = desk
        self._thread = ThreadPoolExecutor(1, "backout-list")

    def do(self, work: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `work` done; what it raises is raised where the result is asked for."""
        return self._thread.submit(work, self._desk, *args, **kwargs)

    def close(self) -> None:
        """Finish what was asked for, and let go of the database."""
        self._thread.submit(self._desk.close).result()
        self._thread.shutdown()
