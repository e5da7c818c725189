"""Moments as people write them: `10 min`, `20 min ago`, `03:40`, `01:30 GMT`, `2026-11-22 01:50 Europe/London`.

Every moment that is worked out here is in UTC: arithmetic in a zone counts the hours of its clock, which is wrong by an
hour in the nights in which the clock changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct

from backout_tui.domain.spans import seconds

_DAY, _HOUR = r"(\d{4}-\d\d-\d\d)", r"(\d{1,2}:\d\d(?::\d\d)?)"
_ZONE = r"([+-]\d\d:?\d\d|[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*)"
_WRITTEN = re.compile(rf"(?:{_DAY}[ T])?{_HOUR}\s*{_ZONE}?")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")

FARTHEST_S = 100 * 366 * 86400
"""A hundred years: no moment is farther away than that."""
_MONTHS = tuple(range(0, 400, 30))
_HALF_A_YEAR = timedelta(days=183)


class Unclear(Struct, frozen=True):
    """An hour that is no single moment because a clock changes: it comes twice, or never.

    `meanings` are the two moments in time's order, each in the offset in which it was meant.
    """

    written: str
    meanings: tuple[datetime, datetime]
    twice: bool

    def __str__(self) -> str:
        """`01:30 comes twice on 25 Oct 2026: write 01:30 BST (+01:00) or 01:30 GMT (+00:00)`."""
        first, second = self.meanings
        how = "comes twice" if self.twice else "does not exist"
        why = "" if self.twice else ", because the clock goes forward"
        day = f"{first.day} {first:%b %Y}"
        return f"{self.written} {how} on {day}{why}: write {self._said(first)} or {self._said(second)}"

    def _said(self, there: datetime) -> str:
        """One meaning as it can be written: with a day by its offset, as plans need it; else by its zone's name."""
        plain, name = f"{there:%z}", there.tzname() or ""
        offset = f"{plain[:3]}:{plain[3:5]}"
        if not name.isalpha():  # a zone without a name for its hours calls them by their offset
            return f"{self.written} {offset}"
        return f"{self.written} {f'{offset} ({name})' if '-' in self.written else f'{name} ({offset})'}"


Meant = datetime | Unclear | None
"""What a text means: a moment in UTC, one of two, or nothing that can be read."""


def later(when: datetime, by_s: int) -> datetime:
    """The moment `by_s` seconds of elapsed time later (earlier if negative), kept within what a calendar can hold."""
    try:
        return when.astimezone(UTC) + timedelta(seconds=max(-FARTHEST_S, min(by_s, FARTHEST_S)))
    except OverflowError:  # a moment at the very end of the calendar
        return when


def written(text: str) -> Meant:
    """What `2026-11-22 01:50 Europe/London` or an RFC 3339 time means; None without a day or a zone."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or match[1] is None:
        return _rfc3339(text.strip())
    place = zone_named(match[3] or "")
    return _on_day(match, place) if place is not None else None


def moment(text: str) -> datetime | None:
    """The moment of a full time as `written` reads it; None if it is none, or one of two."""
    meant = written(text)
    return meant if isinstance(meant, datetime) else None


def moment_behind(text: str, now: datetime, zone: tzinfo | None) -> Meant:
    """The past moment that `20 min ago`, `01:50` (the last one in `zone`), or a full time means."""
    stripped = text.strip()
    span = seconds(stripped.removesuffix("ago")) if stripped.endswith("ago") else None
    return later(now, -span) if span is not None else _typed(stripped, now, zone, ahead=False)


def moment_ahead(text: str, now: datetime, zone: tzinfo | None) -> Meant:
    """The future moment that `10 min`, `in 10 min`, `03:40` (the next one in `zone`), or a full time means."""
    stripped = text.strip().removeprefix("in ").removeprefix("+").strip()
    span = seconds(stripped)
    return later(now, span) if span is not None else _typed(stripped, now, zone, ahead=True)


def _typed(text: str, now: datetime, zone: tzinfo | None, *, ahead: bool) -> Meant:
    """What somebody in `zone` means by an hour, with or without its day and its zone."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return _rfc3339(text)
    place = _place(match[3], now, zone)
    if place is None:
        return None
    return _on_day(match, place) if match[1] else _nearest(match, now, place, ahead=ahead)


def _place(name: str | None, now: datetime, zone: tzinfo | None) -> tzinfo | None:
    """The zone that was named: `zone` if none was, an offset, a zone's name, or what `zone` calls its own hours."""
    if not name:
        return zone or UTC
    for days in _MONTHS:  # `BST` is summer time in London and no name of a zone
        there = (now.astimezone(UTC) - timedelta(days=days)).astimezone(zone)
        if there.tzname() == name and (offset := there.utcoffset()) is not None:
            return timezone(offset, name)
    return zone_named(name)


def _on_day(match: re.Match[str], place: tzinfo) -> Meant:
    try:
        both = _meanings(date.fromisoformat(match[1]), _clock(match[2]), place)
    except (ValueError, OverflowError):  # no such day or hour, or one at the very end of the calendar
        return None
    return both[0] if len(both) == 1 else _unclear(f"{match[1]} {match[2]}", both, place)


def _nearest(match: re.Match[str], now: datetime, place: tzinfo, *, ahead: bool) -> Meant:
    """The nearest moment in the right direction at which a clock in `place` shows the hour."""
    try:
        clock = _clock(match[2])
        for day in _days(now.astimezone(place).date(), ahead=ahead):
            both = _meanings(day, clock, place)
            right = [one for one in both if (one > now if ahead else one <= now)]
            if len(both) == 1 and right:
                return right[0]
            if len(right) == 1 and _shows(right[0], clock, place):  # of two meanings, one lies in the other direction
                return right[0]
            if right:
                return _unclear(match[2], both, place)
    except (ValueError, OverflowError):
        pass
    return None


def _days(first: date, *, ahead: bool) -> Iterator[date]:
    return (first + timedelta(days=number if ahead else -number) for number in range(4))


def _meanings(day: date, clock: time, place: tzinfo) -> list[datetime]:
    """The moments that a clock in `place` may mean, in order: two where it is put back, and where it jumps forward."""
    wall = datetime.combine(day, clock, place)
    return sorted({wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1)})


def _shows(moment: datetime, clock: time, place: tzinfo) -> bool:
    """Whether a clock in `place` really shows the hour at that moment."""
    return moment.astimezone(place).time() == clock


def _unclear(text: str, both: list[datetime], place: tzinfo) -> Unclear:
    first, second = both
    clocks = [one.astimezone(place) for one in both]
    twice = clocks[0].time() == clocks[1].time()
    # An hour that never came was meant on the clock of the other side of the change.
    one, two = (clocks[0], clocks[1]) if twice else (clocks[1], clocks[0])
    return Unclear(text, (first.astimezone(_fixed(one)), second.astimezone(_fixed(two))), twice)


def _fixed(there: datetime) -> tzinfo:
    return timezone(there.utcoffset() or timedelta(), there.tzname() or "")


def _clock(text: str) -> time:
    """The hour; raises ValueError if there is none."""
    return time.fromisoformat(text.zfill(8 if text.count(":") > 1 else 5))


def _rfc3339(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text)
        return parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None


def zone_named(name: str) -> tzinfo | None:
    """The zone of an IANA name, or of an offset such as `+01:00`; None if there is none."""
    if name.strip().upper() in ("UTC", "Z"):
        return UTC  # even if the machine has no time zone data
    try:
        if match := _OFFSET.fullmatch(name.strip()):
            span = timedelta(hours=int(match[2]), minutes=int(match[3]))
            return timezone(-span if match[1] == "-" else span)
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError):  # unknown, not a zone's name at all, or the name of a folder of zones
        return None


def hour(moment: datetime, at: datetime, *, exact: bool = False, zoned: bool = False) -> str:
    """`03:40`, as a clock beside `at` shows it; another day has its date, another offset the name of its zone.

    `exact` shows the seconds too, `zoned` the zone in any case.
    """
    there, date_of = moment.astimezone(at.tzinfo), day(moment, at)
    zone = f" {there:%Z}" if zoned or there.utcoffset() != at.utcoffset() else ""
    clock = f"{there:%H:%M:%S}" if exact else f"{there:%H:%M}"
    return f"{date_of} {clock}{zone}".lstrip()


def day(moment: datetime, at: datetime) -> str:
    """`25 Oct`, or `25 Oct 2025` if that is half a year away; "" on the day of `at`."""
    there = moment.astimezone(at.tzinfo)
    if there.date() == at.date():
        return ""
    return f"{there.day} {there:%b}{f' {there.year}' if abs(moment - at) > _HALF_A_YEAR else ''}"


def hour_utc(moment: datetime, at: datetime) -> str:
    """`03:40 UTC`, for readers in several zones; with its date if that is not the day of `at` in UTC."""
    return f"{hour(moment, at.astimezone(UTC))} UTC"
