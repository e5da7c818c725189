"""Starter and supervisor killed together at a random moment: nothing runs twice, and no outcome lies."""

from __future__ import annotations

import random
from pathlib import Path

from tests.campaigns.experiment import Experiment
from tests.campaigns.test_supervisor_campaign import Night

_ALLOWED = {"StepNotStarted": {0}, "StepInDoubt": {0, 1}, "StepFinished": {1}}


def killed_at_random(dice: random.Random, ground: Path) -> str | None:
    """The log says what ran, or that nobody knows."""
    night = Night(ground)
    night.begin_and_die(after_s=dice.uniform(0, 0.08))
    kinds, lines = [outcome.kind for outcome in night.settled()], night.lines
    if len(kinds) > 1 or lines not in (_ALLOWED[kinds[0]] if kinds else {0}):
        return f"the log says {kinds}, and the command ran {lines} times"
    return None


EXPERIMENTS = [Experiment("starter and supervisor killed together", killed_at_random, goal=4000, share=0.4)]
