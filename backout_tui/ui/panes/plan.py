"""What is done to take the release back out."""

from __future__ import annotations

from backout_tui.ui.panes import step_rows
from backout_tui.ui.panes.lazy_rows import LazyRows
from backout_tui.ui.panes.pane import Contents, Pane
from backout_tui.ui.situation import Item


class PlanPane(Pane):
    """What is done to take the release back out."""

    NAME, HEADING = "plan", "2 Plan"
    COLUMNS, EMPTY = step_rows.COLUMNS, step_rows.EMPTY

    def contents(self) -> Contents:
        """Every step, made into a row when it is in view."""
        at = self.at
        rows = LazyRows(list(self.backout.steps.values()), lambda step: step_rows.row(step, at))
        return Contents(rows, *step_rows.counts(self.backout))

    def item_of(self, key: str) -> Item:
        """A step."""
        return "step", key
