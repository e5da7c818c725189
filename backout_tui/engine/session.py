"""Sessions: whose dashboard lives. On one host that is a lock which the session's process holds."""

from __future__ import annotations

import fcntl
import os
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from backout_tui.domain.backout import Lease
from backout_tui.engine.durable import open_private

_SESSION = re.compile(r"[0-9a-f]{32}")


def _folder(database: Path) -> Path:
    return database.with_name(database.name + ".d") / "sessions"


@dataclass
class Session:
    """One dashboard, or one `do` for its own duration. It lives while its process holds the session's lock."""

    database: Path
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    _lock: int = -1

    def begin(self) -> None:
        """Hold the lock, from before the controls are taken. Raises OSError."""
        if self._lock >= 0:
            return
        folder = _folder(self.database)
        for one in (folder.parent, folder):
            one.mkdir(mode=0o700, exist_ok=True)
        self._lock = open_private(folder / self.id, os.O_CREAT | os.O_RDWR)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def resume(self, session: str) -> bool:
        """Be the session that this person had before and that nobody lives in any more; False when somebody does."""
        if self._lock >= 0 or not _SESSION.fullmatch(session):
            return False
        before, self.id = self.id, session
        try:
            self.begin()
        except BlockingIOError:
            self.end()
            self.id = before
            return False
        return True

    def end(self) -> None:
        """Let go: from now on the controls are free."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def holder_lives(database: Path, lease: Lease | None, here: str) -> bool:
    """Whether the session that has the controls lives. Of another host nothing is known: it counts as living."""
    if lease is None:
        return False
    if lease.actor.host != here:
        return True
    if not _SESSION.fullmatch(lease.session):
        return False
    try:
        lock = os.open(_folder(database) / lease.session, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
