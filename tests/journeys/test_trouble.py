"""Trouble outside while the dashboard is open: told plainly, nothing acknowledged is lost, what runs goes on."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.engine.attempts.spool import AttemptFolder
from backout_tui.store.file.place import spool_root
from tests.engine.bench import lives
from tests.journeys import plans
from tests.journeys.site import PROGRAM, Site, wait_for
from tests.journeys.small_disk import fill, site_on_a_small_disk
from tests.journeys.terminal import SETTLED_S, Terminal

WITHOUT_ROOTS_RIGHTS = ("setpriv", "--bounding-set", "-dac_override", "--")
"""Root like anybody else: what the mode of a file forbids is forbidden."""


def run_step(terminal: Terminal) -> None:
    """The first step runs."""
    terminal.wait_for("Next: run step 1")
    terminal.press("r", "Run step 1")
    terminal.confirm("Run step 1", "begun 1")


def note(terminal: Terminal, text: str, until: str, timeout: float = 60.0) -> None:
    """Write a note, and wait for what is said then."""
    terminal.press("n", "Write a note")
    terminal.fill(text)
    terminal.wait_for(until, timeout)


def close_what_was_told(terminal: Terminal) -> None:
    """The dialog about the trouble goes by Esc, once it could be read."""
    terminal.read(SETTLED_S)
    terminal.escape("That did not work")


def test_a_database_that_somebody_locks_is_waited_for_and_then_told(tmp_path: Path) -> None:
    """The note that was not recorded is not claimed to be; the step that ended meanwhile is recorded afterwards."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    with site.dashboard() as terminal:
        run_step(terminal)
        with closing(sqlite3.connect(site.database)) as other:
            other.execute("BEGIN IMMEDIATE")
            site.touch("go-1")
            note(terminal, "while it is locked", "Another program keeps the database locked", 30)
            assert "nothing was recorded" in " ".join(terminal.text().split())
            close_what_was_told(terminal)
            terminal.press("l", "took the controls")  # reading goes on
            terminal.escape("took the controls")
            other.rollback()
        terminal.wait_for("Next: run step 2", 30)
        terminal.press("n", "while it is locked")  # what was typed is there again
        terminal.press("\r", "The note is in the log")
        note(terminal, "after that", "The note is in the log")
        assert terminal.leave() == 0
    notes = [record["data"]["text"] for record in site.log() if record["kind"] == "NoteAdded"]
    assert notes == ["while it is locked", "after that"]
    assert site.state(1) == "done"
    assert site.lines() == ["1"]
    site.run("verify", "1")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Site]:
    """A site whose database lies on a disk of one MiB, where this system lets us have one."""
    with site_on_a_small_disk(tmp_path) as site:
        yield site


def test_a_full_disk_is_told_and_what_runs_is_recorded_once_there_is_room(small_disk: Site) -> None:
    """The screen and `show` say that it ended and what it waits for; nothing of the output is lost."""
    site = small_disk
    site.prepared(plans.ONE_STEP)
    rest = site.database.parent / "rest"
    with site.dashboard() as terminal:
        run_step(terminal)
        note(terminal, "before", "The note is in the log")
        fill(rest)
        note(terminal, "while it is full", "The disk is full; nothing was recorded")
        close_what_was_told(terminal)
        terminal.press("r", "Step 1 is running")
        pid = command_of(site)
        site.touch("go-1")
        wait_for(lambda: not lives(pid))
        terminal.wait_for("its outcome waits for room on the disk", 30)
        assert "it is tried again every few seconds" in " ".join(terminal.text().split())
        assert re.search(r"step 1 ended \d+ s ago with exit 0; its outcome waits for room on the disk", shown(site))
        rest.unlink()
        terminal.wait_for("Next: run step 2", 30)
        terminal.wait_for("ended 1")
        terminal.press("n", "while it is full")  # what was typed is there again
        terminal.press("\r", "The note is in the log")
        assert terminal.leave() == 0
    notes = [record["data"]["text"] for record in site.log() if record["kind"] == "NoteAdded"]
    assert notes == ["before", "while it is full"]
    assert site.lines() == ["1"]
    site.run("verify", "1")


def shown(site: Site) -> str:
    """What `show` says beside the backout."""
    command = [*PROGRAM, "show", "1"]
    environment = {**os.environ, **site.environ("sam")}
    done = subprocess.run(command, env=environment, cwd=site.work, capture_output=True, text=True, check=True)
    return done.stderr


def command_of(site: Site) -> int:
    """The process of the one command that runs."""
    (process,) = [AttemptFolder.at(path).process() for path in spool_root(site.database).iterdir()]
    assert process
    return int(process["pid"])


def test_a_step_is_not_begun_on_a_full_disk(small_disk: Site) -> None:
    """Its intent would not be durable."""
    site = small_disk
    site.prepared(plans.ONE_STEP)
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        fill(site.database.parent / "rest")
        terminal.press("r", "Run step 1")
        terminal.confirm("Run step 1", "That did not work")
        terminal.wait_for("disk")
        close_what_was_told(terminal)
        terminal.wait_for("Next: run step 1")
        (site.database.parent / "rest").unlink()
        terminal.press("r", "Run step 1")
        site.touch("go-1")
        terminal.confirm("Run step 1", "Next: run step 2")
    assert site.lines() == ["1"]
    assert site.kinds().count("StepStarted") == 1


def test_a_database_that_becomes_read_only_is_looked_at_and_says_why(tmp_path: Path) -> None:
    """The step that ends meanwhile is seen, and recorded once it can be; then everything goes on."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    state = site.database.parent
    with Terminal([*as_anybody(), *PROGRAM], environ=site.environ(), cwd=str(site.work)) as terminal:
        run_step(terminal)
        site.database.chmod(0o400)
        state.chmod(0o500)
        terminal.wait_for("You may read this database, and not write to it")
        terminal.press("n", "! You may read this database, and not write to it")
        site.touch("go-1")
        terminal.wait_for("ended 1")
        state.chmod(0o700)
        site.database.chmod(0o600)
        terminal.wait_for("Next: run step 2", 30)
        note(terminal, "after", "The note is in the log")
        assert terminal.leave() == 0
    assert site.lines() == ["1"]
    assert site.state(1) == "done"


def as_anybody() -> tuple[str, ...]:
    """What comes before a command so that it runs with the rights of its files' owner alone."""
    if os.geteuid() != 0:
        return ()
    if shutil.which(WITHOUT_ROOTS_RIGHTS[0]) is None:
        pytest.skip("root may write everything, and setpriv is missing")
    return WITHOUT_ROOTS_RIGHTS
