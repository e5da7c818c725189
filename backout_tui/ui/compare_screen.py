"""As planned beside as run: every step, and where this backout departs from its plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.domain.backout import Backout
from backout_tui.ui.compare_rows import COLUMNS, compared, whole
from backout_tui.ui.row_list import RowList
from backout_tui.ui.sheet import Keys, Sheet, title_in
from backout_tui.ui.text_view import TextView


class CompareScreen(Sheet):
    """A table of the steps, in the order in which they were taken; Enter shows one whole."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("equals_sign", "back", "Back", show=False, priority=True)]
    KEYS: ClassVar[Keys] = (("Enter", "Whole"), ("Esc", "Back"))

    def __init__(self, backout: Backout, at: datetime) -> None:
        """Compare the steps of `backout` as they stand at the moment `at`."""
        count = len(backout.deviations)
        title = f"As planned beside as run · {count} deviation{'s' if count != 1 else ''}"
        super().__init__(title_in(backout, title))
        self._backout, self._at = backout, at

    def body(self) -> Iterable[Widget]:
        """The table."""
        yield RowList(COLUMNS, compared(self._backout), classes="-first rows")

    def on_row_list_row_chosen(self, event: RowList.RowChosen) -> None:
        """One of them, whole."""
        if event.key:
            self.app.push_screen(ComparedScreen(self._backout, event.key, self._at))


class ComparedScreen(Sheet):
    """One step: why it departs from the plan, and what it says against the plan's words."""

    def __init__(self, backout: Backout, key: str, at: datetime) -> None:
        """Show the row `key` of the comparison."""
        title, self._lines = whole(backout, key, at)
        super().__init__(title_in(backout, f"{title} · as planned beside as run"))

    def body(self) -> Iterable[Widget]:
        """The lines, to scroll."""
        yield TextView(self._lines, classes="-first rows")
