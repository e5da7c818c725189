"""What ends or stops the program on its other screens, in a dialog, beside an editor, and where nobody hears it."""

from __future__ import annotations

import os
import shlex
import signal
import time
from pathlib import Path

import pytest

from tests.campaigns.seat import why_not_given_back, why_not_gone, why_screen_kept
from tests.journeys import plans
from tests.journeys.job_control import CTRL_Z, in_a_shell, needs_bash, state, stopped
from tests.journeys.site import PROGRAM, Site, wait_for
from tests.journeys.terminal import ENTER, Terminal

EDITOR = """\
#!/bin/sh
stty -echo -icanon
trap '{on_signal}' TERM
echo $$ > editor
printf 'the %s is here\\n' editor
while :; do sleep 0.05; done
"""
WAYS = {"list": ("Import", ()), "plan": ("Approve", ("2", ENTER)), "dialog": ("Import a plan", ("i",))}
"""What stands on a screen before the night, and the keys from the list to it."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A stored plan, and no backout: the bare command shows the list."""
    site = Site(tmp_path)
    (site.work / "plan.md").write_text(plans.ONE_STEP, encoding="utf-8")
    site.run("plan", "import", "plan.md")
    return site


def go(terminal: Terminal, way: str) -> str:
    """From the list to the screen, or into the dialog; what stands there."""
    terminal.wait_for(WAYS["list"][0])
    shows, keys = WAYS[way]
    for key in keys:
        terminal.press(key)
    terminal.wait_for(shows)
    return shows


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT, signal.SIGUSR1])
def test_a_signal_before_the_night_gives_the_terminal_back(site: Site, way: str, number: signal.Signals) -> None:
    """On the list, on a plan, in a dialog."""
    with site.dashboard() as terminal:
        go(terminal, way)
        terminal.signal(number)
        assert why_not_gone(terminal, (128 + number,), reading=True) is None
        assert why_not_given_back(terminal) is None


@needs_bash
@pytest.mark.parametrize("way", list(WAYS))
def test_ctrl_z_before_the_night_suspends_and_fg_brings_it_back(site: Site, way: str) -> None:
    """Nothing typed for the shell is there afterwards."""
    with in_a_shell(site, shows=WAYS["list"][0]) as (terminal, process):
        shows = go(terminal, way)
        terminal.press(CTRL_Z)
        stopped(terminal, process)
        assert why_screen_kept(terminal) is None
        terminal.screen.reset()
        terminal.send(f"fg{ENTER}")
        terminal.wait_for(shows)
        assert state(process) != "T"
        terminal.screen.reset()  # what the shell showed: here it shares the one screen
        terminal.resize(81, 24)
        terminal.wait_for(shows)
        terminal.read(0.2)
        assert "fg" not in terminal.text()
        os.kill(process, signal.SIGTERM)
        wait_for(lambda: state(process) in ("", "Z"))
        terminal.send(f"\x15echo ended with $?{ENTER}")
        terminal.wait_for("ended with 143")


def editing(site: Site, terminal: Terminal) -> int:
    """The editor is open on the plan; its process."""
    go(terminal, "plan")
    terminal.press("e", "the editor is here")
    return int((site.work / "editor").read_text(encoding="ascii"))


def with_editor(site: Site, on_signal: str) -> Terminal:
    """The list, where EDITOR is a program that changes the terminal and does `on_signal` when it is ended."""
    editor = site.folder / "edit"
    editor.write_text(EDITOR.format(on_signal=on_signal), encoding="utf-8")
    editor.chmod(0o755)
    environ = {**site.environ(), "EDITOR": str(editor), "VISUAL": ""}
    return Terminal(PROGRAM, environ=environ, cwd=str(site.work))


@pytest.mark.parametrize("on_signal", ["stty echo icanon; exit 1", ":"], ids=["polite", "deaf"])
def test_a_signal_while_an_editor_is_open_ends_both_and_the_terminal_is_sane(site: Site, on_signal: str) -> None:
    """Also where the editor does not listen: nobody would be left to give the terminal back after it."""
    with with_editor(site, on_signal) as terminal:
        editor = editing(site, terminal)
        terminal.signal(signal.SIGTERM)
        assert why_not_gone(terminal, (128 + signal.SIGTERM,), reading=True) is None
        wait_for(lambda: state(editor) in ("", "Z"))
        assert why_not_given_back(terminal) is None


def test_ctrl_c_in_an_editor_is_the_editors_and_nothing_is_drawn_over_it(site: Site) -> None:
    """It reaches everybody at the terminal; an editor may go on after it, so we do."""
    with with_editor(site, "stty echo icanon; exit 1") as terminal:
        editor = editing(site, terminal)
        before = len(terminal.raw)
        for number in (signal.SIGINT, signal.SIGQUIT):
            terminal.signal(number)
        time.sleep(1.5)  # longer than the grace after which an ending is forced
        terminal.read(0.1)
        assert terminal.process.poll() is None
        assert terminal.raw[before:] == b""
        os.kill(editor, signal.SIGTERM)
        terminal.wait_for("The editor ended with 1")
        assert terminal.process.poll() is None


@pytest.mark.parametrize(
    ("where", "said"),
    [(">/dev/full", "cannot be written: no space left"), (">&-", "is closed")],
    ids=["full", "closed"],
)
def test_last_words_that_standard_output_does_not_take_end_with_two(site: Site, where: str, said: str) -> None:
    """The dashboard is drawn on standard error; leaving says where the log stands."""
    site.start(plans.ONE_STEP)
    command = ["sh", "-c", f'{shlex.join(PROGRAM)} {where}; echo "ended with $?"']
    with Terminal(command, environ=site.environ(), cwd=str(site.work)) as terminal:
        terminal.wait_for("Next:")
        terminal.press("q", "ended with 2")
        assert f"standard output {said}" in terminal.text()
        assert why_not_given_back(terminal) is None


def test_a_closed_terminal_ends_the_dashboard_with_129(site: Site) -> None:
    """Its last words reach nobody, and that is not what it ended of."""
    site.start(plans.ONE_STEP)
    with site.dashboard() as terminal:
        terminal.wait_for("Next:")
        terminal.hang_up()
        assert why_not_gone(terminal, (128 + signal.SIGHUP,), reading=True) is None
