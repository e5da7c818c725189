"""Where a command prints: its page, and the status lines that it draws somewhere else and comes back from.

A program that saves the cursor, goes to a place, prints and returns (a progress bar in the last row, a clock in the
corner) leaves what it printed line by line alone. On a terminal that text scrolls above the status lines; here they
stand after it, as they were last drawn.
"""

from __future__ import annotations

from backout_tui.engine.printed.canvas import Canvas


class Screen:
    """The page, and the status lines aside; controls act on the `current` one of them."""

    def __init__(self) -> None:
        """A blank page."""
        self._main = Canvas()
        self._aside: Canvas | None = None
        self._gone: list[str] = []
        self._is_aside = self._returns = False  # drawing status lines now; the cursor is saved and not restored yet

    @property
    def current(self) -> Canvas:
        """The page that is printed on now."""
        return self._aside if self._is_aside and self._aside is not None else self._main

    @property
    def text(self) -> str:
        """All of it that can still be replaced, without status lines that are just being drawn."""
        status = "" if self._is_aside else self._status
        text = self._main.text
        return f"{text}\n{status}" if status and text and not text.endswith("\n") else text + status

    @property
    def before_cursor(self) -> str:
        """The part of `text` before the place where ordinary output goes on."""
        return self._main.before_cursor

    def taken(self) -> str:
        """The text that has become final since the last call."""
        self._settle()
        gone = "".join([*self._gone, self._main.taken()])
        self._gone.clear()
        return gone

    def close(self) -> None:
        """Make everything final: nothing more is printed."""
        self._join()
        self._main.close()

    # ── controls that concern more than one page ──────────────────────────────────────────────────────────────────────

    def save(self) -> None:
        """Remember where the cursor is."""
        self._settle()
        if not self._is_aside:
            self._main.save()
            self._returns = True

    def restore(self) -> None:
        """Return the cursor to where it was saved, from the status lines too."""
        self._settle()
        self._is_aside = self._returns = False
        self._main.restore()

    def place(self, row: int, column: int) -> None:
        """Go to that place; between saving and restoring the cursor, to draw status lines there."""
        self._settle()
        if self._returns and not self._main.is_placed:
            self._aside, self._is_aside = self._aside or Canvas(), True
        elif not self._main.is_placed:
            self._join()
        self.current.place(row, column)

    def clear(self) -> None:
        """Begin a new page; everything is kept."""
        self._join()
        self._main.clear()

    def erase_below(self) -> None:
        """Erase from the cursor to the end, status lines too; from the first place that is clearing."""
        self._settle()
        if self.current.is_homed:
            self._join()
            self._main.clear_from_home()
        else:
            self._aside = self.current if self._is_aside else None
            self.current.erase_below()

    @property
    def _status(self) -> str:
        return self._aside.text.strip("\n") if self._aside is not None else ""

    def _join(self) -> None:
        """Put the status lines after everything else."""
        self._settle()
        status = self._status
        self._aside, self._is_aside, self._returns = None, False, False
        if status.strip():
            self._main.clear()
            self._main.write(status)

    def _settle(self) -> None:
        """Go on with the status lines as the page, if some have left it: then they are no status lines."""
        if self._is_aside and self._aside is not None and (gone := self._aside.taken()):
            self._main.clear()
            self._gone += [self._main.taken(), gone]
            self._main, self._aside, self._is_aside, self._returns = self._aside, None, False, False
