"""Answers about the steps, worked out once for each change of them and not once for each key, row or second.

A plan may have ten thousand steps, and what is asked of them between two events is mostly the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from backout_tui.domain.backout import Backout
    from backout_tui.domain.items import StepState

T = TypeVar("T")

_KEPT = 2
"""Answers that are kept: one thread shows a backout while another has the next one already."""


def once_for_steps(ask: Callable[[Backout], T]) -> Callable[[Backout], T]:
    """`ask`, which must look at the steps and the options alone, asked again only when one of these has changed.

    The steps of a backout are replaced whenever one of them changes, so being the same mapping is enough.
    """
    kept: tuple[tuple[Mapping[str, StepState], str, T], ...] = ()

    @functools.wraps(ask)
    def answered(backout: Backout) -> T:
        nonlocal kept
        for steps, option, answer in kept:
            if steps is backout.steps and option == backout.chosen_option:
                return answer
        answer = ask(backout)
        kept = ((backout.steps, backout.chosen_option, answer), *kept[: _KEPT - 1])
        return answer

    return answered
