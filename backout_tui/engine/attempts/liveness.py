"""Whether an attempt is alive: starter and supervisor share its lock, and whoever settles needs it exclusively.

In a shared attempt the group can open the lock, and so hold it. When the supervisor is known to have ended, a held lock
proves nothing.
"""

from __future__ import annotations

import fcntl
import os

from backout_tui.domain.backout.held import Spooled
from backout_tui.domain.backout.whereabouts import Lock
from backout_tui.engine.attempts.processes import named_lives, pid_namespace, somebody_locks
from backout_tui.engine.attempts.spool import AttemptFolder, is_another_ones


def take_lock(attempt: AttemptFolder) -> int | None:
    """Hold the lock of an attempt that is over; None when somebody else holds it, or the folder was just removed.

    The caller closes the descriptor. Raises FileNotFoundError when there is no lock file, OSError when it is closed to
    us.
    """
    lock = attempt.folder.open_file("lock", os.O_RDONLY)
    taken = False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Between open and flock another settler may have removed the folder: then this lock protects nothing.
        there = attempt.folder.look("lock")
        taken = there is not None and os.path.samestat(os.fstat(lock), there)
    except BlockingIOError:
        return None
    finally:
        if not taken:
            os.close(lock)
    return lock if taken else None


def share_lock(attempt: AttemptFolder) -> int:
    """Hold the lock together with whoever holds it for us, in this process's own name. Raises OSError."""
    lock = attempt.folder.open_file("lock", os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BaseException:
        os.close(lock)
        raise
    return lock


def is_live(attempt: AttemptFolder) -> bool:
    """Whether the attempt may still be alive: somebody holds its lock, or the lock cannot be examined."""
    try:
        lock = take_lock(attempt)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    if lock is not None:
        os.close(lock)
    return lock is None


def asked(attempt: AttemptFolder, claim: Spooled | None, *, same_boot: bool) -> tuple[Lock, int]:
    """What the attempt's lock says, and its descriptor if it was free; the caller then holds it. Otherwise -1.

    `same_boot` means that it was begun under the kernel that is running now, which knows its lock even if the file is
    gone. An inode number alone says nothing about another kernel's files.
    """
    try:
        lock = take_lock(attempt)
    except FileNotFoundError:
        if attempt.closed:
            return Lock.CLOSED, -1
        number = claim.lock if claim is not None and same_boot and not attempt.foreign else None
        if number is not None and somebody_locks(number, shared=True) and not is_another_ones(number, attempt):
            return Lock.HELD, -1
        return (Lock.TORN if attempt.folder.is_there or attempt.instead else Lock.MISSING), -1
    except OSError:
        return Lock.CLOSED, -1
    if lock is None:
        return (Lock.FREE if _supervisor_ended(attempt) else Lock.HELD), -1
    return Lock.FREE, lock


def _supervisor_ended(attempt: AttemptFolder) -> bool:
    """Whether the one process that may hold the lock is known to be gone, in this boot: then somebody else holds it."""
    started = attempt.started() or {}
    if not started.get("pid_ns") or started["pid_ns"] != pid_namespace():
        return False
    return named_lives(started, started.get("boot_id")) is False


def process_lives(attempt: AttemptFolder) -> bool | None:
    """Whether the command's own process is still running; None when that cannot be known here."""
    process, started = attempt.process(), attempt.started()
    if process is None or started is None:
        return None
    return named_lives(process, started.get("boot_id"))
