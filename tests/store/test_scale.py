"""How reading grows: with a hundred thousand events, and with ten thousand backouts."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.store.reading import Reader
from backout_tui.store.records import hash_of, make_record
from tests.store.shelf import ADA, TickingClock, filled


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


def note_record(log_id: str, seq: int, event_id: str, *, prev: str = "", kind: str = "NoteAdded") -> bytes:
    return make_record(
        log=log_id,
        seq=seq,
        prev=prev,
        event_id=event_id,
        kind=kind,
        at=TickingClock().now(),
        mono_ns=0,
        boot_id="boot-1",
        actor=ADA,
        lease=1,
        tool="t",
        data={"text": "as expected, the queue is empty now" * 5},
    )


def grow(path: Path, log_id: str, to: int) -> None:
    """Append plain notes up to event `to`, fast: by hand, in one transaction."""
    with closing(sqlite3.connect(path)) as connection:
        seq, last = connection.execute(
            "SELECT seq, hash FROM event WHERE log_id = ? ORDER BY seq DESC", (log_id,)
        ).fetchone()
        for number in range(seq + 1, to + 1):
            record = note_record(log_id, number, f"{number:032x}", prev=last.hex())
            last = hash_of(record)
            connection.execute(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?)", (log_id, number, f"{number:032x}", record, last)
            )
        connection.commit()


def best_of_three(act: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return min(times)


def test_a_hundred_thousand_events_are_read_within_seconds_and_opened_at_once(path: Path) -> None:
    log_id = filled(path)
    grow(path, log_id, 100_000)
    with Reader.open(path) as reader:
        assert len(reader.records(log_id)) == 100_000
        assert best_of_three(lambda: reader.records(log_id)) < 10
        whole = best_of_three(lambda: reader.events_after(log_id, 0))
        half = best_of_three(lambda: reader.events_after(log_id, 50_000))
        assert whole < 10 * half, "the time to read is not linear"
        assert best_of_three(lambda: reader.events_after(log_id, 99_990)) < 1
        assert best_of_three(lambda: reader.last_events()) < 1
    assert best_of_three(lambda: Reader.open(path).close()) < 1


def test_ten_thousand_backouts_are_listed_by_their_index_alone(path: Path) -> None:
    """One step down the index per log; a plan that scans the events would show it here."""
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for number in range(2, 10_001):
            for seq, kind in ((1, "BackoutOpened"), (2, "NoteAdded"), (3, "BackoutClosed")):
                record = note_record(f"backout:{number}", seq, f"{number}-{seq}", kind=kind)
                row = (f"backout:{number}", seq, f"{number}-{seq}", record, hashlib.sha256(record).digest())
                connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", row)
        connection.commit()
    with Reader.open(path) as reader:
        assert len(reader.logs()) == len(reader.first_events()) == len(reader.last_events()) == 10_000
        assert len(reader.closed_logs()) == 9_999
        assert best_of_three(lambda: reader.logs()) < 2
        assert best_of_three(lambda: reader.closed_logs()) < 2
