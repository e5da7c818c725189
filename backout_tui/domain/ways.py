"""The plan's exclusive ways, its options: which steps are not of the chosen one, and what is counted without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import StepState
from backout_tui.domain.remembered import once_for_steps


def is_folded(backout: Backout, step: StepState) -> bool:
    """Whether the step belongs to an option that was not chosen: it is out of play, and folded away."""
    return bool(step.option and backout.chosen_option and step.option != backout.chosen_option)


@once_for_steps
def done_of(backout: Backout) -> tuple[int, int]:
    """How many steps are settled, of how many; without those of options that were not chosen."""
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
