"""One pane: a title line with counts, and a list below it that folds away while another pane is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.strip import Strip
from textual.widget import Widget

from backout_tui.domain.text import clean_line
from backout_tui.ui.lines import fit, painted
from backout_tui.ui.row_list import RowList
from backout_tui.ui.rows import Column, Row, matching


def title_line(title: str, counts: str, width: int, *, framed: bool) -> str:
    """`─ title ──────── counts ─` on `width` cells; framed, its ends are the corners of a box."""
    left, right = ("┌ ", " ┐") if framed else ("─ ", " ─")
    name, said = clean_line(title), clean_line(counts)
    room = width - len(left) - len(right)
    rule = room - cell_len(name) - cell_len(said) - 2
    if rule < 1:
        return left + fit(name, max(0, room)) + right
    return f"{left}{name} {'─' * rule} {said}{right}" if said else f"{left}{name} {'─' * (rule + 1)}{right.strip()}─"


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


class Pane(Vertical):
    """A titled list. What its rows are is the business of the one who shows them."""

    def __init__(self, name: str, title: str, columns: Sequence[Column], *, empty: str) -> None:
        """`name` is one of PANES; `title` begins with the pane's key."""
        super().__init__(id=name)
        self.title = title
        self.line = TitleLine(title)
        self.list = RowList(columns, empty=empty, classes="rows")
        self._all: Sequence[Row] = ()
        self._filter = ""

    def compose(self) -> ComposeResult:
        """The title over the list."""
        yield self.line
        yield self.list

    def show(self, rows: Sequence[Row], counts: str, tone: str = "") -> None:
        """Show these rows, as far as the filter lets them through."""
        self._all = rows
        shown = matching(rows, self._filter) if self._filter else rows
        self.list.show(shown)
        filtered = f"/{self._filter}: {len(shown)} of {len(rows)}" if self._filter else ""
        self.line.say(self.title, filtered or counts, tone)

    def filter_by(self, text: str) -> None:
        """Show only the rows that hold `text`; "" shows all. It takes effect with the next `show`."""
        self._filter = text

    @property
    def filter(self) -> str:
        """The text that rows must hold; "" for no filter."""
        return self._filter
