"""A program in a real terminal: a pty whose bytes are kept and drawn on a pyte screen."""

from __future__ import annotations

import array
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import pyte

_NOT_FOR_PYTE = re.compile(rb"\x1b\[[<>][0-9;]*u|\x1b\[\?\d+\$p|\x1b\]22;[^\x07]*\x07")
"""Sequences that real terminals know and pyte would print."""

_ENVIRON = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "", "SSH_CONNECTION": ""}
"""What a program sees unless a test says otherwise, whoever runs the tests."""


class PtyScreen:
    """Starts `command` in a terminal of its own, `width` x `height`; use it with `with`.

    Nothing is read except while a method waits: a test that does not wait is a stalled terminal.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        width: int = 80,
        height: int = 24,
        environ: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> None:
        """Start it, with the environment of the tests and `environ` on top ("" takes a variable away)."""
        self.raw = b""
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self.terminal, self._theirs = pty.openpty()
        self._set_size(width, height)
        self.attributes = termios.tcgetattr(self._theirs)
        settled = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "NO_COLOR": "",
            "SSH_CONNECTION": "",
        }
        settled.update(environ or {})
        self.process = subprocess.Popen(
            list(command),
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            cwd=cwd,
            env={name: value for name, value in settled.items() if value},
            start_new_session=True,
            preexec_fn=self._take_terminal,
        )

    def __enter__(self) -> Self:
        """The running program."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing running."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()
        if self._theirs >= 0:
            os.close(self._theirs)
            self._theirs = -1

    def send(self, keys: str | bytes) -> None:
        """Write `keys` into the terminal at once."""
        os.write(self.terminal, keys.encode() if isinstance(keys, str) else keys)

    def read(self, seconds: float) -> bytes:
        """Take what comes within `seconds`, at least what is there; returns the new bytes."""
        before, deadline = len(self.raw), time.monotonic() + seconds
        while self._read_once(max(0.0, deadline - time.monotonic())) and time.monotonic() < deadline:
            pass
        return self.raw[before:]

    def wait_until(self, condition: Callable[[], bool], words: str, timeout: float = 60.0) -> None:
        """Wait until `condition()` holds; AssertionError with `words` and the picture when it does not come to that."""
        deadline = time.monotonic() + timeout
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0 or not self._read_once(left):
                raise AssertionError(f"{words}:\n{self.text()}")

    def wait_for(self, text: str, timeout: float = 60.0) -> None:
        """Wait until `text` is on the screen; AssertionError with the picture when it does not come."""
        self.wait_until(lambda: text in self.text(), f"{text!r} did not appear on", timeout)

    def wait_gone(self, text: str, timeout: float = 60.0) -> None:
        """Wait until `text` is no longer on the screen."""
        self.wait_until(lambda: text not in self.text(), f"{text!r} stayed on", timeout)

    def answer(self, keys: str) -> bytes:
        """Send `keys`, and wait until something comes and then nothing more; returns what came."""
        before = len(self.raw)
        self.send(keys)
        self.wait_until(lambda: len(self.raw) > before, f"{keys!r} brought nothing about")
        self.wait_idle()
        return self.raw[before:]

    def wait_idle(self, quiet: float = 0.25, timeout: float = 15.0) -> bytes:
        """Wait until nothing has come for `quiet` seconds; returns the bytes that came meanwhile."""
        before, deadline = len(self.raw), time.monotonic() + timeout
        while time.monotonic() < deadline and select.select([self.terminal], [], [], quiet)[0]:
            if not self._read_once(0):
                break
        return self.raw[before:]

    def wait(self, timeout: float = 60.0) -> int:
        """Wait until the program ends, reading on; returns its exit code (negative: the signal that killed it)."""
        deadline = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.05)
        self.read(0.05)
        return self.process.wait(timeout=max(0.1, deadline - time.monotonic()))

    def lines(self) -> list[str]:
        """The lines of the screen, without blanks at their ends."""
        return [line.rstrip() for line in self.screen.display]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines())

    def resize(self, width: int, height: int) -> None:
        """Make the terminal another size; the program gets SIGWINCH."""
        self.screen.resize(height, width)
        self._set_size(width, height)

    def terminal_attributes(self) -> list[Any]:
        """The terminal's settings now, to compare with `attributes` of before the start."""
        return termios.tcgetattr(self._theirs)

    @property
    def slave(self) -> int:
        """The descriptor of the program's side; -1 once the terminal is closed."""
        return self._theirs

    def typed_ahead(self) -> int:
        """How many bytes the program has not read yet; 0 once the terminal is closed."""
        if self._theirs < 0:
            return 0
        waiting = array.array("i", [0])
        fcntl.ioctl(self._theirs, termios.FIONREAD, waiting)
        return waiting[0]

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close the terminal on our side, as a dropped connection does."""
        if self.terminal >= 0:
            if self._theirs >= 0:
                os.close(self._theirs)
                self._theirs = -1
            os.close(self.terminal)
            self.terminal = -1

    def _take_terminal(self) -> None:
        """As a login shell starts it, though the tests themselves may run under `nohup` or in the background."""
        for ignored_there in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(ignored_there, signal.SIG_DFL)
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def _set_size(self, width: int, height: int) -> None:
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def _read_once(self, seconds: float) -> bool:
        """Read what is there within `seconds`; False once the terminal has nothing more to give."""
        if self.terminal < 0:
            return False
        if not select.select([self.terminal], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.terminal, 1 << 16)
        except OSError:
            return False
        self.raw += data
        self._draw(data)
        return bool(data)

    def _draw(self, data: bytes) -> None:
        """Draw whole sequences only: half of one that pyte must not see would be printed."""
        data = self._held + data
        start = data.rfind(b"\x1b", max(0, len(data) - 32))
        unfinished = start >= 0 and not re.match(rb"\x1b(\[[0-9;?<>=$]*[@-~]|[^\[])", data[start:])
        self._held = data[start:] if unfinished else b""
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", data[:start] if unfinished else data))
