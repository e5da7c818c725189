"""A command that prints more than anybody reads: the screen still answers, and memory stays bounded."""

from __future__ import annotations

import functools
import re
import time

from backout_tui.store.log.reading import Reader
from tests.benchmarks import stock
from tests.benchmarks.figures import Figure
from tests.benchmarks.lab import PICTURE, Lab
from tests.benchmarks.program import Program

BETWEEN_KEYS_S = 0.01
"""A gap is seen by the key that waits in it, so the next key follows close behind the answer to the one before."""
MEMORY_MIB = 64
"""The output that is kept is a part of a MiB; the rest of this is what Python takes for looking at it."""
_AFTER_S = 3.0
_MOVED = re.compile(r"Shard group \d answers")


def flood(lab: Lab) -> list[Figure]:
    """The longest that a cursor key waits while a step prints its lines, and the memory that they take."""
    lines = lab.sizes.lines
    command = f"seq -f 'shard %.0f of many is moved back to where it was before the release' {lines}; sleep 1"
    database = lab.database("flood", functools.partial(stock.opened, first_command=command))
    with lab.dashboard(database) as program:
        program.until_shown(*PICTURE)
        program.until_quiet(1.0, at_most=5.0)
        program.press("3")  # among the checks nothing moves or changes but by these keys
        program.until_quiet(0.5)
        memory = program.memory_mib
        calm = [_answered(program, down=not index % 2) for index in range(40)]
        with Reader.open(database) as reader:
            _run_first_step(program, reader)
            waits, most = _pressed_until_over(program, reader)
    return [
        Figure(f"longest wait for a key while {lines} lines are printed", max(waits) * 1000, "ms", 100),
        Figure("longest wait for a key before that", max(calm) * 1000, "ms", 0),
        Figure(f"memory that {lines} lines take", most - memory, "MiB", MEMORY_MIB),
    ]


def _run_first_step(program: Program, reader: Reader) -> None:
    before = len(program.plain)
    program.press("r")
    program.until_shown("seq -f", since=before)
    while not _has(reader, "StepStarted"):
        program.until_quiet(0.5)  # what confirms counts only once the dialog has been there for a while
        program.press("\r")
        program.until_quiet(0.5, at_most=0.5)


def _pressed_until_over(program: Program, reader: Reader) -> tuple[list[float], float]:
    """Walk the cursor until the step is over, and on for a while: each key's wait, and the most memory."""
    waits, most, until = list[float](), 0.0, float("inf")
    while time.perf_counter() < until:
        waits.append(_answered(program, down=not len(waits) % 2))
        most = max(most, program.memory_mib)
        if until == float("inf") and _has(reader, "StepFinished"):
            until = time.perf_counter() + _AFTER_S
    return waits, most


def _has(reader: Reader, kind: str) -> bool:
    return any(event.kind == kind for event in reader.events_after("backout:1", 0))


def _answered(program: Program, *, down: bool) -> float:
    """Move the cursor between the first two checks; seconds until it was seen to move."""
    before = len(program.plain)
    pressed = program.press("\x1b[B" if down else "\x1b[A")
    seen = program.until(_MOVED.search, since=before)
    program.until_quiet(BETWEEN_KEYS_S, at_most=BETWEEN_KEYS_S)
    return seen - pressed
