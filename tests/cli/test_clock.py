"""The clock on the command line: what `show` says of it, and when the release was deployed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backout_tui.domain.codec import parse_time, rfc3339
from tests.cli.lines import BY_HAND, COMMANDS, Line

TITLES = {"1": "Freeze", "2": "Tell the desk", "3": "Restore", "4": "Lift the freeze"}


def with_facts(text: str, facts: Mapping[str, str]) -> str:
    """The plan with these facts, by the numbers of its steps."""
    for number, said in facts.items():
        heading = f"### {number}. {TITLES[number]}\n"
        text = text.replace(heading, f"{heading}{said}\n")
    return text


WINDOW = BY_HAND.replace("- proxy:", "- window: 2h after deploy\n- proxy:")
TIMED = with_facts(WINDOW, {"1": "- estimate: 5-10 min", "2": "- estimate: 5 min"})
WHOLE = with_facts(TIMED, {"3": "- estimate: 5 min\n- point of no return: it is gone", "4": "- estimate: 5 min"})


def in_minutes(text: str) -> Any:
    """How many minutes a moment lies ahead, near enough."""
    return pytest.approx((parse_time(text) - datetime.now(UTC)).total_seconds() / 60, abs=1)


def ago(minutes: float) -> str:
    """The moment so many minutes ago."""
    return rfc3339(datetime.now(UTC) - timedelta(minutes=minutes))


def test_the_moments_and_the_mood_are_in_the_document(line: Line) -> None:
    line.start(WHOLE)
    clock = line.state()["clock"]
    assert set(clock) == {
        "done_by", "done_by_bad", "decide_by", "window_closes", "deployed_at", "unknown", "mood", "no_way_back",
    }  # fmt: skip
    assert in_minutes(clock["done_by"]) == 20
    assert in_minutes(clock["done_by_bad"]) == 25
    assert (clock["window_closes"], clock["decide_by"], clock["deployed_at"]) == (None, None, None)
    assert (clock["unknown"], clock["mood"], clock["no_way_back"]) == (0, "unknown", {"step": "3", "behind": False})


def test_once_it_is_said_when_it_was_deployed_the_window_counts(line: Line) -> None:
    line.start(WHOLE)
    assert line.do("deployed-at", "30 min ago")["event"]["kind"] == "DeployedAtSet"
    clock = line.state()["clock"]
    assert (in_minutes(clock["window_closes"]), in_minutes(clock["decide_by"])) == (90, 65)
    assert (in_minutes(clock["deployed_at"]), clock["mood"]) == (-30, "calm")
    for minutes, mood in ((98, "tight"), (110, "late"), (180, "late")):
        line.do("deployed-at", ago(minutes))
        assert line.state()["clock"]["mood"] == mood


def test_that_nobody_knows_it_is_said_too(line: Line) -> None:
    line.start(TIMED)
    assert "does not know" in line.ok("do", "1", "deployed-at", "unknown").out
    assert "when was it deployed?" in line.ok("show", "1").out


@pytest.mark.parametrize(
    ("said", "code", "words"), [("soon", 2, "soon is not a time"), ("2999-01-01T00:00:00Z", 3, "in the future")]
)
def test_what_is_no_time_behind_us_is_refused(line: Line, said: str, code: int, words: str) -> None:
    line.start(TIMED)
    result = line.run("do", "1", "deployed-at", said)
    assert (result.code, words in result.err) == (code, True)
    assert "DeployedAtSet" not in line.kinds()


def test_show_says_it_in_words(line: Line) -> None:
    line.start(TIMED)
    line.do("deployed-at", "1 h ago")
    said = line.ok("show", "1").out
    for words in ("At least until ", "2 steps without estimate", "decide before ", "window closes ", " min spare"):
        assert words in said
    assert "times are UTC" in said


def test_a_closed_backout_has_no_clock(line: Line) -> None:
    line.start(TIMED)
    line.do("close", "--outcome", "stood-down", "--reason", "it was the other region, all of it")
    clock = line.state()["clock"]
    assert (clock["done_by"], clock["mood"], clock["unknown"]) == (None, None, 0)
    assert "times are UTC" not in line.ok("show", "1").out


def test_show_reads_how_long_it_took_before(line: Line) -> None:
    """The plan says a minute for step 2; before, it took no time."""
    line.decided(COMMANDS)
    line.do("step-run", "2", "--yes", "--wait")
    line.start(COMMANDS.replace("web 2.0", "web 2.1"))
    clock = line.state("2")["clock"]
    assert parse_time(clock["done_by"]) < datetime.now(UTC) + timedelta(seconds=30)
    assert in_minutes(clock["done_by_bad"]) == 1
