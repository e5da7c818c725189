"""Which running commands have printed nothing for too long, as far as their output can be seen here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from backout_tui.domain.backout import Backout
from backout_tui.domain.clock import is_silent
from backout_tui.domain.items import Attempt, StepStatus
from backout_tui.engine.desk import Desk
from backout_tui.engine.spool import attempt_of


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
    """When the attempt printed something last, or began; None when it runs where its output cannot be seen."""
    folder = attempt_of(desk.database, attempt.intent)
    if attempt.host != desk.actor.host or not folder.path.is_dir():
        return None
    printed = folder.printed_at()
    return attempt.started_at if printed is None else max(attempt.started_at, datetime.fromtimestamp(printed, UTC))
