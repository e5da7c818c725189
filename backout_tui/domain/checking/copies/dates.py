"""Days in the names of files and folders: `/backups/2026-10-01/`, `dump-20261001.sql`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

_DAY = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_TOKEN = re.compile(r"[^\s'\"`()<>|;&,]+")
_LINK = re.compile(r"https?://", re.IGNORECASE)
_LONGEST = 1_000  # characters in a name; anything longer is data


def days_in(text: str) -> frozenset[date]:
    """Every day that `text` names, such as `2026-11-18`."""
    return frozenset(day for match in _DAY.finditer(text) if (day := _day(match)) is not None)


def days_around(text: str) -> frozenset[date]:
    """The days in `text`, and the days before and after each: a night spans two."""
    near = (timedelta(days=one) for one in (-1, 0, 1))
    return frozenset(day + one for one in near for day in days_in(text) if date.min < day < date.max)


def dates_in_paths(line: str, allowed: Collection[date], *, prose: bool) -> Iterator[str]:
    """The days in paths and file names of `line` that are not `allowed`, as written; in `prose`, only in paths."""
    if "20" not in line:
        return
    for token in _TOKEN.finditer(line):
        for match in _DAY.finditer(token[0]) if len(token[0]) < _LONGEST else ():
            day = _day(match)
            if day is not None and day not in allowed and _in_name(token[0], match, prose=prose):
                yield match[0]


def _in_name(token: str, match: re.Match[str], *, prose: bool) -> bool:
    """Whether the day is part of a name, and not a whole token, a time, or the version of an interface."""
    before, after = token[: match.start()], token[match.end() :]
    if before[-8:].casefold().rstrip("=:").endswith("version") or (prose and (_LINK.match(token) or "/" not in token)):
        return False
    if not match[2] and not before.endswith(("-", "_", "/", ".")):
        return False
    named = any(char.isalpha() for char in before) or "/" in token
    return named and "=" not in before[-1:] and (bool(before) or after.startswith(("/", "_", "-", ".")))


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:  # the 31st of a month that doesn't have one
        return None
