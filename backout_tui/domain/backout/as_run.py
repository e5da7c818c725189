"""Planned against run: the order in which the steps were really taken, and where the plan put them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from backout_tui.domain.backout.choices import DeviationKind, StepKind
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout, Deviation
from backout_tui.domain.backout.states import StepStatus


def run_order(backout: Backout) -> tuple[str, ...]:
    """The numbers of the steps in the order they were taken.

    A moved step stands where it was moved to, and a step that overtook others stands before them. A sub-step that
    overtook a step outside its group takes the group with it.
    """
    order = list(backout.steps)
    for one in backout.deviations:
        number = one.step if one.kind is DeviationKind.REORDERED else ""
        while number in backout.steps:
            order = _before_what_was_open(backout, order, number, one.at)
            number = backout.steps[number].parent
    return tuple(order)


def departing(backout: Backout) -> Mapping[str, tuple[Deviation, ...]]:
    """The deviations by step number; those about the choice among the plan's options are under ""."""
    found: dict[str, tuple[Deviation, ...]] = {}
    for one in backout.deviations:
        found[one.step] = (*found.get(one.step, ()), one)
    return found


def planned_place(planned: Mapping[str, StepState], number: str) -> str:
    """Where the plan has a step among its siblings: `after 3`, or `first`; "" if the plan doesn't have it."""
    step = planned.get(number)
    if step is None:
        return ""
    before = ""
    for one in planned.values():
        if one.number == number:
            break
        before = one.number if _are_likes(one, step) else before
    return f"after {before}" if before else "first"


def _before_what_was_open(backout: Backout, order: list[str], number: str, at: datetime) -> list[str]:
    """The order with the step, and everything below it, before its first sibling that was open at that moment."""
    step = backout.steps[number]
    for one in order[: order.index(number)]:
        if _are_likes(backout.steps[one], step) and _was_open(backout, one, at):
            block = [other for other in order if other in _family(backout, number)]
            rest = [other for other in order if other not in block]
            place = rest.index(one)
            return [*rest[:place], *block, *rest[place:]]
    return order


def _are_likes(one: StepState, other: StepState) -> bool:
    return (one.parent, one.option) == (other.parent, other.option)


def _family(backout: Backout, number: str) -> set[str]:
    found = {number}
    for step in backout.steps.values():
        if step.parent in found:
            found.add(step.number)
    return found


def _was_open(backout: Backout, number: str, at: datetime) -> bool:
    """Whether a part of the step was neither settled by then nor made needless by an answer or a choice."""
    inside = (backout.steps[one] for one in _family(backout, number))
    return any(step.kind is not StepKind.GROUP and _ended_after(step, at) for step in inside)


def _ended_after(step: StepState, at: datetime) -> bool:
    if step.ended_at is None:
        return step.state is not StepStatus.NOT_NEEDED
    return step.ended_at > at
