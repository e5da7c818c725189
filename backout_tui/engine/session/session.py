"""Sessions: whose dashboard is alive. On one host that is a lock which the session's process holds."""

from __future__ import annotations

import os
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from backout_tui.domain.backout.held import Locked
from backout_tui.domain.backout.holders import Holder
from backout_tui.domain.backout.state import Lease
from backout_tui.domain.backout.whereabouts import Lock, Machine, Reach
from backout_tui.engine.attempts.reach import in_same_boot, judged
from backout_tui.engine.session import session_lock
from backout_tui.engine.session.session_lock import Said

_SESSION = re.compile(r"[0-9a-f]{32}")
_LOCKS = {Said.HELD: Lock.HELD, Said.CLOSED: Lock.CLOSED, Said.MISSING: Lock.MISSING, Said.FREE: Lock.FREE}


@dataclass
class Session:
    """One dashboard, or one `do` command while it runs. It is alive while its process holds the session's lock."""

    database: Path
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    _lock: int = -1

    def begin(self) -> None:
        """Hold the lock, before the controls are taken. Raises OSError, BackoutError."""
        while self._lock < 0:
            try:
                self._lock = session_lock.held_anew(self.database, self.id)
            except FileExistsError:  # the session ended before, and its lock says so: start a new one
                self.id = uuid.uuid4().hex

    @property
    def locked(self) -> Locked | None:
        """The lock by owner and inode, for the record that names the session; None while it is not held."""
        if self._lock < 0:
            return None
        found = os.fstat(self._lock)
        return Locked(found.st_uid, found.st_ino)

    def resume(self, session: str, locked: Locked | None) -> bool:
        """Become the session that this person had before, if it has ended; False when that isn't possible.

        `locked` is its lock, as the record of the controls names it. Raises OSError when it is closed to us.
        """
        if self._lock >= 0 or not _SESSION.fullmatch(session):
            return False
        try:
            self._lock = session_lock.held_again(self.database, session, locked)
        except (BlockingIOError, FileNotFoundError):
            return False
        self.id = session
        return True

    def end(self, *, left: bool = True) -> None:
        """Release the lock, which frees the controls. If the person has not `left`, the session counts as gone."""
        if self._lock >= 0:
            session_lock.let_go(self._lock, left=left)
            self._lock = -1


def holder_of(database: Path, lease: Lease | None, here: Machine) -> Holder:
    """The state of the session that took the controls, as far as can be seen from `here`."""
    if lease is None or lease.handed is not None:
        return Holder.FREE
    found = state_of(database, lease.session, lease.lock, lease.on, here)
    return Holder.GONE if found is Holder.AWAY and lease.gone is not None else found


def state_of(database: Path, session: str, locked: Locked | None, on: Machine, here: Machine) -> Holder:
    """Whether a session begun `on` a machine is alive, has left (FREE), is gone, or cannot be asked (AWAY).

    A session whose lock is closed to this login counts as alive. An ended session whose lock file is missing counts as
    FREE.
    """
    if not _SESSION.fullmatch(session):
        return Holder.FREE
    said = session_lock.said(database, session, locked, same_boot=in_same_boot(on, here))
    if said is Said.LEFT:  # this was written into the file, so it holds wherever it is read
        return Holder.FREE
    found = judged(database, _LOCKS[said], on, here)
    over = Holder.FREE if said is Said.MISSING else Holder.GONE
    return {Reach.OVER: over, Reach.AWAY: Holder.AWAY}.get(found, Holder.LIVES)


def holder_lives(database: Path, lease: Lease | None, here: Machine) -> bool:
    """Whether the session that has the controls is alive."""
    return holder_of(database, lease, here) is Holder.LIVES
