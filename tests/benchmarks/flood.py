"""A command that prints more than anybody reads: the screen still answers, and memory stays bounded."""

from __future__ import annotations

import functools
from pathlib import Path

from backout_tui.store.reading import Reader
from tests.benchmarks import stock
from tests.benchmarks.figures import Figure, Sample
from tests.benchmarks.lab import PICTURE, Lab
from tests.benchmarks.program import Program

BETWEEN_KEYS_S = 0.01
"""A gap is seen by the key that waits in it, so the next key follows close behind the answer to the one before."""
MEMORY_MIB = 64
_AFTER_S = 3.0


def flood(lab: Lab) -> list[Figure]:
    """The longest that a cursor key waits while a step prints its lines, and the memory that they take."""
    lines = lab.sizes.lines
    command = f"seq -f 'shard %.0f of many is moved back to where it was before the release' {lines}; sleep 2"
    database = lab.database("flood", functools.partial(stock.opened, first_command=command))
    with lab.dashboard(database) as program:
        program.until_shown(*PICTURE)
        program.until_quiet(1.0, at_most=5.0)
        memory = program.memory_mib
        calm = Sample([_answered(program, index) for index in range(40)])
        _run_first_step(program)
        waits, most = _pressed_until_over(program, database)
    return [
        Figure(f"longest wait for a key while {lines} lines are printed", max(waits) * 1000, "ms", 100),
        Figure("longest wait for a key before that", calm.percentile(100) * 1000, "ms", 0),
        Figure(f"memory that {lines} lines take", most - memory, "MiB", MEMORY_MIB),
    ]


def _run_first_step(program: Program) -> None:
    program.press("\x1b[H")
    program.until_quiet(0.3)
    before = len(program.plain)
    program.press("r")
    program.until_shown("seq -f", since=before)
    program.until_quiet(0.5)  # what confirms counts only once the dialog has been there for a while
    program.press("\r")


def _pressed_until_over(program: Program, database: Path) -> tuple[list[float], float]:
    """Walk the cursor until the step is over and for a while after: each key's wait, and the most memory."""
    waits, most, over_at = list[float](), 0.0, None
    with Reader.open(database) as reader:
        seen = reader.data_version()
        while over_at is None or sum(waits[over_at:]) + (len(waits) - over_at) * BETWEEN_KEYS_S < _AFTER_S:
            waits.append(_answered(program, len(waits)))
            most = max(most, program.memory_mib)
            if over_at is None and seen != (seen := reader.data_version()) and _is_over(reader):
                over_at = len(waits)
    return waits, most


def _is_over(reader: Reader) -> bool:
    return any(event.kind == "StepFinished" for event in reader.events_after("backout:1", 0))


def _answered(program: Program, index: int) -> float:
    """Move the cursor between two steps that nothing else on the screen names; seconds until it was seen to move."""
    down = index % 2 == 0
    before = len(program.plain)
    pressed = program.press("\x1b[B" if down else "\x1b[A")
    seen = program.until_shown("Move shard 6 back" if down else "Move shard 5 back", since=before)
    program.until_quiet(BETWEEN_KEYS_S, at_most=BETWEEN_KEYS_S)
    return seen - pressed
