"""Queries on the state tables, over the caller's connection. Whatever matters is confirmed by the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from backout_tui.domain.backout.payloads.backout_payloads import Release
from backout_tui.domain.codec import parse_time
from backout_tui.domain.damage import DamagedEvent, Unfit
from backout_tui.domain.text import clean
from backout_tui.store.file import ddl
from backout_tui.store.log import queries
from backout_tui.store.log.reading import Reader

T = TypeVar("T")

_MANY = 500  # more numbers than that are not listed one by one
_OPEN = "(state < 'closed' OR state > 'closed')"  # both use the index; "is not" would scan all rows
_CLOSED = (
    "SELECT id, mode, outcome, release_name, release_version, returns_to, environment, opened_at, closed_by, log_head"
    " FROM backout WHERE state = 'closed'"
)


class ClosedRow(Struct, frozen=True):
    """The row of a closed backout. It is valid only while the log still ends at `head`."""

    id: int
    mode: str
    outcome: str
    release: str
    returns_to: str
    environment: str
    opened_at: datetime | None
    closed_by: str
    head: str


def open_numbers(reader: Reader, release: tuple[str, str, str] | None = None, mode: str = "") -> list[int] | None:
    """The open backouts, or those of a release (name, version, environment) in a mode; newest first.

    None when the tables cannot tell: they are missing, or they lack the row of some backout.
    """
    if reader.version < ddl.STATE_VERSION:
        return None
    asked, given = f"SELECT id FROM backout WHERE {_OPEN}", dict[str, str]()  # noqa: S608 - a constant
    if release is not None:
        name, version, environment = map(clean, release)
        given = {"name": name, "version": version, "environment": environment, "mode": mode}
        asked += " AND release_name = :name AND release_version = :version AND environment = :environment"
        asked += " AND mode = :mode"

    def question(connection: sqlite3.Connection) -> list[int] | None:
        if not _all_there(connection):
            return None
        # Sorted here: to order by id SQLite would scan all rows instead of using the index of states.
        return sorted((number for (number,) in connection.execute(asked, given)), reverse=True)

    return reader.ask(lambda connection: _answer(connection, question, None))


def closed_rows(reader: Reader, numbers: Collection[int]) -> Mapping[int, ClosedRow]:
    """The rows of those of `numbers` that the tables hold as closed."""
    if reader.version < ddl.STATE_VERSION or not numbers:
        return {}
    wanted = tuple(numbers) if len(numbers) <= _MANY else ()
    asked = _CLOSED + (f" AND id IN ({', '.join('?' * len(wanted))})" if wanted else "")

    def question(connection: sqlite3.Connection) -> Mapping[int, ClosedRow]:
        rows = (_closed_row(*row) for row in connection.execute(asked, wanted))
        return {row.id: row for row in rows if row is not None}

    return reader.ask(lambda connection: _answer(connection, question, {}))


def heads(reader: Reader, logs: Collection[str]) -> Mapping[str, str]:
    """The head of each of these logs, read from the log itself; a damaged or missing log has none."""

    def question(connection: sqlite3.Connection) -> Mapping[str, str]:
        return {log_id: head for log_id in logs if (head := _head(connection, log_id))}

    return reader.ask(question)


def is_open(reader: Reader, log_id: str) -> bool:
    """Whether the log itself says so: it exists, and was not closed, or was reopened since."""
    last = (
        f"SELECT {ddl.IS_REOPENING} FROM event WHERE ({ddl.IS_CLOSING} OR {ddl.IS_REOPENING}) AND log_id = :log"  # noqa: S608 - constants
        " ORDER BY seq DESC LIMIT 1"
    )
    asked = f"SELECT coalesce(({last}), 1) FROM event WHERE log_id = :log LIMIT 1"  # noqa: S608 - the same constants
    found = reader.ask(lambda connection: connection.execute(asked, {"log": log_id}).fetchone())
    return bool(found and found[0])


def _all_there(connection: sqlite3.Connection) -> bool:
    """Whether every backout has a row: their numbers start at 1 and have no gaps."""
    rows, highest = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM backout").fetchone()
    beyond = connection.execute("SELECT 1 FROM event WHERE log_id = ? LIMIT 1", (f"backout:{highest + 1}",))
    return bool(rows == highest and beyond.fetchone() is None)


def _answer(connection: sqlite3.Connection, question: Callable[[sqlite3.Connection], T], unknown: T) -> T:
    """The answer of the tables; `unknown` when they were removed or made differently."""
    try:
        return question(connection)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        return unknown


def _closed_row(number: int, mode: str, outcome: str | None, *more: str | None) -> ClosedRow | None:
    name, version, returns_to, environment, opened_at, closed_by, head = (one or "" for one in more)
    try:
        opened = parse_time(opened_at) if opened_at else None
    except Unfit:  # somebody edited the table by hand
        return None
    release = str(Release(name, version))
    return ClosedRow(number, mode, outcome or "", release, returns_to, environment, opened, closed_by, head)


def _head(connection: sqlite3.Connection, log_id: str) -> str:
    try:
        last = queries.last_of(connection, log_id)
    except DamagedEvent:
        return ""
    return f"{last[0]}:{last[1][:20]}" if last is not None else ""
