"""The only code that opens the file with SQLite, for reading and for writing, and that explains SQLite's errors.

All of it goes through the one SQLite library of this process; two libraries would drop each other's locks.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote_from_bytes

from backout_tui.errors import BackoutError, Damaged
from backout_tui.store.file import ddl
from backout_tui.store.file.lock_holder import holder

T = TypeVar("T")

PATIENCE_S = 10.0
_BUSY_MS = 500  # how long SQLite itself waits; our own patience is longer and is counted here
_PAUSE_S = 0.02
_NEEDS_WRITER = {sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY, sqlite3.SQLITE_CANTOPEN}
_UNCERTAIN = {sqlite3.SQLITE_IOERR_DIR_FSYNC, sqlite3.SQLITE_IOERR_DELETE}

# One statement sees one moment: between two statements a new database may have been made.
_WHOSE = (
    "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
    " FROM pragma_application_id, pragma_user_version"
)
_FOR_ALL = ("trusted_schema = OFF", "cell_size_check = ON", f"busy_timeout = {_BUSY_MS}")
_FOR_READING = (*_FOR_ALL, "query_only = ON")
_FOR_WRITING = (*_FOR_ALL, "foreign_keys = ON", "recursive_triggers = ON", "synchronous = EXTRA")


def connect_to_read(path: Path, mode: str) -> sqlite3.Connection:
    """Open `path` only for queries; `mode` "rw" lets SQLite undo a transaction that was left half done."""
    return _connect(path, mode, _FOR_READING)


def connect_to_write(path: Path) -> sqlite3.Connection:
    """Open `path` for appending, with SQLite's strongest protection against a power cut."""
    with ExitStack() as undo:
        connection = _connect(path, "rw", _FOR_WRITING)
        undo.callback(connection.close)
        schema_version(connection, path)  # first, because the next line changes the file, whosever it is
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        if mode != "delete":
            raise BackoutError(
                f"another program keeps this database in {mode} mode", where=str(path), todo="Close it there."
            )
        undo.pop_all()
    return connection


def schema_version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of the file, 0 while it is empty; raises BackoutError for another program's file."""
    owner, version, tables = connection.execute(_WHOSE).fetchone()
    if owner == ddl.APPLICATION_ID and version > 0:
        return int(version)
    if owner == 0 and tables == 0:
        return 0
    raise BackoutError(
        "this is a database of another program", where=str(path), todo="Give the path of a backout database."
    )


def _connect(path: Path, mode: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < ddl.OLDEST_SQLITE:
        raise BackoutError(
            f"this Python brings SQLite {sqlite3.sqlite_version}, and 3.37 is needed", todo="Use a newer Python."
        )
    connection = sqlite3.connect(_address(path, mode), uri=True, isolation_level=None, check_same_thread=False)
    with ExitStack() as undo:
        undo.callback(connection.close)
        # A damaged text must not stop the reading: verify needs to see the rest.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        undo.pop_all()
    return connection


def _address(path: Path, mode: str) -> str:
    """The path as a URI, so that SQLite never creates the file and no character of the path has a special meaning.

    `Path.as_uri` gives the same, but since Python 3.14 it imports all of `urllib.request`, `email` and `ssl`.
    """
    return f"file://{quote_from_bytes(os.fsencode(path.absolute()))}?mode={mode}"


def newer(version: int, path: Path) -> BackoutError:
    """The error for a file whose schema version is newer than this program knows: it must not be written to."""
    return BackoutError(
        f"this database was written by a newer backout-tui (its tables are version {version}), so it can only be read",
        where=str(path),
        todo="Update this program to write to it.",
    )


def never() -> bool:
    """False: for callers that never give up early."""
    return False


def patiently(act: Callable[[], T], patience_s: float = PATIENCE_S, give_up: Callable[[], bool] = never) -> T:
    """Return what `act` returns; while others hold a lock, retry it for `patience_s` seconds or until `give_up`."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > deadline or give_up():
                raise
            time.sleep(_PAUSE_S)
        except UnicodeDecodeError as error:  # SQLite's message quotes something in the file, in bytes that are not text
            damaged = sqlite3.DatabaseError("a name in it is no text")
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged from error


def is_busy(error: BaseException | None) -> bool:
    """Whether the error means that another process has the database locked."""
    return _code(error) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def needs_writer(error: BaseException) -> bool:
    """Whether the file can be read only after a half-done transaction is undone, which requires write access."""
    return _code(error) in _NEEDS_WRITER


def explained(error: BaseException | None, path: Path, *, writing: bool = False) -> BackoutError:
    """SQLite's error as a BackoutError that says what is wrong, where, and what to do."""
    code = _code(error)
    if code in _UNCERTAIN and writing:
        return BackoutError(
            "the disk failed at the very end; it may or may not have been recorded",
            where=str(path),
            todo="Look at the log before you do it again.",
        )
    what, todo = (
        _locked(path)
        if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        else _WORDS.get(code & 0xFF, (f"SQLite says: {error}", "Look at the disk and the file, then do it again."))
    )
    if code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CONSTRAINT):
        return Damaged(what, where=str(path), todo=todo)
    return BackoutError(f"{what}; nothing was recorded" if writing else what, where=str(path), todo=todo)


def _code(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", None) or 0)


def _locked(path: Path) -> tuple[str, str]:
    who = holder(path)
    which = f"It is {who}: let it finish, or end it" if who else "See which one (fuser on the file)"
    return "another program keeps the database locked", f"{which}, then do it again."


_WORDS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Make room, then do it again; commands that run go on meanwhile."),
    sqlite3.SQLITE_READONLY: (
        "the database cannot be written",
        "Check the file, its folder, and whether the disk is mounted read-only.",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk reports an error",
        "Look at the disk and its room, then do it again; commands that run go on meanwhile.",
    ),
    sqlite3.SQLITE_CANTOPEN: ("the database cannot be opened", "Check the rights of the file and of its folder."),
    sqlite3.SQLITE_PERM: ("the database may not be used", "Check the rights of the file and of its folder."),
    sqlite3.SQLITE_NOTADB: ("this is not a backout database", "Give the path of one with --database."),
    sqlite3.SQLITE_CORRUPT: (
        "the database is damaged",
        "See what is left with: backout-tui verify. Copies lie in the folder beside it, under backups.",
    ),
    sqlite3.SQLITE_CONSTRAINT: ("the log refuses what does not fit it", "Look at it with: backout-tui verify."),
}
