"""What is done to take the release back out."""

from __future__ import annotations

from textual.reactive import reactive

from backout_tui.domain.clock import NOT_SILENT, Silent
from backout_tui.ui.panes import step_rows, ways
from backout_tui.ui.panes.lazy_rows import LazyRows
from backout_tui.ui.panes.pane import Contents, Pane
from backout_tui.ui.situation import Item


class PlanPane(Pane):
    """What is done to take the release back out."""

    NAME, HEADING = "plan", "2 Plan"
    COLUMNS, EMPTY = step_rows.COLUMNS, step_rows.EMPTY

    silent: reactive[Silent] = reactive(NOT_SILENT, init=False, repaint=False)
    """The steps that have printed nothing for too long."""

    def __init__(self) -> None:
        """Begin with every option that was not chosen folded away."""
        super().__init__()
        self._unfolded: frozenset[str] = frozenset()

    def watch_silent(self) -> None:
        """One fell silent, or speaks again."""
        self.renew()

    def contents(self) -> Contents:
        """Every step, made into a row when it is in view, below the heading of its option or phase."""
        at, silent, shown = self.at, self.silent, frozenset(self.backout.options) if self.filter else self._unfolded
        lines = ways.unfolded_lines(self.backout, shown) if shown else ways.plan_lines(self.backout)
        rows = LazyRows(lines, lambda line: ways.row(line, at, silent))
        return Contents(rows, *step_rows.counts(self.backout))

    def enter(self) -> bool:
        """Unfold the option under the cursor that was not chosen, or fold it away again."""
        option = ways.option_under(self.backout, self.list.cursor_key)
        if option:
            self._unfolded ^= {option}
            self.renew()
        return bool(option)

    def item_of(self, key: str) -> Item:
        """A step; for a heading the first one below it."""
        return "step", ways.step_of(key)
