"""All that is kept of one output, to search: the pane of the dashboard shows only its last lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.engine.attempts.spool import KeptOutput
from backout_tui.engine.operator import Operator
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import TextField
from backout_tui.ui.night.board import Board
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.lazy_rows import LazyRows
from backout_tui.ui.widgets.row_list import RowList
from backout_tui.ui.widgets.sheet import Sheet
from backout_tui.ui.widgets.text_view import Line, TextView

COLUMNS = (Column(7, right=True), Column(0))
_LONGEST_SHOWN = 20  # characters of what is searched for, so that the count keeps its place in the title
LOOK_S = 1.0
"""Seconds between two looks at the output of a command that runs."""


class OutputScreen(Sheet):
    """The numbered lines of an attempt's output, or those that contain a text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", "Search", show=False, priority=True)]
    KEYS = (("Esc", "Back"), ("/", "Search"), ("Enter", "Around it, whole line"), ("j k", "Move"))
    OPENS_A_FIELD = frozenset({"slash"})

    def __init__(self, board: Board, name: str, attempt: Attempt, wanted: str) -> None:
        """Show the lines of `attempt`, which is of `name` (`step 4`), that contain `wanted`; all of them for ""."""
        self._title = f"Output of {name}{f', attempt {attempt.number}' if attempt.number > 1 else ''}"
        super().__init__(self._title)
        self.board, self._attempt, self._wanted = board, attempt, wanted
        self.list = RowList(COLUMNS, empty="Reading it.", classes="-first rows")
        self._lines: Sequence[tuple[int, str]] = ()

    def body(self) -> Iterable[Widget]:
        """The lines."""
        yield self.list

    def on_mount(self) -> None:
        """Read the output, and again while its command runs."""
        self.run_worker(self._read(), group="output", exclusive=True)
        if self._attempt.state is AttemptStatus.RUNNING:
            self.set_interval(LOOK_S, lambda: self.run_worker(self._read(), group="output", exclusive=True))

    async def _read(self) -> None:
        found = await self.board.look(lambda operator: _whole(operator, self._attempt))
        if found is not None:
            self._lines = list(enumerate(found.removesuffix("\n").split("\n") if found else (), start=1))
            self._show()

    def _show(self) -> None:
        wanted = self._wanted.casefold()
        found = [one for one in self._lines if wanted in one[1].casefold()] if wanted else self._lines
        self.list.empty = "No line holds it. / searches again." if self._lines else "It printed nothing."
        self.list.show(LazyRows(found, _row))
        count = f"/{self._wanted[:_LONGEST_SHOWN]}: {len(found):,} of {len(self._lines):,}"
        self.line.say(self._title, count if wanted else f"{len(self._lines):,} lines")

    def action_search(self) -> None:
        """Show only the lines that contain a text."""
        self.app.push_screen(asking(self._title, self._wanted), self._searched)

    def _searched(self, answers: dict[str, str] | None) -> None:
        if answers is not None:
            self._wanted = answers["text"]
            self._show()

    def on_row_list_row_chosen(self, event: RowList.RowChosen) -> None:
        """Show what stands around a line that was found; of all lines, show one in full."""
        if self._wanted:
            self._wanted = ""
            self._show()
        else:
            number, text = self._lines[int(event.key) - 1]
            self.app.push_screen(LineScreen(f"{self._title}, line {number:,}", text))


class LineScreen(Sheet):
    """One line in full, however long it is."""

    def __init__(self, title: str, text: str) -> None:
        """Show `text`."""
        super().__init__(title)
        self._text = text

    def body(self) -> Iterable[Widget]:
        """The line, folded to the screen."""
        yield TextView([Line(self._text)], classes="-first rows")


def asking(title: str, wanted: str = "") -> Ask:
    """Ask what to search for."""
    field = TextField("text", "lines that hold", wanted, hint="nothing: all lines")
    return Ask(f"Search: {title}", [field], verb="show them")


def _row(line: tuple[int, str]) -> Row:
    number, text = line
    return Row(str(number), (Cell(f"{number:,}", "dim"), text.replace("\t", "    ")))


def _whole(operator: Operator, attempt: Attempt) -> str:
    part = operator.output(attempt)
    return KeptOutput(part.text, part.tail.encode(), part.dropped).whole.decode("utf-8", "replace")
