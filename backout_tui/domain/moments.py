"""Moments as people write them: `10 min`, `03:40`, `2026-11-22 01:50 Europe/London`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from backout_tui.domain.spans import seconds

_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)\s+([A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*)")
_HOUR = re.compile(r"(\d{1,2}):(\d\d)")

FARTHEST_S = 100 * 366 * 86400
"""A hundred years: no moment is farther away than that."""


def later(when: datetime, by_s: int) -> datetime:
    """The moment `by_s` seconds later (earlier if negative), kept within what a calendar can hold."""
    try:
        return when + timedelta(seconds=max(-FARTHEST_S, min(by_s, FARTHEST_S)))
    except OverflowError:  # a moment at the very end of the calendar
        return when


def moment(text: str) -> datetime | None:
    """The moment of `2026-11-22 01:50 Europe/London`, or of an RFC 3339 time; None if it is neither."""
    match = _WRITTEN.fullmatch(text.strip())
    try:
        if match is None:
            parsed = datetime.fromisoformat(text.strip())
            return parsed if parsed.tzinfo else None
        return datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=ZoneInfo(match[3]))
    except (ValueError, KeyError, OSError):  # no such day, no such zone, or the name of a folder of zones
        return None


def moment_behind(text: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """The past moment that `20 min ago`, `01:50` (the last one in `zone`), or a full time means."""
    stripped = text.strip()
    span = seconds(stripped.removesuffix("ago")) if stripped.endswith("ago") else None
    if span is not None:
        return later(now, -span)
    if (hour := _today(stripped, now, zone)) is None:
        return moment(stripped)
    return hour if hour <= now else hour - timedelta(days=1)


def moment_ahead(text: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """The future moment that `10 min`, `in 10 min`, `03:40` (the next one in `zone`), or a full time means."""
    stripped = text.strip().removeprefix("in ").removeprefix("+").strip()
    if (span := seconds(stripped)) is not None:
        return later(now, span)
    if (hour := _today(stripped, now, zone)) is None:
        return moment(stripped)
    return hour if hour > now else hour + timedelta(days=1)


def _today(text: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """The moment of `03:40` on this day in `zone`; None if it is not a time of day."""
    match = _HOUR.fullmatch(text)
    hour, minute = (int(match[1]), int(match[2])) if match is not None else (24, 0)
    if hour > 23 or minute > 59:
        return None
    return now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
