"""Asks the kernel of this host about processes and the locks they hold."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backout_tui.store.clock import SystemClock

_LOCKS = Path("/proc/locks")
_OURS = ("FLOCK", "OFDLCK")  # the kinds of lock that we hold; SQLite's are of another kind
_WHERE = 5  # index of the field `major:minor:inode` in a line of /proc/locks


def start_ticks(pid: int) -> int | None:
    """When the process started, in ticks since the boot: with its pid that identifies it. None when it is gone."""
    fields = _stat(pid)
    return int(fields[19]) if len(fields) > 19 else None


def named_lives(process: Mapping[str, Any], boot_id: object) -> bool | None:
    """As `is_process`, with the values from a file; None also when the file is damaged."""
    pid, ticks = process.get("pid"), process.get("start_ticks")
    if type(pid) is not int or type(ticks) is not int:
        return None
    return is_process(pid, ticks, str(boot_id or ""))


def is_process(pid: int, ticks: int | None, boot_id: str) -> bool | None:
    """Whether the process with this pid that started at `ticks` in that boot runs here; None when that is not known."""
    if ticks is None or not boot_id:
        return None
    ended = _stat(pid)[:1] in ([b"Z"], [b"X"])  # it has ended, but its parent has not collected the exit yet
    return boot_id == SystemClock().boot_id() and not ended and start_ticks(pid) == ticks


def pid_namespace() -> str:
    """The pid namespace, because containers count their own pids; "" when it cannot be found out."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def somebody_locks(inode: int, *, shared: bool) -> bool:
    """Whether a process of this host visibly holds a lock on the file with that inode; False proves nothing.

    `shared` asks for the kind of lock that an attempt has, instead of a session's. Locks of other kinds, as SQLite's,
    are on other files with the same number. The device is not compared, because some file systems show the kernel
    another one.
    """
    try:
        lines = _LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return False
    right, ending = "READ" if shared else "WRITE", f":{inode}"
    held = (words for words in map(_held, lines) if len(words) > _WHERE)
    return any(words[1] in _OURS and words[3] == right and words[_WHERE].endswith(ending) for words in held)


def show_in_containers(lock: int, *, shared: bool) -> None:
    """Make a held lock visible to every process under this kernel, as long as anybody has it open.

    A container sees a process's flock only if it can see that living process. It always sees a lock of the open file,
    which belongs to no process. On a system without those the flock has to do.
    """
    whole_file = (os.SEEK_SET, 0, 0, 0)
    with contextlib.suppress(OSError, AttributeError):  # AttributeError: this system has no such lock
        kind = fcntl.F_RDLCK if shared else fcntl.F_WRLCK
        fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", kind, *whole_file))


def _held(line: str) -> list[str]:
    words = line.split()
    return [] if "->" in words[:2] else words  # a process that waits for a lock holds none


def _stat(pid: int) -> list[bytes]:
    """What the kernel says about a process, after its name: the state comes first. Empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []
