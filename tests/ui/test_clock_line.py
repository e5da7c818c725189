"""The clock on the dashboard: true each second and painted alone; silence; the one question that asks itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.widget import Widget

from backout_tui.domain.clock.past import past_of
from backout_tui.domain.plan.plan import Step
from backout_tui.ui.night.panes.head import Head
from tests import night, scenes
from tests.domain.timed import command, opened
from tests.sample_plan import UNDATED, facts
from tests.scenes import Scene
from tests.story import Story, at
from tests.ui.doubles import Seat, seated


def seen(story: Story, minute: float) -> Scene:
    """A story looked at some minutes after three."""
    return Scene(tuple(story.events), story.backout, at(minute))


def line(seat: Seat) -> str:
    """The line of the clock."""
    return seat.dashboard.query_one(Head).times.text


async def passes(seat: Seat, seconds: float) -> None:
    """Time goes by, and the next second is shown."""
    seat.operator.clock.pass_by(seconds)
    await asyncio.sleep(1.15)
    await seat.rest()


@contextmanager
def painted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Widget]]:
    """What asks to be painted meanwhile."""
    found: list[Widget] = []
    refresh = Widget.refresh

    def spy(self: Widget, *regions: Any, **options: Any) -> Widget:
        found.append(self)
        return refresh(self, *regions, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Widget, "refresh", spy)
        yield found


# ── each second ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_line_is_true_each_second_and_nothing_else_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A work of 90 seconds ends at 03:01; from 03:00:30 on at 03:02, while the hour in the head is still 03:00."""
    story = opened(Step("1", "Roll back", facts(estimate="90 s")))
    async with seated(seen(story, 10 / 60)) as seat:
        await asyncio.sleep(1.6)  # what the first seconds bring about by themselves is over
        assert line(seat) == "Done by 03:01 if we go now"
        with painted(monkeypatch) as found:
            await passes(seat, 15)
        assert found == [], "the words are the same"
        with painted(monkeypatch) as found:
            await passes(seat, 10)
        assert line(seat) == "Done by 03:02 if we go now"
        assert set(found) == {seat.dashboard.query_one(Head).times}


async def test_what_is_known_from_before_is_read_after_the_first_picture() -> None:
    before = opened(command("1", 5))
    before.run("1", 0, 2)
    async with seated(seen(opened(command("1", 5)), 0), past=past_of([before.backout])) as seat:
        for _ in range(20):
            if line(seat) == "Done by 03:02 if we go now, 03:05 at worst":
                return
            await asyncio.sleep(0.1)
        raise AssertionError(line(seat))


# ── silence ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_silent_step_is_marked_in_its_row_in_its_detail_and_in_the_next_line_and_runs_on() -> None:
    async with seated(seen(night.at_step_four(), 17)) as seat:
        assert "silent" not in seat.text
        seat.operator.silent = {"4": at(12.5)}
        await asyncio.sleep(0.4)
        await seat.rest()
        assert "! Next:  step 4 is silent for 4:30: look at it" in seat.next
        assert next(one for one in seat.lines if "▶ 4" in one).endswith("silent 4:30")
        await seat.press("enter")
        assert "nothing printed for 4:30, since 03:12" in seat.text
        assert seat.new_events == []
        seat.operator.silent = {}
        await asyncio.sleep(0.4)
        await seat.rest()
        assert "silent" not in seat.text


async def test_a_late_step_says_in_its_detail_by_how_much() -> None:
    async with seated(scenes.step_late()) as seat:
        assert next(one for one in seat.lines if "▶ 4" in one).endswith("late 10:00")
        await seat.press("enter")
        assert "2:00 past its bad case; it is not stopped by itself" in seat.text


# ── when it was deployed ──────────────────────────────────────────────────────────────────────────────────────────


def undated(**how: Any) -> Scene:
    """Nobody has said when it was deployed, and nobody was asked."""
    story = Story()
    story.open(UNDATED, **how)
    return seen(story, 0.5)


def logged(scene: Scene) -> Scene:
    """A problem is logged, and now it is to be decided."""
    story = Story(list(scene.events))
    story.tell("ProblemLogged", 0.5, problem="P1", title="5xx")
    return seen(story, 1)


ASKED = "say when the release was deployed: the window counts from it"


async def test_the_next_line_asks_and_the_window_is_known_from_then_on() -> None:
    async with seated(logged(undated())) as seat:
        assert "deployed when?" in line(seat)
        assert ASKED in seat.next
        await seat.press("e")
        await seat.type("01:50", "enter")
        (event,) = [one for one in seat.new_events if one.kind == "DeployedAtSet"]
        assert event.data == {"deployed_at": "2026-11-22T01:50:00.000000Z"}
        assert "The window closes at 03:50." in seat.said
        assert "window 03:50" in line(seat)
        assert ASKED not in seat.next


async def test_no_dialog_opens_by_itself() -> None:
    """Whoever looks at the keys for some seconds and then types loses nothing of it."""
    async with seated(undated()) as seat:
        assert "log what is wrong" in seat.next
        await asyncio.sleep(2.5)
        assert not seat.is_asked()
        await seat.press("p")
        await seat.type("5xx on charge", "enter")
        assert [one.title for one in seat.backout.problems] == ["5xx on charge"]
        assert ASKED in seat.next


async def test_what_is_no_time_behind_us_is_not_taken() -> None:
    async with seated(logged(undated())) as seat:
        await seat.press("e")
        await seat.type("soon", "enter")
        assert "Say 01:50, 20 min ago" in seat.text
        await seat.press("ctrl+u")
        await seat.type("2026-11-22T04:00:00Z", "enter")
        assert "That lies ahead." in seat.text
        assert "DeployedAtSet" not in seat.kinds


async def test_that_nobody_knows_it_is_recorded_and_not_asked_again() -> None:
    async with seated(logged(undated())) as seat:
        await seat.press("e", "escape")
        assert ASKED in seat.next
        await seat.press("e")
        await seat.type("unknown", "enter")
        assert [one.data for one in seat.new_events if one.kind == "DeployedAtSet"] == [{}]
        assert "deployed when?" in line(seat), "what is not known is still said"
        assert ASKED not in seat.next


@pytest.mark.parametrize("who", ["rehearsal", "known", "closed"])
async def test_it_is_asked_of_nobody_whom_it_does_not_concern(who: str) -> None:
    scene = logged(undated())
    if who == "rehearsal":
        scene = logged(undated(mode="rehearsal"))
    elif who == "known":
        scene = scenes.problem_logged()
    elif who == "closed":
        story = Story(list(scene.events))
        story.tell("BackoutClosed", 1, outcome="stood-down", reason="it was the other one")
        scene = seen(story, 2)
    async with seated(scene) as seat:
        assert ASKED not in seat.next


async def test_it_can_be_said_and_corrected_from_the_palette() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("ctrl+p")
        await seat.type("Deployed", "enter")
        await seat.type("20 min ago", "enter")
        assert seat.new_events[-1].data == {"deployed_at": "2026-11-22T02:40:30.000000Z"}
        assert "window 04:40" in line(seat)
