"""What is asked once, by itself: when the release was deployed, as soon as the operator's hands are still."""

from __future__ import annotations

import time
from collections.abc import Callable

from backout_tui.domain.clock import needs_deployment
from backout_tui.ui.board import Board
from backout_tui.ui.link import Seen

STILL_S = 2.0
"""Seconds without a key before it is asked: no dialog may open under somebody's hands."""


class DeploymentQuestion:
    """Asks when the release was deployed: of a live backout whose window counts from it, when nobody was asked yet."""

    def __init__(self, board: Board, seconds: Callable[[], float] = time.monotonic) -> None:
        """Ask on `board`, not before it was there for a while by the clock `seconds`."""
        self._board, self._seconds = board, seconds
        self._still_since = seconds()
        self._asked = False

    def put_off(self) -> None:
        """A key came."""
        self._still_since = self._seconds()

    def ask_if_due(self, seen: Seen) -> None:
        """Ask, if somebody who may say it does nothing just now."""
        is_still = self._seconds() - self._still_since >= STILL_S and self._board.is_free
        if self._asked or not is_still or seen.why_not_act is not None or not _is_open(seen):
            return
        from backout_tui.ui.actions.deployment import ask_once  # the first picture does not wait for it

        self._asked = True
        ask_once(self._board)


def _is_open(seen: Seen) -> bool:
    backout = seen.backout
    return backout.live and not backout.deployment_asked and needs_deployment(backout)
