"""The operator's zone, from `TZ` or the machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backout_tui.local_zone import local_zone, why_utc

RULES = (
    ("GMT0BST,M3.5.0/1,M10.5.0", "Europe/London"),
    ("EST5EDT,M3.2.0,M11.1.0", "America/New_York"),
    ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "Australia/Lord_Howe"),
)


@pytest.fixture
def zone_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """`TZ` as a test sets it; as it was afterwards, for the C library too."""
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def set_zone(patch: pytest.MonkeyPatch, name: str) -> None:
    """As a person exports it."""
    patch.setenv("TZ", name)
    time.tzset()


@pytest.mark.parametrize(("rule", "name"), RULES)
def test_a_zone_that_is_written_out_changes_its_clock_as_the_named_one(
    zone_of: pytest.MonkeyPatch, rule: str, name: str
) -> None:
    set_zone(zone_of, rule)
    written_out, named = local_zone(), ZoneInfo(name)
    assert why_utc() == ""
    for hours in range(366 * 24):
        moment = datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
        there, known = moment.astimezone(written_out), moment.astimezone(named)
        assert (there.replace(tzinfo=None), there.fold) == (known.replace(tzinfo=None), known.fold)
        assert (there.utcoffset(), there.tzname()) == (known.utcoffset(), known.tzname())
        assert there.astimezone(UTC) == moment


@pytest.mark.parametrize(("rule", "name"), RULES)
def test_an_hour_that_never_comes_is_read_by_the_offset_before_it_or_after_it(
    zone_of: pytest.MonkeyPatch, rule: str, name: str
) -> None:
    set_zone(zone_of, rule)
    written_out, named = local_zone(), ZoneInfo(name)
    for minutes in range(0, 366 * 1440, 15):
        wall = datetime(2026, 1, 1) + timedelta(minutes=minutes)  # noqa: DTZ001 - an hour of a clock
        for fold in (0, 1):
            there = wall.replace(tzinfo=written_out, fold=fold).utcoffset()
            assert there == wall.replace(tzinfo=named, fold=fold).utcoffset()


@pytest.mark.parametrize("name", ["Europe/Lodon", "europe", "Nowhere", "UTC+", "/no/such/file", "../etc/passwd"])
def test_a_zone_that_nobody_knows_is_said_and_hours_are_in_utc(zone_of: pytest.MonkeyPatch, name: str) -> None:
    set_zone(zone_of, name)
    assert local_zone() is UTC
    assert why_utc().startswith(f"TZ={name} is no known time zone, so hours are in UTC")


@pytest.mark.parametrize("name", ["", "UTC", "UTC0", ":Europe/London", "Europe/London", "EST5EDT", "CET-1CEST"])
def test_a_zone_that_is_known_is_not_spoken_of(zone_of: pytest.MonkeyPatch, name: str) -> None:
    set_zone(zone_of, name)
    assert why_utc() == ""


def test_without_tz_the_machines_own_zone_counts(zone_of: pytest.MonkeyPatch) -> None:
    zone_of.delenv("TZ", raising=False)
    time.tzset()
    assert datetime.now(local_zone()).utcoffset() == datetime.now().astimezone().utcoffset()
