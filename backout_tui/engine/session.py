"""Sessions: whose dashboard lives. On one host that is a lock which the session's process holds."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from backout_tui.domain.backout import Lease
from backout_tui.domain.controls import Holder
from backout_tui.engine.durable import open_private
from backout_tui.store.place import beside, is_shared

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
        """Be the session that this person had before and that nobody lives in any more; False when somebody does.

        Raises OSError for one that is closed to us, and is then the session that it was.
        """
        if self._lock >= 0 or not _SESSION.fullmatch(session):
            return False
        before, self.id = self.id, session
        try:
            self.begin()
        except BlockingIOError:
            self.id = before
            return False
        except OSError:
            self.id = before
            raise
        return True

    def end(self, *, left: bool = True) -> None:
        """Let go: the controls are free from now on. Unless the person has not `left`: then the session is gone."""
        if self._lock >= 0:
            if left:
                with contextlib.suppress(OSError):  # a file that stays behind unlocked says: gone, not left
                    (_folder(self.database) / self.id).unlink()
            os.close(self._lock)
            self._lock = -1


def holder_of(database: Path, lease: Lease | None, here: str) -> Holder:
    """What is true of the session that took the controls. Where that cannot be known, as of another host, it lives."""
    if lease is None or lease.handed is not None:
        return Holder.FREE
    return Holder.LIVES if lease.actor.host != here else state_of(database, lease.session)


def state_of(database: Path, session: str) -> Holder:
    """Whether a session of this host lives, has left (FREE), or is gone. What cannot be looked at lives."""
    if not _SESSION.fullmatch(session):
        return Holder.FREE
    try:
        lock = os.open(_folder(database) / session, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return Holder.FREE
    except OSError:
        return Holder.LIVES
    try:
        # Shared: two who ask at the same moment must not take each other for the holder.
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return Holder.LIVES
    finally:
        os.close(lock)
    return Holder.GONE


def holder_lives(database: Path, lease: Lease | None, here: str) -> bool:
    """Whether the session that has the controls lives."""
    return holder_of(database, lease, here) is Holder.LIVES


def _folder(database: Path) -> Path:
    return database.with_name(database.name + ".d") / "sessions"


def _made_folder(database: Path) -> Path:
    """The folder of the locks, made when it is missing; a group that shares the database can look into it."""
    around, folder = beside(database), _folder(database)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return folder
    if is_shared(around):
        folder.chmod(0o2770)
    return folder


def _locked(path: Path) -> int:
    """The descriptor of the lock, held; -1 when the file went away in between: try again. Raises BlockingIOError."""
    lock = open_private(path, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), path.stat()):
            return lock
    except FileNotFoundError:
        pass
    except BaseException:
        os.close(lock)
        raise
    os.close(lock)
    return -1
