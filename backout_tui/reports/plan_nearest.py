"""Plans that a release may reuse, in words, for people about to write a plan or to start without one."""

from __future__ import annotations

from collections.abc import Sequence

from backout_tui.domain.plan.plan_line import Near, Run
from backout_tui.domain.text import clean_line


def nearest_words(near: Sequence[Near]) -> list[str]:
    """One line for each: `plan 3: payments 4.11.0@production, approved, 9 of 9 answered; same service; never run`."""
    return [
        clean_line(
            f"plan {one.line.id}: {one.line.release or one.line.title}, {one.line.state}, "
            f"{one.line.answered} of 9 answered; {reason_words(one)}"
        )
        for one in near
    ]


def reason_words(near: Near) -> str:
    """Why the plan is near, and how it went: `same service; backout 3: backed-out; rehearsal 2: partly`."""
    return f"{near.reason}; {'; '.join(_runs(near.runs)) or 'never run'}"


def _runs(runs: Sequence[Run]) -> list[str]:
    """The newest live backout and the newest rehearsal, each with its outcome."""
    words = {"live": "backout", "rehearsal": "rehearsal"}
    newest = [next((run for run in runs if run.mode == mode), None) for mode in words]
    return [f"{words[run.mode]} {run.backout}: {run.outcome or 'open'}" for run in newest if run is not None]
