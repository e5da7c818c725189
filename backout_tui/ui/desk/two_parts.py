"""A list, and below it the item under the cursor in full."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from backout_tui.ui.desk.desk_screen import DeskScreen
from backout_tui.ui.widgets.columns import Column, Row
from backout_tui.ui.widgets.row_list import RowList
from backout_tui.ui.widgets.text_view import Line, TextView
from backout_tui.ui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen


class Part(Vertical):
    """A title line over a list or a text."""

    def __init__(self, body: RowList | TextView, name: str) -> None:
        """Name it for the stylesheet."""
        super().__init__(id=name)
        self.line, self.body = TitleLine(), body

    def compose(self) -> ComposeResult:
        """The title, then the list or text under it."""
        yield self.line
        yield self.body


class TwoParts(DeskScreen):
    """Enter reads what the cursor is on, Esc goes back. Subclasses decide what is listed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", show=False, priority=True),
        Binding("enter", "read", "Read", show=False, priority=True),
    ]

    def __init__(self, home: ListScreen, columns: Sequence[Column], empty: str) -> None:
        """Work at the desk of `home`, the list that everything was opened from."""
        super().__init__(home.office, home.now)
        self.home = home
        self.list = RowList(columns, empty=empty, classes="rows")
        self.text = TextView(classes="rows")
        self.top, self.below = Part(self.list, "listed"), Part(self.text, "whole")

    def compose(self) -> ComposeResult:
        """The list over the text."""
        yield self.top
        yield self.below
        yield self.keys_line

    def on_mount(self) -> None:
        """Begin in the list."""
        self.be_quiet()
        self.list.focus()

    @abstractmethod
    def whole(self, key: str) -> tuple[str, Sequence[Line]]:
        """The title and the lines of the row with this key."""

    def show(self, title: str, counts: str, rows: Sequence[Row], tone: str = "") -> None:
        """Show these rows from now on; the cursor stays on its row."""
        self.top.line.say(title, counts, tone)
        self.list.show(rows)
        self.show_whole()

    def show_whole(self) -> None:
        """Show the item under the cursor below."""
        key = self.list.cursor_key
        title, lines = self.whole(key) if key is not None else ("", ())
        self.below.line.say(title, "Esc back" if self.is_reading else "")
        self.text.show(lines)

    def on_row_list_row_highlighted(self) -> None:
        """The cursor moved."""
        self.text.scroll_to(y=0, animate=False)
        self.show_whole()

    @property
    def is_reading(self) -> bool:
        """Whether the text has the whole screen."""
        return self.has_class("-reading")

    def action_read(self) -> None:
        """Give the text the whole screen, or take it back."""
        reading = not self.is_reading and self.list.cursor_key is not None
        self.set_class(reading, "-reading")
        (self.text if reading else self.list).focus()
        self.show_whole()

    def action_back(self) -> None:
        """Close the text, then the screen."""
        if self.is_reading:
            self.action_read()
        else:
            self.dismiss()
