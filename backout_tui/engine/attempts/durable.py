"""Writes small files so that they are private, complete, and still there after a power cut."""

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


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """`data` as one line of JSON: equal data gives equal bytes."""
    return safe_json(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)).encode()


def json_object(text: bytes) -> dict[str, Any] | None:
    """The JSON object in `text`; None when it is incomplete, or holds a float (records have none)."""
    try:
        data = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _no_float(text: str) -> None:
    raise ValueError(f"a float in a record: {text}")


def open_private(path: Path, flags: int) -> int:
    """Open a 0600 file that no child inherits, refusing a symlink; returns the descriptor. Raises OSError.

    In a folder that a group can read, the group can read the file as well (0640), but never write to it.
    """
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if flags & os.O_CREAT and path.parent.stat().st_mode & _OF_A_GROUP == _OF_A_GROUP:
        _let_the_group_read(descriptor)
    return descriptor


def _let_the_group_read(descriptor: int) -> None:
    found = os.fstat(descriptor)
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != _GROUP_READS:
        os.fchmod(descriptor, _GROUP_READS)  # after the umask, which would remove the right


def sync_folder(folder: Path) -> None:
    """Make the entries of `folder` survive a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason(error: OSError) -> str:
    """The system's own words for why it refused, to be used inside a sentence."""
    return (error.strerror or str(error)).lower()
