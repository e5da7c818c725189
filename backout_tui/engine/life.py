"""Whether the process of an attempt still lives, asked now: for what is in doubt."""

from __future__ import annotations

from backout_tui.domain.doubt import Life
from backout_tui.domain.items import Attempt
from backout_tui.engine.spool import is_process


def life_of(attempt: Attempt, here: str) -> Life:
    """What the kernel of this host (`here`) says of the attempt's process; its spool folder may be gone by now."""
    if attempt.host != here:
        return Life.ELSEWHERE
    if attempt.pid is None:
        return Life.UNKNOWN
    lives = is_process(attempt.pid, attempt.start_ticks, attempt.boot_id)
    return Life.UNKNOWN if lives is None else Life.LIVES if lives else Life.GONE
