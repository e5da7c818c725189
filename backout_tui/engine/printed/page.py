"""The lines that a command printed and can still replace, with a cursor on them; lines that have left are final.

They are as wide as needed, and scroll only upwards. contract.md section 2: text that was replaced within a line, or
redrawn within the last 100 lines, is not kept; clearing the screen and scrolling lose nothing.
"""

from __future__ import annotations

from backout_tui.engine.printed.cells import cells_of, is_plain, overwrite

REACH = 100
"""How many lines above the last one a redraw can reach."""
LONGEST = 8192
"""The columns of a line that can still be replaced: a line without end is not kept in memory for ever."""
MARGIN = 200
"""How many columns past the text the cursor can move right, as at the edge of a terminal."""
_WIDEST = 8  # most columns that one character takes: a tab


class Page:
    """The lines within reach, and a cursor on them. A line in which something was replaced is stored cell by cell."""

    def __init__(self) -> None:
        """One blank line."""
        self._rows: list[str | list[str]] = [""]
        self._row = 0
        self._column: int | None = None  # None: after the end of the line, wherever that is
        self._gone: list[str] = []
        self._endless = self._broken = False  # in a line that is no longer held; a return has ended it
        self._placed = self._homed = False  # text is placed by position; the cursor was just sent to the first place
        self._saved = (0, 0)
        self._region: tuple[int, int] | None = None  # the rows within which placed text scrolls, first and last

    @property
    def at_end(self) -> bool:
        """Whether the next output goes after everything that was printed."""
        return self._column is None and self._row == len(self._rows) - 1

    @property
    def text(self) -> str:
        """The text of the lines now."""
        return "\n".join(map(line_of, self._rows))

    @property
    def before_cursor(self) -> str:
        """The part of `text` before the cursor."""
        if self._row >= len(self._rows):
            return self.text
        line = line_of(self._rows[self._row])
        within = line if self._column is None else "".join(cells_of(line)[: self._column])
        return "\n".join([*map(line_of, self._rows[: self._row]), within])

    def taken(self) -> str:
        """The text that has become final since the last call."""
        gone = "".join(self._gone)
        self._gone.clear()
        return gone

    def close(self) -> None:
        """Make everything final: nothing more is printed."""
        self._turn_over("")
        self._endless = self._broken = False

    # ── printing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, text: str) -> None:
        """Print `text`, which contains no controls other than line feeds and tabs."""
        self._homed = self._homed and not text
        while text:
            if self._endless:
                text = self._pass_on(text)
            elif self.at_end and isinstance(self._rows[-1], str) and self._scrolling is None:
                text = self._append(text)
            else:
                text = self._write_over(text)

    def _append(self, text: str) -> str:
        """Print at the end: the fast path for ordinary output, many lines at once."""
        lines = (line_of(self._rows[-1]) + text).split("\n")
        self._rows[-1:] = lines
        if max(map(len, lines)) > LONGEST:
            first = next(at for at in range(len(self._rows) - 1, -1, -1) if len(self._rows[at]) > LONGEST) + 1
            self._endless = first == len(self._rows)
            self._let_go(first)
        self._let_go(len(self._rows) - REACH - 1)
        self._row, self._column = len(self._rows) - 1, None
        return ""

    def _write_over(self, text: str) -> str:
        """Print up to the end of a line that may hold other text; returns what is still to be printed."""
        if text[0] == "\n":
            self.feed()
            return text[1:]
        line = text.partition("\n")[0]
        cells = self._cells()
        column = len(cells) if self._column is None else self._column
        if column + _WIDEST * len(line) > LONGEST:
            line = line[0]  # so that it breaks at the same place, wherever the reads were cut
        self._go(self._row, overwrite(cells, column, line))
        self._break_off()
        return text[len(line) :]

    def _pass_on(self, text: str) -> str:
        if self._broken:
            self._end_endless()
            return text.removeprefix("\n")
        line, feed, rest = text.partition("\n")
        self._gone.append(line + feed)
        self._endless = not feed
        return rest

    def _break_off(self) -> None:
        """Hold nothing more once a line has become too long."""
        if len(self._rows[self._row]) > LONGEST:
            self._endless = self.at_end
            self._turn_over("" if self._endless else "\n")

    def _end_endless(self) -> None:
        self._gone.append("\n")
        self._endless = self._broken = False

    def feed(self) -> None:
        """Go to the start of the next line; from the last row of a region, everything in it scrolls up."""
        self._homed = False
        if self._scrolling is not None and self._row == self._scrolling[1]:
            self._fill()
            self._shift_up(self._scrolling[0], 1, keeps=True)
            self._go(self._row, 0)
        elif self._row >= len(self._rows) - 1:
            self._fill()
            self._rows.append("")
            self._row = len(self._rows) - 1
            self._let_go(len(self._rows) - REACH - 1)
            self._go(self._row, 0)
        else:
            self._go(self._row + 1, 0)

    # ── scrolling ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _scrolling(self) -> tuple[int, int] | None:
        """The region, while text is placed by position; lines that are printed one by one scroll off the top."""
        return self._region if self._placed else None

    def _shift_up(self, start: int, count: int, *, keeps: bool) -> None:
        """Take `count` lines out at `start`, and move the ones below up; `keeps` makes what they hold final."""
        last = self._scrolling[1] if self._scrolling is not None else len(self._rows) - 1
        out = self._rows[start : min(start + count, last + 1)]
        if keeps:
            self._gone += [f"{line}\n" for line in map(line_of, out) if line]
        del self._rows[start : start + len(out)]
        if self._scrolling is not None and (blank := last + 1 - len(out)) < len(self._rows):
            self._rows[blank:blank] = [""] * len(out)
        self._rows = self._rows or [""]

    def _shift_down(self, start: int, count: int) -> None:
        """Put `count` blank lines in at `start`; what leaves the region, or gets out of reach, is final."""
        count = min(count, REACH)
        self._rows[start:start] = [""] * count
        if self._scrolling is not None:
            after = self._scrolling[1] + 1
            self._gone += [f"{line}\n" for line in map(line_of, self._rows[after : after + count]) if line]
            del self._rows[after : after + count]
        self._let_go(len(self._rows) - REACH - 1)

    # ── the parts that all of it uses ─────────────────────────────────────────────────────────────────────────────────

    @property
    def _here(self) -> int:
        return self._width(self._row) if self._column is None else self._column

    def _width(self, row: int) -> int:
        if row >= len(self._rows):
            return 0
        line = self._rows[row]
        if isinstance(line, str) and not is_plain(line):
            line = self._rows[row] = cells_of(line)  # its columns are counted once instead of at each move
        return len(line)

    def _go(self, row: int, column: int) -> None:
        self._row = row
        self._column = None if row < len(self._rows) and column == self._width(row) else column

    def _fill(self) -> None:
        while self._row >= len(self._rows):
            self._rows.append("")

    def _cells(self) -> list[str]:
        """The cursor's line, stored cell by cell from now on."""
        self._fill()
        line = self._rows[self._row]
        if isinstance(line, str):
            line = self._rows[self._row] = cells_of(line)
        return line

    def _let_go(self, count: int) -> None:
        """Make the first `count` lines final. Text that is placed afterwards is not where they were: a new page."""
        if count > 0:
            last = "" if self._endless and count == len(self._rows) else "\n"
            self._gone.append("\n".join(map(line_of, self._rows[:count])) + last)
            del self._rows[:count]
            self._rows = self._rows or [""]
            self._row = max(0, self._row - count)
            self._saved = max(0, self._saved[0] - count), self._saved[1]
            self._placed = False

    def _turn_over(self, ending: str) -> None:
        self._gone.append(self.text + ending)
        self._rows, self._row, self._column, self._saved = [""], 0, None, (0, 0)
        self._placed = self._homed = False


def line_of(row: str | list[str]) -> str:
    """The text of a stored line."""
    return row if isinstance(row, str) else "".join(row)
