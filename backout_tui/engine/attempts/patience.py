"""Retries for a while: until a full disk is cleared, or a locked database is released."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable

from backout_tui.errors import BackoutError

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.1, 5.0


def patiently(act: Callable[[], object], patience_s: float, *, give_up: Callable[[], bool] = lambda: False) -> bool:
    """Whether `act` succeeded within `patience_s`; it is retried when something outside is in its way.

    `give_up` is asked before each wait. What was in the way is written to standard error.
    """
    until, wait_s, said = time.monotonic() + patience_s, _FIRST_WAIT_S, ""
    while True:
        try:
            act()
        except (OSError, BackoutError) as error:
            trouble = str(error)
        else:
            return True
        if trouble != said:
            note(trouble)
            said = trouble
        if give_up() or time.monotonic() + wait_s > until:
            return False
        time.sleep(wait_s)
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def note(text: str) -> None:
    """Write a line to standard error, which is a file: on a full disk only this line is lost."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text.rstrip("\n") + "\n")
        sys.stderr.flush()
