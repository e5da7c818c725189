"""A dialog in which a person picks one of a few things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.ui.dialogs.frame import Dialog
from backout_tui.ui.widgets.columns import Column, Row
from backout_tui.ui.widgets.row_list import RowList


class Pick(Dialog[str]):
    """Shows `rows`; the result is the key of the picked row, or None when the person left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "pick", "Pick", show=False, priority=True)]

    def __init__(self, title: str, rows: Sequence[Row], columns: Sequence[Column], *, at: str = "") -> None:
        """Ask under `title`; the cursor starts on the row with the key `at`."""
        super().__init__(title, "Enter choose   Esc leave")
        self.list = RowList(columns, rows, classes="pick -first")
        self.list.styles.height = min(14, len(rows))
        self._at = at

    def body(self) -> Iterable[Widget]:
        """The rows."""
        yield self.list

    def on_mount(self) -> None:
        """Start on the requested row."""
        self.list.move_to_key(self._at)

    def action_pick(self) -> None:
        """Close with the row under the cursor."""
        self.close(self.list.cursor_key)

    def on_row_list_row_chosen(self, event: RowList.RowChosen) -> None:
        """A double click picks too."""
        self.close(event.key)
