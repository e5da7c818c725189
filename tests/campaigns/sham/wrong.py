"""One that hangs and leaves a process, one that ends its worker, one that breaks a promise, one that raises."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.campaigns.experiment import Experiment


def hangs(dice: random.Random, ground: Path) -> str | None:
    """Never comes to an end, and neither does what it started, in a session of its own."""
    wait = [sys.executable, "-c", "import time; time.sleep(600)"]
    orphan = subprocess.Popen(wait, start_new_session=True)
    ground.parent.with_name("orphan").write_text(str(orphan.pid))
    time.sleep(600)
    return None


def dies(dice: random.Random, ground: Path) -> str | None:
    """Takes its worker with it."""
    os._exit(3)


def violates(dice: random.Random, ground: Path) -> str | None:
    """Finds the same with the same seed."""
    return f"broken by {dice.randrange(1000)}"


def raises(dice: random.Random, ground: Path) -> str | None:
    """Is surprised."""
    raise KeyError("what")


EXPERIMENTS = [
    Experiment("one that hangs", hangs, goal=1, limit_s=1.0),
    Experiment("one that dies", dies, goal=1),
    Experiment("one that violates", violates, goal=1),
    Experiment("one that raises", raises, goal=1),
    Experiment("one that cannot", raises, goal=1, why_not=lambda: "there is no moon tonight"),
]
