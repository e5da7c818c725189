"""Answers about the steps, worked out once for each change of them and not once for each key, row or second.

A plan may have ten thousand steps, and what is asked of them between two events is mostly the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from backout_tui.domain.backout import Backout
    from backout_tui.domain.items import StepState
    from backout_tui.domain.plan import Plan

P = ParamSpec("P")
T = TypeVar("T")

_KEPT = 2
"""Answers that are kept: one thread shows a backout while another has the next one already."""


def once_for_steps(ask: Callable[Concatenate[Backout, P], T]) -> Callable[Concatenate[Backout, P], T]:
    """`ask`, which must look at the steps, the options and what else it is given, asked again only when these changed.

    The steps of a backout are replaced whenever one of them changes, so being the same mapping is enough.
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
    """`ask`, asked again only for another plan: the one that a backout carries is never replaced by an event."""
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
