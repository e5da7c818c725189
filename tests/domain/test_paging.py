"""What hour it is for the one who is told, also on the nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backout_tui.domain.plan.plan import Contact
from backout_tui.domain.rules.paging import is_quiet, local_hour

NIGHT = "22:00-07:00"


def utc(text: str) -> datetime:
    """A moment written as `2026-11-22 03:12`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        ("2026-11-22 03:12", "Europe/London", "03:12 GMT"),
        ("2026-07-22 03:12", "Europe/London", "04:12 BST"),
        ("2026-11-22 03:12", "America/New_York", "22:12 EST"),
        ("2026-11-22 03:12", "Asia/Kathmandu", "08:57 +0545"),
        ("2026-11-22 03:12", "utc", "03:12 UTC"),
        ("2026-11-22 03:12", " Europe/London ", "03:12 GMT"),
        ("2026-11-22 03:12", "", "zone unknown"),
        ("2026-11-22 03:12", "Mars/Olympus", "zone unknown"),
        ("2026-11-22 03:12", "Europe", "zone unknown"),
        ("2026-11-22 03:12", "../../etc/passwd", "zone unknown"),
        ("2026-11-22 03:12", "/etc/localtime", "zone unknown"),
        ("2026-11-22 03:12", "a\x00b", "zone unknown"),
        ("2026-11-22 03:12", "Zürich\ud800", "zone unknown"),
    ],
)
def test_the_hour_is_told_with_its_zone(moment: str, zone: str, words: str) -> None:
    assert local_hour(utc(moment), zone) == words


@pytest.mark.parametrize(
    ("quiet", "moment", "answer"),
    [
        (NIGHT, "2026-11-22 21:59", False),
        (NIGHT, "2026-11-22 22:00", True),
        (NIGHT, "2026-11-22 00:00", True),
        (NIGHT, "2026-11-22 06:59", True),
        (NIGHT, "2026-11-22 07:00", False),
        ("09:00 – 10:00", "2026-11-22 09:30", True),
        ("09:00-10:00", "2026-11-22 10:00", False),
        ("9:00-10:00, 22:00-24:00", "2026-11-22 23:59", True),
        ("00:00-00:00", "2026-11-22 12:00", True),
        ("00:00-24:00", "2026-11-22 12:00", True),
        ("", "2026-11-22 03:00", False),
        ("nights", "2026-11-22 03:00", None),
        ("22:00", "2026-11-22 03:00", None),
        ("25:00-07:00", "2026-11-22 03:00", None),
        ("22:60-07:00", "2026-11-22 03:00", None),
        ("22:00-24:01", "2026-11-22 03:00", None),
        ("22:00-07:00,", "2026-11-22 03:00", None),
    ],
)
def test_an_hour_is_quiet_or_not_or_nobody_knows(quiet: str, moment: str, answer: bool | None) -> None:
    assert is_quiet(Contact("x", zone="Europe/London", quiet=quiet), utc(moment)) is answer


def test_quiet_hours_without_a_zone_cannot_be_told() -> None:
    assert is_quiet(Contact("x", quiet=NIGHT), utc("2026-11-22 03:00")) is None


@pytest.mark.parametrize(
    ("quiet", "moment", "answer"),
    [
        (NIGHT, "2026-03-29 05:59", True),  # clocks forward at 01:00 UTC: 07:00 is an hour sooner
        (NIGHT, "2026-03-29 06:00", False),
        ("22:00-01:30", "2026-03-29 01:00", False),  # 01:30 does not exist: 02:00 follows 00:59
        (NIGHT, "2026-10-25 06:59", True),  # clocks back at 01:00 UTC
        ("22:00-01:30", "2026-10-25 00:30", False),  # 01:30 comes twice; it is quiet again till the second
        ("22:00-01:30", "2026-10-25 01:10", True),
    ],
)
def test_quiet_hours_are_those_on_the_contacts_own_clock(quiet: str, moment: str, answer: bool) -> None:
    assert is_quiet(Contact("x", zone="Europe/London", quiet=quiet), utc(moment)) is answer


@pytest.mark.parametrize(("quiet", "answer"), [(NIGHT, False), ("00:00-24:00", True), ("00:00-00:00", True)])
def test_a_whole_day_can_be_quiet(quiet: str, answer: bool) -> None:
    assert is_quiet(Contact("x", zone="UTC", quiet=quiet), utc("2026-11-22 12:00")) is answer
