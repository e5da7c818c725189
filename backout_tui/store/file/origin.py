"""Tells a database from its copies: a database and its spool both know its id and inode; in a copy one of them differs.

contract.md section 3. A copy can only be read. To go on working in it (after a restore, or when the file was moved),
somebody adopts it: it then gets a new id and a spool of its own. The device number is not compared, because it changes
when the host reboots.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from pathlib import Path

from msgspec import Struct

from backout_tui.domain.refusal import ADOPT
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.file import ddl
from backout_tui.store.file.place import beside, make_spool, spool_root

_NEWEST = "SELECT id, inode FROM origin ORDER BY number DESC LIMIT 1"
_ADD = "INSERT INTO origin (number, id, inode) SELECT coalesce(max(number), 0) + 1, ?, ? FROM origin"
_MARK = "origin-"

COPY = "this is a copy of a database: it is only read. What ran when it was made is not looked after here"
"""Why nothing is recorded in a copy."""


class Origin(Struct, frozen=True):
    """The id of a database (32 hex digits), and the inode of the file that got it."""

    id: str
    inode: str

    @property
    def mark(self) -> str:
        """The name of the empty file by which the spool says whose it is."""
        return f"{_MARK}{self.id}-{self.inode}"


def origin_of(connection: sqlite3.Connection) -> Origin | None:
    """The id and inode that the database records; None when its tables are too old to hold them."""
    if connection.execute("PRAGMA user_version").fetchone()[0] < ddl.ORIGIN_VERSION:
        return None
    row = connection.execute(_NEWEST).fetchone()
    return Origin(str(row[0]), str(row[1])) if row else None


def is_copy(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the database at `path`, open as `connection`, is a copy: a different file from the one that got its id.

    A missing spool does not make it a copy. Raises BackoutError when the file cannot be examined.
    """
    origin = origin_of(connection)
    return origin is not None and not _is_at(origin, path)


def is_marked(path: Path) -> bool:
    """Whether the spool beside `path` names exactly this file; the database isn't opened for it."""
    inode = _inode(path)
    return any(mark.endswith(f"-{inode}") for mark in _marks(path))


def is_of_another(path: Path, id_then: str) -> bool:
    """Whether the spool's marks show that the file at `path` isn't the one that had the id `id_then`."""
    marks = _marks(path) if id_then else []
    return bool(marks) and not any(mark.startswith(f"{_MARK}{id_then}-") for mark in marks)


def refuse_copy(connection: sqlite3.Connection, path: Path) -> None:
    """Raise Refused when the database is a copy, unless it holds no backout: then nothing can have run in it."""
    if is_copy(connection, path) and _holds_backouts(connection):
        raise Refused(f"{COPY[:1].upper()}{COPY[1:]}.", lifted_by=ADOPT)


def settle_in(connection: sqlite3.Connection, path: Path) -> Origin:
    """Give this file an id and a spool of its own, inside a transaction. Raises BackoutError."""
    before, origin = origin_of(connection), Origin(uuid.uuid4().hex, _inode(path))
    connection.execute(_ADD, (origin.id, origin.inode))
    try:
        if before is not None:
            _set_aside(path, before)
        _mark(path, origin)
    except OSError as error:
        raise _no_spool(path, error) from error
    return origin


def mark_spool(connection: sqlite3.Connection, path: Path) -> None:
    """Write the mark again into a spool that was deleted and recreated. Raises BackoutError."""
    origin = origin_of(connection)
    if origin is None or _marks(path):
        return
    try:
        _mark(path, origin)
    except OSError as error:
        raise _no_spool(path, error) from error


def _mark(path: Path, origin: Origin) -> None:
    """Mark the spool, and remove the old marks once the new one is on disk: a power cut always leaves a valid one.

    A committed id always has its mark on the disk. An id that was never committed may leave a mark behind; that does
    not turn anything into a copy.
    """
    folder, before = beside(path), _marks(path)
    mark = os.open(folder / origin.mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    os.close(mark)
    _make_certain(folder)
    for other in before:
        with contextlib.suppress(PermissionError):  # in a shared folder it may be a colleague's; only ours matters
            (folder / other).unlink(missing_ok=True)


def _make_certain(folder: Path) -> None:
    """Sync a folder so that its entries survive a power cut."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _no_spool(path: Path, error: OSError) -> BackoutError:
    return BackoutError(
        f"the folder for what runs cannot be made: {error.strerror or error}",
        where=f"{path}.d",
        todo="Check the folder's disk space, owner and mode. Nothing was recorded.",
    )


def _is_at(origin: Origin, path: Path) -> bool:
    inode, marks = _inode(path), _marks(path)
    return origin.inode == inode and (not marks or origin.mark in marks)


def _marks(path: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return [name for name in os.listdir(path.with_name(path.name + ".d")) if name.startswith(_MARK)]  # noqa: PTH208 - names are all that is wanted
    return []


def _inode(path: Path) -> str:
    try:
        return str(path.stat().st_ino)
    except OSError as error:
        raise BackoutError(f"the database cannot be looked at: {error.strerror}", where=str(path)) from error


def _holds_backouts(connection: sqlite3.Connection) -> bool:
    asked = "SELECT 1 FROM event WHERE log_id >= 'backout:' AND log_id < 'backout;' LIMIT 1"
    return connection.execute(asked).fetchone() is not None


def _set_aside(path: Path, before: Origin) -> None:
    """Set aside what lies in the spool: it belongs to the original file, so it is kept but never read from here again.

    In a shared folder only the spool's owner can do that. For other users it stays in place, where nothing refers to
    it.
    """
    with contextlib.suppress(FileNotFoundError, PermissionError):
        spool_root(path).rename(beside(path) / f"spool-of-{before.id[:8]}-until-{uuid.uuid4().hex[:8]}")
    make_spool(path)
