"""Several processes want the same step at the same moment, or write at once: one runs it, and no event is lost."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from backout_tui.domain.backout.states import StepStatus
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import control_verbs, note_verbs, run_verbs
from backout_tui.errors import Refused
from backout_tui.store.log.reading import Reader
from tests.campaigns.experiment import Experiment
from tests.campaigns.racer import desk_of
from tests.campaigns.test_races import Track

RAN, REFUSED, BROKEN = 0, 3, 70
NAMES = ("sam", "sam", "kim", "lee")
"""Two of them are one person at two terminals."""


def one_runs_it(dice: random.Random, ground: Path) -> str | None:
    """Of those who want a step one runs it, whether they have the controls, take them, or have just lost them."""
    track = Track(ground, 3)
    for number in track.steps:
        fights, delays = dice.random() < 0.5, [dice.choice((0, dice.uniform(0, 0.01))) for _ in NAMES]
        codes = _together(ground, [_wish(track, name, number, fights) for name in NAMES], delays)
        if sorted(codes) != [RAN, REFUSED, REFUSED, REFUSED]:
            return f"step {number}{' in a fight' if fights else ''}: the four ended with {codes}"
    states = {step.state for step in track.settled().leaves}
    if track.ran != Counter(track.steps) or states != {StepStatus.DONE}:
        return f"they ran {dict(track.ran)}, and are {states}"
    return None


def all_is_recorded(dice: random.Random, ground: Path) -> str | None:
    """Of four who write at once every note that was acknowledged is there, once, and in the order of its writer."""
    track, notes_of = Track(ground, 1), 5
    codes = _together(ground, [_writer(track, f"w{n}", notes_of) for n in range(4)], [0.0] * 4)
    if codes != [RAN] * 4:
        return f"the writers ended with {codes}"
    track.settled()
    with Reader.open(track.database) as reader:
        texts = [event.data["text"] for event in reader.events_after("backout:1", 0) if event.kind == "NoteAdded"]
    for name in ("w0", "w1", "w2", "w3"):
        if (own := [text for text in texts if text.startswith(name)]) != [f"{name} {n}" for n in range(notes_of)]:
            return f"of {name} there is {own}"
    return None


def _wish(track: Track, name: str, number: str, fights: bool) -> Callable[[], None]:
    def act() -> None:
        op = Operator.open(desk_of(track.database, name), 1, is_dashboard=fights)
        if fights:
            with contextlib.suppress(Refused):
                control_verbs.take_over(op, f"{name} wants step {number}")
        run_verbs.run(op, number)

    return act


def _writer(track: Track, name: str, number: int) -> Callable[[], None]:
    def act() -> None:
        for n in range(number):
            op = Operator.open(desk_of(track.database, name), 1)
            while True:
                with contextlib.suppress(Refused):  # somebody else has the controls just now
                    control_verbs.take_over(op, "it is my turn")
                    note_verbs.add(op, f"{name} {n}")
                    break
            op.close()

    return act


def _together(ground: Path, acts: list[Callable[[], None]], delays: list[float]) -> list[int]:
    """Each in a process of its own, from the same moment on; how they ended."""
    barrier = ground / "barrier"
    barrier.touch()
    with barrier.open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        pids = [_child(barrier, act, delay) for act, delay in zip(acts, delays, strict=True)]
        time.sleep(0.005)  # all have come to the barrier
        fcntl.flock(gate, fcntl.LOCK_UN)
        return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


def _child(barrier: Path, act: Callable[[], None], delay_s: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = BROKEN
    try:
        with barrier.open() as gate:
            fcntl.flock(gate, fcntl.LOCK_SH)
        time.sleep(delay_s)
        act()
        code = RAN
    except Refused:
        code = REFUSED
    finally:
        os._exit(code)


EXPERIMENTS = [
    Experiment("four want the same step", one_runs_it, goal=1000, share=2.0),
    Experiment("four write at once", all_is_recorded, goal=1000, share=0.8),
]
