"""How each step is gone through in a rehearsal: shown, really run, or its rehearsal command. design.md section 10."""

from __future__ import annotations

from dataclasses import dataclass

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import StepState

RUN = "run"
"""The value of `rehearse:` that means the step's own command."""


@dataclass(frozen=True, slots=True)
class Way:
    """What going through a step does: its `script`, whether it `runs`, and whether that is the step's `own` command.

    What a command instead of it prints is not what the plan expects, so that `Expect` counts only of its own.
    """

    script: str
    runs: bool
    own: bool = True

    @property
    def name(self) -> str:
        """How a record names it: "" as always in a live backout, else shown, run or instead."""
        return ("run" if self.own else "instead") if self.runs else "shown"


def way_of(backout: Backout, step: StepState) -> Way:
    """How this step is gone through. A rehearsal really runs only what says so, and only where it is elsewhere."""
    if backout.live:
        return Way(step.command, runs=True)
    said = (step.fact("rehearse") or "").strip()
    if not said or not backout.rehearsed_in:
        return Way(step.command, runs=False)
    return Way(step.command, runs=True) if said.casefold() == RUN else Way(said, runs=True, own=False)


def words(backout: Backout) -> str:
    """What a rehearsal does and does not do, in one line; "" for a live backout."""
    if backout.live:
        return ""
    if backout.rehearsed_in:
        return f"A rehearsal in {backout.rehearsed_in}: only what says “rehearse” runs, nothing is sent"
    return "A rehearsal: nothing runs, nothing is sent"
