"""From a key to its picture: how long, and how many bytes it sends."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from backout_tui.engine.operator import Operator
from tests.benchmarks import stock
from tests.benchmarks.figures import Figure, Sample
from tests.benchmarks.lab import PICTURE, Lab
from tests.benchmarks.program import Program

QUIET_S = 0.05
"""After so long without a byte a key's picture is taken to be whole: three times what Textual waits for a frame."""
ROUNDS = 4
"""How often the programs that are compared take turns."""
_WALK = ["\x1b[B"] * 3 + ["\x1b[A"] * 3


@dataclass
class Pressed:
    """What keys cost: seconds until the last byte of their picture, and bytes."""

    seconds: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)


def key(lab: Lab) -> list[Figure]:
    """A cursor key that scrolls nothing, beside the bare app."""
    bare, ours = _in_turn(lab, lab.yardstick(), lab.ours(lab.usual, "open", "1"), PICTURE)
    time = _compared("key to its picture, p99", ours, bare, 99, 1.2)
    median = _compared("key to its picture, median", ours, bare, 50, 1.0)
    return [
        time,
        median,
        Figure("bytes to the terminal for a key, p99", Sample(ours.sent).percentile(99), "B", 600),
        Figure("bytes of the bare app for a key, p99", Sample(bare.sent).percentile(99), "B", 0),
    ]


def steps(lab: Lab) -> list[Figure]:
    """A cursor key in a plan of very many steps, half of them done, beside a plan of ten."""
    many = lab.sizes.steps
    short, long = (lab.database(f"steps-{count}", functools.partial(_half_done, count)) for count in (10, many))
    few, much = Pressed(), Pressed()
    for _ in range(ROUNDS):
        _walked(lab, lab.ours(short, "open", "1"), few, ("Move shard 6 back",))
        _walked(lab, lab.ours(long, "open", "1"), much, (f"Move shard {many // 2 + 1} back",))
    return [
        _compared(f"key to its picture, p99, {many} steps against 10", much, few, 99, 1.2),
        _compared(f"key to its picture, median, {many} steps against 10", much, few, 50, 1.2),
    ]


def _in_turn(lab: Lab, first: list[str], second: list[str], shown: tuple[str, ...]) -> tuple[Pressed, Pressed]:
    one, other = Pressed(), Pressed()
    for _ in range(ROUNDS):
        _walked(lab, first, one, shown)
        _walked(lab, second, other, shown)
    return one, other


def _half_done(count: int, folder: Path) -> Operator:
    op = stock.opened(folder, count)
    stock.half_done(op)
    return op


def _walked(lab: Lab, command: list[str], into: Pressed, shown: tuple[str, ...]) -> None:
    """Start the program, and walk the cursor up and down."""
    with lab.program(command) as program:
        program.until_shown(*shown)
        program.until_quiet(1.0, at_most=5.0)
        for keys in _walk(max(len(_WALK), lab.sizes.keys // ROUNDS)):
            _press(program, keys, into)


def _walk(count: int) -> Iterator[str]:
    return (_WALK[index % len(_WALK)] for index in range(count))


def _press(program: Program, keys: str, into: Pressed) -> None:
    before = program.received
    pressed = program.press(keys)
    came = program.pump(5.0)
    assert came is not None, f"nothing came of a key; the screen said:\n{program.plain[-3000:]}"
    last = program.until_quiet(QUIET_S, at_most=1.0) or came
    into.seconds.append(last - pressed)
    into.sent.append(program.received - before)


def _compared(name: str, ours: Pressed, yardstick: Pressed, hundredths: int, aim: float) -> Figure:
    mine, theirs = Sample(ours.seconds), Sample(yardstick.seconds)
    spread = max(mine.spread, theirs.spread)
    return Figure(name, mine.percentile(hundredths) * 1000, "ms", aim, theirs.percentile(hundredths) * 1000, spread)
