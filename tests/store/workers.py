"""What other processes do in the tests of the store. They have imported before they are let go."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Barrier
from pathlib import Path

from backout_tui.domain.backout.events import Draft, Event
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.clock import SystemClock
from backout_tui.store.file.connection import connect_to_write
from backout_tui.store.log.journal import Journal
from tests.store.shelf import ADA, TOOL, note, open_backout

PATIENCE_S = 60.0  # the machine may be busy; a test that waits this long has failed


def processes() -> ForkServerContext:
    """Where processes come from: forked from one that has imported SQLModel already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["backout_tui.store.log.journal"])
    return context


def journal(path: Path) -> Journal:
    """A journal with the real clock."""
    return Journal.open(path, clock=SystemClock(), tool=TOOL, patience_s=PATIENCE_S)


def append_until_killed(path: Path, acknowledged: Connection) -> None:
    """Begin a backout and append notes with outputs for ever; send what was acknowledged, and only then."""
    with journal(path) as mine:
        log_id = open_backout(mine)
        acknowledged.send((log_id, 1, ""))
        seq = 1
        while True:
            event = note(mine, log_id, f"note {seq}", after=seq, output=b"%d " % seq * (seq * 97 % 4096))[-1]
            seq = event.seq
            acknowledged.send((log_id, seq, event.event_id))


def claim(path: Path, log_id: str, steps: int, together: Barrier, answers: Connection) -> None:
    """Try to start each step in turn, at the same moment as the others, through a gate that lets one start it."""
    won = []
    with journal(path) as mine:
        for step in range(steps):

            def gate(seen: list[Event], step: str = str(step)) -> list[Draft]:
                if any(event.data.get("step") == step for event in seen):
                    raise Refused("it runs already")
                return [Draft("Claimed", {"step": step})]

            together.wait(PATIENCE_S)
            try:
                mine.append(log_id, after=1, decide=gate, actor=ADA)
                won.append(step)
            except Refused:
                pass
    answers.send(won)


def begin(path: Path, count: int, together: Barrier, answers: Connection) -> None:
    """Open the same database, which nobody has made or migrated yet, and begin backouts in it."""
    together.wait(PATIENCE_S)
    with journal(path) as mine:
        answers.send([open_backout(mine) for _ in range(count)])


def stop_in_the_middle(path: Path) -> None:
    """Write half of a transaction into the file itself, and be killed before it is committed."""
    connection = connect_to_write(path)
    connection.execute("PRAGMA cache_size = 1")  # so that changed pages go to the file before the commit
    connection.execute("BEGIN IMMEDIATE")
    for number in range(200):
        row = ("backout:1000000", number + 1, f"half {number}", b"x" * 3000, b"h" * 32)
        connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", row)
    os.kill(os.getpid(), signal.SIGKILL)


def append_with_file_limit(path: Path, log_id: str, answers: Connection) -> None:
    """Append while the system refuses to let any file grow, then once more when it does not."""
    with journal(path) as mine:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
        try:
            note(mine, log_id, "too much", output=b"x" * 100_000)
            answers.send("it was recorded")
        except BackoutError as error:
            answers.send(str(error))
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        note(mine, log_id, "room again", output=b"x" * 100_000)
