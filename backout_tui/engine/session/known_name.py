"""The name that somebody gave in this terminal: they are asked for it once, and not by every command."""

from __future__ import annotations

import os
from pathlib import Path

from backout_tui.domain.text import clean_line
from backout_tui.engine.typed_file import TypedFile

_NO_SESSION = 2**32 - 1
_STARTED = 19  # the place of the start time in /proc/PID/stat, after the name of the program


def known_name(database: Path) -> str:
    """The name that was given in this terminal before; "" when none was."""
    file = _file(database)
    return clean_line(file.read().get("name", {}).get("as", "")).strip() if file is not None else ""


def remember_name(database: Path, name: str) -> None:
    """Keep the name for the commands that follow in this terminal, if the database is there."""
    if (file := _file(database)) is not None:
        file.keep({"name": {"as": name}})
        file.finish()


def _file(database: Path) -> TypedFile | None:
    session = _login_session() or _shell()
    return TypedFile(database, session, "name") if session else None


def _login_session(file: Path = Path("/proc/self/sessionid")) -> str:
    """The login that this process belongs to, as the kernel numbers it, whatever account it changed to."""
    try:
        number = int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return ""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"login {number} {boot.read_text(encoding='ascii').strip()}" if number < _NO_SESSION else ""


def _shell() -> str:
    """The shell that leads this terminal: its number and when it began."""
    try:
        leader = os.getsid(0)
        began = Path(f"/proc/{leader}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return f"shell {leader} {began[_STARTED]} {os.ttyname(0)}"
    except (OSError, IndexError):
        return ""
