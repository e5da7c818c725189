"""How long the same commands took before, and what is made of it."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock import forecast
from backout_tui.domain.clock.past import NO_PAST, Past, past_of, planned_or_measured
from backout_tui.domain.plan.plan import Plan, Step
from backout_tui.domain.spans import Estimate
from backout_tui.domain.values import replace
from tests.domain.timed import command, minutes, opened
from tests.sample_plan import facts, fence
from tests.story import Story, at


def night(took: float, *, command_text: str = "run 1") -> Story:
    """A backout in which step 1 ran for so many minutes."""
    story = opened(Step("1", "Roll web 1.9 back", facts(estimate="5-8 min"), (fence(command_text),)))
    story.run("1", 0, took)
    return story


def expected(past: Past, *, estimate: str = "5-8 min", title: str = "Roll web 2.0 back") -> Estimate | None:
    """How long the same step takes in another backout, whose plan says `estimate`."""
    said = facts(estimate=estimate) if estimate else ()
    backout = opened(Step("4", title, said, (fence("run 1"),))).backout
    return planned_or_measured(backout, backout.steps["4"], past)


def of(*stories: Story) -> Past:
    """What these nights tell."""
    return past_of(story.backout for story in stories)


@pytest.mark.parametrize(
    ("took", "estimate"),
    [
        ([], Estimate(300, 480)),
        ([2], Estimate(120, 480)),
        ([12], Estimate(720, 720)),
        ([2, 4], Estimate(180, 480)),
        ([2, 3, 60], Estimate(180, 3600)),
        ([2, 3, 2.5], Estimate(150, 180)),
    ],
)
def test_typical_is_the_median_and_bad_the_longest_while_few_runs_not_less_than_the_plans(
    took: list[float], estimate: Estimate
) -> None:
    assert expected(of(*(night(one) for one in took))) == estimate


def test_what_ran_before_is_known_though_the_plan_says_nothing() -> None:
    assert expected(of(night(2)), estimate="") == Estimate(120, 120)
    assert expected(NO_PAST, estimate="") is None


def test_another_command_or_another_title_is_another_step() -> None:
    """The number and the versions in a title are no part of what it is."""
    assert expected(of(night(2, command_text="run 1 --force"))) == Estimate(300, 480)
    assert expected(of(night(2)), title="Scale the old one") == Estimate(300, 480)


def _rehearsed() -> Story:
    story = Story()
    steps = opened(command("1", 5)).backout.plan
    story.open(steps, mode="rehearsal")
    story.tell("StepShown", 1, step="1", attempt=1, command="run 1", shell="sh")
    return story


def _resolved() -> Story:
    story = opened(command("1", 5))
    begun = story.start("1", 0)
    story.tell("StepInDoubt", 30, step="1", intent=begun.event_id, attempt=1, why="its supervisor is gone")
    story.resolve("1", 40, "done", "it is rolled back")
    return story


def _failed() -> Story:
    story = opened(command("1", 5))
    story.run("1", 0, 0.1, exit_code=1)
    return story


def _changed() -> Story:
    story = opened(command("1", 5))
    story.tell("StepChanged", 0, step="1", command="run 1 --fast", reason="it takes too long")
    story.run("1", 1, 1)
    return story


def _rehearsed_otherwise() -> Story:
    story = opened(command("1", 5))
    story.tell("StepStarted", 0, step="1", attempt=1, command="run 1 --dry-run", shell="sh")
    story.finish("1", 1)
    return story


def _by_hand() -> Story:
    story = opened(minutes("1", 5))
    story.tell("StepDone", 30, step="1", note="")
    return story


@pytest.mark.parametrize("story", [_rehearsed, _resolved, _failed, _changed, _rehearsed_otherwise, _by_hand])
def test_only_what_the_program_ran_to_a_good_end_as_planned_is_a_duration(story: object) -> None:
    """Not what was shown, in doubt, failed, changed, rehearsed by another command, or done by hand: that is waiting."""
    assert callable(story)
    assert past_of([story().backout]).durations == {}


def test_a_run_that_failed_first_counts_by_the_one_that_went_well() -> None:
    story = opened(command("1", 5))
    story.run("1", 0, 9, exit_code=1)
    story.run("1", 10, 4)
    assert list(past_of([story.backout]).durations.values()) == [(240_000,)]


def test_each_fence_of_a_step_is_known_by_itself() -> None:
    step = Step("1", "Warm", facts(estimate="10 min"), (fence("warm eu"), fence("warm us")))
    before = opened(step)
    before.run("1.1", 0, 1)
    backout = opened(step).backout
    assert forecast.expected_times(backout, past_of([before.backout])) == {
        "1.1": Estimate(60, 60),
        "1.2": Estimate(540, 540),
    }


def test_a_step_that_was_changed_tonight_is_not_the_one_of_before() -> None:
    tonight = night(1)
    tonight.tell("StepReopened", 2, step="1", reason="once more")
    backout: Backout = tonight.backout
    changed = replace(backout.steps["1"], origin="changed")
    assert planned_or_measured(backout, changed, of(night(2))) == Estimate(300, 480)


def test_the_past_moves_the_clock_tonight() -> None:
    backout = opened(command("1", 5), command("2", 5)).backout
    before = opened(command("1", 5), command("2", 5))
    before.run("1", 0, 2)
    assert forecast.ahead(backout, at(0), past_of([before.backout])) == forecast.Ahead(420, 600, 0, 2)


def test_a_plan_that_has_no_commands_has_no_past() -> None:
    story = Story()
    story.open(Plan("", facts(release="web 2.0")))
    assert past_of([story.backout]).durations == {}
