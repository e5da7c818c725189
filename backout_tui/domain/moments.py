"""Moments as people say them: `10 min`, `03:40`, `2026-11-22 01:50 Europe/London`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from backout_tui.domain.spans import seconds

_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)\s+([A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*)")
_HOUR = re.compile(r"(\d{1,2}):(\d\d)")


def moment(text: str) -> datetime | None:
    """The moment of `2026-11-22 01:50 Europe/London`, or of an RFC 3339 time; None when it is neither."""
    match = _WRITTEN.fullmatch(text.strip())
    try:
        if match is None:
            parsed = datetime.fromisoformat(text.strip())
            return parsed if parsed.tzinfo else None
        return datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=ZoneInfo(match[3]))
    except (ValueError, KeyError, OSError):  # no such day, no such zone, or the name of a folder of zones
        return None


def moment_ahead(text: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """The moment ahead that `10 min`, `in 10 min`, `03:40` (the next one in `zone`), or a full time means."""
    stripped = text.strip().removeprefix("in ").removeprefix("+").strip()
    if (span := seconds(stripped)) is not None:
        return now + timedelta(seconds=span)
    if (match := _HOUR.fullmatch(stripped)) is None:
        return moment(stripped)
    hour, minute = int(match[1]), int(match[2])
    if hour > 23 or minute > 59:
        return None
    today = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)
