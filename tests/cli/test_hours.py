"""Hours on the command line, in the nights in which clocks change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from backout_tui.store.clock import SystemClock
from tests.cli.lines import BY_HAND, Line

PLAN = BY_HAND.replace("- proxy:", "- window: 2h after deploy\n- proxy:")
At = Callable[[str], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    """Sets the program's clock, for an operator in London."""
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()

    def set_to(moment: str) -> None:
        monkeypatch.setattr(SystemClock, "now", lambda _: datetime.fromisoformat(moment).astimezone(UTC))

    yield set_to
    monkeypatch.undo()
    time.tzset()


def follow_up(line: Line, text: str) -> str:
    """When the call is to be made again, as it was recorded."""
    line.do("call-log", "kim", "no-answer", "--follow-up", text)
    records = line.ok("log", "1", "--json").json
    found: list[str] = [one["data"]["follow_up"] for one in records if one["kind"] == "CallLogged"]
    return found[-1][:16]


@pytest.mark.parametrize(
    ("now", "text", "want"),
    [
        ("2026-10-25T00:45Z", "01:30", "2026-10-25T01:30"),
        ("2026-10-24T22:00Z", "03:40", "2026-10-25T03:40"),
        ("2027-03-27T23:00Z", "03:40", "2027-03-28T02:40"),
        ("2026-10-24T22:00Z", "01:30 GMT", "2026-10-25T01:30"),
        ("2026-10-24T22:00Z", "01:30+01:00", "2026-10-25T00:30"),
    ],
)
def test_an_hour_to_call_again_is_that_hour_there(line: Line, at: At, now: str, text: str, want: str) -> None:
    at(now)
    line.start(PLAN)
    assert follow_up(line, text) == want


@pytest.mark.parametrize(
    ("now", "text", "want"),
    [
        ("2027-03-28T01:20Z", "00:50", "2027-03-28T00:50"),
        ("2026-10-25T01:10Z", "00:50", "2026-10-24T23:50"),
        ("2026-10-25T03:10Z", "3 h ago", "2026-10-25T00:10"),
    ],
)
def test_the_hour_of_the_deployment_is_that_hour_there(line: Line, at: At, now: str, text: str, want: str) -> None:
    at(now)
    line.start(PLAN)
    line.do("deployed-at", text)
    assert line.state()["clock"]["deployed_at"][:16] == want


@pytest.mark.parametrize("verb", [["call-log", "kim", "no-answer", "--follow-up"], ["deployed-at"]])
@pytest.mark.parametrize(
    ("day", "how"), [("2026-10-25", "comes twice on 25 Oct 2026"), ("2027-03-28", "does not exist on 28 Mar 2027")]
)
def test_an_hour_that_may_mean_two_moments_is_refused_and_both_are_named(
    line: Line, at: At, verb: list[str], day: str, how: str
) -> None:
    at(f"{day}T00:00Z" if "call-log" in verb else f"{day}T02:10Z")
    line.start(PLAN)
    before = line.kinds()
    result = line.run("do", "1", *verb, "01:30")
    assert (result.code, result.out) == (2, "")
    assert f"01:30 {how}" in result.err
    assert "write 01:30 BST (+01:00) or 01:30 GMT (+00:00)" in result.err
    assert line.kinds() == before


def test_a_backout_is_started_with_the_deployment_said_in_any_way(line: Line, at: At) -> None:
    at("2026-10-25T01:10Z")
    for number, (text, want) in enumerate(
        (("20 min ago", "2026-10-25T00:50"), ("00:50", "2026-10-24T23:50"), ("2026-10-25T00:30Z", "2026-10-25T00:30")),
        start=1,
    ):
        release = ("--release", f"web {number}.0", "--returns-to", "0.9")
        told = line.ok("start", *release, "--deployed-at", text, "--json").json
        assert told["clock"]["deployed_at"][:16] == want
    refused = line.run("start", "--release", "web 9.0", "--returns-to", "0.9", "--deployed-at", "soon", "--json")
    assert (refused.code, "`20 min ago`" in refused.err) == (2, True)


def plan_deployed(written: str) -> str:
    """The plan with its time of deployment."""
    return PLAN.replace("- proxy:", f"- deployed: {written}\n- proxy:")


@pytest.mark.parametrize(
    ("deployed", "closes"),
    [
        ("2026-10-25 00:30 Europe/London", "2026-10-25T01:30"),
        ("2027-03-28 00:40 Europe/London", "2027-03-28T02:40"),
        ("2026-10-25 01:30 +00:00", "2026-10-25T03:30"),
    ],
)
def test_a_window_is_elapsed_time(line: Line, deployed: str, closes: str) -> None:
    line.start(plan_deployed(deployed))
    assert line.state()["clock"]["window_closes"][:16] == closes


def test_a_plans_hour_that_comes_twice_is_found_and_asked(line: Line) -> None:
    line.start(plan_deployed("2026-10-25 01:30 Europe/London"))
    assert line.state()["clock"]["window_closes"] is None
    assert "when was it deployed?" in line.ok("show", "1").out
    found = [one for one in line.run("plan", "check", "1", "--json").json["findings"] if one["rule"] == "time-unclear"]
    assert len(found) == 1
    assert "01:30 +01:00 (BST) or 2026-10-25 01:30 +00:00 (GMT)" in found[0]["message"]


def test_an_unknown_zone_is_said_before_anything_else(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Lodon")
    assert line.run("list").err.startswith("backout-tui: TZ=Europe/Lodon is no known time zone, so hours are in UTC")
    monkeypatch.setenv("TZ", "Europe/London")
    assert "TZ=" not in line.run("list").err


def test_the_brief_shows_the_date_of_another_day(line: Line, at: At) -> None:
    at("2026-10-24T22:30Z")
    line.start(PLAN)
    line.do("call-log", "kim", "no-answer", "--follow-up", "03:40")
    line.do("deployed-at", "22:50")
    shown = line.ok("show", "1").out
    assert "window closes 23:50" in shown
    at("2026-10-25T00:30Z")
    assert "window closed at 24 Oct 23:50, 40 min ago" in line.ok("show", "1").out
    at("2026-10-24T22:30Z")
    handed = line.ok("do", "1", "hand-over").out
    assert "kim at 25 Oct 03:40 UTC" in handed
