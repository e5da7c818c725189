"""The order of the steps and the plan's options: what a step waits for, and which may not be left out lightly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import SETTLED, StepStatus


def is_folded(backout: Backout, step: StepState) -> bool:
    """Whether the step belongs to an option that was not chosen, so it is out of play and folded away."""
    return bool(step.option and backout.chosen_option and step.option != backout.chosen_option)


@once_for_steps
def done_of(backout: Backout) -> tuple[int, int]:
    """How many steps are settled, and how many there are, without those of options that were not chosen."""
    in_play = [step for step in backout.leaves if not is_folded(backout, step)]
    return sum(step.settled for step in in_play), len(in_play)


@once_for_steps
def sizes(backout: Backout) -> Mapping[str, int]:
    """How many steps each option has."""
    return Counter(step.option for step in backout.leaves if step.option)


def folded_words(backout: Backout, option: str) -> str:
    """`Option B: by hand: not chosen, 3 steps`."""
    count = sizes(backout).get(option, 0)
    return f"Option {option}: not chosen, {count} step{'' if count == 1 else 's'}"


def waits_for(backout: Backout, step: StepState) -> tuple[StepState, ...]:
    """The steps that have to be settled before `step`: those its plan names, else the one before it in its option."""
    if (named := step.fact("waits for")) is not None:
        words = re.split(r"[,\s]+", named)  # `1 and 4[this-and-that]`: a word that is not a number is ignored
        return tuple(backout.steps[word] for word in words if word in backout.steps)
    for place in range(_places(backout).get(step.number, len(backout.leaves)) - 1, -1, -1):
        leaf = backout.leaves[place]
        if not leaf.option or leaf.option == step.option or _option_taken(backout, leaf, step):
            return (leaf,)
    return ()


@once_for_steps
def to_begin(backout: Backout) -> StepState | None:
    """The first open step that no longer waits for anything, whatever else is running; None if there is none."""
    for step in backout.leaves_in(StepStatus.PENDING):
        if not is_folded(backout, step) and all(one.state in SETTLED for one in waits_for(backout, step)):
            return step
    return None


@once_for_steps
def _places(backout: Backout) -> Mapping[str, int]:
    return {leaf.number: place for place, leaf in enumerate(backout.leaves)}


def _option_taken(backout: Backout, leaf: StepState, step: StepState) -> bool:
    """A common step after the options waits for the chosen one, or for the first while none is chosen."""
    return not step.option and leaf.option == (backout.chosen_option or backout.options[0])


def is_required(backout: Backout, step: StepState) -> bool:
    """Whether the step, the step it is a part of, or a part of it is required: a group is no way around that."""
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


def next_step(backout: Backout) -> StepState | None:
    """The step to do next: the first that can start now, else the first open one in play, else the first open one."""
    open_steps = backout.leaves_in(StepStatus.PENDING)
    eligible = (step for step in open_steps if not is_folded(backout, step))
    return to_begin(backout) or next(eligible, None) or next(iter(open_steps), None)
