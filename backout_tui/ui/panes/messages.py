"""Who was told what, and who was called."""

from __future__ import annotations

from backout_tui.ui.panes import message_rows
from backout_tui.ui.panes.pane import Contents, Pane
from backout_tui.ui.situation import Item


class MessagesPane(Pane):
    """Who was told what, and who was called."""

    NAME, HEADING = "messages", "4 Communication"
    COLUMNS, EMPTY = message_rows.COLUMNS, message_rows.EMPTY

    def contents(self) -> Contents:
        """Every message, then every call."""
        return Contents(message_rows.rows(self.backout, self.at), *message_rows.counts(self.backout))

    def item_of(self, key: str) -> Item:
        """A message, or a call."""
        return ("message" if key in self.backout.messages else "call"), key
