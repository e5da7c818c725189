"""The time ahead, the window, the point of no return."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backout_tui.domain import clock, moments
from backout_tui.domain.backout import Backout
from tests import night, scenes
from tests.sample_plan import facts
from tests.story import Story, at


def test_the_time_ahead_is_the_sum_of_what_is_open() -> None:
    """1 to 9 in minutes: 2 3 1 5-8 4 4 1 2, and step 9 says nothing; a group's estimate covers its sub-steps."""
    fresh = scenes.fresh()
    assert clock.ahead(fresh.backout, fresh.now) == clock.Ahead(22 * 60, 25 * 60, 1)
    assert clock.finish(fresh.backout, fresh.now) == fresh.now + timedelta(minutes=22)


def test_a_running_step_counts_for_what_is_left_of_it() -> None:
    running = scenes.step_running()
    assert clock.ahead(running.backout, running.now) == clock.Ahead(16 * 60 - 43, 19 * 60 - 43, 1)


def test_a_step_past_its_estimate_has_nothing_left_and_is_late_only_past_the_bad_case() -> None:
    backout = night.at_step_four().backout
    step = backout.steps["4"]
    assert [clock.is_late(step, at(12 + minutes)) for minutes in (5.5, 8, 8.1)] == [False, False, True]
    assert clock.ahead(backout, at(30)).typical_s == 11 * 60


def test_nothing_ahead_has_no_finish() -> None:
    done = scenes.verifying()
    assert clock.ahead(done.backout, done.now) == clock.Ahead(0, 0, 0)
    assert clock.finish(done.backout, done.now) is None


def test_the_time_ahead_takes_one_option_only() -> None:
    """The chosen one; while none is chosen, the first."""
    unchosen = scenes.options_open()
    assert clock.ahead(unchosen.backout, unchosen.now) == clock.Ahead(300, 300, 3)
    story = night.optional()
    story.tell("OptionChosen", 4, option="B: by hand", reason="the image is gone")
    assert clock.ahead(story.backout, at(4)) == clock.Ahead(720, 720, 1)


def test_how_long_a_step_took_is_the_monotonic_clocks_word() -> None:
    steps = scenes.verifying().backout.steps
    assert (clock.took_s(steps["3"]), clock.took_s(steps["4"]), clock.took_s(steps["1"])) == (22, 240, None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22 01:50 Europe/London", datetime(2026, 11, 22, 1, 50, tzinfo=UTC)),
        ("2026-06-22 01:50 Europe/London", datetime(2026, 6, 22, 0, 50, tzinfo=UTC)),
        ("2026-11-22T01:50:30 America/New_York", datetime(2026, 11, 22, 6, 50, 30, tzinfo=UTC)),
        ("2026-11-22T01:50:00+01:00", datetime(2026, 11, 22, 0, 50, tzinfo=UTC)),
        ("2026-11-22 01:50", None),
        ("2026-11-22 01:50 Nowhere/Atall", None),
        ("2026-13-22 01:50 Europe/London", None),
        ("tonight", None),
        ("", None),
    ],
)
def test_a_moment_needs_a_zone(text: str, moment: datetime | None) -> None:
    assert moments.moment(text) == moment


def test_the_window_ends_so_long_after_the_deploy() -> None:
    assert clock.window_closes(scenes.fresh().backout) == at(50)


def test_the_time_of_the_deploy_said_at_the_start_counts_more_than_the_plans() -> None:
    assert clock.window_closes(replace(scenes.fresh().backout, deployed_at=at(0))) == at(120)


@pytest.mark.parametrize("window", ["", "soon", "2h", "until the batch starts"])
def test_a_window_that_is_not_understood_is_not_known(window: str) -> None:
    fresh = scenes.fresh().backout
    plan = replace(fresh.plan, facts=facts(window=window, deployed="2026-11-22 01:50 Europe/London"))
    assert clock.window_closes(replace(fresh, plan=plan)) is None


def test_a_window_without_a_deploy_is_not_known() -> None:
    fresh = scenes.fresh().backout
    assert clock.window_closes(replace(fresh, plan=replace(fresh.plan, facts=facts(window="2h after deploy")))) is None


def _five(kind: str) -> Backout:
    story = Story(list(scenes.fresh().events))
    if kind == "begun":
        story.start("5", 1)
    elif kind == "failed":
        story.run("5", 1, 1, exit_code=1)
    elif kind == "worked around after a try":
        story.run("5", 1, 1, exit_code=1)
        story.tell("StepWorkedAround", 3, step="5", reason="restored by hand")
    elif kind == "skipped":
        story.tell("StepSkipped", 1, step="5", reason="the ledger is fine")
    return story.backout


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("pending", ("5", False)),
        ("begun", ("5", True)),
        ("failed", ("5", True)),
        ("worked around after a try", ("5", True)),
        ("skipped", None),
    ],
)
def test_the_point_of_no_return_is_ahead_until_its_step_was_begun(kind: str, expected: tuple[str, bool] | None) -> None:
    """A command that failed may have done its harm; one that was never begun has done none."""
    assert clock.no_way_back_at(_five(kind)) == expected
