"""The way through the steps that is left: which of them count, what each waits for, how long it takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    chain = [(place - 1,) if place else () for place in range(len(leaves))]
    if all(leaf.fact("waits for") is None for leaf in leaves):
        return tuple(zip(leaves, chain, strict=True))
    places = _places(backout, leaves)
    waits = [
        chain[place] if leaf.fact("waits for") is None else tuple(_named(backout, leaf, places))
        for place, leaf in enumerate(leaves)
    ]
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


def longest(way: Route, spans: Mapping[str, int]) -> int:
    """The seconds until the last step of `way` is done, each taking its span (a settled one: none).

    What runs has begun already, whatever it was to wait for.
    """
    ends: list[int] = []
    for step, waits in way:
        begins, span = max((ends[one] for one in waits), default=0), spans.get(step.number, 0)
        ends.append(max(begins, span) if step.state is StepStatus.RUNNING else begins + span)
    return max(ends, default=0)
