"""What a command printed, as far as it is kept: beside the log once it has ended, and in its folder until then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing

from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.domain.printed_ends import Ends, end_of
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError

_NOT_DONE = (AttemptStatus.FAILED, AttemptStatus.IN_DOUBT)


def output_of(desk: Desk, attempt: Attempt) -> str:
    """All that is kept of what `attempt` printed. Raises BackoutError when it is missing, or is not what was kept."""
    if not attempt.output:
        from backout_tui.engine.attempts.spool import attempt_of  # here: `show` seldom needs it

        with closing(attempt_of(desk.database, attempt.intent, attempt.spool)) as folder:
            return folder.output().whole.decode("utf-8", "replace")
    kept, todo = desk.reader.blob(attempt.output), "See what else is wrong with: backout-tui verify"
    if kept is None:
        raise BackoutError("what it printed is missing from the file", where=str(desk.database), todo=todo)
    if hashlib.sha256(kept).hexdigest() != attempt.output:
        raise BackoutError("what it printed was changed after it was kept", where=str(desk.database), todo=todo)
    return kept.decode("utf-8", "replace")


def ends_of(desk: Desk, backout: Backout) -> Ends:
    """The last lines of every attempt that failed or is in doubt."""
    found = ((attempt.intent, _end(desk, attempt)) for attempt in _not_done(backout))
    return {intent: end for intent, end in found if end}


def _end(desk: Desk, attempt: Attempt) -> tuple[str, ...]:
    try:
        return end_of(output_of(desk, attempt))
    except BackoutError as error:
        return (f"[{error.what}]",)


def _not_done(backout: Backout) -> Iterator[Attempt]:
    of_each = [*(step.attempts for step in backout.leaves), *(check.attempts for check in backout.checks.values())]
    return (attempt for attempts in of_each for attempt in attempts if attempt.state in _NOT_DONE)
