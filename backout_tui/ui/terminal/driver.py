"""The terminal driver: it marks which read each key came in, and no terminal can make the program hang.

Textual's own Linux driver spins when the terminal is gone, waits forever on one that takes nothing more, and reports
every movement of the mouse. This one ends the program in the first two cases, and asks for clicks only.

Ctrl+Z stops the program like any other. Keys typed from then until the program takes the terminal again belong to the
shell: reading ends with Ctrl+Z, and each key carries how often the program had been continued when it was read.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from backout_tui.ui.terminal.keyboard import Keyboard
from backout_tui.ui.terminal.keys import KeyGate, key_stands_alone
from backout_tui.ui.terminal.line_memory import LineMemory
from backout_tui.ui.terminal.terminal_output import TerminalOutput

GRACE_S = 1.0
"""Seconds that giving the terminal back may take before it is forced."""
RESTORE = (
    "\x1b[?2026l\x1b[?2004l\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1004l\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""Switches off everything that was switched on; the alternate screen comes last, to leave the shell's untouched."""


class TerminalDriver(LinuxDriver):
    """Textual's driver for a terminal, made safe to lose."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Draw on standard error, as Textual does, and read standard input."""
        super().__init__(*args, **options)
        self._given_back = False
        self._continued = 0
        self._stopping = False
        self.is_ending = False
        self.beside: subprocess.Popen[bytes] | None = None
        self._shown = LineMemory()
        self._size_before = (0, 0)
        self.output = self._take_output()

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not yet taken everything that was written."""
        return self.output.is_writing or (self._writer_thread is not None and not self._writer_thread._queue.empty())

    def start_application_mode(self) -> None:
        """Take the terminal."""
        if self._given_back:  # coming back from a suspension
            self._given_back, self.output = False, self._take_output()
        self._shown.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual has no types here

    def _sigtstp_application(self, *_: object) -> None:
        """Handle a request to stop: in the loop, not in the middle of something, unless another has the terminal."""
        if not self._auto_restart or not self._soon(self._stop, os.getpid(), signal.SIGSTOP):
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        """Handle a continue signal; after an unannounced stop (SIGSTOP) the terminal is still ours.

        It then counts as given back: taking it twice would lose the settings that it had before.
        """
        self._continued += 1
        if self._auto_restart and not self._stopping:
            self._soon(self._take_after_a_stop)

    def _stop(self, whom: int, how: signal.Signals) -> None:
        """Give the terminal back, send the signal `how` to `whom` to stop, and take the terminal again afterwards.

        With `how` SIGTSTP the kernel refuses if no shell is left that could continue us.
        """
        if self._given_back or self.is_ending:
            return
        self._stopping, continued = True, self._continued
        self.suspend_application_mode()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(whom, how)
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        self._take_again()
        if continued == self._continued and isinstance(self._app, KeyGate):
            self._app.say_no_key("Ctrl+Z: there is no shell that could bring it back. q leaves, and steps go on.")

    def _take_after_a_stop(self) -> None:
        if not (self._given_back or self.is_ending):
            self._stopping = True
            if not self._in_background():
                self.suspend_application_mode()
            self._take_again()

    def _take_again(self) -> None:
        """Take the terminal once we are in the foreground; until then stop, as a shell expects. Drop what was typed.

        A signal that ends us comes first, because the person who stopped us may want us gone.
        """
        while self._in_background() and not self.is_ending:
            os.kill(os.getpid(), signal.SIGSTOP)
        if not self.is_ending:
            if not self._given_back:
                self.suspend_application_mode()
            with suppress(termios.error):
                termios.tcflush(self.fileno, termios.TCIFLUSH)
            self._must_signal_resume = True
            self.resume_application_mode()
        self._stopping = False

    def _in_background(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) != os.getpgrp()
        except OSError:  # not our controlling terminal, or gone: nobody else has it
            return False

    def _soon(self, work: Callable[..., None], *given: object) -> bool:
        """Do `work` in the loop; False when the loop has ended."""
        try:
            self._loop.call_soon_threadsafe(work, *given)
        except RuntimeError:
            return False
        return True

    def write(self, data: str) -> None:
        """Send `data` without what the terminal already shows, and without pointer shapes, which nobody has."""
        if not data.startswith("\x1b]22;") and (new := self._shown.new_in(data)):
            super().write(new)

    def redraw(self) -> None:
        """Forget what the terminal shows, so that the next pictures are sent in full."""
        self._shown.forget()

    def run_input_thread(self) -> None:
        """Read keys until told to stop; a read's keys are marked before the first one is sent."""
        keyboard = Keyboard()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                continued = self._continued
                if selector.select(0.1):
                    data = self._read()
                    if not data:
                        signal.raise_signal(signal.SIGHUP)  # the same end as when the kernel sends it
                        return
                    read = keyboard.take(data, time.monotonic())
                    if _is_ctrl_z(read):
                        self._soon(self._stop, 0, signal.SIGTSTP)  # the whole job of the shell, as a terminal does
                        return
                    self._soon(self._send, read, continued)
                if overdue := keyboard.overdue(time.monotonic()):
                    self._soon(self._send, overdue, continued)
                keyboard.sent(time.monotonic())

    def restore_now(self) -> None:
        """Give the terminal back as far as it allows, from any thread, whatever the other threads wait for.

        What it had not taken yet is thrown away, so that the reset gets through. A program that borrowed the terminal
        and does not end when asked is killed, because nobody would be left to give the terminal back after it.
        """
        if self._given_back:
            if self.beside is None:
                return
            self.beside.kill()
            self.output = self._take_output()
        self.output.muted = True
        with suppress(OSError, termios.error):
            termios.tcflush(self.output.fileno(), termios.TCOFLUSH)
            if self.output.takes_more(0.1):
                os.write(self.output.fileno(), RESTORE.encode())
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def stop_application_mode(self) -> None:
        """Give the terminal back once, within GRACE_S. In the background its settings already belong to the shell."""
        if self._given_back:
            return
        if self._in_background():
            self.attrs_before = None
        with self._limited(), _not_stopped_by_the_terminal():
            super().stop_application_mode()

    def disable_input(self) -> None:
        """Stop reading; after the terminal was given back, nothing is read anyway."""
        if not self._given_back:
            with _not_stopped_by_the_terminal():
                super().disable_input()

    def close(self) -> None:
        """Wait once, within GRACE_S, until the terminal has taken the last bytes."""
        if self._given_back:
            return
        with self._limited():
            super().close()
        self._given_back = True
        self.output.close()

    def _take_output(self) -> TerminalOutput:
        output = TerminalOutput(self.fileno if sys.__stderr__ is None else sys.__stderr__.fileno())
        self._file = cast("Any", output)  # Textual's writer only calls write, flush and fileno
        return output

    def _get_terminal_size(self) -> tuple[int, int]:
        size = super()._get_terminal_size()
        if size != self._size_before:  # the terminal has moved its content
            self._size_before = size
            self._shown.forget()
        return size

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _send(self, read: list[Message], continued: int) -> None:
        """Send keys to the app, unless a SIGCONT since the read means that they were typed for the shell.

        This runs in the loop, and therefore after the handler of that signal.
        """
        if continued == self._continued:
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
        """End the program at once if the block takes longer than GRACE_S."""
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


@contextmanager
def _not_stopped_by_the_terminal() -> Iterator[None]:
    """Ignore the signal by which the kernel stops a background program that changes the terminal."""
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTTOU, before)


def _is_ctrl_z(read: list[Message]) -> bool:
    """Whether a person pressed Ctrl+Z: alone in its read, and not in a paste."""
    return [isinstance(one, events.Key) and one.key == "ctrl+z" and key_stands_alone(one) for one in read] == [True]
