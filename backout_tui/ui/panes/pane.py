"""One pane: a title line with counts, and a list below it that folds away while another pane is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from backout_tui.domain.backout import Backout
from backout_tui.domain.text import clean_line
from backout_tui.ui.lines import fit, painted
from backout_tui.ui.row_list import RowList
from backout_tui.ui.rows import Column, Row, matching
from backout_tui.ui.situation import Item

NEVER = datetime.min.replace(tzinfo=UTC)
"""The moment before there is one."""


def title_line(title: str, counts: str, width: int, *, framed: bool) -> str:
    """`─ title ──────── counts ─` on `width` cells; framed, its ends are the corners of a box."""
    left, right = ("┌ ", "┐") if framed else ("─ ", "─")
    name, said = clean_line(title), clean_line(counts)
    end = f" {said} {right}" if said else right
    rule = width - cell_len(left) - cell_len(name) - cell_len(end) - 1
    if rule < 1:
        return left + fit(name, max(0, width - 4)) + f" {right}"
    return f"{left}{name} {'─' * rule}{end}"


class TitleLine(Widget):
    """The rule over a pane: its name on the left, its counts on the right."""

    DEFAULT_CSS = """
    TitleLine {
        height: 1;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"title-line--warning"}

    def __init__(self, title: str = "") -> None:
        """Begin without counts."""
        super().__init__()
        self._said: tuple[str, str, str] = (title, "", "")
        self.framed = False

    def say(self, title: str, counts: str, tone: str = "") -> None:
        """Show another title or other counts."""
        if (title, counts, tone) != self._said:
            self._said = (title, counts, tone)
            self.refresh()

    def frame(self, *, framed: bool) -> None:
        """Draw the corners of a box, or a plain rule."""
        if framed != self.framed:
            self.framed = framed
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line only
        """Paint the line."""
        title, counts, tone = self._said
        width = self.size.width
        style = self.get_component_rich_style("title-line--warning") if tone == "warning" else self.rich_style
        return painted([(title_line(title, counts, width, framed=self.framed), style)], width)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a pane shows: its rows, its counts, and the tone of those."""

    rows: Sequence[Row]
    counts: str
    tone: str = ""


class Pane(Vertical):
    """A titled list of what is true. It holds the cursor, the scroll and the filter, never a state."""

    BLANK = True
    """Its parts cover it, so its own lines are never worked out: with each key that would be half of the work."""
    NAME: ClassVar[str]
    """One of PANES."""
    HEADING: ClassVar[str]
    """Its key and its name."""
    COLUMNS: ClassVar[tuple[Column, ...]]
    EMPTY: ClassVar[str]
    """What stands there while there are no rows."""

    backout: reactive[Backout] = reactive(Backout(0), init=False, repaint=False)
    """What is true."""
    at: reactive[datetime] = reactive(NEVER, init=False, repaint=False)
    """The moment that is shown."""
    filter: reactive[str] = reactive("", init=False, repaint=False)
    """The text that a row must hold to be shown; "" shows all."""

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
        """Whether Enter was for the pane itself, and not for what the row stands for."""
        return False

    @property
    def item(self) -> Item | None:
        """What the cursor is on; None in an empty pane."""
        key = self.list.cursor_key
        return self.item_of(key) if key is not None else None

    def watch_backout(self) -> None:
        """Something happened."""
        self.renew()

    def watch_at(self) -> None:
        """A second went by."""
        self.renew()

    def watch_filter(self) -> None:
        """Other rows may be shown."""
        self.renew()

    def renew(self) -> None:
        """Show what is true now; lines that stay the same are not painted again."""
        contents = self.contents()
        shown = matching(contents.rows, self.filter) if self.filter else contents.rows
        self.list.show(shown)
        filtered = f"/{self.filter}: {len(shown)} of {len(contents.rows)}" if self.filter else ""
        self.line.say(self.HEADING, filtered or contents.counts, contents.tone)

    def on_click(self, event: events.Click) -> None:
        """A click on the title opens the pane."""
        if event.widget is self.line:
            self.post_message(self.Wanted(self.NAME))
