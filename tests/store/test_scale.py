"""How reading grows: with very many events, and with very many backouts; in the suite with a fifth of them."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from backout_tui.store.log.reading import Reader
from backout_tui.store.log.records import hash_of, make_record
from tests.campaigns.counts import count
from tests.store.shelf import ADA, TickingClock, filled

EVENTS = count(100_000, 20_000)
BACKOUTS = count(10_000, 2_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database lies."""
    return tmp_path / "backout.sqlite"


def note_record(
    log_id: str,
    seq: int,
    event_id: str,
    *,
    prev: str = "",
    kind: str = "NoteAdded",
    data: Mapping[str, object] | None = None,
) -> bytes:
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
        data={"text": "as expected, the queue is empty now" * 5, **(data or {})},
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
    """Seconds of computing, so that a busy machine says the same as a quiet one."""
    times = []
    for _ in range(3):
        began = time.process_time()
        act()
        times.append(time.process_time() - began)
    return min(times)


def test_a_long_log_is_read_within_seconds_and_opened_at_once(path: Path) -> None:
    log_id = filled(path)
    grow(path, log_id, EVENTS)
    with Reader.open(path) as reader:
        assert len(reader.records(log_id)) == EVENTS
        assert best_of_three(lambda: reader.records(log_id)) < 10
        whole = best_of_three(lambda: reader.events_after(log_id, 0))
        half = best_of_three(lambda: reader.events_after(log_id, EVENTS // 2))
        assert whole < 10 * half, "the time to read is not linear"
        assert best_of_three(lambda: reader.events_after(log_id, EVENTS - 10)) < 1
        assert best_of_three(lambda: reader.last_event(log_id)) < 1
    assert best_of_three(lambda: Reader.open(path).close()) < 1


def test_thousands_of_backouts_are_listed_by_their_index_alone(path: Path) -> None:
    """One step down the index per log; a plan that scans the events would show it here."""
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for number in range(2, BACKOUTS + 1):
            opened = {"mode": "live", "release": {}, "plan": {"id": 1, "revision": 1, "sha256": ""}}
            for seq, kind, data in ((1, "BackoutOpened", opened), (2, "NoteAdded", None), (3, "BackoutClosed", None)):
                record = note_record(f"backout:{number}", seq, f"{number}-{seq}", kind=kind, data=data)
                row = (f"backout:{number}", seq, f"{number}-{seq}", record, hashlib.sha256(record).digest())
                connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", row)
        connection.commit()
    with Reader.open(path) as reader:
        assert len(reader.logs()) == len(reader.first_events()) == BACKOUTS
        assert len(reader.closed_logs()) == BACKOUTS - 1
        assert best_of_three(lambda: reader.logs()) < 2
        assert best_of_three(lambda: reader.closed_logs()) < 2
