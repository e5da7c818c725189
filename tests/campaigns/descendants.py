"""Ending everything that a trial started, supervisors in sessions of their own included, by their numbers."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterator
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Be the one to whom processes fall whose parents end: so that none gets away. Linux."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "orphans cannot be adopted")


def end_descendants(pid: int) -> None:
    """Kill the children of `pid`, and theirs, until there is none; those of this very process are collected too."""
    while found := list(descendants(pid)):
        for one in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGKILL)
        if pid != os.getpid():
            return
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def descendants(pid: int) -> Iterator[int]:
    """The children of `pid` and all below them."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield child
        yield from descendants(child)
