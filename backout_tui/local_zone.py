"""The operator's time zone, as `TZ` or the machine says it, with the offset of each moment and not only of now."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from backout_tui.domain.moments import zone_named

_NAME, _OFF = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+\-]{3,}>)", r"[+-]?\d{1,3}(?::\d\d){0,2}"
_DATE = r"(?:M\d{1,2}\.\d\.\d|J?\d{1,3})(?:/[+-]?\d{1,3}(?::\d\d){0,2})?"
_RULE = re.compile(rf"{_NAME}{_OFF}(?:{_NAME}(?:{_OFF})?(?:,{_DATE},{_DATE})?)?")
"""A zone that is written out, as POSIX has it: `CET-1CEST,M3.5.0,M10.5.0/3`."""


class SystemZone(tzinfo):
    """The zone that the C library follows: the machine's own, or one that `TZ` writes out."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """The offset at that hour of the clock; `fold` tells the second of two."""
        wall = _wall(dt).replace(microsecond=0)
        return wall.replace(tzinfo=UTC, fold=0) - datetime.fromtimestamp(wall.timestamp(), UTC)

    def dst(self, dt: datetime | None) -> None:
        """Not known: nothing asks for it."""

    def tzname(self, dt: datetime | None) -> str:
        """What the zone is called at that hour, such as `CET`."""
        return _wall(dt).astimezone().tzname() or ""

    def fromutc(self, dt: datetime) -> datetime:
        """The hour of the clock at a moment."""
        moment = dt.replace(tzinfo=UTC, microsecond=0).timestamp()
        return datetime.fromtimestamp(moment).replace(microsecond=dt.microsecond, tzinfo=self)  # noqa: DTZ006 - the local one


def _wall(dt: datetime | None) -> datetime:
    return (dt or datetime.now()).replace(tzinfo=None)  # noqa: DTZ005 - the local one


def local_zone() -> tzinfo:
    """The zone in which the operator reads and says hours; UTC when `TZ` names none that is known."""
    name = _named()
    if not name:
        return UTC if "TZ" in os.environ else SystemZone()
    return zone_named(name) or (SystemZone() if _is_system_zone(name) else UTC)


def why_utc() -> str:
    """Say that `TZ` names no zone, so that hours are in UTC; "" when it does, or is not set."""
    name = _named()
    if not name or zone_named(name) is not None or _is_system_zone(name):
        return ""
    return f"TZ={name} is no known time zone, so hours are in UTC: set it to a name such as Europe/London"


def _named() -> str:
    return os.environ.get("TZ", "").removeprefix(":").strip()


def _is_system_zone(name: str) -> bool:
    return bool(_RULE.fullmatch(name)) or (Path(name).is_absolute() and Path(name).is_file())
