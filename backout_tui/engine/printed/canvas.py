"""A page that is more than a roll of lines: controls move its cursor, replace text, and begin another page."""

from __future__ import annotations

from backout_tui.engine.printed.cells import TAB_STOP, blank, insert, remove
from backout_tui.engine.printed.page import MARGIN, REACH, Page, line_of


class Canvas(Page):
    """A page on which text can be placed, moved and erased."""

    # ── moving ────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def is_placed(self) -> bool:
        """Whether its text is placed by position, and not printed line by line."""
        return self._placed

    @property
    def is_homed(self) -> bool:
        """Whether the cursor was just sent to the first place: erasing from there is clearing."""
        return self._homed

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

    def tab(self, count: int) -> None:
        """Move to that many tab stops further on; a negative count moves back."""
        if self._is_held():
            before = -(-self._here // TAB_STOP) if count < 0 else self._here // TAB_STOP
            self.to_column(max(0, (before + count) * TAB_STOP))

    def to_column(self, column: int) -> None:
        """Go to `column` of this line."""
        if self._is_held():
            self._go(self._row, min(column, self._edge(self._row)))

    def place(self, row: int, column: int) -> None:
        """Go to that place. Text that was printed line by line before is not overwritten: nobody knows where it was."""
        if not self._placed:
            self.clear()
        self._placed = True
        row = min(row, max(REACH - 1, len(self._rows) - 1))
        self._go(row, min(column, self._edge(row)))
        self._homed = row == column == 0

    @property
    def column(self) -> int:
        """The cursor's column."""
        return self._here

    def save(self) -> None:
        """Remember where the cursor is."""
        self._saved = self._row, self._here

    def restore(self) -> None:
        """Return the cursor to where it was when it was saved."""
        if self._is_held():
            self._go(*self._saved)

    # ── scrolling ─────────────────────────────────────────────────────────────────────────────────────────────────

    def set_region(self, first: int, last: int | None) -> None:
        """Scroll placed text within these rows from now on, or, without `last`, all of it; the cursor goes home."""
        self._region = (first, min(last, REACH - 1)) if last is not None and first < last else None
        if self._placed:
            self.place(0, 0)

    def scroll_up(self, count: int) -> None:
        """Move placed text up, under a cursor that stays."""
        if self._is_held() and self._placed:
            column = self._here
            self._fill()
            self._shift_up(self._scrolling[0] if self._scrolling else 0, count, keeps=True)
            self._go(self._row, column)

    def reverse_feed(self) -> None:
        """Go up one line; from the first row of placed text, that text moves down."""
        if self._placed and self._row == (self._scrolling[0] if self._scrolling else 0):
            column = self._here
            self._shift_down(self._row, 1)
            self._go(self._row, column)
        else:
            self.move(down=-1)

    def insert_lines(self, count: int) -> None:
        """Put blank lines in above this one."""
        if self._is_held():
            self._fill()
            self._shift_down(self._row, count)
            self._go(self._row, 0)

    def delete_lines(self, count: int) -> None:
        """Remove lines from this one on. Programs that place their text scroll so: what they remove is kept."""
        if self._is_held():
            self._fill()
            self._shift_up(self._row, count, keeps=self._placed)
            self._go(self._row, 0)

    # ── erasing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def clear(self) -> None:
        """Begin a new page; everything on this one is kept."""
        if self._endless:
            self._end_endless()
        else:
            self._turn_over("" if line_of(self._rows[-1]) == "" else "\n")

    def clear_from_home(self) -> None:
        """Begin a new page on which text is placed, with the cursor at its first place."""
        self.clear()
        self._placed = self._homed = True

    def erase_below(self) -> None:
        """Erase from the cursor to the end."""
        if self._is_held():
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

    def _erase(self, start: int, end: int) -> None:
        column = self._here
        blank(self._cells(), start, end)
        self._go(self._row, column)

    def _is_held(self) -> bool:
        """Whether the cursor's line is held; only a line without end is not."""
        self._homed = False
        if self._broken:
            self._end_endless()
        return not self._endless

    def _edge(self, row: int) -> int:
        return max(MARGIN - 1, self._width(row))
