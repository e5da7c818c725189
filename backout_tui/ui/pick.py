"""A dialog that lets one of a few things be picked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.ui.dialogs.frame import Dialog
from backout_tui.ui.row_list import RowList
from backout_tui.ui.rows import Column, Row


class Pick(Dialog[str]):
    """Shows `rows`; the result is the key of the one that was picked, or None when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "pick", "Pick", show=False, priority=True)]

    def __init__(self, title: str, rows: Sequence[Row], columns: Sequence[Column], *, at: str = "") -> None:
        """Ask under `title`; the cursor begins on the row of the key `at`."""
        super().__init__(title, "Enter choose   Esc leave")
        self.list = RowList(columns, rows, classes="pick -first")
        self.list.styles.height = min(14, len(rows))
        self._at = at

    def body(self) -> Iterable[Widget]:
        """The rows."""
        yield self.list

    def on_mount(self) -> None:
        """Begin where it was asked for."""
        self.list.move_to_key(self._at)

    def action_pick(self) -> None:
        """Close with the row under the cursor."""
        self.close(self.list.cursor_key)

    def on_row_list_row_chosen(self, event: RowList.RowChosen) -> None:
        """A double click picks too."""
        self.close(event.key)
