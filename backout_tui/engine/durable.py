"""Small files that are there whole or not at all, private, and still there after a power cut."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backout_tui.domain.text import safe_json

_OF_A_GROUP = stat.S_ISGID | stat.S_IRGRP
_GROUP_READS = 0o640


def read_json(path: Path) -> dict[str, Any] | None:
    """The JSON object in `path`; None when it is missing, torn, or holds a float (records have none)."""
    try:
        data = json.loads(path.read_bytes(), parse_float=_no_float, parse_constant=_no_float)
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def write_json(path: Path, data: Mapping[str, Any], *, durable: bool = True) -> None:
    """Replace `path` by `data`: it is there whole or not at all; `durable`: also after a power cut. Raises OSError."""
    text = safe_json(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    new = path.with_name(path.name + ".new")
    try:
        with os.fdopen(open_private(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), "wb") as file:
            file.write(text.encode())
            file.flush()
            if durable:
                os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def create_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write `data` durably to a file that must not exist: its mere presence is the word. Raises OSError."""
    with os.fdopen(open_private(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY), "wb") as file:
        file.write(json.dumps(data, sort_keys=True).encode())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def append_to(path: Path) -> int:
    """A descriptor that appends to a private file, which is made when it is missing. Raises OSError."""
    return open_private(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)


def open_private(path: Path, flags: int) -> int:
    """A descriptor of a 0600 file that no child inherits and no symlink stands for. Raises OSError.

    In a folder that is a group's to read, the file is its group's to read as well (0640), and never to write.
    """
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if flags & os.O_CREAT and path.parent.stat().st_mode & _OF_A_GROUP == _OF_A_GROUP:
        _let_the_group_read(descriptor)
    return descriptor


def _let_the_group_read(descriptor: int) -> None:
    found = os.fstat(descriptor)
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != _GROUP_READS:
        os.fchmod(descriptor, _GROUP_READS)  # below the umask, which would take the right away


def sync_folder(folder: Path) -> None:
    """Make the entries of `folder` durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_float(text: str) -> None:
    raise ValueError(f"a float in a record: {text}")


def reason(error: OSError) -> str:
    """Why the system refused, in its own words, to stand inside a sentence."""
    return (error.strerror or str(error)).lower()
