"""What went wrong."""

from __future__ import annotations

from backout_tui.ui.panes import problem_rows
from backout_tui.ui.panes.pane import Contents, Pane
from backout_tui.ui.situation import Item


class ProblemsPane(Pane):
    """What went wrong."""

    NAME, HEADING = "problems", "1 Problems"
    COLUMNS, EMPTY = problem_rows.COLUMNS, problem_rows.EMPTY

    def contents(self) -> Contents:
        """Every problem."""
        return Contents(problem_rows.rows(self.backout), *problem_rows.counts(self.backout))

    def item_of(self, key: str) -> Item:
        """A problem."""
        return "problem", key
