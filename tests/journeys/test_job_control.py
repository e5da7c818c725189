"""A shell with job control around the dashboard: Ctrl+Z and `fg`, `bg`, stops that nobody announced, from outside."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.journeys import plans
from tests.journeys.job_control import CTRL_Z, NEXT, in_a_shell, needs_bash, state, stopped
from tests.journeys.site import Site, wait_for
from tests.journeys.terminal import ENTER, Terminal


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A backout decided on, its first step a command that waits."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    return site


def assert_shell_has_it(terminal: Terminal) -> None:
    """The terminal is as it was before, on the screen that was there before."""
    after = terminal.raw[terminal.raw.rindex(b"\x1b[?1049h") :]
    for off in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1000l"):
        assert off in after


def still_works(terminal: Terminal, site: Site, before: list[str]) -> None:
    """The picture is whole, nothing was done meanwhile, and the next key counts."""
    terminal.wait_for(NEXT)
    terminal.wait_for(" 4 Communication ")
    assert site.kinds() == before
    terminal.press("n", "Write a note")
    terminal.fill("back again", until="The note is in the log")


@needs_bash
def test_ctrl_z_suspends_and_fg_goes_on_and_the_shells_line_stays_the_shells(site: Site) -> None:
    """Twice: the second time `fg` is typed before the shell has the terminal."""
    with in_a_shell(site) as (terminal, process):
        before = site.kinds()
        terminal.press(CTRL_Z)
        stopped(terminal, process)
        assert_shell_has_it(terminal)
        terminal.send(f"echo typed in the shell{ENTER}")
        terminal.wait_for("\ntyped in the shell")
        terminal.screen.reset()
        terminal.send(f"fg{ENTER}")
        terminal.wait_for(NEXT)
        terminal.press(CTRL_Z)
        terminal.send(f"fg{ENTER}")
        terminal.wait_until(lambda: terminal.raw.count(b"Stopped") == 2, "a second stop")
        terminal.read(1.0)
        if state(process) == "T":
            terminal.send(f"\x15fg{ENTER}")  # what was typed too early was lost: it is typed again
        still_works(terminal, site, before)
        terminal.press("q", "log head")


@needs_bash
def test_in_the_background_it_stops_again_and_leaves_the_shell_alone(site: Site) -> None:
    """By `bg`, and when somebody continues it from outside; `fg` brings it back."""
    with in_a_shell(site) as (terminal, process):
        before = site.kinds()
        terminal.press(CTRL_Z)
        stopped(terminal, process)
        for from_outside in (False, True):
            terminal.screen.reset()
            os.kill(process, signal.SIGCONT) if from_outside else terminal.send(f"bg{ENTER}")
            terminal.read(0.5)
            terminal.wait_until(lambda: state(process) == "T", "a stop")
            assert NEXT not in terminal.text()
        terminal.send(f"fg{ENTER}")
        still_works(terminal, site, before)


@needs_bash
@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP, signal.SIGTTIN, signal.SIGTTOU])
def test_a_stop_from_outside_is_like_any_other(site: Site, number: signal.Signals) -> None:
    """Announced or not, and continued in the background first."""
    with in_a_shell(site) as (terminal, process):
        before = site.kinds()
        os.kill(process, number)
        stopped(terminal, process)
        os.kill(process, signal.SIGCONT)
        terminal.read(0.5)
        terminal.wait_until(lambda: state(process) == "T", "a stop")
        terminal.send(f"fg{ENTER}")
        still_works(terminal, site, before)


@needs_bash
@pytest.mark.parametrize("stop", [CTRL_Z, "STOP"])
def test_a_stopped_one_can_be_ended(site: Site, stop: str) -> None:
    """`kill %1`: it ends as any program would, and the terminal is the shell's."""
    with in_a_shell(site) as (terminal, process):
        terminal.press(CTRL_Z) if stop == CTRL_Z else os.kill(process, signal.SIGSTOP)
        stopped(terminal, process)
        terminal.send(f"kill %1{ENTER}")
        wait_for(lambda: state(process) in ("", "Z"))
        terminal.send(f"\x15echo it is $((6 * 7)){ENTER}")
        terminal.wait_for("it is 42")
        assert_shell_has_it(terminal)


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_what_is_typed_into_a_stopped_terminal_is_not_for_the_dashboard(site: Site, number: signal.Signals) -> None:
    """No shell reads it: `fg` and Enter lie there when it goes on, and `f` would say that a step failed."""
    with site.dashboard() as terminal:
        terminal.wait_for(NEXT)
        before = site.kinds()
        terminal.signal(number)
        wait_for(lambda: state(terminal.process.pid) == "T")
        terminal.send(f"fg{ENTER}")
        terminal.screen.reset()
        terminal.signal(signal.SIGCONT)
        still_works(terminal, site, before)
        assert terminal.leave() == 0


def test_where_no_shell_is_left_to_go_on_ctrl_z_does_not_stop_for_ever(site: Site) -> None:
    """The kernel lets nobody stop whom nobody could continue; the dashboard is there again at once."""
    with site.dashboard() as terminal:
        terminal.wait_for(NEXT)
        before = site.kinds()
        terminal.press(CTRL_Z)
        terminal.read(0.5)
        assert state(terminal.process.pid) != "T"
        still_works(terminal, site, before)
        assert terminal.leave() == 0
