"""Answers about the steps are worked out again when the steps have changed, and not before."""

from __future__ import annotations

from collections.abc import Callable

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.values import replace

ONE, OTHER = StepState("1", "Freeze"), StepState("2", "Roll back")


def counting() -> tuple[list[Backout], Callable[[Backout], int], Backout]:
    """Which backouts a rule was asked about, that rule, and a backout to ask about."""
    asked: list[Backout] = []

    @once_for_steps
    def rule(backout: Backout) -> int:
        asked.append(backout)
        return len(backout.steps) + len(backout.chosen_option)

    return asked, rule, Backout(1, steps={"1": ONE, "2": OTHER})


def test_it_is_asked_once_while_the_steps_stay_the_same() -> None:
    asked, rule, backout = counting()
    assert [rule(backout), rule(backout), rule(replace(backout, seq=7))] == [2, 2, 2]
    assert len(asked) == 1


def test_another_step_or_another_option_is_another_question() -> None:
    asked, rule, backout = counting()
    rule(backout)
    rule(replace(backout, steps={**backout.steps}))
    assert rule(replace(backout, chosen_option="B")) == 3
    assert len(asked) == 3


def test_two_threads_that_see_different_steps_do_not_ask_in_turn() -> None:
    asked, rule, backout = counting()
    after = replace(backout, steps={"1": replace(ONE, state=StepStatus.DONE), "2": OTHER})
    for _ in range(3):
        rule(backout)
        rule(after)
    assert asked == [backout, after]


def test_a_step_that_changed_is_counted_anew() -> None:
    _, _, backout = counting()
    assert (backout.settled, backout.leaves_in(StepStatus.PENDING)) == (0, (ONE, OTHER))
    after = replace(backout, steps={**backout.steps, "1": replace(ONE, state=StepStatus.DONE)})
    assert (after.settled, after.leaves_in(StepStatus.PENDING)) == (1, (OTHER,))
    assert (backout.settled, len(backout.leaves)) == (0, 2)
