"""Finds what is still alive: the process of an attempt in doubt, and commands that have gone silent."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.backout.whereabouts import Machine, Reach, Whereabouts, whereabouts
from backout_tui.domain.clock.forecast import is_silent
from backout_tui.domain.rules.doubt import Life
from backout_tui.engine.attempts.processes import is_process
from backout_tui.engine.attempts.reach import reach_of
from backout_tui.engine.attempts.spool import attempt_of
from backout_tui.engine.desk import Desk


def life_of(database: Path, attempt: Attempt, here: Machine) -> Life:
    """What the kernel says about the attempt's process, asked on `here`; its spool folder may already be gone.

    An attempt that was declared in doubt has no recorded process, but its lock may be on this host and still held.
    """
    if attempt.is_awaited and reach_of(database, attempt, here) is Reach.LIVES:
        return Life.LIVES
    where = whereabouts(attempt.on, here)
    if where is Whereabouts.ELSEWHERE:
        return Life.ELSEWHERE
    if where is Whereabouts.REBOOTED:
        return Life.GONE
    lives = None if attempt.pid is None else is_process(attempt.pid, attempt.start_ticks, attempt.boot_id)
    if lives is None or (where is Whereabouts.UNKNOWN and not lives):
        return Life.UNKNOWN
    return Life.LIVES if lives else Life.GONE


def silent_steps(desk: Desk, backout: Backout) -> Mapping[str, datetime]:
    """The running steps that have been silent for too long, and since when."""
    now = desk.clock.now()
    found: dict[str, datetime] = {}
    for step in backout.leaves_in(StepStatus.RUNNING):
        since = _last_word(desk, step.attempt) if step.attempt is not None else None
        if since is not None and is_silent(step, since, now):
            found[step.number] = since
    return found


def _last_word(desk: Desk, attempt: Attempt) -> datetime | None:
    """When the attempt last printed something, or started; None when its output cannot be seen from here."""
    if whereabouts(attempt.on, desk.here) is Whereabouts.ELSEWHERE:
        return None
    with closing(attempt_of(desk.database, attempt.intent, attempt.spool)) as found:
        if not found.folder.is_there:
            return None
        printed = found.printed_at()
    return attempt.started_at if printed is None else max(attempt.started_at, datetime.fromtimestamp(printed, UTC))
