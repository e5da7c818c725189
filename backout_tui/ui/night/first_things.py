"""Shows things to the operator by itself, each once: what is in doubt, and what to do if the backout fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock.forecast import needs_deployment
from backout_tui.domain.rules import when_it_fails
from backout_tui.domain.rules.doubt import Doubt, doubts
from backout_tui.ui.night.board import Board
from backout_tui.ui.night.seen import Seen
from backout_tui.ui.night.situation import PANE_OF

if TYPE_CHECKING:
    from backout_tui.ui.night.dashboard import Dashboard


class FirstThings:
    """Remembers what was shown. It is called after each change, and once a second."""

    def __init__(self) -> None:
        """Nothing has been shown yet."""
        self._shown: set[str] = set()
        self._read: Doubt | None = None

    def show(self, dashboard: Dashboard) -> None:
        """Open what is in doubt: the first item at once, and the next when the person has settled one."""
        backout = dashboard.truth
        if backout.closed_at is not None:
            return
        if (doubt := self._next_doubt(dashboard, backout)) is not None:
            dashboard.go_to(PANE_OF[doubt.item[0]])
            dashboard.point_at(doubt.item)
            dashboard.opened = doubt.item
        self._read = next((one for one in doubts(backout) if one.item == dashboard.opened), None)
        self._show_contingency(dashboard, backout)

    def _next_doubt(self, dashboard: Dashboard, backout: Backout) -> Doubt | None:
        found = doubts(backout)
        fresh = [one for one in found if one.key not in self._shown]
        self._shown.update(one.key for one in found)
        read, opened = self._read, dashboard.opened
        if read is not None and opened == read.item and read.key not in {one.key for one in found}:
            dashboard.opened = None
            return next(iter(found), None)
        return next(iter(fresh), None) if opened is None else None

    def _show_contingency(self, dashboard: Dashboard, backout: Backout) -> None:
        step = when_it_fails.beyond_return(backout)
        if step is None or not dashboard.is_free:
            return
        key = f"{step.number} {len(step.attempts)} {step.ended_at}"
        if key not in self._shown:
            self._shown.add(key)
            dashboard.action_command("if_it_fails")


STILL_S = 2.0
"""Seconds without a key before the question: no dialog may open while somebody types."""


class DeploymentQuestion:
    """Asks when a live backout's release was deployed, if its window counts from then and nobody was asked yet."""

    def __init__(self, board: Board, seconds: Callable[[], float] = time.monotonic) -> None:
        """Ask on `board` after it was quiet for a while, measured by the clock `seconds`."""
        self._board, self._seconds = board, seconds
        self._still_since = seconds()
        self._asked = False

    def put_off(self) -> None:
        """Start waiting again, because a key came."""
        self._still_since = self._seconds()

    def ask_if_due(self, seen: Seen) -> None:
        """Ask if the person may answer and is not doing anything just now."""
        is_still = self._seconds() - self._still_since >= STILL_S and self._board.is_free
        if self._asked or not is_still or seen.why_not_act is not None or not _is_open(seen):
            return
        from backout_tui.ui.night.actions.deployment_actions import ask_once  # the first picture does not wait for it

        self._asked = True
        ask_once(self._board)


def _is_open(seen: Seen) -> bool:
    backout = seen.backout
    return backout.live and not backout.deployment_asked and needs_deployment(backout)
