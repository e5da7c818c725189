"""The order of the steps: what a step waits for, and which of them may not be left out lightly."""

from __future__ import annotations

import re
from collections.abc import Mapping

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import SETTLED, StepState, StepStatus
from backout_tui.domain.remembered import once_for_steps
from backout_tui.domain.ways import is_folded


def waits_for(backout: Backout, step: StepState) -> tuple[StepState, ...]:
    """The steps that have to be settled before `step`: the ones its plan names, else the one before in its option."""
    if (named := step.fact("waits for")) is not None:
        words = re.split(r"[,\s]+", named)  # `1 and 4[this-and-that]`: what is no number is passed over
        return tuple(backout.steps[word] for word in words if word in backout.steps)
    for place in range(_places(backout).get(step.number, len(backout.leaves)) - 1, -1, -1):
        leaf = backout.leaves[place]
        if not leaf.option or leaf.option == step.option or _option_taken(backout, leaf, step):
            return (leaf,)
    return ()


@once_for_steps
def to_begin(backout: Backout) -> StepState | None:
    """The first open step that waits for nothing any more, whatever else runs; None when there is none."""
    for step in backout.leaves_in(StepStatus.PENDING):
        if not is_folded(backout, step) and all(one.state in SETTLED for one in waits_for(backout, step)):
            return step
    return None


@once_for_steps
def _places(backout: Backout) -> Mapping[str, int]:
    return {leaf.number: place for place, leaf in enumerate(backout.leaves)}


def _option_taken(backout: Backout, leaf: StepState, step: StepState) -> bool:
    """A common step after the options waits for the one that was chosen; for the first while none is."""
    return not step.option and leaf.option == (backout.chosen_option or backout.options[0])


def is_required(backout: Backout, step: StepState) -> bool:
    """Whether the step says so, the step it is a part of, or a part of it: no way around leads through a group."""
    family = [step, *_parts(backout).get(step.number, ())]
    if step.parent in backout.steps and not step.says("optional"):
        family.append(backout.steps[step.parent])
    return any(one.says("required") for one in family)


@once_for_steps
def _parts(backout: Backout) -> Mapping[str, list[StepState]]:
    found: dict[str, list[StepState]] = {}
    for step in backout.steps.values():
        if step.parent:
            found.setdefault(step.parent, []).append(step)
    return found
