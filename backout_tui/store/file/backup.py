"""Copies made with SQLite's own backup, which is correct while others write; copying the file is not."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from backout_tui.errors import BackoutError
from backout_tui.store.file.connection import connect_to_read, explained, patiently
from backout_tui.store.file.place import beside


def backup(source: Path, target: Path) -> None:
    """Write a sound copy of the database `source` to the new file `target`, readable only by its owner.

    Raises BackoutError when it cannot be written or is not sound, and leaves no half copy behind.
    """
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise BackoutError(f"the backup cannot be made: {error.strerror}", where=str(target), todo=_TODO) from error
    try:
        patiently(lambda: _copy(source, target))
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise explained(error, target, writing=True) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def backup_before_migrating(path: Path, version: int, now: datetime) -> Path:
    """Back `path` up into `<database>.d/backups`, under a name with the time and the schema version."""
    target = beside(path) / "backups" / f"{path.stem}-v{version}-{now:%Y%m%dT%H%M%S%fZ}.sqlite"
    backup(path, target)
    return target


def _copy(source: Path, target: Path) -> None:
    with closing(connect_to_read(source, "ro")) as original, closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous = EXTRA")
        original.backup(copy)
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise BackoutError(f"the database is damaged ({found})", where=str(source), todo=_TODO)


_TODO = "Nothing was changed; look at the disk and the file first."
