"""The terminal goes away, takes nothing more, or the dashboard is signalled or suspended, in the middle of anything."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

from backout_tui.signals import ENDING
from tests.campaigns.experiment import Experiment
from tests.campaigns.seat import (
    SCENES,
    Scene,
    come_to,
    stall,
    why_not_given_back,
    why_not_gone,
    why_screen_kept,
)
from tests.campaigns.stage import Stage
from tests.journeys import plans
from tests.journeys.job_control import CTRL_Z, in_a_shell, state
from tests.journeys.terminal import ENTER, Terminal

_ALLOWED = {"ControlsTaken", "ControlsReleased", "StepFinished"}
"""What may stand in the log though no key asked for it."""
_RECORDED_WITHIN_S = 60.0


def however_it_ends(dice: random.Random, ground: Path) -> str | None:
    """The exit says why, the terminal is as it was, the log has nothing that no key asked for, a step goes on."""
    stage, scene, running = Stage(ground, plans.ONE_STEP), dice.choice(SCENES), dice.random() < 0.5
    ending = dice.choice((_signalled, _hung_up, _stalled, _too_early, _suspended))
    why = ending(stage, scene, dice, running)
    why = why or _why_acted(stage) or (_why_not_recorded(stage) if _ran(stage) else None) or stage.why_not_sound()
    stage.site.touch("go-1")  # whatever came of it, nothing is left running
    return why and f"{ending.__name__[1:]}, {scene.shows.strip()!r}, step {'runs' if running else 'waits'}: {why}"


def _signalled(stage: Stage, scene: Scene, dice: random.Random, running: bool) -> str | None:
    with stage.site.dashboard() as terminal:
        come_to(scene, terminal, running=running)
        terminal.read(dice.uniform(0, 0.4))
        return _ended_by(terminal, dice.choice(ENDING), reading=True)


def _hung_up(stage: Stage, scene: Scene, dice: random.Random, running: bool) -> str | None:
    with stage.site.dashboard() as terminal:
        come_to(scene, terminal, running=running)
        terminal.read(dice.uniform(0, 0.4))
        terminal.hang_up()
        return why_not_gone(terminal, (128 + signal.SIGHUP,), reading=True)


def _stalled(stage: Stage, scene: Scene, dice: random.Random, running: bool) -> str | None:
    with stage.site.dashboard() as terminal:
        come_to(scene, terminal, running=running)
        return stall(terminal, dice) or _ended_by(terminal, dice.choice(ENDING), reading=False)


def _too_early(stage: Stage, _: Scene, dice: random.Random, __: bool) -> str | None:
    """Before the dashboard looks after signals they do what they do to any program."""
    with stage.site.dashboard() as terminal:
        terminal.read(dice.uniform(0, 0.8))
        number = dice.choice(ENDING)
        terminal.process.send_signal(number)
        return why_not_gone(terminal, (128 + number, -number), reading=True) or why_not_given_back(terminal)


def _ended_by(terminal: Terminal, number: int, *, reading: bool) -> str | None:
    terminal.process.send_signal(number)
    why = why_not_gone(terminal, (128 + number,), reading=reading) or why_not_given_back(terminal)
    return why and f"signal {number}: {why}"


def _suspended(stage: Stage, scene: Scene, dice: random.Random, running: bool) -> str | None:
    """In a real shell, with `fg` and more typed for it, at once or when it prompts; then ended."""
    with in_a_shell(stage.site) as (terminal, process):
        come_to(scene, terminal, running=running)
        terminal.read(dice.uniform(0, 0.4))
        terminal.press(CTRL_Z)
        if dice.random() < 0.5:
            terminal.send(f"{dice.choice(('fg', 'echo rfs; fg', 'fg %1'))}{ENTER}")
        terminal.wait_until(lambda: b"Stopped" in terminal.raw, "a stop")
        terminal.read(dice.uniform(0.3, 0.6))
        if (why := why_screen_kept(terminal)) and state(process) == "T":
            return why
        if state(process) == "T":  # what was typed too early was lost: it is typed again
            terminal.send(f"\x15fg{ENTER}")
        terminal.wait_for(scene.shows)
        terminal.wait_for(scene.typed)
        others = [one.shows for one in SCENES[1:] if one != scene and one.shows in terminal.text()]
        os.kill(process, signal.SIGTERM)
        terminal.wait_until(lambda: state(process) in ("", "Z"), "the end")
        terminal.send(f"\x15echo ended with $?{ENTER}")
        terminal.wait_for(f"ended with {128 + signal.SIGTERM}")
        return f"a key for the shell opened {others}" if others else why_screen_kept(terminal)


def _why_acted(stage: Stage) -> str | None:
    kinds = [str(one["kind"]) for one in stage.records()[len(stage.before) :]]
    allowed = _ALLOWED | ({"StepStarted"} if _ran(stage) else set())
    return next((f"no key asked for {kind}" for kind in kinds if kind not in allowed or kinds.count(kind) > 2), None)


def _ran(stage: Stage) -> bool:
    return bool(stage.site.lines())


def _why_not_recorded(stage: Stage) -> str | None:
    """The step that ran when the dashboard ended goes on, is done, and ran once."""
    stage.site.touch("go-1")
    until = time.monotonic() + _RECORDED_WITHIN_S
    while (now := stage.site.state(1)) != "done":
        if time.monotonic() > until:
            return f"step 1 is {now}"
        time.sleep(0.02)
    return None if stage.site.lines() == ["1"] else f"step 1 ran {len(stage.site.lines())} times"


def _why_no_shell() -> str | None:
    return None if shutil.which("bash") else "bash is not installed"


EXPERIMENTS = [
    Experiment("hang-ups, signals and stalled terminals", however_it_ends, goal=4000, share=1.5, why_not=_why_no_shell)
]
