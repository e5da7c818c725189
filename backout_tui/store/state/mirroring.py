"""Writes the state tables, in the transaction that writes the log.

The tables never stand in the log's way: an event is recorded even when they cannot be written. The next event of that
backout then writes all of its rows again.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Delete, Table, bindparam, delete, insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.fold import backout_of, fold, number_of
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.damage import DamagedEvent
from backout_tui.store.file import ddl
from backout_tui.store.file.transaction import raw_of
from backout_tui.store.log import queries
from backout_tui.store.state.true_now import BACKOUT, TABLES, Row, backout_row, changes, rows_of

BELOW = tuple(table.name for table in TABLES)
_NOT_OF_THE_LOG = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT}  # a table is gone, or was made differently
_HEAD = "SELECT log_head FROM backout WHERE id = ?"


def mirror(connection: Connection, log_id: str, before: Backout, after: Backout) -> None:
    """Update the tables from `before`, the backout before events were appended, to `after`.

    Only the changed rows are written as long as the tables were up to date; otherwise all rows of that backout are.
    """
    with _beside_the_log(connection):
        _write(connection, number_of(log_id), before, after)


def mirror_unread(
    connection: Connection, log_id: str, known: Backout | None, seen: Sequence[Event], appended: Sequence[Event]
) -> None:
    """The same for events that are recorded without a check: a backout that can no longer be folded has no rows.

    `known` is the backout at some event before `appended`; without it the whole log is read.
    """
    if known is None:
        mirror_whole(connection, log_id)
        return
    try:
        before = fold(known, (event for event in seen if event.seq > known.seq))
        after = fold(before, appended)
    except DamagedEvent:
        with _beside_the_log(connection):
            _replace(connection, number_of(log_id), None)
    else:
        mirror(connection, log_id, before, after)


def mirror_whole(connection: Connection, log_id: str) -> bool:
    """Write all rows of a backout again from its log; False when it cannot be read. A damaged backout has no rows."""
    backout: Backout | None = None
    with contextlib.suppress(DamagedEvent):  # `list`, `show` and `verify` report it
        backout = backout_of(queries.events_after(raw_of(connection), log_id, 0), log_id=log_id)
    with _beside_the_log(connection):
        _replace(connection, number_of(log_id), backout)
    return backout is not None


def make_tables(raw: sqlite3.Connection) -> None:
    """Make the state tables, empty; existing tables with their names are dropped."""
    for name in (BACKOUT, *BELOW):
        raw.execute(f"DROP TABLE IF EXISTS {name}")
    for statement in ddl.STATE:
        raw.execute(statement)


def _write(connection: Connection, number: int, before: Backout, after: Backout) -> None:
    found = raw_of(connection).execute(_HEAD, (number,)).fetchone()
    if found is None or found[0] != before.head:
        _replace(connection, number, after)
        return
    for change in changes(before, after):
        _delete(connection, change.table, ({"number": number, "place": place} for place in change.gone))
        _insert(connection, change.table, change.rows)
    connection.execute(_deletion(BACKOUT), {"number": number})
    _insert(connection, BACKOUT, [backout_row(after)])


def _replace(connection: Connection, number: int, backout: Backout | None) -> None:
    for name in (BACKOUT, *BELOW):
        connection.execute(_deletion(name), {"number": number})
    if backout is not None:
        for name, rows in rows_of(backout):
            _insert(connection, name, rows)
        _insert(connection, BACKOUT, [backout_row(backout)])


@contextlib.contextmanager
def _beside_the_log(connection: Connection) -> Iterator[None]:
    """When the state tables refuse a write in this block, undo that write alone, silently."""
    raw = raw_of(connection)
    raw.execute("SAVEPOINT state")
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if int(getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF not in _NOT_OF_THE_LOG:
            raise
        raw.execute("ROLLBACK TO state")
    raw.execute("RELEASE state")


def _insert(connection: Connection, name: str, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(_table(name)), rows)


def _delete(connection: Connection, name: str, keys: Iterable[dict[str, Any]]) -> None:
    if found := list(keys):
        connection.execute(_deletion_of_one(name), found)


@functools.cache
def _table(name: str) -> Table:
    """The table for SQLModel. Nine model classes would cost 45 ms before the first key; the names are enough."""
    return Table(name, SQLModel.metadata, *map(Column, ddl.columns(name)))


@functools.cache
def _deletion(name: str) -> Delete:
    table = _table(name)
    return delete(table).where(table.c["id" if name == BACKOUT else "backout_id"] == bindparam("number"))


@functools.cache
def _deletion_of_one(name: str) -> Delete:
    return _deletion(name).where(_table(name).c.position == bindparam("place"))
