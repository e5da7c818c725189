"""The steps as planned beside the steps as run, and where this backout deviates from its plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.domain.backout.state import Backout
from backout_tui.ui.night.compare_rows import COLUMNS, compared, whole
from backout_tui.ui.night.panes.head_words import banner, title_in
from backout_tui.ui.widgets.row_list import RowList
from backout_tui.ui.widgets.sheet import Keys, Sheet
from backout_tui.ui.widgets.text_view import TextView


class CompareScreen(Sheet):
    """A table of the steps in the order in which they were taken; Enter shows one in full."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("equals_sign", "back", "Back", show=False, priority=True)]
    KEYS: ClassVar[Keys] = (("Enter", "Whole"), ("Esc", "Back"))

    def __init__(self, backout: Backout, at: datetime, fault: str = "") -> None:
        """Compare the steps of `backout` as they stand at the moment `at`; `fault` is what is wrong with its log."""
        count = len(backout.deviations)
        title = f"As planned beside as run · {count} deviation{'s' if count != 1 else ''}"
        super().__init__(title_in(backout, title), banner(fault))
        self._backout, self._at, self._fault = backout, at, fault

    def body(self) -> Iterable[Widget]:
        """The table."""
        yield RowList(COLUMNS, compared(self._backout), classes="-first rows")

    def on_row_list_row_chosen(self, event: RowList.RowChosen) -> None:
        """Show one step in full."""
        if event.key:
            self.app.push_screen(ComparedScreen(self._backout, event.key, self._at, self._fault))


class ComparedScreen(Sheet):
    """One step: why it deviates from the plan, and what it says compared with the plan."""

    def __init__(self, backout: Backout, key: str, at: datetime, fault: str = "") -> None:
        """Show the row `key` of the comparison."""
        title, self._lines = whole(backout, key, at)
        super().__init__(title_in(backout, f"{title} · as planned beside as run"), banner(fault))

    def body(self) -> Iterable[Widget]:
        """The lines, which scroll."""
        yield TextView(self._lines, classes="-first rows")
