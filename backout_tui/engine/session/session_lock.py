"""A session's lock file: held while the session is alive, and told apart from any other file with its name.

It holds the session's id, because inode numbers are reused. A lock that nobody holds says that its session is gone; one
more byte after the id says that the person left. The file stays where it is, because the record that names the session
names the file by owner and inode. The folder's owner can remove or replace the file; nobody may lose the controls, or
be mistaken for their holder, because of that.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from enum import StrEnum
from pathlib import Path

from backout_tui.domain.backout.held import Locked
from backout_tui.engine.attempts.folder import Folder, give_to_group
from backout_tui.engine.attempts.processes import show_in_containers, somebody_locks
from backout_tui.engine.attempts.spool import held_within
from backout_tui.store.file.place import is_for_a_group, make_sessions

_OPEN = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_GROUP_READS = 0o640
_ID = 32  # bytes of a session's id; an older version or a full disk leaves the file empty
_LEFT = 1  # extra byte: the size alone needs no room on a full disk
_SWEPT_AFTER_S = 24 * 3600.0  # somebody who left and returns after that takes the controls again


class Said(StrEnum):
    """What a session's lock says about the session."""

    HELD = "held"
    LEFT = "left"
    FREE = "free"  # released by a process that ended without leaving
    MISSING = "missing"
    CLOSED = "closed"  # this login cannot examine it


def held_anew(database: Path, session: str) -> int:
    """Create a new session's lock and hold it; returns the descriptor. Raises OSError, BackoutError."""
    make_sessions(database)
    with contextlib.closing(_folder(database)) as folder:
        _sweep(folder)
        lock = os.open(session, os.O_CREAT | os.O_EXCL | os.O_RDWR | _OPEN, 0o600, dir_fd=folder.descriptor)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            show_in_containers(lock, shared=False)
            with contextlib.suppress(OSError):
                os.write(lock, session.encode())
            around = folder.found()
            if is_for_a_group(around.st_mode):
                give_to_group(lock, around.st_gid, _GROUP_READS)
        except BaseException:
            os.close(lock)
            raise
    return lock


def held_again(database: Path, session: str, locked: Locked | None) -> int:
    """Hold the lock of an ended session again. Raises BlockingIOError when somebody else holds it.

    Raises FileNotFoundError when the lock doesn't exist, OSError when it is closed to us.
    """
    with contextlib.closing(_folder(database)) as folder:
        lock = _opened(folder, session, locked, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        show_in_containers(lock, shared=False)
        _say(lock, left=False)
    except BaseException:
        os.close(lock)
        raise
    return lock


def let_go(lock: int, *, left: bool) -> None:
    """Close a lock that is held, and record in it whether its person left."""
    with contextlib.suppress(OSError):  # then it says that the session is gone
        _say(lock, left=left)
    os.close(lock)


def _say(lock: int, *, left: bool) -> None:
    named = _ID if os.fstat(lock).st_size >= _ID else 0
    os.ftruncate(lock, named + (_LEFT if left else 0))


def _says_left(found: os.stat_result) -> bool:
    return found.st_size % _ID == _LEFT


def said(database: Path, session: str, locked: Locked | None, *, same_boot: bool) -> Said:
    """What the lock of a session says. `locked` is the lock in the session's record, None in one of an older version.

    `same_boot` means that it was begun under the kernel that is running now, which knows its lock even if the file is
    gone.
    """
    given_again = False
    try:
        with contextlib.closing(_folder(database)) as folder:
            given_again = locked is not None and bool(_named_by_inode(folder, locked.inode))
            lock = _opened(folder, session, locked, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        number = locked.inode if locked is not None and same_boot and not given_again else None
        return Said.HELD if number is not None and somebody_locks(number, shared=False) else Said.MISSING
    except OSError:
        return Said.CLOSED
    try:
        # Shared: two processes that ask at the same moment must not mistake each other for the holder.
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return Said.LEFT if _says_left(os.fstat(lock)) else Said.FREE
    except BlockingIOError:
        return Said.HELD
    finally:
        os.close(lock)


def _folder(database: Path) -> Folder:
    return held_within(database, "sessions")


def _opened(folder: Folder, session: str, locked: Locked | None, flags: int) -> int:
    """The lock file itself, under its own name or the one that somebody gave it."""
    if locked is None:
        return _own(folder, session, session, None, flags)
    try:
        return _own(folder, session, session, locked, flags)
    except OSError as error:
        moved = _named_by_inode(folder, locked.inode)
        if not moved:
            if error.errno in (errno.ELOOP, errno.ENXIO):
                raise FileNotFoundError(errno.ENOENT, "Something else stands in its place") from error
            raise
    return _own(folder, moved[0], session, locked, flags)


def _named_by_inode(folder: Folder, inode: int) -> list[str]:
    return [name for name in folder.names() if (there := folder.look(name)) and there.st_ino == inode]


def _own(folder: Folder, name: str, session: str, locked: Locked | None, flags: int) -> int:
    lock = os.open(name, flags | _OPEN, dir_fd=folder.descriptor)
    found = os.fstat(lock)
    same = locked is None or (found.st_uid, found.st_ino) == (locked.uid, locked.inode)
    if same and stat.S_ISREG(found.st_mode) and os.pread(lock, _ID, 0) in (b"", b"\0", session.encode()):
        return lock
    os.close(lock)
    raise FileNotFoundError(errno.ENOENT, "Something else stands in its place")


def _sweep(folder: Folder) -> None:
    """Remove our own locks that say that we left, a day after that."""
    for name in folder.names():
        found = folder.look(name)
        if found is None or not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            continue
        if _says_left(found) and time.time() - found.st_mtime > _SWEPT_AFTER_S:
            folder.unlink(name)
