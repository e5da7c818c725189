"""What hour it is for the one who is told, also on the nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.paging import is_quiet, local_hour, next_quiet_end
from backout_tui.domain.plan import Contact

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
    assert next_quiet_end(Contact("x", quiet=NIGHT), utc("2026-11-22 03:00")) is None


@pytest.mark.parametrize(
    ("quiet", "moment", "end"),
    [
        (NIGHT, "2026-11-22 03:12", "2026-11-22 07:00"),
        (NIGHT, "2026-11-22 23:00", "2026-11-23 07:00"),
        ("22:00-02:00,02:00-03:00", "2026-11-22 01:00", "2026-11-22 03:00"),
        (NIGHT, "2026-03-29 00:30", "2026-03-29 06:00"),  # clocks forward at 01:00 UTC: 07:00 is an hour sooner
        ("22:00-01:30", "2026-03-29 00:30", "2026-03-29 01:00"),  # 01:30 does not exist: 02:00 follows 00:59
        (NIGHT, "2026-10-24 23:30", "2026-10-25 07:00"),  # clocks back at 01:00 UTC
        ("22:00-01:30", "2026-10-25 00:10", "2026-10-25 00:30"),  # 01:30 comes twice; it is quiet again till the second
        ("22:00-01:30", "2026-10-25 01:10", "2026-10-25 01:30"),
    ],
)
def test_quiet_hours_end_on_the_contacts_own_clock(quiet: str, moment: str, end: str) -> None:
    contact = Contact("x", zone="Europe/London", quiet=quiet)
    assert next_quiet_end(contact, utc(moment)) == utc(end)


def test_no_end_where_nothing_is_quiet_or_everything() -> None:
    noon = utc("2026-11-22 12:00")
    assert next_quiet_end(Contact("x", zone="UTC", quiet=NIGHT), noon) is None
    assert next_quiet_end(Contact("x", zone="UTC", quiet="00:00-24:00"), noon) is None


@given(
    zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    start=st.integers(0, 1439),
    end=st.integers(0, 1439),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - zone beside
)
def test_it_is_quiet_until_the_end_and_not_then(zone: str, start: int, end: int, now: datetime) -> None:
    contact = Contact("x", zone=zone, quiet=f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}")
    found = next_quiet_end(contact, now)
    assert (found is not None) == (bool(is_quiet(contact, now)) and start != end)
    if found:
        assert now < found <= now + timedelta(days=1, hours=1)
        assert not is_quiet(contact, found)
        assert is_quiet(contact, found - timedelta(seconds=1))
