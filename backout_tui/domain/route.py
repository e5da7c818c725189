"""The way through the steps that is left: which of them count, what each waits for, how long it takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import StepState, StepStatus
from backout_tui.domain.order import waits_for
from backout_tui.domain.remembered import once_for_steps

Route = tuple[tuple[StepState, tuple[int, ...]], ...]
"""Each step behind all that it waits for, which is named by its place in here."""


def in_other_option(backout: Backout, step: StepState) -> bool:
    """Whether the step belongs to a way that is not taken: not chosen, or while none is chosen not the first."""
    if not step.option:
        return False
    return step.option != (backout.chosen_option or backout.options[0])


@once_for_steps
def route(backout: Backout) -> Route:
    """The steps that count. One that names nothing waits for the one before it; what waits in a circle is a chain.

    Settled steps are in it too: what waited for one waits for what it waited for, whatever became of it.
    """
    leaves = [leaf for leaf in backout.leaves if not in_other_option(backout, leaf)]
    chain: list[tuple[int, ...]] = [(), *((place,) for place in range(len(leaves) - 1))][: len(leaves)]
    naming = [place for place, leaf in enumerate(leaves) if leaf.facts and leaf.fact("waits for") is not None]
    if not naming:
        return tuple(zip(leaves, chain, strict=True))
    places, waits = _places(backout, leaves), list(chain)
    for place in naming:
        waits[place] = tuple(_named(backout, leaves[place], places))
    return _in_order(leaves, waits) or tuple(zip(leaves, chain, strict=True))


def _places(backout: Backout, leaves: list[StepState]) -> Mapping[str, list[int]]:
    """Where each step stands among `leaves`; a group stands where its parts do."""
    places: dict[str, list[int]] = {}
    for place, leaf in enumerate(leaves):
        number = leaf.number
        while number in backout.steps:
            places.setdefault(number, []).append(place)
            number = backout.steps[number].parent
    return places


def _named(backout: Backout, leaf: StepState, places: Mapping[str, list[int]]) -> Iterator[int]:
    for one in waits_for(backout, leaf):
        yield from places.get(one.number, ())


def _in_order(leaves: list[StepState], waits: list[tuple[int, ...]]) -> Route:
    """The steps in an order in which each comes behind what it waits for; empty when they wait in a circle."""
    try:
        order = list(TopologicalSorter(dict(enumerate(waits))).static_order())
    except CycleError:
        return ()
    new = {place: at for at, place in enumerate(order)}
    return tuple((leaves[place], tuple(new[one] for one in waits[place])) for place in order)


@dataclass(frozen=True, slots=True)
class Length:
    """How long the way is: `others` seconds for what nobody has begun, and the seconds behind each step that runs.

    What runs has begun already, whatever it was to wait for; how much is left of it changes with every second.
    """

    others: int
    behind: Mapping[str, int]

    def with_left(self, left: Mapping[str, int]) -> int:
        """The seconds until the last step is done, when so many are left of those that run."""
        return max([self.others, *(seconds + left.get(number, 0) for number, seconds in self.behind.items())])


def length(way: Route, spans: Mapping[str, int]) -> Length:
    """How long the way is when each open step takes its span; a settled one takes none."""
    begun = {step.number for step, _ in way if step.state is StepStatus.RUNNING}
    takes = [0 if step.number in begun else spans.get(step.number, 0) for step, _ in way]
    behind = [0] * len(way)
    longest = 0
    for place in range(len(way) - 1, -1, -1):  # from the end: each adds itself to what it waits for
        whole = takes[place] + behind[place]
        longest = max(longest, whole)
        for before in way[place][1]:
            behind[before] = max(behind[before], whole)
    return Length(longest, {step.number: behind[place] for place, (step, _) in enumerate(way) if step.number in begun})
