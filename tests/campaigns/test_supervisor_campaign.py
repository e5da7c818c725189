"""Kill -9 at every point between lock and outcome: never twice, never lost, in doubt only when it is."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS
from backout_tui.engine.settling import open_intents
from tests.campaigns.counts import count
from tests.engine.bench import FORKS, Begun, Bench, alive, kill, looked_at, wait_for

pytestmark = FORKS

EXPECTED = {
    "locked": (None, {0}),
    "claimed": ("StepNotStarted", {0}),
    "before started": ("StepNotStarted", {0}),
    "after started": ("StepInDoubt", {0}),
    "after exec": ("StepInDoubt", {0, 1}),
    "after exit": ("StepInDoubt", {1}),
    "after outcome": ("StepFinished", {1}),
    "after append": ("StepFinished", {1}),
}


class Night:
    """One attempt whose starter and supervisor are killed together."""

    def __init__(self, place: Path) -> None:
        self.bench = Bench(place)
        self.ran = place / "ran"

    def begin_and_die(self, point: str | None = None, *, after_s: float = 0.0) -> None:
        """Both die at `point`, or after some time wherever they are then."""
        starter = os.fork()
        if starter == 0:
            self._start(point)
        if point is None:
            time.sleep(after_s)
            for pid in (starter, *self._supervisors()):
                kill(pid)
        os.waitpid(starter, 0)
        # A supervisor that was forked after the list was made goes on: then only its starter died, as in a hang-up.
        wait_for(lambda: not any(map(alive, self.folders)))

    def _start(self, point: str | None) -> None:
        try:
            begun = self._claim(point)
            supervisor = self.bench.supervise(begun, at=_killing(point, os.getpid()))
            (self.bench.place / "supervisor.pid").write_text(str(supervisor))
            signal.pause()
        finally:
            os._exit(1)

    def _claim(self, point: str | None) -> Begun:
        if point == "locked":
            self.bench.append = _die  # type: ignore[assignment,method-assign] # the claim is the first append after it
        begun = self.bench.begin(f"echo ran >> {self.ran}")
        if point == "claimed":
            _die()
        return begun

    def _supervisors(self) -> list[int]:
        """The supervisors that have begun: their word is on disk."""
        found = []
        for path in self.folders:
            with looked_at(path) as folder:
                found.append(folder.started())
        return [started["pid"] for started in found if started is not None]

    @property
    def folders(self) -> list[Path]:
        spool = self.bench.database.with_name("backout.sqlite.d") / "spool"
        return list(spool.iterdir())

    @property
    def lines(self) -> int:
        """How often the command ran."""
        return len(self.ran.read_text().splitlines()) if self.ran.exists() else 0

    def settled(self) -> list[Event]:
        """Settle twice, as two people opening it would; the outcomes in the log."""
        self.bench.settle()
        assert self.bench.settle() == []
        assert open_intents(self.bench.events) == []
        return [event for event in self.bench.events if event.kind not in {"BackoutOpened", *ATTEMPTS}]


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _killing(point: str | None, starter: int) -> Callable[[str], None]:
    def at(reached: str) -> None:
        if reached == point:
            kill(starter)
            _die()

    return at


@pytest.mark.parametrize("point", EXPECTED)
def test_killed_together_at_each_point_the_outcome_is_what_is_known(point: str, tmp_path: Path) -> None:
    """Not started, in doubt or done: and what is not known never reads as not started."""
    kind, lines = EXPECTED[point]
    for number in range(count(20)):
        place = tmp_path / str(number)
        place.mkdir()
        night = Night(place)
        night.begin_and_die(point)
        outcomes = night.settled()
        assert [outcome.kind for outcome in outcomes] == ([kind] if kind else [])
        assert night.lines in lines
        if kind == "StepFinished":
            assert outcomes[0].data["result"] == "done"
        # What was never claimed, or is recorded already, is no news: it is swept when it is a minute old.
        assert len(night.folders) == (point in ("locked", "after append"))


def test_killed_together_at_any_moment_nothing_runs_twice_and_no_outcome_lies(tmp_path: Path) -> None:
    dice = random.Random(4)
    for number in range(count(200)):
        place = tmp_path / str(number)
        place.mkdir()
        night = Night(place)
        night.begin_and_die(after_s=dice.uniform(0, 0.08))
        allowed = {"StepNotStarted": {0}, "StepInDoubt": {0, 1}, "StepFinished": {1}}
        outcomes, lines = night.settled(), night.lines
        assert len(outcomes) <= 1
        assert lines in (allowed[outcomes[0].kind] if outcomes else {0})


def test_many_settlers_at_once_append_one_outcome(tmp_path: Path) -> None:
    """They have imported first and wait at a barrier; all of them see the same open intent."""
    for number in range(count(100)):
        place = tmp_path / str(number)
        place.mkdir()
        night = Night(place)
        night.begin_and_die("after outcome")
        intents = open_intents(night.bench.events)
        barrier, go = os.pipe()
        settlers = [_settler(night.bench, intents, barrier, go) for _ in range(4)]
        os.close(barrier)
        os.close(go)
        codes = [os.waitstatus_to_exitcode(os.waitpid(settler, 0)[1]) for settler in settlers]
        assert codes == [0] * 4
        assert [outcome.kind for outcome in night.settled()] == ["StepFinished"]


def _settler(bench: Bench, intents: list[Event], barrier: int, go: int) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(go)
            os.read(barrier, 1)
            bench.settle(intents)
            code = 0
        finally:
            os._exit(code)
    return pid
