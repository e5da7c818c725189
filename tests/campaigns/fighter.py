"""A worker of the fights: a dashboard that takes the controls when the barrier falls, and then wants the same step.

Told on standard input, one line each: `NAME STEP BARRIER JITTER_MS`. Answers `ready`, and after the barrier `ran`, or
`refused` with the words.
"""

from __future__ import annotations

import contextlib
import fcntl
import sys
import time
from pathlib import Path

from backout_tui.domain.values import replace
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import control_verbs, note_verbs, run_verbs
from backout_tui.errors import Refused
from backout_tui.store.clock import SystemClock
from tests.campaigns.racer import desk_of

HASTE = 20_000


class HastyClock(SystemClock):
    """A clock by which a minute is over in three milliseconds, for all who fight alike."""

    def mono_ns(self) -> int:
        """Nanoseconds that go by fast."""
        return super().mono_ns() * HASTE


def fight(database: Path, name: str, step: str, barrier: str, jitter_ms: float) -> None:
    """Take the controls from whoever has them, write, run `step`, write again: each is refused to who lost them."""
    op = Operator.open(replace(desk_of(database, name), clock=HastyClock()), 1, is_dashboard=True)
    op.warm_up()
    print("ready", flush=True)
    with Path(barrier).open() as gate:
        fcntl.flock(gate, fcntl.LOCK_SH)
    time.sleep(jitter_ms / 1000)
    with contextlib.suppress(Refused):  # who has them is asked, and has a minute of this clock
        control_verbs.ask(op)
        time.sleep(61 / HASTE)
    with contextlib.suppress(Refused):
        control_verbs.take_over(op, f"{name} wants step {step}")
    with contextlib.suppress(Refused):
        note_verbs.add(op, f"{name} is about to run step {step}")
    try:
        run_verbs.run(op, step)
    except Refused as refused:
        print("refused", refused.reason, flush=True)
    else:
        print("ran", flush=True)
    with contextlib.suppress(Refused):
        note_verbs.add(op, f"{name} has tried step {step}")
    op.close(left=jitter_ms < 1)


if __name__ == "__main__":
    for line in sys.stdin:
        who, number, gate_path, jitter = line.split("\t")
        fight(Path(sys.argv[1]), who, number, gate_path, float(jitter))
