"""The terminal: what is read from it is marked read by read, and nothing about it can hold the program.

Textual's own Linux driver spins when the terminal is gone, waits for ever on one that takes nothing more, and reports
every movement of the mouse. This one ends the program in the first two cases, and asks for clicks only.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from backout_tui.ui.keyboard import Keyboard
from backout_tui.ui.line_memory import LineMemory
from backout_tui.ui.terminal_output import TerminalOutput

GRACE_S = 1.0
"""Seconds that giving the terminal back may take before it is forced."""
RESTORE = (
    "\x1b[?2026l\x1b[?2004l\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1004l\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""Everything that was switched on, switched off: the alternate screen last, so that the shell's is left untouched."""


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

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop. One that nobody announced (SIGSTOP) counts as if the terminal had been given back.

        Else it would be taken twice, and what it was like before would be forgotten.
        """
        if self._auto_restart and not self._must_signal_resume and self.attrs_before is not None:
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()

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
