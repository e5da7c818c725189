"""The moments, the time in hand, and the mood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from backout_tui.domain.clock.clock_reading import Mood, Reading, WayBack, read
from backout_tui.domain.plan.plan import Part, Plan, Step
from tests import scenes
from tests.domain.timed import command, minutes
from tests.sample_plan import facts
from tests.story import Story, at


def night(*steps: Step, window: str = "2h after deploy", deployed: str = "2026-11-22 02:00 UTC") -> Story:
    """A backout of a plan with a window; it was deployed an hour ago."""
    said = {"release": "web 2.0", "window": window, "deployed": deployed}
    story = Story()
    known = facts(**{key: value for key, value in said.items() if value})
    story.open(Plan("web 2.0", known, parts=(Part("", "", steps),)))
    return story


def decided(story: Story, minute: float = 0) -> Story:
    story.tell("Decided", minute, kind="back-out", by="sam", reason="errors everywhere", named_authoriser=True)
    return story


def range_of(typical: int, bad: int) -> Step:
    return Step("1", "Roll back", facts(estimate=f"{typical}-{bad} min"))


@pytest.mark.parametrize(
    ("story", "minute", "mood"),
    [
        (night(range_of(30, 50)), 10, Mood.CALM),
        (night(range_of(30, 50)), 11, Mood.TIGHT),
        (night(range_of(30, 50)), 31, Mood.LATE),
        (night(range_of(30, 50)), 60, Mood.LATE),
        (night(range_of(30, 50), minutes("2", None)), 10, Mood.UNKNOWN),
        (night(range_of(30, 50), minutes("2", None)), 11, Mood.TIGHT),
        (night(range_of(30, 50), deployed=""), 10, Mood.UNKNOWN),
        (night(range_of(30, 50), window="until the batch starts"), 10, Mood.UNKNOWN),
        (night(range_of(30, 50), window="", deployed=""), 600, Mood.CALM),
        (night(minutes("1", None), window="", deployed=""), 0, Mood.UNKNOWN),
    ],
)
def test_the_mood_follows_from_the_work_and_the_window(story: Story, minute: float, mood: Mood) -> None:
    """The window ends at 04:00, sixty minutes after three."""
    assert read(story.backout, at(minute)).mood is mood


def test_the_point_of_no_return_behind_us_goes_before_every_other_mood() -> None:
    step = Step("1", "Restore", facts(estimate="5 min", irreversible=""), command("1", 5).blocks)
    story = decided(night(step, minutes("2", 90)))
    assert read(story.backout, at(0)).way_back == WayBack("1", next=True)
    story.start("1", 1)
    reading = read(story.backout, at(2))
    assert (reading.mood, reading.fit, reading.way_back) == (Mood.NO_WAY_BACK, Mood.LATE, WayBack("1", behind=True))


def test_the_moments_are_told_from_the_work_and_the_window() -> None:
    reading = read(night(range_of(30, 50)).backout, at(5))
    assert (reading.done_by, reading.done_by_bad, reading.closes) == (at(35), at(55), at(60))
    assert (reading.spare, reading.spare_bad) == (timedelta(minutes=25), timedelta(minutes=5))


def test_the_latest_moment_to_decide_is_told_until_somebody_has_decided() -> None:
    story = night(range_of(30, 50))
    assert read(story.backout, at(5)).decide_by == at(10)
    assert read(story.backout, at(20)).decide_by == at(10)
    assert read(decided(story, 20).backout, at(20)).decide_by is None


@pytest.mark.parametrize("story", [night(), night(range_of(30, 50), window=""), night(range_of(30, 50), deployed="")])
def test_without_work_or_without_an_end_there_is_no_latest_moment_to_decide(story: Story) -> None:
    assert read(story.backout, at(5)).decide_by is None


def test_a_window_from_a_deployment_nobody_knows_asks_for_it() -> None:
    story = night(range_of(30, 50), window="2 h after the deployment", deployed="")
    asking = read(story.backout, at(0))
    assert (asking.asks_deployment, asking.closes, asking.window) == (True, None, "2 h after the deployment")
    assert not read(night(range_of(30, 50), window="tonight", deployed="").backout, at(0)).asks_deployment


def test_a_closed_backout_has_no_time_ahead() -> None:
    closed = scenes.closed()
    assert read(closed.backout, closed.now) == Reading(closed.now, deployed_at=at(-70), is_over=True)


@pytest.mark.parametrize("scene", scenes.SCENES.values(), ids=scenes.SCENES)
def test_every_scene_has_a_reading_that_agrees_with_itself(scene: Callable[[], scenes.Scene]) -> None:
    seen = scene()
    reading = read(seen.backout, seen.now)
    assert (reading.done_by is None) == (reading.ahead.known == 0)
    if reading.done_by is not None and reading.done_by_bad is not None:
        assert seen.now <= reading.done_by <= reading.done_by_bad
