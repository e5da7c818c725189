"""Reading a database that was left in the middle of a transaction, by somebody who may not write to it.

SQLite undoes the half-done transaction in the file before it lets anybody read. Whoever may not write reads a copy in
which it is undone, and leaves the file as it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from backout_tui.errors import BackoutError

_SUFFIXES = ("", "-journal", "-wal")
_TRIES = 5
# In a process of its own: closing the file in this one would drop the locks that SQLite holds on it.
_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"

State = tuple[tuple[int, int, int] | None, ...]


def state_of(path: Path) -> State:
    """Which files make up the database now, by inode, size and time of change: equal while nothing happened to them."""
    return tuple(_mark(Path(f"{path}{suffix}")) for suffix in _SUFFIXES)


def copy_for_reading(path: Path) -> tuple[tempfile.TemporaryDirectory[str], Path, State]:
    """A copy of the database and what its last transaction left behind, in a folder that goes when it is cleaned up.

    Also gives the state that was copied. Raises BackoutError when the files cannot be read or do not keep still.
    """
    folder = tempfile.TemporaryDirectory(prefix="backout-reading-")
    try:
        for _ in range(_TRIES):
            before = state_of(path)
            target = Path(folder.name) / path.name
            _copy_all(path, target)
            if state_of(path) == before:
                return folder, target, before
        raise BackoutError("The database changes too fast to be copied", where=str(path), todo="Try again in a minute")
    except BaseException:
        folder.cleanup()
        raise


def _copy_all(path: Path, target: Path) -> None:
    for suffix in _SUFFIXES:
        source, copy = Path(f"{path}{suffix}"), Path(f"{target}{suffix}")
        copy.unlink(missing_ok=True)
        if not os.path.lexists(source):
            continue
        done = subprocess.run([sys.executable, "-I", "-S", "-c", _COPY, str(source), str(copy)], capture_output=True)  # noqa: S603 - our own program
        if done.returncode and os.path.lexists(source):
            raise BackoutError(
                "Somebody was stopped in the middle of writing, and what is needed to undo it may not be read",
                where=str(source),
                todo="Ask the database's owner to open it once, or to make it readable",
            )


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
