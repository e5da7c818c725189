"""A colleague who owns the spool does all she can to an attempt at once: what was claimed runs, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

from tests.campaigns.experiment import Experiment
from tests.two_users import WAYS, Night, why_not
from tests.users import open_folder


def attacked_in_every_way(dice: random.Random, ground: Path) -> str | None:
    """Two real users: one's step runs as claimed, is seen to live, and ends as what it did, whatever the other does."""
    ways = tuple(dice.sample(WAYS, dice.randint(1, len(WAYS))))
    with open_folder() as place:
        found = Night(place, dice).attacked(ways, for_s=dice.uniform(0, 1), stop=dice.random() < 0.5)
    return f"{', '.join(ways)}: {'; '.join(found)}" if found else None


EXPERIMENTS = [Experiment("two users", attacked_in_every_way, goal=1000, why_not=why_not)]
