"""Two who want the same step at the same moment, and starters that are killed: each step runs once or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.rules.outstanding import under_way
from backout_tui.engine.attempts import beginning
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decision_verbs, problem_verbs, run_verbs
from backout_tui.store.log.verify import verify_log
from tests.campaigns.counts import count
from tests.campaigns.racer import desk_of
from tests.engine.bench import FORKS, kill, wait_for
from tests.engine.desks import HEAD, Room

SCRIPT = Path(sys.executable).with_name("backout-tui")


class Track:
    """A backout of many steps that wait for nothing, each of which leaves its number in `ran`."""

    def __init__(self, place: Path, steps: int, *, takes_s: float = 0) -> None:
        self.place, self.steps = place, [str(number) for number in range(1, steps + 1)]
        self.database = place / "backout.sqlite"
        body = "\n".join(
            f"### {number}. Step\n- waits for: nothing\n\n```sh\necho {number} >> ran\nsleep {takes_s}\n```\n"
            for number in self.steps
        )
        room = Room(place)
        op = room.start(HEAD + "## Steps\n\n" + body)
        problem_verbs.log(op, "5xx")
        decision_verbs.decide(op, by="release manager", reason="errors above two percent")
        op.close()

    def settled(self) -> Backout:
        """The backout once nothing runs any more."""
        op = Operator.open(desk_of(self.database, "judge"), 1)
        wait_for(lambda: not under_way(op.refresh()), 60)
        backout = op.backout
        op.close()
        assert verify_log(self.database, "backout:1").ok
        return backout

    @property
    def ran(self) -> Counter[str]:
        """How often each step's command really ran."""
        path = self.place / "ran"
        return Counter(path.read_text().split()) if path.exists() else Counter()


class Racer:
    """A worker that has imported everything and waits for its orders."""

    def __init__(self, database: Path, program: str = "racer") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tests.campaigns.{program}", str(database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def order(self, name: str, step: str, barrier: str, jitter_ms: float = 0) -> None:
        """Send it to the start; it is ready when this returns."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name}\t{step}\t{barrier}\t{jitter_ms}\n")
        self.process.stdin.flush()
        assert self.answer() == "ready"

    def answer(self) -> str:
        """Its next word."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        """Let it go, dead or alive."""
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def racers(database: Path, number: int, program: str = "racer") -> Iterator[list[Racer]]:
    """Some workers, gone at the end."""
    found = [Racer(database, program) for _ in range(number)]
    try:
        yield found
    finally:
        for one in found:
            one.end()


def test_of_two_who_want_a_step_at_the_same_moment_one_runs_it(tmp_path: Path) -> None:
    """The same person at two terminals, and two people of whom nobody has the controls yet."""
    track, dice = Track(tmp_path, count(200)), random.Random(7)
    barrier = tmp_path / "barrier"
    barrier.touch()
    with racers(track.database, 2) as pair, barrier.open("w") as gate:
        for number in track.steps:
            fcntl.flock(gate, fcntl.LOCK_EX)
            names = ("sam", "sam") if dice.random() < 0.5 else ("sam", "kim")
            for racer, name in zip(pair, names, strict=True):
                racer.order(name, number, str(barrier), dice.choice([0, 0, dice.uniform(0, 5)]))
            time.sleep(0.002)  # both have come to the barrier
            fcntl.flock(gate, fcntl.LOCK_UN)
            answers = sorted(racer.answer() for racer in pair)
            assert answers[0] == "ran", answers
            assert answers[1].startswith("refused "), answers
    backout = track.settled()
    assert track.ran == Counter(track.steps)
    assert {step.state for step in backout.leaves} == {StepStatus.DONE}
    assert {len(step.attempts) for step in backout.leaves} == {1}


def test_of_two_console_scripts_one_runs_it(tmp_path: Path) -> None:
    """Imports and all: one ends with 0, the other with 3."""
    track = Track(tmp_path, 3)
    environment = {**os.environ, "BACKOUT_DATABASE": str(track.database), "BACKOUT_AS": "sam"}
    for number in track.steps:
        command = [str(SCRIPT), "do", "1", "step-run", number, "--yes"]
        pair = [
            subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        assert sorted(one.wait(30) for one in pair) == [0, 3]
    track.settled()
    assert track.ran == Counter(track.steps)


def test_when_its_operator_is_killed_a_running_step_goes_on_and_its_outcome_is_recorded(tmp_path: Path) -> None:
    track, dice = Track(tmp_path, count(20), takes_s=0.3), random.Random(9)
    with racers(track.database, len(track.steps)) as operators:
        for racer, number in zip(operators, track.steps, strict=True):
            racer.order("sam", number, "stay")
        for racer in operators:
            assert racer.answer() == "ran"
        for racer in operators:
            time.sleep(dice.uniform(0, 0.05))
            kill(racer.process.pid)
        backout = track.settled()
    assert track.ran == Counter(track.steps)
    assert {step.state for step in backout.leaves} == {StepStatus.DONE}


# ── the starter is killed between lock and outcome ────────────────────────────────────────────────────────────────

Patch = Callable[[pytest.MonkeyPatch], None]


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dies_after(module: object, name: str) -> Patch:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        real = getattr(module, name)

        def and_die(*given: object, **named: object) -> None:
            real(*given, **named)
            _die()

        monkeypatch.setattr(module, name, and_die)

    return patch


POINTS: dict[str, tuple[Patch, list[str], int]] = {
    "before anything is prepared": (lambda patch: patch.setattr(beginning, "make_attempt", _die), [], 0),
    "locked, before the claim": (_dies_after(beginning, "make_attempt"), [], 0),
    "claimed, before there is a supervisor": (_dies_after(Operator, "append"), ["StepStarted", "StepNotStarted"], 0),
    "before the secrets are handed over": (
        lambda patch: patch.setattr(beginning, "_hand_over", _die), ["StepStarted", "StepNotStarted"], 0,
    ),
    "after the secrets are handed over": (_dies_after(beginning, "_hand_over"), ["StepStarted", "StepFinished"], 1),
}  # fmt: skip


@FORKS
@pytest.mark.parametrize("point", POINTS)
def test_a_starter_that_is_killed_leaves_a_step_that_ran_once_or_not_at_all(point: str, tmp_path: Path) -> None:
    """And one that did not run can be run again."""
    patch, expected, runs = POINTS[point]
    for number in range(count(10)):
        place = tmp_path / str(number)
        place.mkdir()
        track = Track(place, 1)
        starter = os.fork()
        if starter == 0:
            _start_and_die(track, patch)
        assert os.waitstatus_to_exitcode(os.waitpid(starter, 0)[1]) == -signal.SIGKILL
        backout = track.settled()
        op = Operator.open(desk_of(track.database, "sam"), 1)
        assert [event.kind for event in op.events(after=4)] == expected
        assert track.ran.total() == runs
        assert backout.steps["1"].state is (StepStatus.DONE if runs else StepStatus.PENDING)
        if not runs:
            run_verbs.run(op, "1")
            assert track.settled().steps["1"].state is StepStatus.DONE
            assert track.ran.total() == 1
        op.close()


def _start_and_die(track: Track, patch: Patch) -> None:
    try:
        op = Operator.open(desk_of(track.database, "sam"), 1)
        patch(pytest.MonkeyPatch())
        run_verbs.run(op, "1")
    finally:
        os._exit(70)
