"""A database for a test: its clock, its people, a plan and a backout of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.store.log.journal import Journal
from backout_tui.store.log.rows import PlanRevision

ADA = Actor("ada", "ada", 1000, "web-1", "pts/3", "10.0.0.7")
TOOL = "backout-tui 0.1.0"
PLAN = "# Backout plan: payments-api 4.12.0\n\n- release: payments-api 4.12.0\n"


class TickingClock:
    """A clock that moves on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.ticks = 0

    def now(self) -> datetime:
        """A later moment than the last time."""
        self.ticks += 1
        return datetime(2026, 11, 22, 3, 0, tzinfo=UTC) + timedelta(seconds=self.ticks)

    def mono_ns(self) -> int:
        """A second more for each look."""
        return self.ticks * 1_000_000_000

    def boot_id(self) -> str:
        """Always the same boot."""
        return "boot-1"


def open_journal(path: Path, *, patience_s: float = 10.0) -> Journal:
    """The journal of a test."""
    return Journal.open(path, clock=TickingClock(), tool=TOOL, patience_s=patience_s)


def raw_of(journal: Journal) -> sqlite3.Connection:
    """The connection below a journal; ask for it outside of a transaction, for it is reset when it is given back."""
    raw = journal._engine.raw_connection().driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def store_plan(
    journal: Journal, text: str = PLAN, *, plan_id: int | None = None, version: str = "4.12.0"
) -> PlanRevision:
    """Store a plan of payments-api."""
    return journal.store_plan(
        text,
        plan_id=plan_id,
        name="payments-api",
        version=version,
        returns_to="4.11.3",
        environment="production",
        team="payments",
        actor=ADA,
    )


def opening(revision: PlanRevision) -> Draft:
    """The first event of a backout of a stored plan."""
    release = {"name": revision.name, "version": revision.version}
    plan = {"id": revision.plan_id, "revision": revision.revision, "sha256": revision.sha256}
    return Draft("BackoutOpened", {"mode": "live", "release": release, "plan": plan})


def open_backout(journal: Journal, revision: PlanRevision | None = None) -> str:
    """Begin a backout and give the name of its log."""
    plan = revision or store_plan(journal)
    number, _ = journal.append_new("backout:", decide=lambda _number: (plan.sha256, [opening(plan)]), actor=ADA)
    return f"backout:{number}"


def note(journal: Journal, log_id: str, text: str, *, after: int = 1, output: bytes | None = None) -> list[Event]:
    """Append one note, with an output when one is given."""
    blobs = () if output is None else (("output", output),)
    return journal.append(
        log_id, after=after, decide=lambda _seen: [Draft("NoteAdded", {"text": text}, blobs)], actor=ADA
    )


def filled(path: Path, notes: int = 5) -> str:
    """Make a database with a backout and some notes, the last with an output; gives the log's name."""
    with open_journal(path) as journal:
        log_id = open_backout(journal)
        for number in range(notes):
            note(journal, log_id, f"note {number}", output=b"rolled back\n" if number == notes - 1 else None)
    return log_id


@contextmanager
def forger(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who can write to the file and has taken the triggers away; committed at the end."""
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        connection.commit()
