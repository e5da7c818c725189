"""Every question that is asked of the file, in SQL, over one DB-API connection.

The one place that reads events: `Reader` asks here, and so does `Journal` inside its transaction.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from typing import Any

from backout_tui.domain.codec import parse_time, rfc3339
from backout_tui.domain.events import Event
from backout_tui.domain.plan_line import PlanHead
from backout_tui.domain.text import clean_line
from backout_tui.store import ddl
from backout_tui.store.connection import Damaged
from backout_tui.store.records import to_event
from backout_tui.store.rows import Picture, PlanRevision

_STEPS_BETWEEN_LOOKS = 10_000  # of SQLite's machine: a few milliseconds
_NO_LIMIT = -1
_CHUNK = 5_000  # rows that are read under one lock: a longer read would keep a writer waiting

# One step down the primary key for each log, whatever the number of events between.
_LOGS = """WITH RECURSIVE log(id) AS (
    SELECT min(log_id) FROM event WHERE log_id >= :low AND log_id < :high
    UNION ALL
    SELECT (SELECT min(log_id) FROM event WHERE log_id > log.id AND log_id < :high) FROM log WHERE log.id IS NOT NULL
) """
_NAMES = "SELECT id FROM log WHERE id IS NOT NULL"
_FIRST = "SELECT log_id, seq, record, hash FROM log JOIN event ON log_id = log.id AND seq = 1"
_LAST = (
    "SELECT log_id, seq, record, hash FROM log JOIN event ON log_id = log.id"
    " AND seq = (SELECT max(seq) FROM event WHERE log_id = log.id)"
)
_PLAN = "plan_id, revision, text, sha256, name, version, returns_to, environment, team, stored_at"
_OF_NEWEST = (
    " FROM plan_revision AS p WHERE revision = (SELECT max(revision) FROM plan_revision WHERE plan_id = p.plan_id)"
)
_NEWEST = f"SELECT {_PLAN}{_OF_NEWEST}"
_HEADS = f"SELECT plan_id, name, version, environment, team, revision{_OF_NEWEST} ORDER BY plan_id"


def events_after(connection: sqlite3.Connection, log_id: str, seq: int, limit: int | None = None) -> list[Event]:
    """The events of a log behind `seq`, in order, `limit` of them at most."""
    asked = "SELECT log_id, seq, record, hash FROM event WHERE log_id = ? AND seq > ? ORDER BY seq LIMIT ?"
    rows = connection.execute(asked, (log_id, seq, _NO_LIMIT if limit is None else limit)).fetchall()
    return [_event(*row) for row in rows]


def last_of(connection: sqlite3.Connection, log_id: str) -> tuple[int, str] | None:
    """Position and hex hash of a log's last event, None when there is no such log."""
    asked = "SELECT seq, hash FROM event WHERE log_id = ? ORDER BY seq DESC LIMIT 1"
    row = connection.execute(asked, (log_id,)).fetchone()
    return (row[0], row[1].hex()) if row else None


def records(connection: sqlite3.Connection, log_id: str) -> Iterator[tuple[int, str, bytes, bytes]]:
    """Seq, event id, record and hash of every event of a log, as they lie in the file."""
    after = -(2**63)
    asked = "SELECT seq, event_id, record, hash FROM event WHERE log_id = ? AND seq > ? ORDER BY seq LIMIT ?"
    while rows := connection.execute(asked, (log_id, after, _CHUNK)).fetchall():
        yield from rows
        after = rows[-1][0]


def strays(connection: sqlite3.Connection, log_id: str) -> list[bytes]:
    """Records that name `log_id` as their log and lie under another one."""
    asked = "SELECT record FROM event WHERE log_id <> ? AND instr(record, ?) > 0"
    return [row[0] for row in connection.execute(asked, (log_id, f'"log":"{log_id}"'.encode()))]


def logs(connection: sqlite3.Connection, prefix: str) -> list[str]:
    """The names of the logs that begin with `prefix`, by their number."""
    rows = connection.execute(_LOGS + _NAMES, _range(prefix))
    return sorted((row[0] for row in rows), key=_by_number)


def first_events(connection: sqlite3.Connection, prefix: str, holding: bytes = b"") -> list[Event]:
    """The first event of each log, by the log's number; of those alone whose record holds a piece, where one is given.

    The others are not decoded: each of them may hold a whole plan.
    """
    only = " WHERE instr(record, :holding) > 0" if holding else ""
    return _in_order(connection.execute(_LOGS + _FIRST + only, {**_range(prefix), "holding": holding}))


def last_events(connection: sqlite3.Connection, prefix: str) -> list[Event]:
    """The last event of each log, by the log's number."""
    return _in_order(connection.execute(_LOGS + _LAST, _range(prefix)))


def closed_logs(connection: sqlite3.Connection, prefix: str) -> frozenset[str]:
    """The logs that were closed and not opened again since."""
    asked = (
        f"SELECT log_id, max(seq), {ddl.IS_CLOSING} FROM event"  # noqa: S608 - constants
        f" WHERE ({ddl.IS_CLOSING} OR {ddl.IS_REOPENING}) AND log_id >= :low AND log_id < :high GROUP BY log_id"
    )
    return frozenset(log_id for log_id, _seq, closed in connection.execute(asked, _range(prefix)) if closed)


def closings(connection: sqlite3.Connection, prefix: str) -> list[Event]:
    """The last closing of each log that was closed and not opened again since, by the log's number."""
    asked = (
        f"SELECT log_id, max(seq), record, hash, {ddl.IS_CLOSING} FROM event"  # noqa: S608 - constants
        f" WHERE ({ddl.IS_CLOSING} OR {ddl.IS_REOPENING}) AND log_id >= :low AND log_id < :high GROUP BY log_id"
    )
    rows = connection.execute(asked, _range(prefix)).fetchall()
    return sorted((_event(*row) for *row, closed in rows if closed), key=lambda event: _by_number(event.log))


def next_number(connection: sqlite3.Connection, prefix: str) -> int:
    """The number of the next log that begins with `prefix`."""
    taken = [_by_number(log_id)[0] for log_id in logs(connection, prefix)]
    return max(taken, default=0) + 1


def blob(connection: sqlite3.Connection, sha256: str) -> bytes | None:
    """The bytes kept under a hex SHA-256."""
    found = blob_row(connection, sha256)
    return found[0] if found else None


def blob_row(connection: sqlite3.Connection, sha256: str) -> tuple[bytes, int] | None:
    """The bytes kept under a hex SHA-256, and the length that stands beside them."""
    row = connection.execute("SELECT bytes, len FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    return (row[0], row[1]) if row else None


def check_pages(connection: sqlite3.Connection, pragma: str, out_of_time: Callable[[], bool]) -> str | None:
    """What `quick_check` or `integrity_check` finds first; None for nothing, or when `out_of_time` ends it."""
    connection.set_progress_handler(lambda: int(out_of_time()), _STEPS_BETWEEN_LOOKS)
    try:
        found = str(connection.execute(f"PRAGMA {pragma}(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return None
    finally:
        connection.set_progress_handler(None, 0)
    return None if found == "ok" else clean_line(found)


def picture(connection: sqlite3.Connection, log_id: str) -> Picture | None:
    """The stored fold of a log."""
    asked = "SELECT log_id, seq, hash, state, program FROM picture WHERE log_id = ?"
    row = connection.execute(asked, (log_id,)).fetchone()
    return Picture(*row) if row else None


def plan_revision(connection: sqlite3.Connection, plan_id: int, revision: int | None = None) -> PlanRevision | None:
    """One revision of a plan, by default its newest."""
    asked = (
        f"SELECT {_PLAN} FROM plan_revision WHERE plan_id = ? AND (revision = ? OR ? IS NULL) ORDER BY revision DESC"  # noqa: S608 - constants
    )
    row = connection.execute(asked + " LIMIT 1", (plan_id, revision, revision)).fetchone()
    return _revision(row) if row else None


def newest_revisions(connection: sqlite3.Connection, **wanted: str | None) -> list[PlanRevision]:
    """The newest revision of each plan, where it has the wanted name, version and environment; None is any."""
    asked = _NEWEST
    given = {column: value for column, value in wanted.items() if value is not None}
    asked += "".join(f" AND {column} = :{column}" for column in given)
    return [_revision(row) for row in connection.execute(asked + " ORDER BY plan_id", given)]


def plan_heads(connection: sqlite3.Connection) -> list[PlanHead]:
    """What is known of each plan's newest revision without its text, oldest plan first."""
    return [PlanHead(*row) for row in connection.execute(_HEADS)]


def revisions(connection: sqlite3.Connection, column: str, value: str | int) -> list[PlanRevision]:
    """Every revision in which `column` ("plan_id" or "sha256") has the value, oldest first."""
    asked = f"SELECT {_PLAN} FROM plan_revision WHERE {column} = ? ORDER BY plan_id, revision"  # noqa: S608 - constants
    return [_revision(row) for row in connection.execute(asked, (value,))]


def _event(log_id: str, seq: int, record: bytes, hash_: bytes) -> Event:
    try:
        return to_event(record, hash_)
    except ValueError as error:
        raise Damaged(f"event {seq} of {log_id} cannot be read ({error})", todo="Look at it with `verify`.") from error


def _in_order(rows: sqlite3.Cursor) -> list[Event]:
    return sorted((_event(*row) for row in rows.fetchall()), key=lambda event: _by_number(event.log))


def _revision(row: tuple[Any, ...]) -> PlanRevision:
    try:
        stored_at = parse_time(row[-1])
    except ValueError as error:
        raise Damaged(f"revision {row[1]} of plan {row[0]} cannot be read ({error})") from error
    if rfc3339(stored_at) != row[-1]:  # the standard library reads more forms than ours
        raise Damaged(f"revision {row[1]} of plan {row[0]} was stored at no time as we write it")
    values = [*row[:-1], stored_at]
    return PlanRevision(*values)


def _range(prefix: str) -> dict[str, str]:
    """What bounds the names that begin with `prefix`; "" is every name."""
    return {"low": prefix, "high": prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else chr(sys.maxunicode)}


def _by_number(log_id: str) -> tuple[int, str]:
    number = log_id.rpartition(":")[2]
    return (int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0, log_id)
