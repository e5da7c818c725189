"""Times given on the command line: an hour that may mean two moments is asked on the terminal, else refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, tzinfo

from backout_tui.cli.asking import on_terminal
from backout_tui.cli.speech import ask
from backout_tui.domain.moments import Meant, Unclear, moment_ahead, moment_behind
from backout_tui.domain.text import clean_line
from backout_tui.errors import BackoutError
from backout_tui.local_zone import local_zone

Reader = Callable[[str, datetime, tzinfo | None], Meant]


def future_moment(text: str, now: datetime) -> datetime:
    """Return the moment to come that was said. Raises BackoutError for text that is no such time, or one of two."""
    when = _read(moment_ahead, text, now)
    if when is None or when <= now:
        raise BackoutError(
            f"{text} is not a time in the future", todo="Write it as `10 min`, `03:40`, or 2026-11-22T03:40:00Z."
        )
    return when


def past_moment(text: str, now: datetime) -> datetime:
    """Return the moment behind us that was said. Raises BackoutError for text that is no time, or one of two."""
    when = _read(moment_behind, text, now)
    if when is None:
        todo = "Say it as 01:50, `20 min ago`, 2026-11-22T01:50:00Z, or '2026-11-22 01:50 Europe/London'."
        raise BackoutError(f"{text} is not a time", todo=todo)
    return when


def _read(reader: Reader, text: str, now: datetime) -> datetime | None:
    """Return what the text means in the operator's zone; ask for it again while it may mean two moments."""
    while isinstance(meant := reader(text, now, local_zone()), Unclear):
        if not on_terminal():
            raise BackoutError(str(meant), todo="The clock changes then.")
        ask(clean_line(f"{meant}: "))
        text = sys.stdin.readline().strip()
    return meant
