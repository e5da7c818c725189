"""Signal 9 at a random moment: to a writer, to a command line and what it started, to a dashboard."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import note_verbs
from backout_tui.store.log.reading import Reader
from tests.campaigns.descendants import descendants
from tests.campaigns.experiment import Experiment
from tests.campaigns.experiments.syscalls import COMMANDS, command_of, stage_for
from tests.campaigns.racer import desk_of
from tests.campaigns.stage import Stage
from tests.campaigns.test_races import Track
from tests.campaigns.tracing import Done
from tests.journeys import plans
from tests.journeys.terminal import ENTER, SETTLED_S

_ROUNDS = 5


def writer_killed(dice: random.Random, ground: Path) -> str | None:
    """Of a writer that is killed, and of the next ones that go on in the same file, no acknowledged note is lost."""
    track, told = Track(ground, 1), list[str]()
    for turn in range(_ROUNDS):
        told += _notes_until_killed(track, f"r{turn}", dice.uniform(0, 0.05))
        with Reader.open(track.database) as reader:
            there = {event.data["text"] for event in reader.events_after("backout:1", 0) if event.kind == "NoteAdded"}
        if lost := set(told) - there:
            return f"after kill {turn + 1} these are lost: {sorted(lost)}"
    track.settled()
    return None


def _notes_until_killed(track: Track, name: str, after_s: float) -> list[str]:
    """What a process of its own had acknowledged when it was killed: `after_s` behind its first word."""
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        _write_on(track, name, send)
    os.close(send)
    with os.fdopen(receive, "rb") as answers:
        said = answers.read(1)  # from here on it writes
        time.sleep(after_s)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        said += answers.read()
    return [f"{name} {line.decode()}" for line in said.split(b"\n")[:-1] if line]


def _write_on(track: Track, name: str, told: int) -> None:
    try:
        op = Operator.open(desk_of(track.database, "sam"), 1)
        os.write(told, b"\n")
        for n in range(10_000):
            note_verbs.add(op, f"{name} {n}")
            os.write(told, f"{n}\n".encode())
    finally:
        os._exit(70)


def command_killed(dice: random.Random, ground: Path) -> str | None:
    """A command line is killed, or also what it started: what it acknowledged is there, and nothing ran twice."""
    name = dice.choice(list(COMMANDS))
    stage = stage_for(name, ground)
    command = command_of(name, stage)
    with (ground / "out").open("w+b") as out:
        process = subprocess.Popen(
            command, env=stage.environment, cwd=stage.site.work, stdout=out, stderr=subprocess.DEVNULL
        )
        time.sleep(dice.uniform(0.05, 1.2))
        _kill(process.pid, everything=dice.random() < 0.5)
        code = process.wait()
        out.seek(0)
        done = Done(code, out.read().decode("utf-8", "replace"), "")
    if name == "start" and (why := stage.why_not_started(done, command)):
        return f"start: {why}"
    why = stage.why_broken(done if name != "start" else Done(code, "", ""))
    return why and f"{name}: {why}"


def _kill(pid: int, *, everything: bool) -> None:
    for one in [*(descendants(pid) if everything else ()), pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def dashboard_killed(dice: random.Random, ground: Path) -> str | None:
    """Killed or hung up around the Enter that runs a step, it ran once or not at all, and its outcome is recorded."""
    stage = Stage(ground, plans.of_steps(plans.step(1, "Say one", "echo 1 >> ran")))
    with stage.site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.press("r", "Run step 1")
        terminal.wait_for("Enter to run")
        terminal.read(SETTLED_S)
        terminal.send(ENTER)
        terminal.read(dice.uniform(0, 0.6))
        if dice.random() < 0.5:
            terminal.process.kill()
        else:
            terminal.hang_up()
        terminal.process.wait(30)
    return stage.why_broken(Done(0, "", ""))


EXPERIMENTS = [
    Experiment("writer killed", writer_killed, goal=1000, share=0.5),  # five kills each
    Experiment("command line killed", command_killed, goal=1500, share=1.4),
    Experiment("dashboard killed or hung up", dashboard_killed, goal=500, share=1.3),
]
