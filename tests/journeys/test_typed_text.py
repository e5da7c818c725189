"""What is typed outlives the terminal in which it was typed: real terminals, lost in every way."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.journeys import plans
from tests.journeys.site import Site, wait_for
from tests.journeys.terminal import ENTER, Terminal
from tests.journeys.test_waiting_writes import held

TEXT = "half a sentence"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A backout decided on."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    return site


def type_a_note(terminal: Terminal) -> None:
    """A note is begun, and not logged."""
    terminal.wait_for("Next:")
    terminal.press("n", "Write a note")
    terminal.send(TEXT)
    terminal.wait_for(TEXT)


def kept(site: Site) -> str:
    """What lies in the files of what was typed."""
    return "".join(one.read_text() for one in (site.database.parent / f"{site.database.name}.d").glob("typed/*.json"))


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_a_lost_terminal_loses_no_text(site: Site, number: signal.Signals) -> None:
    with site.dashboard("open", "1") as terminal:
        type_a_note(terminal)
        if number is signal.SIGKILL:  # nothing can be done at the end: it was kept before
            wait_for(lambda: TEXT in kept(site))
        os.kill(terminal.process.pid, number)
        terminal.wait()
    with site.dashboard("open", "1") as terminal:
        terminal.wait_for("Next:")
        terminal.press("n", TEXT)
        terminal.press(ENTER, "The note is in the log.")
        assert terminal.leave() == 0
    assert [one["data"]["text"] for one in site.log() if one["kind"] == "NoteAdded"] == [TEXT]
    wait_for(lambda: kept(site) == "")


def test_what_waited_for_a_locked_database_is_kept_when_the_terminal_goes(site: Site) -> None:
    with site.dashboard("open", "1") as terminal:
        terminal.wait_for("Next:")
        with held(site):
            terminal.press("n", "Write a note")
            terminal.send(f"{TEXT}{ENTER}")
            terminal.wait_for("Waiting since")
            assert TEXT in kept(site)
            os.kill(terminal.process.pid, signal.SIGKILL)
            terminal.wait()
    with site.dashboard("open", "1") as terminal:
        terminal.wait_for("Next:")
        terminal.press("n", TEXT)


def test_another_person_does_not_get_it(site: Site) -> None:
    with site.dashboard("open", "1") as terminal:
        type_a_note(terminal)
        os.kill(terminal.process.pid, signal.SIGHUP)
        terminal.wait()
    with site.dashboard("open", "1", name="kim") as terminal:
        terminal.wait_for("Next:")
        terminal.press("n")
        time.sleep(0.5)
        terminal.read(0.2)
        assert TEXT not in terminal.text()
