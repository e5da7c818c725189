"""Finds the process that has the database locked by asking the kernel; it never opens the database file."""

from __future__ import annotations

import os
from pathlib import Path

from backout_tui.domain.text import clean_line

_LOCK_PAGE = range(0x40000000, 0x40000000 + 512)
"""The bytes that SQLite locks in a database file, whatever the file's size."""
_LOCKS = Path("/proc/locks")


def holder(database: Path) -> str:
    """The holder as `sqlite3, process 4711`; "" when no other process holds a lock or the kernel can't tell.

    It can't tell in another namespace, or without /proc.
    """
    try:
        inode, lines = database.stat().st_ino, _LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return ""
    others = (pid for pid in (_pid(line, inode) for line in lines) if pid not in (0, os.getpid()))
    return next((name for pid in others if (name := _named(pid))), "")


def _pid(line: str, inode: int) -> int:
    """The process that holds the lock in a line of /proc/locks like `1: POSIX ADVISORY WRITE 4711 08:01:9 ...`.

    Returns 0 when the lock is on another file. A line with an arrow is a process that waits.
    """
    words = line.split()
    if len(words) < 8 or words[1] == "->" or words[5].rpartition(":")[2] != str(inode):
        return 0
    is_ours = words[6].isdecimal() and words[4].isdecimal() and int(words[6]) in _LOCK_PAGE
    return int(words[4]) if is_ours else 0


def _named(pid: int) -> str:
    try:
        name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    return clean_line(f"{name}, process {pid}")
