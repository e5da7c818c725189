"""Writes to a terminal without ever waiting inside a write."""

from __future__ import annotations

import os
import select


class TerminalOutput:
    """The file that Textual's writing thread writes to. It never raises: a terminal that is gone accepts everything.

    If possible it opens the terminal a second time, non-blocking, so that no write has to wait: a thread waiting inside
    a write holds the terminal's lock, and no other thread could write then. The descriptor that we were given is shared
    with the shell, which expects it to block.
    """

    def __init__(self, given: int) -> None:
        """Write to the terminal of the descriptor `given`."""
        self._collected: list[str] = []
        self._characters = 0
        self._own = True
        self.muted = False
        self.is_writing = False
        try:
            self._descriptor = os.open(os.ttyname(given), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:  # another user's terminal, as after su
            self._descriptor, self._own = given, False

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def close(self) -> None:
        """Write nothing more."""
        self.muted = True
        if self._own:
            self._own = False
            os.close(self._descriptor)

    def write(self, text: str) -> None:
        """Collect `text`; the next flush writes it, or a full buffer does."""
        self.is_writing = True
        self._collected.append(text)
        self._characters += len(text)
        if self._characters > 1 << 16:
            self.flush()

    def flush(self) -> None:
        """Write what was collected, at the terminal's pace, until it is muted."""
        data = memoryview("".join(self._collected).encode("utf-8", "replace"))
        self._collected.clear()
        self._characters = 0
        while data and not self.muted:
            try:
                data = data[os.write(self._descriptor, data[:4096]) :]
            except BlockingIOError:
                self.takes_more(0.1)
            except OSError:
                self.muted = True
        self.is_writing = False

    def takes_more(self, seconds: float) -> bool:
        """Whether the terminal accepts something within `seconds`."""
        return bool(select.select([], [self._descriptor], [], seconds)[1])
