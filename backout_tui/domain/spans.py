"""Durations as plans write them: `5 min`, `5-10 min`, `1 h 30 min`, `90 s`."""

from __future__ import annotations

import functools
import re

from msgspec import Struct

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_UNITS_SAID = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_HOUR_S = 3600
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


def in_words(total_s: float) -> str:
    """A duration for people, exact to the second: `45 s`, `9 min 11 s`, `1 h 30 min`, `2 d`."""
    rest, words = max(0, int(total_s)), []
    for size, unit in _UNITS_SAID:
        count, rest = divmod(rest, size)
        words += [f"{count} {unit}"] if count else []
    return " ".join(words) or "0 s"


def about(total_s: float) -> str:
    """A duration for people in at most two units: from an hour on, seconds no longer count."""
    whole = max(0, int(total_s))
    return in_words(whole if whole < _HOUR_S else (whole + 30) // 60 * 60)
