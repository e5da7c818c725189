"""Two terminals on one backout: both see everything; one acts."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backout_tui.ui.night.commands import LOOKING, by_id
from tests.journeys import plans
from tests.journeys.site import PROGRAM, Site, wait_for
from tests.journeys.terminal import ENTER, Terminal

WRITING = {
    command.key: command
    for command in by_id().values()
    if command.key and command not in LOOKING and command.key != "T"
}
"""Every key that writes into the log."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A backout decided on, its first step a command that waits."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    return site


@contextmanager
def acting(site: Site) -> Iterator[Terminal]:
    """The dashboard of sam, who has taken the controls by the time anybody else comes."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.press("T", "You have the controls.")
        yield terminal


def test_each_sees_what_the_other_does_within_a_second_and_one_key_brings_the_controls_along(site: Site) -> None:
    """The same person twice: the second observes. A second is the best of ten: machines are busy."""
    with acting(site) as first, site.dashboard() as second:
        second.wait_for("You have the controls in another terminal since")
        assert any(seconds_until_seen(first, second, number) < 1.0 for number in range(2, 12))
        second.press("T", "You have the controls.")
        second.press("n", "Write a note")
        second.fill("seen by the second", until="The note is in the log")
        first.press("l", "seen by the second")


def seconds_until_seen(first: Terminal, second: Terminal, number: int) -> float:
    """From the moment at which the first says that a problem is logged to the one at which the second counts it."""
    first.press("p", "Log a problem")
    first.fill("seen by the first", until=f"P{number} is logged")
    begun = time.monotonic()
    second.wait_for(f"{number} open")
    return time.monotonic() - begun


def test_another_person_observes_and_every_writing_key_says_why_it_is_refused(site: Site) -> None:
    """Nothing is written; looking stays possible."""
    with acting(site), site.dashboard(name="kim") as second:
        second.wait_for("sam has the controls since")
        second.wait_for("controls: sam")
        assert second.next_line.startswith("Looking on:")
        before = site.kinds()
        for key in WRITING:
            second.press(key, "Ask for them (T)")
            second.press("2")
            second.wait_gone("Ask for them (T)")
        assert site.kinds() == before
        second.press("l", "─ Log ─")
        second.escape("─ Log ─")
        second.press("?", "─ All keys ─")
        second.escape("─ All keys ─")
        assert second.leave() == 0


def test_taking_over_needs_a_reason_and_the_first_then_looks_on(site: Site) -> None:
    """Both are told who has the controls, and the reason is in the log."""
    with acting(site) as first, site.dashboard(name="kim") as second:
        second.wait_for("sam has the controls since")
        take_without_waiting(second, "sam is on the phone now")
        second.wait_for("controls: you")
        first.wait_for("kim has the controls since")
        first.press("n", "! kim has the controls")
        second.press("n", "Write a note")
        second.fill("I go on", until="The note is in the log")
    taken = [record for record in site.log() if record["kind"] == "ControlsTaken"]
    assert [record["actor"]["as"] for record in taken][-1] == "kim"
    assert taken[-1]["data"]["reason"] == "sam is on the phone now"


def take_without_waiting(terminal: Terminal, reason: str) -> None:
    """Ask for the controls of somebody who is there and does not answer, take them, and read the brief."""
    terminal.press("T", "Ask sam for the controls")
    terminal.press(ENTER, "you asked sam for the controls")
    terminal.wait_for("no answer,", timeout=120)
    terminal.press("T", "Take over the controls")
    terminal.send(reason)
    terminal.press(ENTER, "─ Brief ─")
    terminal.confirm_again("─ Brief ─")


def test_whoever_leaves_leaves_the_controls_free(site: Site) -> None:
    """The next one has them without asking."""
    with acting(site) as first, site.dashboard(name="kim") as second:
        second.wait_for("sam has the controls since")
        assert first.leave() == 0
        second.wait_gone("Looking on")
        second.press("n", "Write a note")
        second.fill("sam has left", until="The note is in the log")


@pytest.mark.parametrize("name", ["sam", "kim"])
def test_what_one_has_in_hand_cannot_be_run_again_by_the_other(site: Site, name: str) -> None:
    """Not from a dialog that was open before, and not after taking over."""
    with acting(site) as first, site.dashboard(name=name) as second:
        if name == "sam":
            second.wait_for("Looking on:")
            second.press("T", "You have the controls.")
            second.press("r", "Run step 1")
            first.wait_for("Looking on:")
            first.press("T", "You have the controls.")
        first.press("r", "Run step 1")
        first.confirm("Run step 1", "begun 1")
        if name == "sam":
            second.confirm("Run step 1", "! Step 1 is running")
        else:
            second.wait_for("begun 1")
            take_without_waiting(second, "sam has fallen asleep")
            second.press("r", "Step 1 is running. Wait for it, or stop it (x).")
        site.touch("go-1")
        for terminal in (first, second):
            terminal.wait_for("ended 1")
    assert site.lines() == ["1"]
    assert site.kinds().count("StepStarted") == 1


def test_a_key_and_a_command_of_one_person_that_come_at_once_run_a_step_once(site: Site) -> None:
    """One of them is told that it runs."""
    with acting(site) as terminal:
        terminal.press("r", "Run step 1")
        terminal.read(0.2)
        command = subprocess.Popen(
            [*PROGRAM, "do", "1", "step-run", "1", "--yes"],
            env={**os.environ, **site.environ()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        terminal.send(ENTER)
        terminal.wait_for("begun 1")
        assert command.wait(60) in (0, 3)
        site.touch("go-1")
        wait_for(lambda: site.state(1) == "done")
    assert site.lines() == ["1"]


def test_a_dashboard_that_only_looks_stands_in_nobodys_way_and_the_first_write_takes_the_controls(site: Site) -> None:
    """Two look, and somebody else's commands go on beside them; then the one who writes first has the controls."""
    with site.dashboard() as first, site.dashboard(name="kim") as second:
        for terminal in (first, second):
            terminal.wait_for("Next: run step 1")
            terminal.wait_for("controls: free")
        before = site.kinds()
        site.run("do", "1", "note", "a script of lee's", name="lee")
        assert site.kinds() == [*before, "ControlsTaken", "NoteAdded"]
        for terminal in (first, second):
            assert terminal.next_line.startswith("Next: run step 1")
        second.press("n", "Write a note")
        second.fill("kim was first", until="The note is in the log")
        second.wait_for("controls: you")
        first.wait_for("kim has the controls since")
        first.press("n", "! kim has the controls since")
    actors = [record["actor"]["as"] for record in site.log() if record["kind"] == "ControlsTaken"]
    assert actors[-2:] == ["lee", "kim"]
