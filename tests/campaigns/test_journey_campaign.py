"""Kill -9 and hang-ups around a step that the dashboard runs: it ends, is recorded, and never runs twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import pytest

from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.store.file.place import spool_root
from tests.campaigns.counts import count
from tests.engine.bench import kill, wait_for
from tests.journeys import plans
from tests.journeys.site import Site
from tests.journeys.terminal import DOWN, ENTER, SETTLED_S, UP, Terminal

KILLS = count(20)
PLAN = plans.of_steps(*(plans.waiting(number) for number in range(1, KILLS + 2)))


def killed(terminal: Terminal) -> None:
    """Signal 9 to the dashboard."""
    terminal.process.kill()
    terminal.process.wait()


ENDS: dict[str, Callable[[Terminal], None]] = {"killed": killed, "hung up": Terminal.hang_up}


def begin_step(terminal: Terminal, number: int) -> None:
    """Run the step that the Next line names, and see that its command has begun."""
    terminal.wait_for(f"Next: run step {number}")
    terminal.press("r", f"Run step {number}")
    terminal.confirm(f"Run step {number}", f"begun {number}")


def confirm_step(terminal: Terminal, number: int) -> None:
    """Go to the point where Enter was pressed, once, for the step that the Next line names."""
    terminal.wait_for(f"Next: run step {number}")
    terminal.press("r", f"Run step {number}")
    terminal.wait_for("Enter to run")
    terminal.read(SETTLED_S)
    terminal.send(ENTER)


@pytest.mark.parametrize("end", ENDS)
def test_a_step_outlives_its_dashboard(end: str, tmp_path: Path) -> None:
    """Each time its outcome is there afterwards; the next opening goes on from there; nothing ran twice."""
    site = Site(tmp_path)
    site.prepared(PLAN)
    for number in range(1, KILLS + 1):
        with site.dashboard() as terminal:
            begin_step(terminal, number)
            ENDS[end](terminal)
            terminal.process.wait(60)
        assert site.state(number) == "running"
        site.touch(f"go-{number}")
        wait_for(lambda at=number: site.state(at) == "done")  # type: ignore[misc]
    assert site.lines() == [str(number) for number in range(1, KILLS + 1)]
    assert site.kinds().count("StepFinished") == KILLS
    site.run("verify", "1")


def test_a_dashboard_killed_at_any_moment_around_enter_runs_a_step_once_or_not_at_all(tmp_path: Path) -> None:
    """What was never claimed, or not begun, is pending again, and is run by the next one who presses the key."""
    dice, number = random.Random(7), 1
    site = Site(tmp_path)
    site.prepared(PLAN)
    for _ in range(KILLS):
        with site.dashboard() as terminal:
            confirm_step(terminal, number)
            terminal.read(dice.uniform(0, 0.25))
            killed(terminal)
        wait_for(lambda at=number: str(at) in site.lines() or site.state(at) == "pending")  # type: ignore[misc]
        if site.state(number) == "running":
            site.touch(f"go-{number}")
            wait_for(lambda at=number: site.state(at) == "done")  # type: ignore[misc]
            number += 1
    assert site.lines() == [str(ran) for ran in range(1, number)]
    site.run("verify", "1")


ANSWERS = {"done": ("", "done"), "failed": ("f", "failed"), "not-started": ("n", "pending")}
"""What a person says is true: the key that chooses it, and the state that the step is in then."""


def test_what_died_with_its_supervisor_is_in_doubt_until_a_person_says_what_is_true(tmp_path: Path) -> None:
    """The next opening shows it first; nothing goes on; the answer is given through keys, and nothing ran twice."""
    site = Site(tmp_path)
    site.prepared(PLAN)
    for number, (true, (key, state)) in zip(range(1, KILLS + 1), cycle(ANSWERS.items())):
        kill_both(site, number)
        with site.dashboard() as terminal:
            terminal.wait_match(rf"! Next: +step {number} is in doubt")
            nothing_goes_on(terminal, number)
            terminal.press(ENTER, f"Step {number} is in doubt")
            terminal.fill(key, "looked at the host myself", until=f"Step {number}: {true}, as you say")
            if state != "done":
                terminal.press("s", f"Skip step {number}")
                terminal.fill("goes on without it", until=f"Step {number} is skipped")
        assert site.lines() == [str(ran) for ran in range(1, number + 1)]
    resolved = [record["data"] for record in site.log() if record["kind"] == "StepResolved"]
    assert [data["as"] for data in resolved] == list(islice(cycle(ANSWERS), KILLS))
    assert {data["reason"] for data in resolved} == {"looked at the host myself"}


def kill_both(site: Site, number: int) -> None:
    """Dashboard, supervisor and command end by signal 9 while step `number` runs."""
    with site.dashboard() as terminal:
        begin_step(terminal, number)
        killed(terminal)
    for path in spool_root(site.database).iterdir():
        for found in (AttemptFolder.at(path).started(), AttemptFolder.at(path).process()):
            assert found is not None
            kill(found["pid"])


def nothing_goes_on(terminal: Terminal, number: int) -> None:
    """Neither it nor the one behind it can be run, and the screen says why."""
    for away in (DOWN, UP):
        terminal.press("r", f"! Step {number} is in doubt. First say what is true")
        terminal.press(away)
        terminal.wait_gone("First say what is true")
