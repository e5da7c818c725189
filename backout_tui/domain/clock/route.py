"""The path through the steps that are left, how long it takes, and how this backout's pace compares to the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from msgspec import Struct

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.order import named_before, reached
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.spans import Estimate

Route = tuple[tuple[StepState, tuple[int, ...]], ...]
"""Each step after everything it waits for, with the places of those steps in this tuple."""


def in_other_option(backout: Backout, step: StepState) -> bool:
    """Whether the step belongs to an option that is not taken: not the chosen one, or not the first if none is."""
    if not step.option:
        return False
    return step.option != (backout.chosen_option or backout.options[0])


@once_for_steps
def route(backout: Backout) -> Route:
    """The steps that count. A step waits for all before it unless it names some; a circle becomes a chain.

    Settled steps are included: whatever waits for one also waits for what that one waits for.
    """
    leaves = [leaf for leaf in backout.leaves if not in_other_option(backout, leaf)]
    chain: list[tuple[int, ...]] = [(), *((place,) for place in range(len(leaves) - 1))][: len(leaves)]
    naming = [place for place, leaf in enumerate(leaves) if leaf.facts and leaf.fact("waits for") is not None]
    if not naming:
        return tuple(zip(leaves, chain, strict=True))
    waits = _waits(backout, leaves, frozenset(naming))
    return _in_order(leaves, waits) or tuple(zip(leaves, chain, strict=True))


def _waits(backout: Backout, leaves: list[StepState], naming: Collection[int]) -> list[tuple[int, ...]]:
    """The places that each step waits for; what one of them waits for is left out, so that no list grows long."""
    places, waits = _places(backout, leaves), list[tuple[int, ...]]()
    last: set[int] = set()  # the steps before this one that no step before it waits for
    for place, leaf in enumerate(leaves):
        if place in naming:
            waits.append(tuple(_named(backout, leaf, places)))
            last = {one for one in last if one not in waits[-1]} | {place}
        else:
            named_it = {one for one in last if leaf.number in reached(backout, leaves[one])}
            waits.append(tuple(sorted(last - named_it)))
            last = {place} | named_it
    return waits


def _places(backout: Backout, leaves: list[StepState]) -> Mapping[str, list[int]]:
    """The places of each step in `leaves`; a group has the places of its parts."""
    places: dict[str, list[int]] = {}
    for place, leaf in enumerate(leaves):
        number = leaf.number
        while number in backout.steps:
            places.setdefault(number, []).append(place)
            number = backout.steps[number].parent
    return places


def _named(backout: Backout, leaf: StepState, places: Mapping[str, list[int]]) -> Iterator[int]:
    for one in named_before(backout, leaf) or ():
        yield from places.get(one.number, ())


def _in_order(leaves: list[StepState], waits: list[tuple[int, ...]]) -> Route:
    """The steps in an order in which each comes after what it waits for; empty if they wait in a circle."""
    try:
        order = list(TopologicalSorter(dict(enumerate(waits))).static_order())
    except CycleError:
        return ()
    new = {place: at for at, place in enumerate(order)}
    return tuple((leaves[place], tuple(new[one] for one in waits[place])) for place in order)


class Length(Struct, frozen=True):
    """The length of the path: `others` is seconds of unstarted steps, `behind` the seconds after each running step.

    A running step has already started, whatever it should have waited for; what is left of it changes every second.
    """

    others: int
    behind: Mapping[str, int]

    def with_left(self, left: Mapping[str, int]) -> int:
        """Seconds until the last step is done, given the seconds `left` of each running step."""
        return max([self.others, *(seconds + left.get(number, 0) for number, seconds in self.behind.items())])


def length(way: Route, spans: Mapping[str, int]) -> Length:
    """The length of the path if each open step takes its span; a settled step takes no time."""
    begun = {step.number for step, _ in way if step.state is StepStatus.RUNNING}
    takes = [0 if step.number in begun else spans.get(step.number, 0) for step, _ in way]
    behind = [0] * len(way)
    longest = 0
    for place in range(len(way) - 1, -1, -1):  # from the end: each adds its time to what it waits for
        whole = takes[place] + behind[place]
        longest = max(longest, whole)
        for before in way[place][1]:
            behind[before] = max(behind[before], whole)
    return Length(longest, {step.number: behind[place] for place, (step, _) in enumerate(way) if step.number in begun})


AS_EXPECTED_S = 300
"""Seconds of work that count as done exactly on time before anything ran: one short step says little about the rest."""
FASTEST, SLOWEST = (1, 2), (3, 1)
"""The bounds of the correction, as fractions: what is left is never cut below half or raised above three times."""


class Pace(Struct, frozen=True):
    """The seconds that the work took, and the seconds expected of it."""

    took_s: int = AS_EXPECTED_S
    expected_s: int = AS_EXPECTED_S

    @property
    def fraction(self) -> tuple[int, int]:
        """The factor for estimates, within its bounds."""
        for bound, sign in ((FASTEST, 1), (SLOWEST, -1)):
            if sign * (self.took_s * bound[1] - self.expected_s * bound[0]) < 0:
                return bound
        return self.took_s, self.expected_s

    def corrected(self, estimate: Estimate) -> Estimate:
        """The estimate at this backout's pace. A fast pace shortens only the typical case; the bad case stays."""
        if self.took_s == self.expected_s:
            return estimate
        took, expected = self.fraction
        slower = max(took, expected)
        return Estimate(estimate.typical_s * took // expected, estimate.bad_s * slower // expected)


def pace(done: Iterable[tuple[int, int]], running: Iterable[tuple[int, int]] = ()) -> Pace:
    """The pace of finished and running steps, from pairs of seconds: taken and expected.

    A running step counts as soon as it makes the pace slower, so its end never makes it slower still.
    """
    took, expected = AS_EXPECTED_S, AS_EXPECTED_S
    for one_took, one_expected in done:
        took, expected = took + one_took, expected + one_expected
    for gone, of in sorted(running, key=lambda pair: pair[0] / max(pair[1], 1), reverse=True):
        if gone * expected > of * took:
            took, expected = took + gone, expected + of
    return Pace(took, expected)
