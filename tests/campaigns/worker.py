"""A worker of the campaign: has imported every experiment, and does one trial after the other, as it is told.

Told on standard input, one JSON object a line: `{"name", "seed", "place"}`. Says `ready` on standard output,
then answers each: `{"violation", "took_s"}`. What a trial prints is lost; what it leaves running is killed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path

from tests.campaigns.descendants import adopt_orphans, end_descendants
from tests.campaigns.experiment import Experiment, every_experiment, tried


def work(package: str, *, keep: bool) -> None:
    """Do what is told of a package's experiments until the line is closed, and `keep` the grounds or remove them."""
    known = {one.name: one for one in every_experiment(package)}
    answers = os.fdopen(os.dup(1), "w")
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        order = json.loads(line)
        answers.write(json.dumps(_answer(known[order["name"]], order["seed"], Path(order["place"]), keep)) + "\n")
        answers.flush()


def _answer(experiment: Experiment, seed: int, place: Path, keep: bool) -> dict[str, object]:
    begun = time.monotonic()
    violation = tried(experiment, seed, place / "ground")
    end_descendants(os.getpid())
    if not keep:
        shutil.rmtree(place, ignore_errors=True)
    return {"violation": violation, "took_s": time.monotonic() - begun}


if __name__ == "__main__":
    adopt_orphans()
    work(sys.argv[1], keep="--keep" in sys.argv)
