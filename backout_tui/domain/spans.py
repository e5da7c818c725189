"""Durations as plans write them: `5 min`, `5-10 min`, `1 h 30 min`, `90 s`."""

from __future__ import annotations

import functools
import re

from msgspec import Struct

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_UNITS = r"(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)"
_NUMBER = r"(\d{1,6}(?:\.\d{1,6})?)"  # bounded: longer figures would not fit any date
_PART = re.compile(rf"{_NUMBER}\s*{_UNITS}(?![^\W\d])\s*", re.IGNORECASE)
_RANGE = re.compile(rf"^{_NUMBER}\s*(?:-|–|to)\s*{_NUMBER}\s*{_UNITS}$", re.IGNORECASE)


class Estimate(Struct, frozen=True):
    """How long a step takes, in seconds: the typical and the bad case (equal if the plan gives one figure)."""

    typical_s: int
    bad_s: int


def seconds(text: str) -> int | None:
    """The seconds in `text` (`1 h 30 min` is 5400), or None if it is not a duration."""
    total, at = 0.0, 0
    stripped = text.strip()
    while match := _PART.match(stripped, at):
        total += float(match[1]) * _SECONDS[match[2][0].lower()]
        at = match.end()
    return round(total) if at and at == len(stripped) else None


@functools.lru_cache(maxsize=1 << 12)
def estimate(text: str) -> Estimate | None:
    """The estimate in `text`; `5-10 min` is typical and bad. None if there is none."""
    stripped = text.strip().lstrip("~").strip()
    if match := _RANGE.match(stripped):
        unit = _SECONDS[match[3][0].lower()]
        low, high = round(float(match[1]) * unit), round(float(match[2]) * unit)
        return Estimate(min(low, high), max(low, high))
    if (single := seconds(stripped)) is not None:
        return Estimate(single, single)
    low_text, _, high_text = stripped.partition("-")
    parts = seconds(low_text), seconds(high_text)
    if parts[0] is not None and parts[1] is not None:
        return Estimate(min(parts[0], parts[1]), max(parts[0], parts[1]))
    return None


def span_words(total_s: float) -> str:
    """A duration for people, short: `0:43`, `12:05`, `1:02:09`."""
    whole = max(0, int(total_s))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def estimate_words(total_s: int) -> str:
    """An estimate for people: `90s`, `5m`, `1h30m`."""
    if total_s < 60 or (total_s % 60 and total_s < 600):
        return f"{total_s}s"
    hours, minutes = divmod(round(total_s / 60), 60)
    return f"{hours}h{minutes:02}m" if hours and minutes else f"{hours}h" if hours else f"{minutes}m"
