"""Every SQL query that the store runs on the log and the plans, over one DB-API connection.

Events are read only here: `Reader` calls it, and so does `Journal` inside its transaction.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.fold import OPENING
from backout_tui.domain.codec import parse_time, rfc3339
from backout_tui.domain.damage import DamagedEvent, Unfit
from backout_tui.domain.plan.plan_line import PlanHead
from backout_tui.domain.text import clean_line
from backout_tui.domain.values import replace
from backout_tui.errors import Damaged
from backout_tui.store.file import ddl
from backout_tui.store.log.records import to_event
from backout_tui.store.log.rows import Picture, PlanRevision

_STEPS_BETWEEN_LOOKS = 10_000  # instructions of SQLite's virtual machine: a few milliseconds
_NO_LIMIT = -1
_TOO_LONG = 19  # digits of a number that is too large for the database
_TODO = "Look at it with `backout-tui verify FILE`; every other plan can be read."
_CHUNK = 5_000  # rows read under one lock: a longer read would keep a writer waiting

# Takes one step down the primary key per log, however many events lie between.
_LOGS = """WITH RECURSIVE log(id) AS (
    SELECT min(log_id) FROM event WHERE log_id >= :low AND log_id < :high
    UNION ALL
    SELECT (SELECT min(log_id) FROM event WHERE log_id > log.id AND log_id < :high) FROM log WHERE log.id IS NOT NULL
) """
_NAMES = "SELECT id FROM log WHERE id IS NOT NULL"
_FIRST = "SELECT log_id, seq, record, hash FROM log JOIN event ON log_id = log.id AND seq = 1"
_PLAN = "plan_id, revision, text, sha256, name, version, returns_to, environment, team, stored_at"
_OF_NEWEST = (
    " FROM plan_revision AS p WHERE revision = (SELECT max(revision) FROM plan_revision WHERE plan_id = p.plan_id)"
)
_NEWEST = f"SELECT {_PLAN}{_OF_NEWEST}"
_HEADS = f"SELECT plan_id, name, version, environment, team, revision{_OF_NEWEST} ORDER BY plan_id"


def events_after(connection: sqlite3.Connection, log_id: str, seq: int, limit: int | None = None) -> list[Event]:
    """The events of a log after `seq`, in order; at most `limit` of them."""
    asked = "SELECT log_id, seq, record, hash FROM event WHERE log_id = ? AND seq > ? ORDER BY seq LIMIT ?"
    rows = connection.execute(asked, (log_id, seq, _NO_LIMIT if limit is None else limit)).fetchall()
    return [_event(*row) for row in rows]


def last_of(connection: sqlite3.Connection, log_id: str) -> tuple[int, str] | None:
    """The seq and hex hash of a log's last event; None when there is no such log."""
    asked = "SELECT seq, hash FROM event WHERE log_id = ? ORDER BY seq DESC LIMIT 1"
    row = connection.execute(asked, (log_id,)).fetchone()
    if row is None:
        return None
    if not isinstance(row[0], int) or not isinstance(row[1], bytes):
        raise DamagedEvent(log_id, 0, "its last event has no number or no hash")
    return row[0], row[1].hex()


def records(connection: sqlite3.Connection, log_id: str) -> Iterator[tuple[int, str, bytes, bytes]]:
    """The seq, event id, record and hash of every event of a log, exactly as stored."""
    after = -(2**63)
    asked = "SELECT seq, event_id, record, hash FROM event WHERE log_id = ? AND seq > ? ORDER BY seq LIMIT ?"
    while rows := connection.execute(asked, (log_id, after, _CHUNK)).fetchall():
        yield from rows
        after = rows[-1][0]


def strays(connection: sqlite3.Connection, log_id: str) -> list[bytes]:
    """Records that name `log_id` as their log but are stored under another one."""
    asked = "SELECT record FROM event WHERE log_id <> ? AND instr(record, ?) > 0"
    return [row[0] for row in connection.execute(asked, (log_id, f'"log":"{log_id}"'.encode()))]


def logs(connection: sqlite3.Connection, prefix: str) -> list[str]:
    """The names of the logs that begin with `prefix`, by number; "" also gives ids that are not valid log names."""
    names = (row[0] for row in connection.execute(_LOGS + _NAMES, _range(prefix)))
    return sorted((name for name in names if not prefix or _is_numbered(name)), key=_by_number)


def first_events(connection: sqlite3.Connection, prefix: str, holding: bytes = b"") -> list[Event]:
    """The first event of each log, by the log's number; with `holding`, only those whose record contains these bytes.

    Other records are not decoded, because each may hold a whole plan. Damaged events, and events that open nothing, are
    left out.
    """
    only = " WHERE instr(record, :holding) > 0" if holding else ""
    found = _readable(connection.execute(_LOGS + _FIRST + only, {**_range(prefix), "holding": holding}).fetchall())
    return [event for event in found if event.kind == OPENING or not event.log.startswith("backout:")]


def last_event(connection: sqlite3.Connection, log_id: str) -> Event | None:
    """The last event of a log, None when there is no such log."""
    asked = "SELECT log_id, seq, record, hash FROM event WHERE log_id = ? ORDER BY seq DESC LIMIT 1"
    row = connection.execute(asked, (log_id,)).fetchone()
    return None if row is None else _event(*row)


def closed_logs(connection: sqlite3.Connection, prefix: str) -> frozenset[str]:
    """The logs that were closed and not reopened since."""
    asked = (
        f"SELECT log_id, max(seq), {ddl.IS_CLOSING} FROM event"  # noqa: S608 - constants
        f" WHERE ({ddl.IS_CLOSING} OR {ddl.IS_REOPENING}) AND log_id >= :low AND log_id < :high GROUP BY log_id"
    )
    rows = connection.execute(asked, _range(prefix))
    return frozenset(log_id for log_id, _seq, closed in rows if closed and _is_numbered(log_id))


def closings(connection: sqlite3.Connection, prefix: str) -> list[Event]:
    """The last closing of each log that was closed and not reopened since, by the log's number.

    Damaged events are left out.
    """
    asked = (
        f"SELECT log_id, max(seq), record, hash, {ddl.IS_CLOSING} FROM event"  # noqa: S608 - constants
        f" WHERE ({ddl.IS_CLOSING} OR {ddl.IS_REOPENING}) AND log_id >= :low AND log_id < :high GROUP BY log_id"
    )
    rows = connection.execute(asked, _range(prefix)).fetchall()
    return _readable((log_id, seq, record, hash_) for log_id, seq, record, hash_, closed in rows if closed)


def next_number(connection: sqlite3.Connection, prefix: str) -> int:
    """The number for the next log whose name begins with `prefix`."""
    taken = [_by_number(log_id)[0] for log_id in logs(connection, prefix)]
    return max(taken, default=0) + 1


def blob(connection: sqlite3.Connection, sha256: str) -> bytes | None:
    """The bytes stored under a hex SHA-256; of something else that another hand stored there, its text."""
    found = blob_row(connection, sha256)
    if found is None or isinstance(found[0], bytes):
        return found[0] if found else None
    return str(found[0]).encode("utf-8", "replace")


def blob_row(connection: sqlite3.Connection, sha256: str) -> tuple[Any, int] | None:
    """What is stored under a hex SHA-256 (bytes, unless another hand wrote it), and the length recorded beside it."""
    row = connection.execute("SELECT bytes, len FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    return (row[0], row[1]) if row else None


def check_pages(connection: sqlite3.Connection, pragma: str, out_of_time: Callable[[], bool]) -> str | None:
    """The first problem that `quick_check` or `integrity_check` finds; None if none, or when `out_of_time` stops it."""
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
    """The stored fold of a log; None when there is no usable one."""
    asked = "SELECT log_id, seq, hash, state, program FROM picture WHERE log_id = ?"
    row = connection.execute(asked, (log_id,)).fetchone()
    usable = row and isinstance(row[1], int) and 0 < row[1] < 2**63 and all(isinstance(one, str) for one in row[2:])
    return Picture(*row) if usable else None


def plan_revision(connection: sqlite3.Connection, plan_id: int, revision: int | None = None) -> PlanRevision | None:
    """One revision of a plan; the newest by default."""
    asked = (
        f"SELECT {_PLAN} FROM plan_revision WHERE plan_id = ? AND (revision = ? OR ? IS NULL) ORDER BY revision DESC"  # noqa: S608 - constants
    )
    row = connection.execute(asked + " LIMIT 1", (plan_id, revision, revision)).fetchone()
    return _revision(row) if row else None


def newest_revisions(connection: sqlite3.Connection, **wanted: str | None) -> list[PlanRevision]:
    """The newest revision of each plan that has the given name, version and environment; None matches any."""
    asked = _NEWEST
    given = {column: value for column, value in wanted.items() if value is not None}
    asked += "".join(f" AND {column} = :{column}" for column in given)
    return [_revision(row) for row in connection.execute(asked + " ORDER BY plan_id", given)]


def plan_heads(connection: sqlite3.Connection) -> list[PlanHead]:
    """Each plan's newest revision without its text, oldest plan first."""
    rows = connection.execute(_HEADS)
    return [
        PlanHead(*(_or_damaged(value, column) for column, value in enumerate(row))) for row in rows if _is_plan(row)
    ]


def revisions(connection: sqlite3.Connection, column: str, value: str | int) -> list[PlanRevision]:
    """Every revision whose `column` ("plan_id" or "sha256") has the value, oldest first."""
    asked = f"SELECT {_PLAN} FROM plan_revision WHERE {column} = ? ORDER BY plan_id, revision"  # noqa: S608 - constants
    return [_revision(row) for row in connection.execute(asked, (value,))]


def _event(log_id: str, seq: int, record: bytes, hash_: bytes) -> Event:
    """The event of one row. Raises DamagedEvent when the row does not hold a valid one."""
    if not isinstance(seq, int):
        raise DamagedEvent(log_id, 0, "what stands for its place in the log is not a number")
    if not isinstance(record, bytes) or not isinstance(hash_, bytes):
        raise DamagedEvent(log_id, seq, "it is not stored as the bytes of a record and its hash")
    try:
        event = to_event(record, hash_)
    except Unfit as unfit:
        raise DamagedEvent(log_id, seq, unfit.why) from unfit
    # The event is named after the row it is stored in; `verify` finds a record that claims something else.
    return event if (event.log, event.seq) == (log_id, seq) else replace(event, log=log_id, seq=seq)


def _readable(rows: Iterable[tuple[str, int, bytes, bytes]]) -> list[Event]:
    """The events of rows from many logs, by the logs' numbers. Damaged ones are left out; their own log tells."""
    found = []
    for row in rows:
        with contextlib.suppress(DamagedEvent):
            if _is_numbered(row[0]):
                found.append(_event(*row))
    return sorted(found, key=lambda event: _by_number(event.log))


def _is_plan(row: tuple[Any, ...]) -> bool:
    return isinstance(row[0], int) and isinstance(row[-1], int)


def _or_damaged(value: Any, column: int) -> Any:
    """A plan's column as it is; a text column that does not hold text reads `(damaged)`."""
    return value if isinstance(value, str) or column in (0, 5) else "(damaged)"


def _revision(row: tuple[Any, ...]) -> PlanRevision:
    wrong = not all(isinstance(one, int) for one in row[:2]) or not all(isinstance(one, str) for one in row[2:])
    if wrong:
        raise Damaged(
            f"revision {row[1]} of plan {row[0]} is damaged: one of its columns has the wrong type", todo=_TODO
        )
    try:
        stored_at = parse_time(row[-1])
    except Unfit as unfit:
        raise Damaged(f"revision {row[1]} of plan {row[0]} is damaged: {unfit.why}", todo=_TODO) from unfit
    if rfc3339(stored_at) != row[-1]:  # the standard library reads more forms than ours
        raise Damaged(f"revision {row[1]} of plan {row[0]} was stored at a time that cannot be read", todo=_TODO)
    values = [*row[:-1], stored_at]
    return PlanRevision(*values)


def _range(prefix: str) -> dict[str, str]:
    """Query parameters that select the names beginning with `prefix`; "" selects every name."""
    return {"low": prefix, "high": prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else chr(sys.maxunicode)}


def _is_numbered(log_id: str) -> bool:
    """Whether the name is one that this program gives to logs, like `backout:3`."""
    number = log_id.rpartition(":")[2]
    return number.isascii() and number.isdigit() and len(number) < _TOO_LONG and number == str(int(number))


def _by_number(log_id: str) -> tuple[int, str]:
    number = log_id.rpartition(":")[2]
    return (int(number) if number.isascii() and number.isdigit() and len(number) < _TOO_LONG else 0, log_id)
