"""Sweeping: removes the folders that a crash left, of claims never recorded and of outcomes recorded long ago."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from backout_tui.domain.values import replace
from backout_tui.engine.attempts.beginning import remove
from backout_tui.engine.attempts.folder import Folder
from backout_tui.engine.attempts.liveness import take_lock
from backout_tui.engine.attempts.spool import INTENT_ID, AttemptFolder, held_root
from backout_tui.store.file.place import spool_root

_ORPHAN_AFTER_S = 60.0  # a younger folder without an intent may belong to a claim that is just being recorded


def sweep(database: Path, log_id: str, still_open: set[str], is_open: Callable[[str], bool]) -> None:
    """Remove our own folders of `log_id` that belong to no open intent, after a minute.

    `still_open` are the intents known to be open; for any other one `is_open` asks the log itself.
    """
    try:
        root = held_root(database)
    except OSError:
        return
    with contextlib.closing(root):
        for name in root.names():
            with contextlib.suppress(OSError), contextlib.closing(Folder.open(name, root)) as folder:
                attempt = _attempt_in(folder, spool_root(database) / name)
                if attempt.id not in still_open and _may_go(attempt):
                    _remove_orphan(attempt, log_id, is_open)


def _attempt_in(folder: Folder, path: Path) -> AttemptFolder:
    """The attempt in that folder, identified by its request: somebody may have renamed the folder."""
    attempt = AttemptFolder(path.name, path, folder)
    return replace(attempt, id=str((attempt.request() or {}).get("intent") or path.name))


def _may_go(attempt: AttemptFolder) -> bool:
    """Whether it is an attempt of ours and old enough; anything else is not ours to remove."""
    is_old = time.time() - attempt.folder.found().st_mtime > _ORPHAN_AFTER_S
    return bool(INTENT_ID.fullmatch(attempt.id)) and attempt.is_ours and is_old


def _remove_orphan(attempt: AttemptFolder, log_id: str, is_open: Callable[[str], bool]) -> None:
    request = attempt.request()
    of_this_log = request is not None and request.get("log") == log_id
    # A claim is recorded only after its request is durable: without a request, and with nothing begun, there is no
    # intent.
    if not of_this_log and (request is not None or attempt.began):
        return
    try:
        lock = take_lock(attempt)
    except FileNotFoundError:
        lock = -1
    if lock is None:
        return
    try:
        # Ask the log again, under the lock: what the caller read may be older than this attempt.
        if not of_this_log or not is_open(attempt.id):
            remove(attempt)
    finally:
        if lock >= 0:
            os.close(lock)
