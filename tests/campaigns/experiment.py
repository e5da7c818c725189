"""What an experiment is: one way to break a promise, tried again and again, each time with a seed of its own."""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = "tests.campaigns.experiments"
Trial = Callable[[random.Random, Path], str | None]
LIMIT_S = 180.0
"""How long a trial may take before it counts as hung: far more than any needs, as the machine may be busy."""


def anywhere() -> str | None:
    """Nothing is needed that a machine could lack."""
    return None


@dataclass(frozen=True, slots=True)
class Experiment:
    """One way to break a promise.

    `trial` is given dice that follow from the seed and an empty folder of its own; it returns None when every promise
    held, or the violation in one line. `goal` is the number of trials of a night (8 hours); `share` its part of the
    time, in relation to the others. `why_not` says why it cannot be tried on this machine, None when it can. `limit_s`
    is after how many seconds it hangs.
    """

    name: str
    trial: Trial
    goal: int
    share: float = 1.0
    why_not: Callable[[], str | None] = anywhere
    limit_s: float = LIMIT_S


class Dice(random.Random):
    """The dice of one trial: they follow from the experiment's name and the seed."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(f"{name}:{seed}")
        self.number = seed


def number_of(dice: random.Random) -> int:
    """The seed itself, for a trial that takes the things it can break in their turn; some number from other dice."""
    return dice.number if isinstance(dice, Dice) else dice.randrange(2**32)


def spread(number: int, total: int) -> int:
    """Which one of `total` things has its turn: numbers in a row take them all, each once, and neighbours far apart.

    Number 0 takes the first; what is near in the list (the calls of one transaction) is not tried one after the other,
    so that a short campaign has seen something of everything.
    """
    stride = max(1, round(total * 0.618))
    while _common(stride, total) != 1:
        stride += 1
    return number * stride % total


def _common(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one


def every_experiment(package: str = HERE) -> list[Experiment]:
    """All experiments of a package, by the names of their modules."""
    names = sorted(found.name for found in pkgutil.iter_modules(importlib.import_module(package).__path__))
    modules = [importlib.import_module(f"{package}.{name}") for name in names]
    return [one for module in modules for one in getattr(module, "EXPERIMENTS", ())]


def tried(experiment: Experiment, seed: int, ground: Path) -> str | None:
    """The violation that one trial found; an exception is one too, as nothing of ours may raise there."""
    ground.mkdir()
    try:
        return experiment.trial(Dice(experiment.name, seed), ground)
    except Exception as error:  # noqa: BLE001 - whatever it is, the campaign goes on and names the seed
        return f"{type(error).__name__}: {_first_lines(error)}"


def _first_lines(error: Exception) -> str:
    return " / ".join(str(error).split("\n")[:3])[:400]
