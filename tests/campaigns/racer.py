"""A worker of the races: it has imported everything, opens a backout, waits at a barrier, and does one thing.

Told on standard input, one line each: `NAME STEP BARRIER JITTER_MS`. Answers `ready`, and after the barrier `ran`, or
`refused` with the words. With `stay` in place of a barrier it runs at once and keeps its session until it is killed.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from pathlib import Path

from backout_tui.domain.backout.events import Actor
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import run_verbs
from backout_tui.errors import Refused
from backout_tui.settings import Settings, operator_environment
from backout_tui.store.log import journal

assert journal  # imported first, so that the race is one of the database and not of imports


def desk_of(database: Path, name: str) -> Desk:
    """A real desk for `name`."""
    actor = Actor(name, name, os.getuid(), os.uname().nodename)
    return Desk(database, actor, Settings(), operator_environment(os.environ), database.parent, "racer")


def race(database: Path, name: str, step: str, barrier: str, jitter_ms: float) -> None:
    """Run `step` as `name` when the barrier falls."""
    op = Operator.open(desk_of(database, name), 1)
    op.warm_up()
    print("ready", flush=True)
    if barrier != "stay":
        with Path(barrier).open() as gate:
            fcntl.flock(gate, fcntl.LOCK_SH)
        time.sleep(jitter_ms / 1000)
    try:
        run_verbs.run(op, step)
    except Refused as refused:
        print("refused", refused.reason, flush=True)
    else:
        print("ran", flush=True)
    if barrier == "stay":
        time.sleep(60)
    op.close()


if __name__ == "__main__":
    for line in sys.stdin:
        who, number, gate_path, jitter = line.split("\t")
        race(Path(sys.argv[1]), who, number, gate_path, float(jitter))
