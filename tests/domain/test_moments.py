"""Moments as people write them, in zones whose clocks change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.moments import (
    Meant,
    Unclear,
    day,
    hour,
    hour_utc,
    later,
    moment,
    moment_ahead,
    moment_behind,
    written,
    zone_named,
)  # fmt: skip

LONDON = ZoneInfo("Europe/London")
ZONES = (
    "Europe/London", "Europe/Dublin", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Havana",
    "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Asia/Kolkata", "Asia/Beirut", "Africa/Casablanca",
    "America/Sao_Paulo", "Atlantic/Azores", "Antarctica/Troll", "UTC",
)  # fmt: skip
"""Changes at midnight, of half an hour, of two hours, in the south, over a day's end; zones without any."""
AROUND = tuple(
    datetime(year, month, number, tzinfo=UTC)
    for year, month, number in (
        (2026, 3, 8), (2026, 3, 29), (2026, 4, 4), (2026, 9, 27), (2026, 10, 3), (2026, 10, 25), (2026, 11, 1),
        (2027, 3, 14), (2027, 3, 28), (2018, 2, 17), (2018, 11, 3), (2026, 7, 1),
    )
)  # fmt: skip
"""Days around which clocks change somewhere."""


def at(text: str) -> datetime:
    """The moment on a clock in London."""
    return datetime.fromisoformat(text).astimezone(LONDON)


def utc(meant: Meant) -> str:
    """What was meant, in UTC; "" when it is not one moment."""
    return meant.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if isinstance(meant, datetime) else ""


@pytest.mark.parametrize(
    ("now", "text", "want"),
    [
        ("2026-10-25T00:45Z", "01:30", "2026-10-25T01:30Z"),  # the first one is behind us
        ("2026-10-24T22:00Z", "03:40", "2026-10-25T03:40Z"),
        ("2027-03-27T23:00Z", "03:40", "2027-03-28T02:40Z"),
        ("2026-10-24T22:00Z", "01:30 GMT", "2026-10-25T01:30Z"),
        ("2026-10-24T22:00Z", "01:30 BST", "2026-10-25T00:30Z"),
        ("2026-10-24T22:00Z", "01:30+00:00", "2026-10-25T01:30Z"),
        ("2026-10-24T22:00Z", "01:30 +01:00", "2026-10-25T00:30Z"),
        ("2026-10-24T22:00Z", "1:30Z", "2026-10-25T01:30Z"),
        ("2026-10-24T22:00Z", "2026-10-25 03:40", "2026-10-25T03:40Z"),
        ("2026-10-24T22:00Z", "2026-10-25 01:30 BST", "2026-10-25T00:30Z"),
        ("2026-10-24T22:00Z", "20:00 America/New_York", "2026-10-25T00:00Z"),
        ("2026-10-24T23:30Z", "2 h", "2026-10-25T01:30Z"),
        ("2026-10-24T23:30Z", "in 2 h", "2026-10-25T01:30Z"),
    ],
)
def test_an_hour_to_come_is_that_hour_there(now: str, text: str, want: str) -> None:
    assert utc(moment_ahead(text, at(now), LONDON)) == want


@pytest.mark.parametrize(
    ("now", "text", "want"),
    [
        ("2027-03-28T01:20Z", "00:50", "2027-03-28T00:50Z"),
        ("2026-10-25T01:10Z", "00:50", "2026-10-24T23:50Z"),
        ("2026-10-25T01:10Z", "01:30", "2026-10-25T00:30Z"),  # the second one is still to come
        ("2026-10-25T03:10Z", "3 h ago", "2026-10-25T00:10Z"),
        ("2026-10-25T03:10Z", "25 min ago", "2026-10-25T02:45Z"),
        ("2026-10-25T12:00Z", "01:30 BST", "2026-10-25T00:30Z"),
    ],
)
def test_an_hour_behind_us_is_that_hour_there(now: str, text: str, want: str) -> None:
    assert utc(moment_behind(text, at(now), LONDON)) == want


@pytest.mark.parametrize(
    ("read", "now", "text", "words"),
    [
        (moment_ahead, "2026-10-24T22:00Z", "01:30",
         "01:30 comes twice on 25 Oct 2026: write 01:30 BST (+01:00) or 01:30 GMT (+00:00)"),
        (moment_behind, "2026-10-25T12:00Z", "01:30", "01:30 comes twice on 25 Oct 2026"),
        (moment_ahead, "2027-03-27T23:00Z", "01:30",
         "01:30 does not exist on 28 Mar 2027, because the clock goes forward: write 01:30 BST (+01:00) or 01:30 GMT"),
        (moment_behind, "2027-03-28T01:20Z", "01:30", "01:30 does not exist on 28 Mar 2027"),
        (moment_ahead, "2026-10-24T22:00Z", "2026-10-25 01:30",
         "write 2026-10-25 01:30 +01:00 (BST) or 2026-10-25 01:30 +00:00 (GMT)"),
    ],
)  # fmt: skip
def test_an_hour_that_is_not_one_moment_names_both(read: Callable[..., Meant], now: str, text: str, words: str) -> None:
    meant = read(text, at(now), LONDON)
    assert isinstance(meant, Unclear)
    assert words in str(meant)


def test_a_zone_without_names_for_its_hours_says_their_offsets() -> None:
    meant = written("2026-04-05 01:45 Australia/Lord_Howe")
    assert "write 2026-04-05 01:45 +11:00 or 2026-04-05 01:45 +10:30" in str(meant)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "3:99", "10:30 Nowhere/Land", "2026-02-30 01:00 UTC", "-5 min"])
def test_what_is_no_time_is_none(text: str) -> None:
    now = at("2026-10-24T22:00Z")
    assert moment_ahead(text, now, LONDON) is None
    assert moment_behind(text, now, LONDON) is None
    assert written(text) is None


def test_a_plans_time_that_comes_twice_is_no_moment_and_its_ways_out_are() -> None:
    assert moment("2026-10-25 01:30 Europe/London") is None
    for way, want in (("+01:00", "00:30"), ("+00:00", "01:30")):
        assert utc(moment(f"2026-10-25 01:30 {way}")) == f"2026-10-25T{want}Z"
    assert utc(moment("2026-10-25 00:30 Europe/London")) == "2026-10-24T23:30Z"


zones = st.sampled_from(ZONES).map(ZoneInfo)
nows = st.tuples(st.sampled_from(AROUND), st.integers(-36 * 3600, 36 * 3600)).map(
    lambda pair: pair[0] + timedelta(seconds=pair[1])
)


@given(nows, zones, st.integers(0, 5000) | st.integers(0, 200_000))
def test_a_span_is_elapsed_time_in_every_zone(now: datetime, zone: ZoneInfo, seconds: int) -> None:
    """Both of a window after a deployment that was written with a zone, and of a duration from now."""
    there = now.astimezone(zone)
    assert later(there, seconds).timestamp() - now.timestamp() == seconds
    assert moment_ahead(f"{seconds} s", there, zone) == now + timedelta(seconds=seconds)
    assert moment_behind(f"{seconds} s ago", there, zone) == now - timedelta(seconds=seconds)


@given(nows, zones)
def test_a_written_time_with_its_zone_is_that_moment(now: datetime, zone: ZoneInfo) -> None:
    there = now.replace(second=0).astimezone(zone)
    meant = written(f"{there:%Y-%m-%d %H:%M} {zone.key}")
    if isinstance(meant, Unclear):
        assert meant.twice
        assert there.timestamp() in [one.timestamp() for one in meant.meanings]
    else:
        assert meant == there.astimezone(UTC)


@given(nows, zones, st.integers(0, 23), st.sampled_from((0, 1, 15, 30, 45, 59)), st.booleans())
def test_an_hour_is_the_nearest_at_which_a_clock_there_shows_it(
    now: datetime, zone: ZoneInfo, hours: int, minutes: int, ahead: bool
) -> None:
    text = f"{hours:02}:{minutes:02}"
    meant = (moment_ahead if ahead else moment_behind)(text, now.astimezone(zone), zone)
    shown = [one for one in _minutes(now, ahead=ahead) if f"{one.astimezone(zone):%H:%M}" == text]
    if isinstance(meant, datetime):
        assert meant == shown[0]
        assert f"{meant.astimezone(zone):%H:%M}" == text
        # Nothing was guessed: the same hour does not come again within three.
        assert all(abs(one - meant) > timedelta(hours=3) for one in shown[1:])
        return
    assert isinstance(meant, Unclear)
    if meant.twice:
        assert {one.timestamp() for one in meant.meanings} == {one.timestamp() for one in shown[:2]}
    else:  # it does not exist on that day, and none that does lies between
        assert all(f"{one.astimezone(zone):%H:%M}" != text for one in meant.meanings)
        between = [one for one in shown if abs(one - now) < min(abs(two - now) for two in meant.meanings)]
        assert not between or meant.meanings[0].date() in {now.date(), between[0].date()}


def _minutes(now: datetime, *, ahead: bool) -> list[datetime]:
    """Every full minute in that direction, for three days."""
    first = now.replace(second=0) + timedelta(minutes=1 if ahead else 0)
    return [first + timedelta(minutes=one if ahead else -one) for one in range(3 * 1440)]


@pytest.mark.parametrize("name", ZONES)
def test_each_meaning_is_accepted_as_it_is_written(name: str) -> None:
    """At every change of a clock, from before it and from twenty hours later."""
    zone = ZoneInfo(name)
    for now in AROUND:
        for read, there in ((moment_ahead, now.astimezone(zone)), (moment_behind, later(now, 72000).astimezone(zone))):
            for text in (f"{hours:02}:{minutes}" for hours in range(24) for minutes in (15, 45)):
                meant = read(text, there, zone)
                for one in meant.meanings if isinstance(meant, Unclear) else ():
                    if (one > there) is not (read is moment_ahead):
                        continue  # of an hour that does not exist, one meaning may lie on the other side of now
                    assert read(f"{text} {one:%z}", there, zone) == one
                    assert not f"{one:%Z}".isalpha() or read(f"{text} {one:%Z}", there, zone) == one


def test_another_day_has_its_date_and_another_offset_its_zone() -> None:
    night = at("2026-10-24T22:50Z")  # 23:50 BST
    assert hour(night, night) == "23:50"
    assert hour(at("2026-10-24T23:10Z"), night) == "25 Oct 00:10"
    assert hour(at("2026-10-25T01:30Z"), night) == "25 Oct 01:30 GMT"
    assert hour(at("2026-10-25T01:30Z"), at("2026-10-25T01:40Z")) == "01:30"
    assert hour(at("2026-10-25T00:30Z"), at("2026-10-25T01:40Z")) == "01:30 BST"
    assert hour(at("2025-12-01T10:00Z"), night) == "1 Dec 2025 10:00 GMT"
    assert hour(at("2026-10-23T22:50:07Z"), night, exact=True) == "23 Oct 23:50:07"
    assert hour_utc(at("2026-10-24T23:10Z"), night) == "23:10 UTC"
    assert hour_utc(at("2026-10-25T00:10Z"), night) == "25 Oct 00:10 UTC"
    assert day(night, night) == ""


@given(nows, nows, zones)
def test_two_moments_never_read_alike_unless_they_are_of_one_minute(
    first: datetime, now: datetime, zone: ZoneInfo
) -> None:
    """Whatever is shown of a moment beside a clock says which moment it is."""
    there = now.astimezone(zone)
    for gap in (3600, 7200, 86400):
        assert hour(first, there) != hour(first + timedelta(seconds=gap), there)


def test_a_zone_is_named_by_its_place_or_its_offset() -> None:
    assert zone_named("Europe/London") is LONDON
    assert zone_named("-03:30") is not None
    for nonsense in ("Europe/Lodon", "Europe", "", "../etc", "+99:00"):
        assert zone_named(nonsense) is None
