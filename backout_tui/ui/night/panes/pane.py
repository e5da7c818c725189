"""One pane: a title line with counts, and a list below it that folds away while another pane is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.values import replace
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.columns import Cell, Column, Row, matching
from backout_tui.ui.widgets.glyphs import glyph
from backout_tui.ui.widgets.lazy_rows import LazyRows
from backout_tui.ui.widgets.row_list import RowList
from backout_tui.ui.widgets.title_line import TitleLine

NEVER = datetime.min.replace(tzinfo=UTC)
"""The moment shown before there is one."""


class Contents(Struct, frozen=True):
    """What a pane shows: its rows, its counts, and the tone of the counts."""

    rows: Sequence[Row]
    counts: str
    tone: str = ""


class Pane(Vertical):
    """A titled list of what is true. It holds the cursor, the scroll and the filter, never a state."""

    BLANK = True
    """The parts cover the pane, so its own lines are never computed: for each key that would be half of the work."""
    NAME: ClassVar[str]
    """The name of the pane, one of PANES."""
    HEADING: ClassVar[str]
    """Its key and its name."""
    COLUMNS: ClassVar[tuple[Column, ...]]
    EMPTY: ClassVar[str]
    """The text shown while there are no rows."""

    backout: reactive[Backout] = reactive(Backout(0), init=False, repaint=False)
    """What is true."""
    at: reactive[datetime] = reactive(NEVER, init=False, repaint=False)
    """The moment that is shown."""
    filter: reactive[str] = reactive("", init=False, repaint=False)
    """The text that a row must contain to be shown; "" shows all."""
    unsound: reactive[Mapping[Item, str]] = reactive(dict, init=False, repaint=False)
    """The items whose record is not what was written."""

    class Wanted(Message):
        """Somebody clicked on the title."""

        def __init__(self, pane: str) -> None:
            """Say which pane."""
            super().__init__()
            self.pane = pane

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(id=self.NAME)
        self.line = TitleLine(self.HEADING)
        self.list = RowList(self.COLUMNS, empty=self.EMPTY, classes="rows")

    def compose(self) -> ComposeResult:
        """The title over the list."""
        yield self.line
        yield self.list

    def contents(self) -> Contents:
        """What to show of `backout` at the moment `at`."""
        raise NotImplementedError

    def item_of(self, key: str) -> Item:
        """What the row of that key stands for."""
        raise NotImplementedError

    def enter(self) -> bool:
        """Whether the pane itself handles Enter, instead of opening what the row stands for."""
        return False

    @property
    def item(self) -> Item | None:
        """What the cursor is on; None in an empty pane."""
        key = self.list.cursor_key
        return self.item_of(key) if key is not None else None

    def watch_backout(self) -> None:
        """The backout changed."""
        self.renew()

    def watch_at(self) -> None:
        """A second passed."""
        self.renew()

    def watch_filter(self) -> None:
        """Apply the new filter."""
        self.renew()

    def watch_unsound(self) -> None:
        """Mark rows, or unmark them."""
        self.renew()

    def renew(self) -> None:
        """Show what is true now; lines that stay the same are not painted again."""
        contents = self.contents()
        rows = LazyRows(contents.rows, self._marked) if self.unsound else contents.rows
        shown = matching(rows, self.filter) if self.filter else rows
        self.list.show(shown)
        filtered = f"/{self.filter}: {len(shown)} of {len(rows)}" if self.filter else ""
        self.line.say(self.HEADING, filtered or contents.counts, contents.tone)

    def _marked(self, row: Row) -> Row:
        """Return the row, marked if what it says comes from a record that is not what was written."""
        if self.item_of(row.key) not in self.unsound:
            return row
        title = next(at for at, column in enumerate(self.COLUMNS) if not column.width)
        cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row.cells]
        cells[0] = Cell(glyph("problem"), "failed")
        title = min(title, len(cells) - 1)
        cells[title] = replace(cells[title], text=f"NOT SOUND · {cells[title].text}", tone="failed")
        return Row(row.key, tuple(cells), row.tone)

    def on_click(self, event: events.Click) -> None:
        """A click on the title opens the pane."""
        if event.widget is self.line:
            self.post_message(self.Wanted(self.NAME))
