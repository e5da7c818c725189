"""What it costs to look at a backout in which nothing runs."""

from __future__ import annotations

import time

from tests.benchmarks.figures import Figure
from tests.benchmarks.lab import PICTURE, Lab
from tests.benchmarks.program import Program


def idle(lab: Lab) -> list[Figure]:
    """Bytes to the terminal and share of a core, while nobody presses a key."""
    with lab.dashboard(lab.usual) as program:
        program.until_shown(*PICTURE)
        program.until_quiet(2.0, at_most=10.0)
        return _watched(program, lab.sizes.idle_s)


def _watched(program: Program, seconds: float) -> list[Figure]:
    sent, used, begun = program.received, program.cpu_s, time.perf_counter()
    while (left := begun + seconds - time.perf_counter()) > 0:
        program.pump(left)
    took = time.perf_counter() - begun
    return [
        Figure(f"bytes a second while idle for {seconds:g} s", (program.received - sent) / took, "B/s", 200),
        Figure(f"share of a core while idle for {seconds:g} s", (program.cpu_s - used) / took * 100, "%", 1),
    ]
