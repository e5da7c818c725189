"""What was decided, called, skipped, noted on a full disk: nothing was recorded, and the same key brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import plans
from tests.journeys.site import Site
from tests.journeys.small_disk import fill, site_on_a_small_disk
from tests.journeys.terminal import ENTER, SAVE, SETTLED_S, Terminal
from tests.journeys.test_waiting_writes import held, notes_in, write

TROUBLE = "That did not work"


@dataclass(frozen=True)
class Write:
    """One thing that somebody types: behind a key, the dialog, the answers, what is said once it is recorded."""

    key: str
    title: str
    answers: tuple[str, ...]
    said: str
    kind: str

    def recorded(self, log: list[dict[str, Any]]) -> int:
        """How often the log holds all that was typed."""
        return sum(one["kind"] == self.kind and all(text in str(one["data"]) for text in self.answers) for one in log)


WRITES = (
    Write(
        "D",
        "Decide ─",
        ("release manager", "five minutes of errors", "", "by phone at noon"),
        "Decided by release manager",
        "Decided",
    ),
    Write("k", "Log a call", ("ledger team", "", "they look at it"), "The call to ledger team is logged", "CallLogged"),
    Write("s", "Skip step 1", ("done by hand at noon",), "Step 1 is skipped", "StepSkipped"),
    Write("n", "Write a note", ("all of it typed once",), "The note is in the log", "NoteAdded"),
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Site]:
    """A site whose database lies on a disk of one MiB, where this system lets us have one."""
    with site_on_a_small_disk(tmp_path) as site:
        yield site


def in_a_line(terminal: Terminal) -> str:
    """What stands on the screen, without a dialog's border and the ends of its lines."""
    return " ".join(terminal.text().replace("│", " ").split())


def typed(terminal: Terminal, one: Write) -> None:
    """Type it all, and ask for it to be recorded."""
    terminal.press(one.key, one.title)
    terminal.send(ENTER.join(one.answers))
    terminal.wait_for(one.answers[-1])
    terminal.press(SAVE)


def test_what_a_full_disk_did_not_take_comes_back_with_its_key_and_is_recorded_once(small_disk: Site) -> None:
    """Four things, none of which loses what was typed for another."""
    site = small_disk
    site.prepared(plans.ONE_STEP)
    rest = site.database.parent / "rest"
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        write(terminal, "there is room")  # takes the controls
        terminal.wait_for("The note is in the log")
        fill(rest)
        for one in WRITES:
            typed(terminal, one)
            terminal.wait_for(TROUBLE)
            terminal.wait_until(lambda: "The disk is full; nothing was recorded" in in_a_line(terminal), "the words")
            terminal.read(SETTLED_S)
            terminal.escape(TROUBLE)
        rest.unlink()
        for one in WRITES:
            terminal.press(one.key, one.title)
            for answer in one.answers:
                terminal.wait_for(answer)
            terminal.press(SAVE, one.said)
        assert terminal.leave() == 0
    log = site.log()
    assert {one.title: one.recorded(log) for one in WRITES} == dict.fromkeys((one.title for one in WRITES), 1)
    site.run("verify", "1")


def test_of_two_that_wait_the_failure_of_the_first_is_not_the_seconds(tmp_path: Path) -> None:
    """Each is told what became of it; only the first comes back with its key."""
    site = Site(tmp_path)
    site.prepared(plans.ONE_STEP)
    note, call = WRITES[3], WRITES[1]
    with site.dashboard() as terminal:
        terminal.wait_for("Next: run step 1")
        terminal.wait_idle(0.5)
        with held(site) as holding:
            typed(terminal, note)
            terminal.wait_for("Waiting since")
            typed(terminal, call)
            terminal.wait_for("2 things wait")
            terminal.wait_for("nothing was recorded")
            holding.let_go()
            terminal.confirm_again(TROUBLE)
            terminal.wait_for(call.said)
        terminal.press(note.key, note.answers[0])
        terminal.press(SAVE, note.said)
    assert notes_in(site) == [note.answers[0]]
    assert call.recorded(site.log()) == 1
