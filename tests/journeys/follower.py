"""Somebody who has never seen the program, and does what the Next line says, with the key that it names."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.journeys.terminal import DOWN, ENTER, SETTLED_S, Terminal

KEY = re.compile(r"press ((?:\d )?\S+)")


class Follower:
    """Goes on until the Next line has nothing more to say; `done` is what it said, in order."""

    def __init__(self, terminal: Terminal) -> None:
        """Sit down at `terminal`."""
        self.terminal = terminal
        self.done: list[str] = []
        self._by_key: dict[str, Callable[[str], None]] = {
            "p": self._log_problem,
            "D": self._decide,
            "d": self._mark_done,
            "r": self._confirm,
            "v": self._confirm,
            "m": self._tell,
            "Enter": self._record,
            "X": self._end,
        }

    def follow(self, at_most: int = 40) -> None:
        """Do one thing after the other; AssertionError when a wish cannot be done, or it never ends."""
        for _ in range(at_most):
            wish = self._wish()
            if wish.startswith("closed"):
                return
            key = KEY.search(self._words)
            assert key, f"no key does {wish!r}:\n{self.terminal.text()}"
            self.done.append(f"{key[1]}: {wish}")
            *way, last = key[1].split(" ")
            for pane in way:
                self.terminal.press(pane)
            self._by_key[last](last)
            self.terminal.wait_until(lambda before=wish: self._wish() != before, f"something after {wish!r}", 30)  # type: ignore[misc]
        raise AssertionError(f"it does not end: {self.done}")

    def _wish(self) -> str:
        """What is to be done, once it is not only waiting."""
        self.terminal.wait_until(lambda: not self._is_waiting(), "an end of the waiting", 40)
        self.terminal.wait_idle(0.05)
        return KEY.sub("", self._words).partition("(")[0].strip()

    def _is_waiting(self) -> bool:
        return "Next:" not in self.terminal.text() or bool(re.match(r"wait", self._words))

    @property
    def _words(self) -> str:
        """What the Next line says, without its head; when it is folded, its first line."""
        return " ".join(self.terminal.next_line.split()).partition("Next: ")[2]

    def _mark_done(self, key: str) -> None:
        """Only the first step asks: what has to hold before it is ticked, line by line."""
        before = self.terminal.next_line
        self.terminal.press(key)
        self.terminal.wait_until(
            lambda: "Space tick" in self.terminal.text() or self.terminal.next_line != before, "what comes of d", 30
        )
        if "Space tick" in self.terminal.text():
            self._tick()
            self.terminal.confirm("Mark step")

    def _tick(self) -> None:
        """Tick the one line there is; a blank too many goes into the reason, where it says nothing."""
        for _ in range(30):
            self.terminal.read(SETTLED_S)
            self.terminal.send(" ")
            self.terminal.read(SETTLED_S)
            if "[x]" in self.terminal.text():
                return
        raise AssertionError(self.terminal.text())

    def _log_problem(self, key: str) -> None:
        self.terminal.press(key, "Log a problem")
        self.terminal.fill("5xx on /charge")

    def _decide(self, key: str) -> None:
        self.terminal.press(key, "decided by")
        self.terminal.fill(DOWN, "errors above two percent", "", "by phone")

    def _confirm(self, key: str) -> None:
        self.terminal.press(key, "Esc leave")
        typed = re.search(r"Type (\S+) and Enter", self.terminal.text())
        title = re.search(r"╭─ (.+?) ─", self.terminal.text())
        assert title, self.terminal.text()
        self.terminal.confirm(title[1], typed=typed[1] if typed else "")

    def _tell(self, key: str) -> None:
        self.terminal.press(key, "Tell people")
        self.terminal.press(ENTER, "it   Esc leave")
        title = re.search(r"╭─ ((?:Send|Show) .+?) ─", self.terminal.text())
        assert title, self.terminal.text()
        self.terminal.confirm(title[1])

    def _record(self, key: str) -> None:
        self.terminal.press(ENTER, "what you see")
        self.terminal.fill("", "looked at it, all is as it was")

    def _end(self, key: str) -> None:
        self.terminal.press(key, "Esc leave")
        if "Did it work?" in self.terminal.text():
            self.terminal.fill("", "")
            if not self.terminal.is_gone("Esc leave", 1.0):
                self.terminal.wait_for("Close the backout")
        if "Close the backout" in self.terminal.text():
            self.terminal.fill("nothing is left to do", "")
