"""How a rehearsal goes through each step: shown, really run, or its rehearsal command. design.md section 10."""

from __future__ import annotations

from msgspec import Struct

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.criteria import command_said

RUN = "run"
"""The value of `rehearse:` that stands for the step's own command."""


class Way(Struct, frozen=True):
    """What going through a step does: its `script`, whether it `runs`, and whether that is the step's `own` command.

    `Expect` counts only for the step's own command: a rehearsal command prints something else than the plan expects.
    """

    script: str
    runs: bool
    own: bool = True

    @property
    def name(self) -> str:
        """Its name in a record: shown, run or instead. A live backout doesn't record one."""
        return ("run" if self.own else "instead") if self.runs else "shown"


def way_of(backout: Backout, step: StepState) -> Way:
    """How this step is gone through. A rehearsal runs only steps with `rehearse`, and only in another environment."""
    if backout.live:
        return Way(step.command, runs=True)
    said = command_said(step.fact("rehearse") or "")
    if not said or not backout.rehearsed_in:
        return Way(step.command, runs=False)
    return Way(step.command, runs=True) if said.casefold() == RUN else Way(said, runs=True, own=False)


def words(backout: Backout) -> str:
    """What a rehearsal does and doesn't do, in one line; "" for a live backout."""
    if backout.live:
        return ""
    if backout.rehearsed_in:
        return f"A rehearsal in {backout.rehearsed_in}: only what says “rehearse” runs, nothing is sent"
    return "A rehearsal: nothing runs, nothing is sent"
