"""Answers about the steps, worked out once for each change of the steps, not for each key, row or second.

A plan may have ten thousand steps, and the questions between two events are mostly the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from backout_tui.domain.backout.items import StepState
    from backout_tui.domain.backout.state import Backout
    from backout_tui.domain.plan.plan import Plan

P = ParamSpec("P")
T = TypeVar("T")

_KEPT = 2
"""How many answers are kept: one thread may show a backout while another already has the next one."""


def once_for_steps(ask: Callable[Concatenate[Backout, P], T]) -> Callable[Concatenate[Backout, P], T]:
    """`ask`, called again only if the steps, the chosen option or its other arguments changed; it may look at no more.

    Every change of a step replaces the backout's mapping of steps, so comparing its identity is enough.
    """
    kept: tuple[tuple[Mapping[str, StepState], str, tuple[object, ...], T], ...] = ()

    @functools.wraps(ask)
    def answered(backout: Backout, /, *more: P.args, **named: P.kwargs) -> T:
        nonlocal kept
        assert not named, "what is asked beside the steps is given by its place"
        for steps, option, others, answer in kept:
            if steps is backout.steps and option == backout.chosen_option and others == more:
                return answer
        answer = ask(backout, *more, **named)
        kept = ((backout.steps, backout.chosen_option, more, answer), *kept[: _KEPT - 1])
        return answer

    return answered


def once_for_plan(ask: Callable[[Plan], T]) -> Callable[[Plan], T]:
    """`ask`, called again only for another plan: no event replaces the plan that a backout carries."""
    kept: tuple[tuple[Plan, T], ...] = ()

    @functools.wraps(ask)
    def answered(plan: Plan) -> T:
        nonlocal kept
        for one, answer in kept:
            if one is plan:
                return answer
        answer = ask(plan)
        kept = ((plan, answer), *kept[: _KEPT - 1])
        return answer

    return answered
