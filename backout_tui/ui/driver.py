"""The terminal: what is read from it is marked read by read, and nothing about it can hold the program.

Textual's own Linux driver spins when the terminal is gone, waits for ever on one that takes nothing more, and reports
every movement of the mouse. This one ends the program in the first two cases, and asks for clicks only.
"""

from __future__ import annotations

import codecs
import os
import select
import selectors
import signal
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Paste
from textual.message import Message

from backout_tui.ui.keys import ReadMarks
from backout_tui.ui.line_memory import LineMemory
from backout_tui.ui.pastes import PasteSplitter

GRACE_S = 1.0
"""Seconds that giving the terminal back may take before it is forced."""
RESTORE = (
    "\x1b[?2026l\x1b[?2004l\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1004l\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""Everything that was switched on, switched off: the alternate screen last, so that the shell's is left untouched."""


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


class Keyboard:
    """Bytes from the terminal in, messages for the app out, each read's keys marked."""

    def __init__(self) -> None:
        """Begin before the first byte."""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pastes, self._parser, self._marks = PasteSplitter(), XTermParser(debug=False), ReadMarks()

    def take(self, data: bytes, now: float) -> list[Message]:
        """The messages of one read."""
        return self._messages(self._pastes.split(self._decode(data), now), now)

    def overdue(self, now: float) -> list[Message]:
        """What was waiting for more that did not come: an Escape key, a paste without an end."""
        return self._messages(self._pastes.overdue(now), now) + self._marks.mark(self._parser.tick(), now)

    def sent(self, now: float) -> None:
        """What was taken is on its way to the app."""
        self._marks.sent(now)

    def _messages(self, parts: list[str | Paste], now: float) -> list[Message]:
        read: list[Message] = []
        for part in parts:
            read.extend([part] if isinstance(part, Paste) else self._parser.feed(part))
        return self._marks.mark(read, now)


class TerminalDriver(LinuxDriver):
    """Textual's driver for a terminal, made safe to lose."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Draw on standard error, as Textual does, and read standard input."""
        super().__init__(*args, **options)
        self._given_back = False
        self._shown = LineMemory()
        self._size_before = (0, 0)
        self.output = self._take_output()

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has yet to take something that was written."""
        return self.output.is_writing or (self._writer_thread is not None and not self._writer_thread._queue.empty())

    def start_application_mode(self) -> None:
        """Take the terminal."""
        if self._given_back:  # come back from a suspension
            self._given_back, self.output = False, self._take_output()
        self._shown.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual left it without

    def write(self, data: str) -> None:
        """Send `data`, less what the terminal shows already, and less the shape of a pointer that nobody has."""
        if not data.startswith("\x1b]22;") and (new := self._shown.new_in(data)):
            super().write(new)

    def redraw(self) -> None:
        """Take nothing for granted: the next pictures are sent whole."""
        self._shown.forget()

    def run_input_thread(self) -> None:
        """Read keys until told to stop; each read's keys are marked before the first is sent."""
        keyboard = Keyboard()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    data = self._read()
                    if not data:
                        signal.raise_signal(signal.SIGHUP)  # the same end as when the kernel says it
                        return
                    self._send(keyboard.take(data, time.monotonic()))
                self._send(keyboard.overdue(time.monotonic()))
                keyboard.sent(time.monotonic())

    def restore_now(self) -> None:
        """From any thread, whatever the others are stuck in: give back the terminal as far as it lets us.

        What it had not taken yet is thrown away, to make room for the way back.
        """
        if self._given_back:
            return
        self.output.muted = True
        with suppress(OSError, termios.error):
            termios.tcflush(self.output.fileno(), termios.TCOFLUSH)
            if self.output.takes_more(0.1):
                os.write(self.output.fileno(), RESTORE.encode())
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def stop_application_mode(self) -> None:
        """Give the terminal back, within GRACE_S."""
        with self._limited():
            super().stop_application_mode()

    def close(self) -> None:
        """Wait for the last bytes to be taken, within GRACE_S."""
        with self._limited():
            super().close()
        self._given_back = True
        self.output.close()

    def _take_output(self) -> TerminalOutput:
        output = TerminalOutput(self.fileno if sys.__stderr__ is None else sys.__stderr__.fileno())
        self._file = cast("Any", output)  # all that Textual's writer asks of it is write, flush and fileno
        return output

    def _get_terminal_size(self) -> tuple[int, int]:
        size = super()._get_terminal_size()
        if size != self._size_before:  # the terminal has moved what it showed
            self._size_before = size
            self._shown.forget()
        return size

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _send(self, read: list[Message]) -> None:
        for message in read:
            self.process_message(message)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - a crash of this thread is a crash of the program, and says so
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """End the program here and now when what is inside takes longer than GRACE_S."""
        timer = threading.Timer(GRACE_S, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _give_up(self) -> None:
        self.restore_now()
        os._exit(self._app.return_code or 0)
