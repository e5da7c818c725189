"""The local time of a recipient, and whether it is within their quiet hours."""

from __future__ import annotations

import re
from datetime import datetime, time

from backout_tui.domain.moments import zone_named
from backout_tui.domain.plan.plan import Contact

ZONE_UNKNOWN = "zone unknown"
_WINDOW = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")
_MIDNIGHT = 24 * 60


def local_hour(now: datetime, zone: str) -> str:
    """The hour at `now` (aware) in `zone`, an IANA name, as `03:12 GMT`; "zone unknown" if there is no such zone."""
    place = zone_named(zone)
    return now.astimezone(place).strftime("%H:%M %Z") if place else ZONE_UNKNOWN


def is_quiet(contact: Contact, now: datetime) -> bool | None:
    """Whether `now` (aware) is in the contact's quiet hours; None if their zone or hours cannot be understood.

    The hours are those on the contact's own clock, also on days when it changes. Several windows are separated by
    commas; `00:00-00:00` is the whole day.
    """
    if not contact.quiet.strip():
        return False
    windows, place = _windows(contact.quiet), zone_named(contact.zone)
    if windows is None or place is None:
        return None
    return _in_any(windows, now.astimezone(place).time())


def is_zone(name: str) -> bool:
    """Whether there is a zone of this name."""
    return zone_named(name) is not None


def are_hours(quiet: str) -> bool:
    """Whether `quiet` can be understood as quiet hours: one window or several."""
    return _windows(quiet) is not None


def _windows(quiet: str) -> list[tuple[int, int]] | None:
    """Start and end of each window in minutes after midnight, or None if one is not a window."""
    matches = [_WINDOW.fullmatch(part) for part in quiet.split(",")]
    figures = [tuple(map(int, match.groups())) for match in matches if match]
    windows = [(60 * hour + minute, 60 * to_hour + to_minute) for hour, minute, to_hour, to_minute in figures]
    sound = all(figure[1] < 60 and figure[3] < 60 for figure in figures)
    sound = sound and all(start < _MIDNIGHT and end <= _MIDNIGHT for start, end in windows)
    return windows if sound and len(windows) == len(matches) else None


def _in_any(windows: list[tuple[int, int]], at: time) -> bool:
    minute = 60 * at.hour + at.minute
    return any(start <= minute < end if start < end else minute >= start or minute < end for start, end in windows)
