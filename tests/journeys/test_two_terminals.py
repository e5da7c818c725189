"""Two real terminals in tmux, one of them killed: the step that runs does not notice, and the other goes on."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys import plans
from tests.journeys.site import Site, wait_for
from tests.journeys.tmux import Tmux, Window, needs_tmux, tmux_in

pytestmark = needs_tmux


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A backout decided on, its first step a command that waits."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    return site


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    """Its socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="backout-tmux-", dir="/tmp") as folder, tmux_in(Path(folder)) as server:
        yield server


def acting(site: Site, tmux: Tmux) -> Window:
    """Sam's terminal, with the controls."""
    window = tmux.window(site, "a", "sam")
    window.wait_for("Next: run step 1")
    window.press("T", until="You have the controls.")
    return window


def kill(window: Window) -> None:
    """The whole dashboard at once, without a word."""
    os.kill(window.process, signal.SIGKILL)


def drop(window: Window) -> None:
    """The terminal goes away: the dashboard hears HUP."""
    window.close()


@pytest.mark.parametrize("end", [kill, drop])
def test_a_terminal_dies_and_the_other_takes_over_while_the_step_runs_on(
    end: Callable[[Window], None], site: Site, tmux: Tmux
) -> None:
    first = acting(site, tmux)
    first.press("r")
    first.confirm("Run step 1")
    first.wait_for("begun 1")
    second = tmux.window(site, "b", "kim")
    second.wait_for("sam has the controls since")
    second.wait_for("begun 1")
    end(first)
    second.wait_for("sam had the controls; their session is gone")
    second.press("n", until="! sam had the controls; their session is gone.")
    second.press("T", until="Take over the controls of sam")
    second.type("sam lost the line")
    second.press("Enter", until="─ Brief ─")
    assert "Running    step 1" in second.text()
    second.confirm("─ Brief ─")
    second.wait_for("controls: you")
    assert site.state(1) == "running"
    site.touch("go-1")
    second.wait_for("ended 1")
    wait_for(lambda: site.state(1) == "done")
    second.press("n", until="Write a note")
    second.type("I go on")
    second.press("Enter", until="The note is in the log")
    log = site.log()
    assert site.lines() == ["1"]
    taken = [record for record in log if record["kind"] == "ControlsTaken"][-1]
    assert (taken["actor"]["as"], taken["data"]["holder_lived"]) == ("kim", False)
    numbers = {record["kind"]: record["lease"] for record in log}
    assert (numbers["StepStarted"], numbers["StepFinished"], numbers["NoteAdded"]) == (2, 2, 3)
    site.run("verify", "1")


def test_two_people_ask_and_agree_by_keys(site: Site, tmux: Tmux) -> None:
    first = acting(site, tmux)
    second = tmux.window(site, "b", "kim")
    second.wait_for("sam has the controls since")
    second.press("T", until="Ask sam for the controls")
    second.type("you are on the phone")
    second.press("Enter", until="you asked sam for the controls")
    first.wait_for("kim asks: T agrees, Esc keeps")
    first.wait_for("you are on the phone")
    first.press("Escape")
    assert first.is_gone("kim asks")
    second.wait_for("sam keeps the controls")
    second.press("T", until="Ask sam for the controls")
    second.press("C-s")
    first.wait_for("kim asks: T agrees")
    first.press("T", until="kim has the controls")
    second.wait_for("─ Brief ─")
    second.confirm("─ Brief ─")
    second.wait_for("controls: you")
    first.wait_for("Looking on:")
    kinds = [kind for kind in site.kinds() if kind.startswith("Controls")]
    assert kinds[-5:] == ["ControlsAsked", "ControlsKept", "ControlsAsked", "ControlsAgreed", "ControlsTaken"]
    site.run("verify", "1")


def test_one_person_in_two_terminals_takes_the_controls_along_with_one_key(site: Site, tmux: Tmux) -> None:
    first = acting(site, tmux)
    second = tmux.window(site, "b", "sam")
    second.wait_for("You have the controls in another terminal since")
    second.press("T", until="You have the controls.")
    first.wait_for("Your controls ended at")
    first.wait_for("Looking on:")
    first.press("n", until="You have the controls in another terminal")
    second.press("q")
    first.wait_for("Next: run step 1")
    first.press("n", until="Write a note")
    site.run("verify", "1")


def test_handing_over_in_one_terminal_is_seen_and_taken_in_the_other(site: Site, tmux: Tmux) -> None:
    first = acting(site, tmux)
    second = tmux.window(site, "b", "kim")
    second.wait_for("sam has the controls since")
    first.press("T", until="Hand over the controls")
    first.type("kim")
    first.press("Enter", until="Handed over to kim")
    second.wait_for("sam gives you the controls: T takes them")
    second.press("T", until="─ Brief ─")
    first.wait_for("Looking on:")
    first.wait_for("kim has the controls")
