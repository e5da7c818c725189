"""The signals that end a program by default; code that has changed the terminal must handle all of them."""

from __future__ import annotations

import signal

_NAMES = (
    "SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU",
    "SIGPOLL", "SIGSTKFLT", "SIGPWR",
)  # fmt: skip
_REAL_TIME = range(getattr(signal, "SIGRTMIN", 1), getattr(signal, "SIGRTMAX", 0) + 1)

ENDING = tuple(int(getattr(signal, name)) for name in _NAMES if hasattr(signal, name)) + tuple(_REAL_TIME)
"""The numbers of these signals, as far as this system has them.

It leaves out KILL, which cannot be handled; PIPE and XFSZ, which Python ignores; and the signals that mean the process
itself is broken (SEGV, BUS, ILL, FPE, ABRT, TRAP, SYS).
"""
