"""Which of a backout's deviations were really run: the plan does not learn from what was only written down."""

from __future__ import annotations

from collections.abc import Iterable

from backout_tui.domain.backout.choices import DEVIATION, DeviationKind
from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout, Deviation
from backout_tui.domain.backout.states import ATTEMPT, StepStatus

NEVER_RAN = "it never ran"


def never_ran(backout: Backout, deviations: Iterable[Deviation]) -> tuple[Deviation, ...]:
    """The deviations that changed, added or moved a step which did not run as it was then.

    What a person decided (to skip a step, to take another way) needs no run; of an added step that never ran, nothing
    is left to learn.
    """
    planned = steps_of(backout.plan)
    return tuple(one for one in deviations if _is_idle(backout, one, is_new=one.step not in planned))


def _is_idle(backout: Backout, one: Deviation, *, is_new: bool) -> bool:
    step = backout.steps.get(one.step)
    if step is None or one.kind is DeviationKind.OPTION or (DEVIATION[one.kind].noted and not is_new):
        return False
    below = [leaf for leaf in backout.leaves if leaf.number == step.number or _is_below(backout, leaf, step.number)]
    return not any(map(_ran, below))


def _is_below(backout: Backout, leaf: StepState, number: str) -> bool:
    above = backout.steps.get(leaf.parent)
    return above is not None and (above.number == number or _is_below(backout, above, number))


def _ran(step: StepState) -> bool:
    """Whether its command as it is now was run, or a person did it; what a rehearsal only showed did not run."""
    if any(ATTEMPT[one.state].ended and one.command == step.command for one in step.attempts):
        return True
    return not step.attempts and step.state in (StepStatus.DONE, StepStatus.FAILED, StepStatus.WORKED_AROUND)
