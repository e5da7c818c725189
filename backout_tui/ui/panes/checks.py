"""Whether it worked."""

from __future__ import annotations

from backout_tui.ui.panes import check_rows
from backout_tui.ui.panes.pane import Contents, Pane
from backout_tui.ui.situation import Item


class ChecksPane(Pane):
    """Whether it worked."""

    NAME, HEADING = "checks", "3 Verification"
    COLUMNS, EMPTY = check_rows.COLUMNS, check_rows.EMPTY

    def contents(self) -> Contents:
        """Every check."""
        rows = [check_rows.row(check, self.at) for check in self.backout.checks.values()]
        return Contents(rows, *check_rows.counts(self.backout))

    def item_of(self, key: str) -> Item:
        """A check."""
        return "check", key
