"""Sessions: whose dashboard lives. On one host that is a lock which the session's process holds."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import stat
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from backout_tui.domain.backout import Lease
from backout_tui.engine.durable import open_private
from backout_tui.store.place import beside

_SESSION = re.compile(r"[0-9a-f]{32}")


@dataclass
class Session:
    """One dashboard, or one `do` for its own duration. It lives while its process holds the session's lock."""

    database: Path
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    _lock: int = -1

    def begin(self) -> None:
        """Hold the lock, from before the controls are taken. Raises OSError, BackoutError."""
        if self._lock < 0:
            path = _made_folder(self.database) / self.id
            while self._lock < 0:
                self._lock = _locked(path)

    def resume(self, session: str) -> bool:
        """Be the session that this person had before and that nobody lives in any more; False when somebody does."""
        if self._lock >= 0 or not _SESSION.fullmatch(session):
            return False
        before, self.id = self.id, session
        try:
            self.begin()
        except BlockingIOError:
            self.id = before
            return False
        return True

    def end(self) -> None:
        """Let go: from now on the controls are free."""
        if self._lock >= 0:
            with contextlib.suppress(OSError):  # a file that stays behind unlocked says the same
                (_folder(self.database) / self.id).unlink()
            os.close(self._lock)
            self._lock = -1


def holder_lives(database: Path, lease: Lease | None, here: str) -> bool:
    """Whether the session that has the controls lives. Where that cannot be known, as of another host, it does."""
    if lease is None:
        return False
    if lease.actor.host != here:
        return True
    if not _SESSION.fullmatch(lease.session):
        return False
    try:
        lock = os.open(_folder(database) / lease.session, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    try:
        # Shared: two who ask at the same moment must not take each other for the holder.
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _folder(database: Path) -> Path:
    return database.with_name(database.name + ".d") / "sessions"


def _made_folder(database: Path) -> Path:
    """The folder of the locks, made when it is missing; a group that shares the database can look into it."""
    around, folder = beside(database), _folder(database)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return folder
    if _is_shared(around):
        folder.chmod(0o2770)
    return folder


def _locked(path: Path) -> int:
    """The descriptor of the lock, held; -1 when the file went away in between: try again. Raises BlockingIOError."""
    lock = open_private(path, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_shared(path.parent):
            os.fchmod(lock, 0o640)
        if os.path.samestat(os.fstat(lock), path.stat()):
            return lock
    except FileNotFoundError:
        pass
    except BaseException:
        os.close(lock)
        raise
    os.close(lock)
    return -1


def _is_shared(folder: Path) -> bool:
    wanted = stat.S_ISGID | stat.S_IWGRP
    return folder.stat().st_mode & wanted == wanted
