"""Kill -9 and hang-ups around a running step, through the dashboard: the step ends, is recorded, and never runs twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from backout_tui.engine.spool import AttemptFolder
from backout_tui.store.place import spool_root
from tests.campaigns.counts import count
from tests.engine.bench import wait_for
from tests.journeys import plans
from tests.journeys.site import Site
from tests.journeys.terminal import ENTER, SETTLED_S, Terminal

KILLS = max(2, count(20))
PLAN = plans.of_steps(*(plans.waiting(number) for number in range(1, KILLS + 1)))


def killed(terminal: Terminal) -> None:
    """Signal 9 to the dashboard."""
    terminal.process.kill()
    terminal.process.wait()


ENDS: dict[str, Callable[[Terminal], None]] = {"killed": killed, "hung up": Terminal.hang_up}


def confirm_step(terminal: Terminal, number: int) -> None:
    """Go to the point where Enter was pressed for the step that the Next line names."""
    terminal.wait_for(f"Next: run step {number}")
    terminal.press("r", f"Run step {number}")
    terminal.wait_for("Enter to run")
    terminal.read(SETTLED_S)
    terminal.send(ENTER)


@pytest.mark.parametrize("end", ENDS)
def test_a_step_outlives_its_dashboard(end: str, tmp_path: Path) -> None:
    """Each time it is there afterwards, with its output; the next opening shows it; nothing ran twice."""
    site = Site(tmp_path)
    site.prepared(PLAN)
    for number in range(1, KILLS + 1):
        with site.dashboard() as terminal:
            confirm_step(terminal, number)
            terminal.wait_for(f"begun {number}")
            ENDS[end](terminal)
            terminal.process.wait(10)
            assert site.step(str(number))["state"] == "running"
            site.touch(f"go-{number}")
            wait_for(lambda at=str(number): site.step(at)["state"] == "done")  # type: ignore[misc]
    assert site.lines() == [str(number) for number in range(1, KILLS + 1)]
    assert site.kinds().count("StepFinished") == KILLS
    site.run("verify", "1")


def test_a_dashboard_killed_at_any_moment_around_enter_runs_a_step_once_or_not_at_all(tmp_path: Path) -> None:
    """What was never claimed, or not begun, is pending again, and is run by the next one who presses the key."""
    dice = random.Random(7)
    site = Site(tmp_path)
    site.prepared(PLAN)
    number, kills = 1, 0
    while kills < KILLS:
        with site.dashboard() as terminal:
            confirm_step(terminal, number)
            terminal.read(dice.uniform(0, 0.25))
            killed(terminal)
        kills += 1
        wait_for(lambda: not live_attempts(site) or str(number) in site.lines())
        state = site.step(str(number))["state"]
        assert state == ("running" if str(number) in site.lines() else "pending")
        if state == "running":
            site.touch(f"go-{number}")
            wait_for(lambda: site.step(str(number))["state"] == "done")
            number += 1
    assert site.lines() == [str(ran) for ran in range(1, number)]
    site.run("verify", "1")


def live_attempts(site: Site) -> list[AttemptFolder]:
    """The attempts that the log does not know the end of yet, and whose folder says that somebody may work on it."""
    folders = [AttemptFolder(path) for path in spool_root(site.database).iterdir()]
    return [folder for folder in folders if not (folder.path / "outcome.json").exists()]


RESOLVED: dict[str, tuple[str, str]] = {
    "done": ("", "done"),
    "failed": ("f", "failed"),
    "not-started": ("n", "pending"),
}
"""What a person says is true: the key that chooses it, and the state that the step is in then."""


@pytest.mark.parametrize("true", RESOLVED)
def test_what_died_together_with_its_supervisor_is_in_doubt_until_a_person_says_what_is_true(
    true: str, tmp_path: Path
) -> None:
    """The next opening shows it first; nothing goes on; the answer is given by keys."""
    site = Site(tmp_path)
    site.prepared(plans.of_steps(*(plans.waiting(number) for number in range(1, 4))))
    for number in range(1, 1 + max(1, count(20) // len(RESOLVED)))[:1]:
        kill_both(site, number)
        with site.dashboard() as terminal:
            terminal.wait_for(f"! Next: step {number} is in doubt")
            terminal.wait_for("IN DOUBT")
            _nothing_goes_on(terminal, number)
            choice, state = RESOLVED[true]
            terminal.press(ENTER, f"Step {number} is in doubt")
            terminal.send(f"{choice}{ENTER}looked at the host myself{ENTER}")
            terminal.wait_for(f"Step {number}: {true}, as you say")
            assert terminal.leave() == 0
        assert site.step(str(number))["state"] == state
        assert site.lines() == [str(number)]
        assert [record["data"]["reason"] for record in site.log() if record["kind"] == "StepResolved"] == [
            "looked at the host myself"
        ]


def kill_both(site: Site, number: int) -> None:
    """Dashboard, supervisor and command end by signal 9 while step `number` runs."""
    with site.dashboard() as terminal:
        confirm_step(terminal, number)
        terminal.wait_for(f"begun {number}")
        killed(terminal)
        for path in spool_root(site.database).iterdir():
            for found in (AttemptFolder(path).started(), AttemptFolder(path).process()):
                kill_word(found)


def kill_word(found: dict[str, Any] | None) -> None:
    """Kill the process that a file of the spool names."""
    assert found is not None
    with suppress(ProcessLookupError):
        os.kill(found["pid"], signal.SIGKILL)


def _nothing_goes_on(terminal: Terminal, number: int) -> None:
    """Neither it nor the one behind it can be run, and the screen says why."""
    terminal.press("r", f"Step {number} is in doubt. Say first what is true")
    terminal.press("j")
    time.sleep(0)
    terminal.press("r", f"Step {number} is in doubt. Say first what is true")
    terminal.press("X", "Did it work?")
    terminal.press("\x1b")
    terminal.wait_gone("Did it work?")
    terminal.press("k")
