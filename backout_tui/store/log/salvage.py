"""Reads a database that was left in the middle of a transaction, for a user who cannot write to it.

SQLite undoes a half-done transaction in the file before anybody can read it. A user without write access reads a copy
in which it is undone; the file itself stays as it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from backout_tui.errors import BackoutError

_SUFFIXES = ("", "-journal", "-wal")
_TRIES = 5
# The copy is made in another process: closing the file in this one would drop the locks that SQLite holds on it.
_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


class Copy(Struct, frozen=True):
    """A copy of a database together with its unfinished transaction, in a folder of its own. Remove it after use."""

    path: Path
    _original: Path
    _state: tuple[object, ...]
    _folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def of(cls, path: Path) -> Copy:
        """Copy the database at `path`; raises BackoutError when its files cannot be read or keep changing."""
        with ExitStack() as undo:
            folder = tempfile.TemporaryDirectory(prefix="backout-reading-")
            undo.callback(folder.cleanup)
            target = Path(folder.name) / path.name
            for _ in range(_TRIES):
                before = _state_of(path)
                _copy_all(path, target)
                if _state_of(path) == before:
                    undo.pop_all()
                    return cls(target, path, before, folder)
            raise BackoutError(
                "the database changes too fast to be copied", where=str(path), todo="Try again in a minute."
            )

    @property
    def is_old(self) -> bool:
        """Whether the original has changed since it was copied."""
        return _state_of(self._original) != self._state

    def remove(self) -> None:
        """Delete the copy."""
        self._folder.cleanup()


def _copy_all(path: Path, target: Path) -> None:
    for suffix in _SUFFIXES:
        source, copy = Path(f"{path}{suffix}"), Path(f"{target}{suffix}")
        copy.unlink(missing_ok=True)
        if not os.path.lexists(source):
            continue
        done = subprocess.run([sys.executable, "-I", "-S", "-c", _COPY, str(source), str(copy)], capture_output=True)  # noqa: S603 - our own program
        if done.returncode and os.path.lexists(source):
            raise BackoutError(
                "a program was stopped while writing, and you may not read the file that is needed to undo it",
                where=str(source),
                todo="Ask the database's owner to open it once, or to make it readable.",
            )


def _state_of(path: Path) -> tuple[object, ...]:
    """The inode, size and change time of each file of the database: equal as long as nothing has changed."""
    return tuple(_mark(Path(f"{path}{suffix}")) for suffix in _SUFFIXES)


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
