"""Values: two are the same wherever they stand in their text, and a change makes another of the same kind."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from backout_tui.domain.backout.events import Actor
from backout_tui.domain.plan.plan import Block, Fact, Plan, Step
from backout_tui.domain.values import replace


def test_where_something_stands_does_not_count_when_two_are_compared() -> None:
    here, there = Step("1", "Stop", line=3, line_end=9), Step("1", "Stop", line=30)
    assert here == there
    assert (here != there) is False
    assert len({here, there}) == 1
    assert here != Step("2", "Stop", line=3, line_end=9)
    assert Fact("key", "a") != Block("key", "a"), "two kinds are never the same"
    assert Fact("key", "a") != "key"


def test_what_was_said_about_a_text_does_not_count_either_but_its_steps_do() -> None:
    plan = Plan("Backout plan")
    assert plan == replace(plan, line=7)
    assert plan != replace(plan, title="another")


@dataclass(frozen=True)
class Other:
    """A dataclass, of which there are some that no picture waits for."""

    word: str


def test_a_change_makes_another_value_of_the_same_kind() -> None:
    assert replace(Actor("sam"), host="web-7") == Actor("sam", host="web-7")
    assert replace(Other("a"), word="b") == Other("b")
    for value in (Actor("sam"), Other("a")):
        with pytest.raises(TypeError):
            replace(value, nothing_of_the_kind=1)
