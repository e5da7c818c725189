"""A terminal somebody sits at: one key at a time, each looked for on the screen before the next."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from tests.pty_screen import PtyScreen

BEYOND_A_BURST_S = 0.03
"""Two keys that come faster than a person types count as one paste."""
SETTLED_S = 0.2
"""Longer than a dialog must have been there before its confirming key counts."""
ENTER, ESC, TAB, SAVE = "\r", "\x1b", "\t", "\x13"
DOWN, UP, RIGHT = "\x1b[B", "\x1b[A", "\x1b[C"


class Terminal(PtyScreen):
    """A `PtyScreen` with a person's hands: presses, waits, reads what came."""

    def press(self, key: str, until: str | None = None, *, timeout: float = 60.0) -> None:
        """Press one key, alone; then wait until the text `until` stands on the screen."""
        self.wait_taken()
        self.read(BEYOND_A_BURST_S)
        self.send(key)
        self.wait_taken()
        self.read(BEYOND_A_BURST_S)
        if until is not None:
            self.wait_for(until, timeout)
            self.read(BEYOND_A_BURST_S)  # the rest of the picture

    def wait_taken(self, timeout: float = 60.0) -> None:
        """Wait until the program has read what was typed: on a busy machine two keys would lie in one read, a paste."""
        deadline = time.monotonic() + timeout
        while self.typed_ahead() and time.monotonic() < deadline:
            self.read(0.01)

    def fill(self, *answers: str, until: str | None = None) -> None:
        """Type the answers of a dialog, field after field; "" leaves one as it is. The last Enter submits."""
        for answer in answers:
            self.send(answer + ENTER)
        if until is not None:
            self.wait_for(until)

    def escape(self, gone: str) -> None:
        """Press Esc, and wait until the text `gone` is: another key at once would make it an Alt key."""
        self.press(ESC)
        self.wait_gone(gone)

    def confirm(self, title: str, until: str | None = None, *, typed: str = "") -> None:
        """Confirm what runs or is sent in the dialog `title`, once it was read; what cannot be undone by its number.

        Under load a dialog may have been painted later than it was read here; then it asks for Enter again.
        """
        self.wait_for(title)
        self.wait_for("Esc leave")
        self.send(typed)
        self.confirm_again(title, until)

    def confirm_again(self, title: str, until: str | None = None) -> None:
        """Press Enter in the dialog `title` until it counts."""
        for _ in range(30):
            self.read(SETTLED_S)
            self.press(ENTER)
            if self.is_gone(title, within=1.0):
                break
        self.wait_gone(title)
        if until is not None:
            self.wait_for(until)

    def is_gone(self, text: str, within: float) -> bool:
        """Whether `text` is no longer on the screen within so many seconds."""
        deadline = time.monotonic() + within
        while text in self.text() and time.monotonic() < deadline:
            self.read(0.02)
        return text not in self.text()

    def leave(self) -> int:
        """Press q; the exit code."""
        self.press("q")
        return self.wait()

    @property
    def next_line(self) -> str:
        """What the Next line says."""
        return next((line.strip() for line in self.lines() if "Next:" in line or "Looking on" in line), "")

    @property
    def last_line(self) -> str:
        """The footer: what came of the last key, else the keys."""
        return self.lines()[-1].strip()

    def row(self, text: str) -> str:
        """The first line of the screen that holds `text`; AssertionError when none does."""
        found = [line for line in self.lines() if text in line]
        assert found, f"{text!r} is not on:\n{self.text()}"
        return found[0]

    def wait_match(self, pattern: str, timeout: float = 60.0) -> re.Match[str]:
        """Wait until `pattern` is found on the screen."""
        compiled = re.compile(pattern)
        self.wait_until(lambda: compiled.search(self.text()) is not None, f"/{pattern}/", timeout)
        match = compiled.search(self.text())
        assert match
        return match

    def wait_until(self, true: Callable[[], bool], what: str, timeout: float = 60.0) -> None:
        """Wait until something is true, reading on; AssertionError with the picture when it does not become so."""
        deadline = time.monotonic() + timeout
        while not true():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"{what} did not come true on:\n{self.text()}")
            self.read(0.02)
