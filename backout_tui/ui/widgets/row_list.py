"""A list of any number of rows on Textual's line API; it paints only the lines that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from backout_tui.ui.widgets.columns import Column, Row, cells_of, column_widths
from backout_tui.ui.widgets.lines import fit, painted
from backout_tui.ui.widgets.toned import Toned


class RowList(ScrollView, Toned, can_focus=True, inherit_bindings=False):
    """Rows with a cursor that stays on the same key when the rows change. Its keys are handled in order (priority)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, priority=True),
        Binding("down,j", "move(1)", "Down", show=False, priority=True),
        Binding("pageup", "move_page(-1)", "Page up", show=False, priority=True),
        Binding("pagedown", "move_page(1)", "Page down", show=False, priority=True),
        Binding("home,g", "move_to(0)", "First", show=False, priority=True),
        Binding("end,G", "move_to(-1)", "Last", show=False, priority=True),
        Binding("enter", "choose", "Open", show=False, priority=True),
    ]
    PREFIX = "row-list"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--cursor",
        "row-list--done",
        "row-list--running",
        "row-list--failed",
        "row-list--doubt",
        "row-list--warning",
        "row-list--dim",
        "row-list--strong",
    }
    DEFAULT_CSS = """
    RowList {
        overflow: hidden auto;
        scrollbar-size-vertical: 1;
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False)
    """The index of the row the cursor is on; 0 when there are none."""

    class RowHighlighted(Message):
        """The cursor came to rest on another row, or on none (key None)."""

        def __init__(self, row_list: RowList, key: str | None) -> None:
            """Say which list, and the row's key."""
            super().__init__()
            self.row_list, self.key = row_list, key

        @property
        def control(self) -> RowList:
            """The list, for `on` selectors."""
            return self.row_list

        def can_replace(self, message: Message) -> bool:
            """Only the last place of a moving cursor matters."""
            return isinstance(message, RowList.RowHighlighted) and message.row_list is self.row_list

    class RowChosen(Message):
        """Enter or a double click on a row."""

        def __init__(self, row_list: RowList, key: str) -> None:
            """Say which list, and the row's key."""
            super().__init__()
            self.row_list, self.key = row_list, key

        @property
        def control(self) -> RowList:
            """The list, for `on` selectors."""
            return self.row_list

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row] = (),
        *,
        empty: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """Show `rows` in `columns`; `empty` is the hint while there are none."""
        super().__init__(id=id, classes=classes)
        self.columns, self.empty = tuple(columns), empty
        self._rows = rows
        self.virtual_size = Size(0, len(rows))

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, len(self._rows) - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Repaint the two lines, scroll if needed, and post the message."""
        self.refresh_line(before)
        self.refresh_line(after)
        self._keep_in_view()
        self.post_message(self.RowHighlighted(self, self.cursor_key))

    def render_line(self, y: int) -> Strip:
        """Paint one line of the view."""
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        plain = self.rich_style  # read once a line: Textual computes it each time
        if index >= len(self._rows):
            hint = self.empty if y == 0 and not self._rows else ""
            return painted([(fit(hint, width), self.tone("dim" if hint else "", plain))], width)
        row, cursor = self._rows[index], Style()
        if index == self.cursor:
            cursor = self.get_component_rich_style("row-list--cursor", partial=True)
        widths = column_widths(self.columns, width)
        pieces = [(text, self.tone(tone, plain) + cursor) for text, tone in cells_of(row, self.columns, widths)]
        return painted(pieces, width).adjust_cell_length(width, self.tone(row.tone, plain) + cursor)

    def on_resize(self) -> None:
        """Keep the cursor in view when the pane folds or opens."""
        self._keep_in_view()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row; a second click opens it."""
        index = event.y - self.gutter.top + self.scroll_offset.y
        if 0 <= index < len(self._rows):
            self.cursor = index
            if event.chain > 1:
                self.action_choose()

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self.cursor += rows

    def action_move_page(self, pages: int) -> None:
        """Move the cursor by what is in view, less one line to keep the place."""
        self.cursor += pages * max(1, self.scrollable_content_region.height - 1)

    def action_move_to(self, index: int) -> None:
        """Move the cursor to the first row (0) or the last (-1)."""
        self.cursor = index if index >= 0 else len(self._rows) - 1

    def action_choose(self) -> None:
        """Open the row the cursor is on."""
        if self.cursor_key is not None:
            self.post_message(self.RowChosen(self, self.cursor_key))

    @property
    def rows(self) -> Sequence[Row]:
        """The rows shown; replace them with `show`."""
        return self._rows

    @property
    def in_view(self) -> range:
        """The indexes of the visible rows; empty before there is a layout."""
        top = self.scroll_offset.y
        return range(top, min(len(self._rows), top + self.scrollable_content_region.height))

    @property
    def cursor_key(self) -> str | None:
        """The key of the row the cursor is on; None when there are none."""
        return self._rows[self.cursor].key if self._rows else None

    def show(self, rows: Sequence[Row]) -> None:
        """Replace the rows. Unchanged lines in view are not painted again, and rows out of view are not even read."""
        before, key = self._rows, self.cursor_key
        cursor, cursor_line = self.cursor, self.cursor - self.scroll_offset.y
        self._rows = rows
        if len(rows) != len(before):
            self.virtual_size = Size(0, len(rows))
        self.set_reactive(RowList.cursor, self.validate_cursor(self._index_of(key, cursor)))
        if self.cursor != cursor and 0 <= cursor_line < self.scrollable_content_region.height:
            self.scroll_to(y=self.cursor - cursor_line, animate=False, force=True)
        self._repaint_changed(before, cursor)
        self._keep_in_view()
        if self.cursor_key != key:
            self.post_message(self.RowHighlighted(self, self.cursor_key))

    def move_to_key(self, key: str) -> None:
        """Put the cursor on the row of `key`, if there is one."""
        self.cursor = self._index_of(key, self.cursor)

    def _index_of(self, key: str | None, near: int) -> int:
        """The index of `key`, searched first around `near`; `near` itself when the key is gone."""
        if key is None or (near < len(self._rows) and self._rows[near].key == key):
            return near
        return next((index for index, row in enumerate(self._rows) if row.key == key), near)

    def _repaint_changed(self, before: Sequence[Row], cursor: int) -> None:
        if not before or not self._rows:
            self.refresh()
            return
        top = self.scroll_offset.y
        for index in range(top, top + self.scrollable_content_region.height):
            old = before[index] if index < len(before) else None
            new = self._rows[index] if index < len(self._rows) else None
            if old != new or (cursor != self.cursor and index in (cursor, self.cursor)):
                self.refresh_line(index)

    def _keep_in_view(self) -> None:
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        if height <= 0:
            return
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)
