"""Exports a stored plan as a file for git; importing that file gives the same plan."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from backout_tui.domain.text import clean_line
from backout_tui.engine.attempts.durable import reason, sync_folder
from backout_tui.engine.desk import Desk
from backout_tui.errors import BackoutError


def sha256_of(text: str) -> str:
    """The hash that an approval stores of the text."""
    return hashlib.sha256(text.encode()).hexdigest()


def export(desk: Desk, text: str, file: str) -> Path:
    """Write `text` to `file`, completely or not at all, and keep the file's mode; returns the path that was written.

    Raises BackoutError when it isn't a regular file, when the folder is missing, and for the database itself.
    """
    try:
        path = _target(desk, file)
        _replace(path, text)
    except OSError as error:
        raise _cannot(reason(error), file, "Check the folder's disk space and permissions.") from error
    return path


def _target(desk: Desk, file: str) -> Path:
    """The file to write: links are followed to their target."""
    path = _behind_links(file)
    if path.is_dir() or file.endswith("/"):
        raise _cannot("this is a folder", file, "Name a file in it.")
    if not path.parent.is_dir():
        raise _cannot(f"there is no folder {path.parent}", file, "Make it first, or name another file.")
    if path.exists():
        if not path.is_file():
            raise _cannot("this is not a regular file", file, "Name another file.")
        if desk.database.exists() and path.samefile(desk.database):
            raise _cannot("this is the database that holds it", file, "Name another file.")
        if not os.access(path, os.W_OK):
            raise _cannot("this file is not to be written", file, "Look at its rights, or name another file.")
    return path


def _behind_links(file: str) -> Path:
    try:
        path = Path(file).resolve()
        circle = path.is_symlink()
    except RuntimeError:  # what Python before 3.13 raises
        circle = True
    if circle:
        raise _cannot("its links go in a circle", file, "Name another file.")
    return path


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f".{os.urandom(8).hex()}.new")
    try:
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o666), "wb") as file:
            if path.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)


def _cannot(why: str, file: str, todo: str) -> BackoutError:
    return BackoutError(clean_line(f"the plan cannot be written there: {why}"), where=clean_line(file), todo=todo)
