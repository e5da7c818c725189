"""Times given on the command line."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.moments import moment, moment_ahead, moment_behind
from backout_tui.errors import BackoutError


def follow_up_moment(text: str, now: datetime) -> datetime:
    """Return when to call again. Raises BackoutError for text that is not a time."""
    local = now.astimezone().tzinfo
    if (when := moment_ahead(text, now, local)) is None or when <= now:
        raise BackoutError(
            f"{text} is not a time in the future", todo="Write it as `10 min`, `03:40`, or 2026-11-22T03:40:00Z."
        )
    return when


def deployment_moment(text: str, now: datetime) -> datetime:
    """Return when the release was deployed. Raises BackoutError for text that is not a time."""
    if (when := moment_behind(text, now, now.astimezone().tzinfo)) is None:
        todo = "Say it as 01:50, `20 min ago`, 2026-11-22T01:50:00Z, or `unknown`."
        raise BackoutError(f"{text} is not a time", todo=todo)
    return when


def past_moment(text: str) -> datetime:
    """Return when something happened. Raises BackoutError for text that is not a time or names no zone."""
    if (when := moment(text)) is None:
        todo = "Say it as 2026-11-22T01:50:00Z, or as '2026-11-22 01:50 Europe/London'."
        raise BackoutError(f"{text} is not a time with a zone", todo=todo)
    return when
