"""The page that a command prints on: the text that remains after everything that overwrote earlier text.

It is as wide as needed, and scrolls only upwards; lines that have left it are final. contract.md section 2: text that
was replaced within a line, or redrawn within the last 100 lines, is not kept; clearing the screen loses nothing.
"""

from __future__ import annotations

from backout_tui.engine.printed.cells import blank, cells_of, insert, is_plain, overwrite, remove

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
        """A blank page."""
        self._rows: list[str | list[str]] = [""]
        self._row = 0
        self._column: int | None = None  # None: after the end of the line, wherever that is
        self._gone: list[str] = []
        self._endless = self._broken = False  # in a line that is no longer held; a return has ended it
        self._placed = self._homed = False  # text is placed by position; the cursor was just sent to the first place
        self._saved = (0, 0)

    @property
    def at_end(self) -> bool:
        """Whether the next output goes after everything that was printed."""
        return self._column is None and self._row == len(self._rows) - 1

    @property
    def text(self) -> str:
        """The text on the page now."""
        return "\n".join(map(_line, self._rows))

    @property
    def before_cursor(self) -> str:
        """The part of `text` before the cursor."""
        if self._row >= len(self._rows):
            return self.text
        line = _line(self._rows[self._row])
        within = line if self._column is None else "".join(cells_of(line)[: self._column])
        return "\n".join([*map(_line, self._rows[: self._row]), within])

    def taken(self) -> str:
        """The text that has left the page since the last call."""
        gone = "".join(self._gone)
        self._gone.clear()
        return gone

    def close(self) -> None:
        """Move everything off the page: nothing more is printed."""
        self._gone.append(self.text)
        self._begin_anew()
        self._endless = self._broken = False

    # ── printing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, text: str) -> None:
        """Print `text`, which contains no controls other than line feeds and tabs."""
        self._homed = self._homed and not text
        while text:
            if self._endless:
                text = self._pass_on(text)
            elif self.at_end and isinstance(self._rows[-1], str):
                text = self._append(text)
            else:
                text = self._write_over(text)

    def _append(self, text: str) -> str:
        """Print at the end: the fast path for ordinary output, many lines at once."""
        lines = (_line(self._rows[-1]) + text).split("\n")
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
        """Hold nothing more of a page on which a line has become too long."""
        if len(self._rows[self._row]) > LONGEST:
            self._endless = self.at_end
            self._turn_over("" if self._endless else "\n")

    def _end_endless(self) -> None:
        self._gone.append("\n")
        self._endless = self._broken = False

    # ── moving ────────────────────────────────────────────────────────────────────────────────────────────────────

    def feed(self) -> None:
        """Go to the start of the next line."""
        if self._row >= len(self._rows) - 1:
            self._fill()
            self._rows.append("")
            self._row = len(self._rows) - 1
            self._let_go(len(self._rows) - REACH - 1)
            self._go(self._row, 0)
        else:
            self._go(self._row + 1, 0)

    def carriage_return(self) -> None:
        """Go to the start of the line; it ends a line without end."""
        if self._endless:
            self._broken = True
        else:
            self._go(self._row, 0)

    def move(self, down: int = 0, right: int = 0, to: int | None = None) -> None:
        """Move the cursor (negative: up and left) within the page; or go down, and to the column `to`."""
        if self._is_held():
            row = min(self._row + down, max(REACH - 1, len(self._rows) - 1)) if down > 0 else self._row + down
            column = self._here
            if right > 0:
                column = max(column, min(column + right, self._edge(row)))
            self._go(max(0, row), max(0, column + min(0, right)) if to is None else to)

    def to_column(self, column: int) -> None:
        """Go to `column` of this line."""
        if self._is_held():
            self._go(self._row, min(column, self._edge(self._row)))

    def to_row(self, row: int) -> None:
        """Go to `row` of the page, keeping the column."""
        self.place(row, self._here)

    def place(self, row: int, column: int) -> None:
        """Go to that place. Text that was printed line by line before is not overwritten: nobody knows where it was."""
        if not self._placed:
            self.clear()
        self._placed = True
        row = min(row, max(REACH - 1, len(self._rows) - 1))
        self._go(row, min(column, self._edge(row)))
        self._homed = row == column == 0

    def save(self) -> None:
        """Remember where the cursor is."""
        self._saved = self._row, self._here

    def restore(self) -> None:
        """Return the cursor to where it was when it was saved."""
        if self._is_held():
            self._go(*self._saved)

    # ── erasing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def clear(self) -> None:
        """Begin a new page; everything on this one is kept."""
        if self._endless:
            self._end_endless()
        else:
            self._turn_over("" if _line(self._rows[-1]) == "" else "\n")

    def erase_below(self) -> None:
        """Erase from the cursor to the end; from the first place of the page, that is the same as clearing it."""
        if self._homed:
            self.clear()
            self._placed = self._homed = True
        elif self._is_held():
            del self._rows[self._row + 1 :]
            self.erase_right()

    def erase_above(self) -> None:
        """Erase the line up to the cursor; the lines above are kept, but are out of reach."""
        if self._is_held():
            column = self._here
            self._fill()
            self._let_go(self._row)
            self._go(0, column)
            self.erase_left()

    def erase_right(self) -> None:
        """Erase this line from the cursor on."""
        if self._is_held() and self._row < len(self._rows) and self._column is not None:
            self._erase(self._here, len(self._cells()))

    def erase_left(self) -> None:
        """Erase this line up to the cursor."""
        if self._is_held() and self._row < len(self._rows):
            self._erase(0, self._here + 1)

    def erase_line(self) -> None:
        """Erase this line."""
        if self._is_held() and self._row < len(self._rows):
            self._erase(0, len(self._cells()))

    def erase(self, count: int) -> None:
        """Erase that many columns from the cursor on."""
        if self._is_held() and self._row < len(self._rows):
            self._erase(self._here, self._here + count)

    def delete(self, count: int) -> None:
        """Remove that many columns; the rest of the line moves left."""
        if self._is_held() and self._row < len(self._rows):
            column = self._here
            remove(self._cells(), column, column + count)
            self._go(self._row, column)

    def insert(self, count: int) -> None:
        """Move the rest of the line to the right by that many columns."""
        if self._is_held() and self._row < len(self._rows):
            column = self._here
            insert(self._cells(), column, min(count, MARGIN))
            self._go(self._row, column)
            self._break_off()

    # ── the parts that all of it uses ─────────────────────────────────────────────────────────────────────────────────

    def _is_held(self) -> bool:
        """Whether the cursor's line is held on the page; only a line without end is not."""
        self._homed = False
        if self._broken:
            self._end_endless()
        return not self._endless

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

    def _edge(self, row: int) -> int:
        return max(MARGIN - 1, self._width(row))

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

    def _erase(self, start: int, end: int) -> None:
        column = self._here
        blank(self._cells(), start, end)
        self._go(self._row, column)

    def _let_go(self, count: int) -> None:
        """Move the first `count` lines off the page."""
        if count > 0:
            last = "" if self._endless and count == len(self._rows) else "\n"
            self._gone.append("\n".join(map(_line, self._rows[:count])) + last)
            del self._rows[:count]
            self._rows = self._rows or [""]
            self._row = max(0, self._row - count)

    def _turn_over(self, ending: str) -> None:
        self._gone.append(self.text + ending)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._rows, self._row, self._column, self._saved = [""], 0, None, (0, 0)
        self._placed = self._homed = False


def _line(row: str | list[str]) -> str:
    return row if isinstance(row, str) else "".join(row)
