"""*Before you start*: what the plan wants to hold before the first step, and what people said of it in this backout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from backout_tui.domain.plan.judgement import said_in
from backout_tui.domain.values import replace

if TYPE_CHECKING:
    from backout_tui.domain.backout.state import Backout


class Readiness(StrEnum):
    """Whether a prerequisite holds."""

    OPEN = "open"  # nobody has said so yet
    YES = "yes"
    NO = "no"


class Tick(Struct, frozen=True):
    """What somebody said of a prerequisite; `event` is the seq of its record."""

    answer: Readiness
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    event: int = 0


NOT_TICKED = Tick(Readiness.OPEN)


class StartedWithout(Struct, frozen=True):
    """The first step was begun although not everything was ticked: which (`left` has their numbers), and why."""

    left: tuple[int, ...]
    reason: str
    by: str
    at: datetime
    event: int


class Prerequisite(Struct, frozen=True):
    """One line of *Before you start*; `number` counts from 1."""

    number: int
    text: str
    tick: Tick = NOT_TICKED

    @property
    def holds(self) -> bool:
        """Whether somebody said that it holds."""
        return self.tick.answer is Readiness.YES


def prerequisites(backout: Backout) -> tuple[Prerequisite, ...]:
    """Every line of the plan's *Before you start*, with what was said of it last."""
    lines = said_in(backout.plan.before)
    return tuple(Prerequisite(n, text, backout.ticks.get(str(n), NOT_TICKED)) for n, text in enumerate(lines, 1))


def as_ticked(backout: Backout, answers: Mapping[int, str]) -> Backout:
    """The backout as it would be with these answers, by number: for a gate that looks ahead of their record."""
    ticks = {str(number): Tick(Readiness(answer)) for number, answer in answers.items()}
    return replace(backout, ticks={**backout.ticks, **ticks}) if ticks else backout
