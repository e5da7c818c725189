"""The order of the steps and the plan's options: what a step waits for, and which may not be left out lightly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus


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


def named_before(backout: Backout, step: StepState) -> tuple[StepState, ...] | None:
    """The steps that the plan names in its `waits for`; None if it names none: then every one before it counts."""
    if (named := step.fact("waits for")) is None:
        return None
    words = re.split(r"[,\s]+", named)  # `1 and 4[this-and-that]`: a word that is not a number is ignored
    return tuple(backout.steps[word] for word in words if word in backout.steps)


def waits_for(backout: Backout, step: StepState) -> tuple[StepState, ...]:
    """The steps that have to be settled before `step`: those its plan names, else every open one before it."""
    named = named_before(backout, step)
    return named if named is not None else tuple(_open_before(backout, step))


def come_first(backout: Backout, step: StepState) -> tuple[StepState, ...]:
    """The open ones of the steps that `step` waits for."""
    return tuple(one for one in waits_for(backout, step) if not one.settled)


def _may_begin(backout: Backout, step: StepState) -> bool:
    """Whether nothing comes first; of a long plan it looks at the first open steps alone."""
    named = named_before(backout, step)
    waiting = _open_before(backout, step) if named is None else (one for one in named if not one.settled)
    return next(iter(waiting), None) is None


def _open_before(backout: Backout, step: StepState) -> Iterator[StepState]:
    """The open steps before it in its option, without those that say that they come after it."""
    place = _places(backout).get(step.number, len(backout.leaves))
    for at, leaf in _open(backout):
        if at >= place:
            return
        in_its_way = not leaf.option or leaf.option == step.option or _option_taken(backout, leaf, step)
        if in_its_way and step.number not in reached(backout, leaf):
            yield leaf


@once_for_steps
def _open(backout: Backout) -> tuple[tuple[int, StepState], ...]:
    """The steps that are not settled, in order, each with its place."""
    return tuple((place, leaf) for place, leaf in enumerate(backout.leaves) if not leaf.settled)


@once_for_steps
def _named_later(backout: Backout) -> Mapping[str, Collection[str]]:
    """For each step with a `waits for`, everything that comes before it by such facts, whatever its place.

    A step that is named so does not itself wait for the one that names it.
    """
    naming = [leaf for leaf in backout.leaves if leaf.facts and leaf.fact("waits for") is not None]
    return {leaf.number: _all_named(backout, leaf) for leaf in naming}


def _all_named(backout: Backout, step: StepState) -> Collection[str]:
    found: set[str] = set()
    left = [step]
    while left:
        one = left.pop()
        for before in (*(named_before(backout, one) or ()), *_parts(backout).get(one.number, ())):
            if before.number not in found:
                found.add(before.number)
                left.append(before)
    return found


def reached(backout: Backout, step: StepState) -> Collection[str]:
    """The numbers of all that `step` comes after because its `waits for`, or that of one it names, says so."""
    return _named_later(backout).get(step.number, ())


def listed(numbers: Sequence[str]) -> str:
    """`step 1`, `steps 1, 2 and 3`, `steps 1, 2, 3, 4 and 7 more`."""
    if len(numbers) < 2:
        return f"step {''.join(numbers)}"
    shown = numbers if len(numbers) <= _MOST_NAMED else [*numbers[: _MOST_NAMED - 1], f"{len(numbers) - 4} more"]
    return f"steps {', '.join(shown[:-1])} and {shown[-1]}"


_MOST_NAMED = 5
"""Numbers that a sentence can name."""


@once_for_steps
def to_begin(backout: Backout) -> StepState | None:
    """The first open step that no longer waits for anything, whatever else is running; None if there is none."""
    for step in backout.leaves_in(StepStatus.PENDING):
        if not is_folded(backout, step) and _may_begin(backout, step):
            return step
    return None


@once_for_steps
def _places(backout: Backout) -> Mapping[str, int]:
    return {leaf.number: place for place, leaf in enumerate(backout.leaves)}


def _option_taken(backout: Backout, leaf: StepState, step: StepState) -> bool:
    """A common step after the options waits for the chosen one, or for the first while none is chosen."""
    return not step.option and leaf.option == (backout.chosen_option or backout.options[0])


def is_required(backout: Backout, step: StepState) -> bool:
    """Whether the step, a step that it is a part of, or a part of it is required: a group is no way around that.

    A part that is optional is not required by what it is a part of.
    """
    return any(one.says("required") for one in (*_upwards(backout, step), *_below(backout, step)))


def _upwards(backout: Backout, step: StepState) -> Iterator[StepState]:
    """The step, and what it is a part of, up to one that is optional."""
    yield step
    while step.parent in backout.steps and not step.says("optional"):
        step = backout.steps[step.parent]
        yield step


def _below(backout: Backout, step: StepState) -> Iterator[StepState]:
    for part in _parts(backout).get(step.number, ()):
        yield part
        yield from _below(backout, part)


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
