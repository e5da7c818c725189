"""From exec to the picture, and to the first key that writes: beside the bare app, and with much in the store."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from pathlib import Path

from backout_tui.engine.operator import Operator
from backout_tui.store.log.reading import Reader
from tests.benchmarks import stock
from tests.benchmarks.figures import Figure, compared
from tests.benchmarks.lab import PICTURE, Lab
from tests.benchmarks.program import PATIENCE_S, Program

_LOOK_S = 0.002


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from exec to each of the things that somebody waits for."""

    paint: float
    picture: float
    key: float


def start(lab: Lab) -> list[Figure]:
    """Exec to first paint, to the picture of all panes, to the first key being accepted: beside the bare app."""
    ours, bare = lab.in_turn(functools.partial(_our_start, lab), functools.partial(_bare_start, lab))
    return [
        compared("exec to first paint", [one.paint for one in ours], [one.paint for one in bare], 1.05),
        compared("exec to the picture of all panes", [one.picture for one in ours], [one.picture for one in bare], 1.1),
        compared("exec to the first written key accepted", [one.key for one in ours], [one.key for one in bare], 2.2),
    ]


def events(lab: Lab) -> list[Figure]:
    """Opening a backout whose log is long, beside one whose log is short."""
    few, many = (
        lab.database(f"events-{count}", functools.partial(_long, count))
        for count in (lab.sizes.few_events, lab.sizes.events)
    )
    short, long = lab.in_turn(
        functools.partial(_picture, lab, few, "open", "1"), functools.partial(_picture, lab, many, "open", "1")
    )
    return [compared(f"opening with {lab.sizes.events} events against {lab.sizes.few_events}", long, short, 1.2)]


def backouts(lab: Lab) -> list[Figure]:
    """Opening the one open backout, named and not named, where many are stored, beside the same where it is alone."""
    alone, among = lab.usual, lab.crowded
    figures = []
    for words, arguments, aim in (("opening", ("open", "1"), 1.1), ("opening unnamed", (), 1.05)):
        one, many = lab.in_turn(
            functools.partial(_picture, lab, alone, *arguments), functools.partial(_picture, lab, among, *arguments)
        )
        figures.append(compared(f"{words} with {lab.sizes.backouts} backouts against 1", many, one, aim))
    return figures


def _long(count: int, folder: Path) -> Operator:
    op = stock.opened(folder)
    stock.lengthened(op, count)
    return op


def _our_start(lab: Lab) -> Start:
    with lab.dashboard(lab.usual) as program:
        paint, picture = program.until_painted(), program.until_shown(*PICTURE)
        accepted = _accepted(program, lab.usual)
        return Start(paint - program.began, picture - program.began, accepted - program.began)


def _bare_start(lab: Lab) -> Start:
    with lab.bare() as program:
        paint, picture = program.until_painted(), program.until_shown(*PICTURE)
        before = len(program.plain)
        program.press("\x1b[B")
        moved = program.until_shown("Move shard 2 back", since=before)
        return Start(paint - program.began, picture - program.began, moved - program.began)


def _picture(lab: Lab, database: Path, *arguments: str) -> float:
    with lab.program(lab.ours(database, *arguments)) as program:
        return program.until_shown(*PICTURE) - program.began


def _accepted(program: Program, database: Path) -> float:
    """Type a problem's title ahead, as one does; the moment at which the log has it."""
    deadline = time.perf_counter() + PATIENCE_S
    with Reader.open(database) as reader:
        last = reader.events_after("backout:1", 0)[-1].seq
        before = database.stat().st_mtime_ns
        program.press("pQueues grow in eu-west\r")
        while time.perf_counter() < deadline:
            program.pump(_LOOK_S)
            # Reading takes a lock that the writer has to wait for, so only a file that was written is read.
            if database.stat().st_mtime_ns != before:
                before = database.stat().st_mtime_ns
                if any(event.kind == "ProblemLogged" for event in reader.events_after("backout:1", last)):
                    return time.perf_counter()
    raise AssertionError(f"the problem was not logged; the screen said:\n{program.plain[-3000:]}")
