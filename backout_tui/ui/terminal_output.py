"""Writing to a terminal without ever waiting inside a write."""

from __future__ import annotations

import os
import select


class TerminalOutput:
    """The file that Textual's writing thread writes to. It never raises: a terminal that is gone takes everything.

    Where it can it opens the terminal once more, so as not to wait inside a write: a thread that does holds the
    terminal's lock, and nobody else could tell the terminal anything then. (The descriptor we were given is shared with
    the shell, which would not like it non-blocking.)
    """

    def __init__(self, given: int) -> None:
        """Write to the terminal behind the descriptor `given`."""
        self._collected: list[str] = []
        self._characters = 0
        self._own = True
        self.muted = False
        self.is_writing = False
        try:
            self._descriptor = os.open(os.ttyname(given), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:  # another user's terminal, after su
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
        """Collect `text`; it is written with the next flush, or once there is much of it."""
        self.is_writing = True
        self._collected.append(text)
        self._characters += len(text)
        if self._characters > 1 << 16:
            self.flush()

    def flush(self) -> None:
        """Write what was collected, as the terminal takes it, until it is muted."""
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
        """Whether the terminal takes something within `seconds`."""
        return bool(select.select([], [self._descriptor], [], seconds)[1])
