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
    return f"{near.reason}; {went_words(near)}"


def went_words(near: Near) -> str:
    """How it went: `backout 3: backed-out; rehearsal 2: partly`, or `never run`."""
    return "; ".join(_runs(near)) or "never run"


def _runs(near: Near) -> list[str]:
    """The newest live backout and the newest rehearsal, each with its outcome; one that only showed says so."""
    words = {"live": "backout", "rehearsal": "rehearsal"}
    newest = [next((run for run in near.runs if run.mode == mode), None) for mode in words]
    return [f"{words[run.mode]} {run.backout}: {_went(near, run)}" for run in newest if run is not None]


def _went(near: Near, run: Run) -> str:
    """`backed-out`; of a rehearsal in which nothing could run, that it was only shown."""
    only_shown = run.backout in near.shown and run.outcome == "backed-out"
    return "only shown" if only_shown else run.outcome or "open"
