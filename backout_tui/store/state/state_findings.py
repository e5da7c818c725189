"""Compares the state tables with the logs. A difference doesn't make a log unsound."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from backout_tui.domain.backout.fold import backout_of, number_of
from backout_tui.domain.damage import DamagedEvent
from backout_tui.store.file import ddl
from backout_tui.store.log import queries
from backout_tui.store.log.chain import Finding
from backout_tui.store.log.reading import BACKOUTS, Reader
from backout_tui.store.state.true_now import BACKOUT, TABLES, Row, backout_row, rows_of

RULE = "state"
_MEND = "the tables follow from the log; mend them with: backout-tui rebuild"
_BEYOND = (
    "the tables tell of event {}, and the log ends at event {}: its end was cut, or somebody wrote into the tables;"
    " compare the log with a head that was kept elsewhere (--anchor) before you mend them with: backout-tui rebuild"
)
_NAMES = (BACKOUT, *(table.name for table in TABLES))
Rows = Mapping[str, Sequence[Row]]


def state_findings(reader: Reader, log_id: str) -> Iterator[Finding]:
    """Where the state tables differ from the log of one backout: the first difference in each table.

    Finds nothing in a database from before the tables existed. A damaged backout has nothing to compare with.
    """
    if reader.version < ddl.STATE_VERSION:
        return
    number = number_of(log_id)
    found = reader.ask(lambda connection: _rows_and_end(connection, number, log_id))
    if found is None:
        yield Finding(RULE, 0, f"the state tables are not as this program makes them; {_MEND}")
        return
    rows, end = found
    if (told := max((int(row.get("log_events", 0)) for row in rows[BACKOUT]), default=0)) > end:
        yield Finding(RULE, 0, _BEYOND.format(told, end))
        return
    try:
        backout = backout_of([one for one in reader.events_after(log_id, 0) if one.seq <= end], log_id=log_id)
    except DamagedEvent:
        return
    expected: Rows = {BACKOUT: [backout_row(backout)], **dict(rows_of(backout))}
    for name in _NAMES:
        if (why := _difference(expected[name], rows[name])) is not None:
            yield Finding(RULE, 0, f"the table {name} differs from {log_id}: {why}; {_MEND}")


def stray_rows(reader: Reader) -> Iterator[Finding]:
    """Rows of backouts that don't exist."""
    if reader.version < ddl.STATE_VERSION:
        return
    known = {number_of(log_id) for log_id in reader.logs(BACKOUTS)}
    for name in _NAMES:
        key = "id" if name == BACKOUT else "backout_id"
        asked = f"SELECT DISTINCT {key} FROM {name} ORDER BY 1"  # noqa: S608 - constants
        found = reader.ask(functools.partial(_answered, asked=asked, given=()))
        strays = [row[key] for row in found or () if row[key] not in known]
        if strays:
            yield Finding(RULE, 0, f"the table {name} tells of a backout {strays[0]}, and there is none; {_MEND}")


def _rows_and_end(connection: sqlite3.Connection, number: int, log_id: str) -> tuple[Rows, int] | None:
    """All rows of one backout, and the seq of its log's last event then; None when a table isn't one of ours."""
    connection.execute("BEGIN")  # read all of them at one moment: somebody may be writing
    try:
        rows = dict[str, Sequence[Row]]()
        for name in _NAMES:
            key, order = ("id", "id") if name == BACKOUT else ("backout_id", "position")
            asked = f"SELECT * FROM {name} WHERE {key} = ? ORDER BY {order}"  # noqa: S608 - constants
            found = _answered(connection, asked, (number,))
            if found is None:
                return None
            rows[name] = found
        last = queries.last_of(connection, log_id)
    finally:
        connection.execute("ROLLBACK")
    return rows, last[0] if last is not None else 0


def _answered(connection: sqlite3.Connection, asked: str, given: Sequence[int]) -> list[Row] | None:
    """The rows with their column names; None when the table isn't one of ours."""
    try:
        found = connection.execute(asked, given)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        return None


def _difference(expected: Sequence[Row], found: Sequence[Row]) -> str | None:
    """The first difference, in words; None when there is none."""
    for now, there in zip(expected, found, strict=False):
        for column, value in now.items():
            if column not in there or there[column] != value:
                place = f"row {now['position']}" if "position" in now else "its row"
                return f"{column} of {place} is {_said(there.get(column))}, and by the log {_said(value)}"
    if len(expected) != len(found):
        return f"it has {len(found)} rows, and by the log {len(expected)}"
    return None


def _said(value: object) -> str:
    return "nothing" if value is None else f"“{str(value)[:60]}”"
