"""Hours on the screen: those that are typed, and those of another day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backout_tui.domain.plan.plan import Part, Plan, Step
from backout_tui.ui.night.log_screen import LogScreen
from backout_tui.ui.night.panes import checks_pane, head_words, messages_pane
from backout_tui.ui.widgets.columns import Cell, Row
from tests import scenes
from tests.sample_plan import facts
from tests.scenes import Scene
from tests.story import Story, at
from tests.ui.doubles import seated

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
BEFORE_THE_CHANGE = datetime(2026, 10, 24, 22, 0, tzinfo=UTC).astimezone(LONDON)


async def test_an_hour_that_comes_twice_is_said_below_its_field_and_taken_with_its_zone() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.operator.clock.moment = BEFORE_THE_CHANGE
        await seat.press("1", "k")
        await seat.type("payments lead", "tab", "tab", "tab")
        await seat.type("01:30", "enter")
        assert seat.kinds == []
        words = " ".join(seat.text.split())
        assert "01:30 comes twice on 25 Oct 2026" in words
        await seat.press("end")
        await seat.type(" GMT", "enter")
        assert seat.backout.calls[-1].follow_up == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        assert seat.said.endswith("Again at 25 Oct 01:30 GMT.")


async def test_the_deployment_is_said_in_minutes_ago() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("ctrl+p")
        await seat.type("deployed", "enter")
        await seat.type("25 min ago", "enter")
        assert seat.backout.deployed_at == seat.operator.clock.now() - timedelta(minutes=25)


async def test_an_unknown_zone_is_said_on_the_dashboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Lodon")
    async with seated(scenes.fresh()) as seat:
        assert seat.said.startswith("TZ=Europe/Lodon is no known time zone, so hours are in UTC")


def night() -> Story:
    """A backout with a window of four hours, opened at 03:00 UTC."""
    story = Story()
    known = facts(release="web 2.0", window="4h after deploy", deployed="2026-11-22 02:00 UTC")
    story.open(Plan("web 2.0", known, parts=(Part("", "", (Step("1", "Roll back", facts(estimate="150-170 min")),)),)))
    return story


def times(story: Story, minute: float, zone: ZoneInfo) -> str:
    """The clock's line on a terminal in that zone."""
    return " · ".join(part.text for part in head_words.time_line(story.backout, at(minute).astimezone(zone)))


def test_the_clocks_line_shows_the_date_of_another_day() -> None:
    """At 22:00 in New York it ends after midnight; in London it is the same night."""
    assert times(night(), 0, NEW_YORK).startswith("Done by 22 Nov 00:30 if we go now, 00:50 at worst")
    assert "window closes 22 Nov 01:00" in times(night(), 0, NEW_YORK)
    assert "decide by 22:10 at the latest" in times(night(), 0, NEW_YORK)
    assert times(night(), 0, LONDON).startswith("Done by 05:30 if we go now, 05:50 at worst")
    assert "window closes 06:00" in times(night(), 0, LONDON)
    assert "window closed at 22 Nov 06:00" in times(night(), 24 * 60, LONDON)


def texts(row: Row) -> list[str]:
    """The row's cells as they read."""
    return [cell.text if isinstance(cell, Cell) else cell for cell in row.cells]


def tomorrow(scene: Scene) -> datetime:
    """A day after the scene."""
    return scene.now + timedelta(days=1)


def test_rows_of_another_day_have_its_date() -> None:
    scene = scenes.verifying()
    backout, then = scene.backout, tomorrow(scene)
    for today, later in zip(messages_pane.rows(backout, scene.now), messages_pane.rows(backout, then), strict=True):
        assert not any("22 Nov" in text for text in texts(today))
        assert any("22 Nov" in text for text in texts(later)) or not texts(today)[1].strip()
    for check in backout.checks.values():
        said = any("22 Nov" in text for text in texts(checks_pane.row(check, then)))
        assert said == bool(check.observations and check.verdict)
        assert not any("22 Nov" in text for text in texts(checks_pane.row(check, scene.now)))


async def test_the_log_shows_the_date_of_another_day() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("l")
        assert "22 Nov" not in seat.text
        await seat.press("escape")
        seat.operator.clock.moment += timedelta(days=1)
        await seat.press("l")
        assert isinstance(seat.app.screen, LogScreen)
        assert "22 Nov 03:11:22" in seat.text
