"""Finds attempts that ended but are not in the log yet: their supervisor is alive and retries until there is room."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS
from backout_tui.domain.spans import in_words
from backout_tui.domain.text import clean_line
from backout_tui.engine.attempts.spool import AttemptFolder, attempt_of

_AT_ONCE_S = 3.0  # an outcome is usually recorded faster: only a longer wait is worth mentioning
_ROOM = 1024 * 1024  # bytes: the largest output, plus what the database needs to store it


def awaiting(database: Path, intents: Iterable[Event], now: datetime) -> Mapping[str, str]:
    """For these intents without an outcome: what ended, how long ago, and what it waits for, as a sentence by id."""
    found = {}
    for intent in intents:
        with closing(attempt_of(database, intent.event_id, intent.claim.spool)) as attempt:
            since = _ended_s(attempt, now)
            if since is not None and since >= _AT_ONCE_S:
                ended = f"{_named(intent)} ended {in_words(int(since))} ago{_how(attempt.outcome() or {})}"
                words = f"{ended}; its outcome {_waits_for(database)}; it is tried again every few seconds"
                found[intent.event_id] = words
    return found


def _ended_s(attempt: AttemptFolder, now: datetime) -> float | None:
    """Seconds since its outcome was written to its folder; None while there is none."""
    found = attempt.folder.look("outcome.json")
    return None if found is None else now.timestamp() - found.st_mtime


def _named(intent: Event) -> str:
    return f"{ATTEMPTS[intent.kind].named} {clean_line(intent.claim.name)}"


def _how(outcome: Mapping[str, Any]) -> str:
    code, why = outcome.get("exit_code"), clean_line(str(outcome.get("why") or ""))
    if isinstance(code, int):
        return f" with {why}" if why.startswith(f"exit code {code}: ") else f" with exit {code}"
    return f" ({why})" if why else ""


def _waits_for(database: Path) -> str:
    folder = database.absolute().parent
    try:
        room = os.statvfs(folder)
    except OSError:
        return "could not be recorded yet"
    if room.f_bavail * room.f_frsize >= _ROOM:
        return "could not be recorded yet"
    disk = next((path for path in (folder, *folder.parents) if path.is_mount()), folder)
    return f"waits for room on the disk ({clean_line(str(disk))} is full)"
