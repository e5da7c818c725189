"""Shows things to the operator by itself, each once: what is in doubt, and what to do if the backout fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.rules import when_it_fails
from backout_tui.domain.rules.doubt import Doubt, doubts
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
