"""Asks without echo, and restores the terminal whatever signal ends or stops the program meanwhile."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
from collections.abc import Iterator
from typing import Any

from backout_tui.cli.speech import ask
from backout_tui.signals import ENDING

_RAISED = (signal.SIGINT,)
"""Signals that Python turns into an exception; handling the exception restores the terminal."""


_CONTINUED = b"\0"
"""The byte written to the pipe when the program continues after a stop; no signal has this number."""


def ask_hidden(question: str) -> str:
    """Return what is typed after `question`, or "" at the end of the input. Raises KeyboardInterrupt."""
    with _woken() as (heard, wake), _given_back_by_signals(wake), _without_echo():
        ask(question)
        while sys.stdin not in select.select([sys.stdin, heard], [], [])[0]:
            if _CONTINUED in os.read(heard, 64):
                ask(f"\n{question}")
        line = sys.stdin.readline()
    ask("\n")
    return line.rstrip("\n")


@contextlib.contextmanager
def _without_echo() -> Iterator[None]:
    """Turn off the echo, and discard what was typed before the question and after the answer."""
    descriptor = sys.stdin.fileno()
    shown, hidden = termios.tcgetattr(descriptor), termios.tcgetattr(descriptor)
    hidden[3] &= ~termios.ECHO
    try:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, hidden)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, shown)


@contextlib.contextmanager
def _woken() -> Iterator[tuple[int, int]]:
    """Yield a pipe that each signal writes to; otherwise a signal just before a read would wait until the read ends."""
    heard, wake = os.pipe()
    os.set_blocking(wake, False)
    before = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    try:
        yield heard, wake
    finally:
        signal.set_wakeup_fd(before)
        os.close(heard)
        os.close(wake)


@contextlib.contextmanager
def _given_back_by_signals(wake: int) -> Iterator[None]:
    """Restore the terminal before a signal ends or stops the program; after a stop, write to `wake`.

    The handler does not ask again itself: the signal may have come while the question was being written, and Python's
    streams refuse a second write during the first.
    """
    descriptor = sys.stdin.fileno()
    shown = termios.tcgetattr(descriptor)

    def end(number: int, _frame: object) -> None:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, shown)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def stop(number: int, _frame: object) -> None:
        hidden: list[Any] = termios.tcgetattr(descriptor)
        end(number, None)
        signal.signal(number, stop)
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, hidden)  # in the background: the kernel stops us again
        os.write(wake, _CONTINUED)

    wanted = [one for one in ENDING if one not in _RAISED and signal.getsignal(one) is signal.SIG_DFL]
    before = {one: signal.signal(one, end) for one in wanted}
    before[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
