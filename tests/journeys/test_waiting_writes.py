"""A real second process holds the database: what was asked for waits, and is recorded or not, and is told as it is."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys import plans
from tests.journeys.site import Site
from tests.journeys.terminal import ENTER, Terminal

HOLDS = """\
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
print("let go", flush=True)
"""


class Holding:
    """A process that has the database, until it lets go."""

    def __init__(self, site: Site) -> None:
        """Take it."""
        command = [sys.executable, "-c", HOLDS, str(site.database)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.hears("held")

    def hears(self, word: str) -> None:
        """Wait until it says so."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"{word}\n"

    def let_go(self) -> None:
        """Others may have it."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.hears("let go")


@contextmanager
def held(site: Site) -> Iterator[Holding]:
    """While somebody else holds the database."""
    holding = Holding(site)
    try:
        yield holding
    finally:
        holding.process.kill()
        holding.process.communicate()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A backout decided on."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    return site


def write(terminal: Terminal, text: str) -> None:
    """Write a note, and do not wait for what becomes of it."""
    terminal.press("n", "Write a note")
    terminal.fill(text)


def notes_in(site: Site) -> list[str]:
    """The notes in the log."""
    return [record["data"]["text"] for record in site.log() if record["kind"] == "NoteAdded"]


@pytest.mark.parametrize("seconds", [1, 6])
def test_what_waits_for_a_while_is_recorded_once(site: Site, seconds: int) -> None:
    """Who waits longer than a moment is told for whom; nothing says to do it again."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.wait_idle(0.5)
        with held(site) as holding:
            write(terminal, "only once")
            if seconds > 1:
                terminal.wait_for("Waiting since")
                terminal.wait_for(f"process {holding.process.pid}")
                assert "do it again" not in terminal.text()
            else:
                time.sleep(seconds)
            holding.let_go()
            terminal.wait_for("The note is in the log")
            assert "Waiting since" not in terminal.text()
    assert notes_in(site) == ["only once"]


def test_what_waited_too_long_is_not_recorded_and_can_be_had_again(site: Site) -> None:
    """Two of them: the second is not done by the word of the first."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.wait_idle(0.5)
        with held(site) as holding:
            write(terminal, "the first")
            terminal.wait_for("nothing was recorded", 40)
            terminal.wait_for(f"process {holding.process.pid}")
            terminal.confirm_again("That did not work")
            terminal.press("n", "the first")
            terminal.press(ENTER)
            terminal.wait_for("Waiting since")
            holding.let_go()
            terminal.wait_for("The note is in the log")
        write(terminal, "the second")
        terminal.wait_for("The note is in the log")
    assert notes_in(site) == ["the first", "the second"]


def test_who_leaves_while_something_waits_is_told_what_became_of_it(site: Site) -> None:
    """The screen is gone by then."""
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.wait_idle(0.5)
        with held(site):
            write(terminal, "too late")
            terminal.wait_for("Waiting since")
            terminal.press("q")
            assert terminal.wait(60) == 0
        assert b"was not done" in terminal.raw
        assert b"nothing was recorded" in terminal.raw
    assert notes_in(site) == []
