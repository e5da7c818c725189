"""The time ahead, the window, the point of no return."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.domain import moments
from backout_tui.domain.backout import fold
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock import forecast
from backout_tui.domain.clock.past import NO_PAST
from backout_tui.domain.plan.plan import Check, Step
from backout_tui.domain.spans import Estimate
from backout_tui.domain.values import replace
from tests import night, scenes
from tests.campaigns.counts import examples
from tests.domain.timed import command, minutes, nights, opened
from tests.sample_plan import facts, fence
from tests.story import LOG, Story, at


def test_the_time_ahead_is_the_sum_of_what_is_open() -> None:
    """1 to 9 in minutes: 2 3 1 5-8 4 4 1 2, and step 9 says nothing; a group's estimate covers its two sub-steps."""
    fresh = scenes.fresh()
    assert forecast.ahead(fresh.backout, fresh.now) == forecast.Ahead(22 * 60, 25 * 60, unknown=1, known=9)
    assert forecast.finish(fresh.backout, fresh.now) == fresh.now + timedelta(minutes=22)


def test_a_running_step_counts_for_what_is_left_of_it_as_this_backout_runs() -> None:
    """Step 3 took 22 seconds of its minute: what is left is a tenth less, typically; the bad case stays."""
    running = scenes.step_running()
    whole, later = 5 * 60 * 322 // 360, sum(minutes * 60 * 322 // 360 for minutes in (4, 2, 2, 1, 2))
    assert forecast.ahead(running.backout, running.now) == forecast.Ahead(whole - 43 + later, 19 * 60 - 43, 1, 6)


def test_a_step_past_its_estimate_has_nothing_left_and_is_late_only_past_the_bad_case() -> None:
    backout = night.at_step_four().backout
    step = backout.steps["4"]
    assert [forecast.is_late(step, at(12 + minutes)) for minutes in (5.5, 8, 8.1)] == [False, False, True]
    thrice_as_slow = 3 * 11 * 60
    assert forecast.ahead(backout, at(90)) == forecast.Ahead(thrice_as_slow, thrice_as_slow, 1, 6)


def test_nothing_ahead_has_no_finish() -> None:
    done = scenes.verifying()
    assert forecast.ahead(done.backout, done.now) == forecast.NOTHING_AHEAD
    assert forecast.finish(done.backout, done.now) is None


def test_what_nobody_will_do_is_not_ahead() -> None:
    story = night.with_problems()
    story.tell("Decided", 6, kind="fix-forward", by="release manager", reason="a patch is ready", named_authoriser=True)
    assert (
        forecast.ahead(story.backout, at(7))
        == forecast.ahead(scenes.closed().backout, at(70))
        == forecast.NOTHING_AHEAD
    )


def test_the_time_ahead_takes_one_option_only() -> None:
    """The chosen one; while none is chosen, the first."""
    unchosen = scenes.options_open()
    assert forecast.ahead(unchosen.backout, unchosen.now) == forecast.Ahead(300, 300, unknown=3, known=1)
    story = night.optional()
    story.tell("OptionChosen", 4, option="B: by hand", reason="the image is gone")
    assert forecast.ahead(story.backout, at(4)) == forecast.Ahead(720, 720, unknown=1, known=1)


def test_the_parts_of_a_group_share_what_those_with_an_estimate_leave_of_it() -> None:
    """Ten minutes: one part says three, two say nothing; when one of these is done, its share is."""
    parts = (minutes("1.1", 3), minutes("1.2", None), minutes("1.3", None))
    group = Step("1", "Warm the caches", facts(estimate="10-12 min"), children=parts)
    story = opened(group)
    assert forecast.ahead(story.backout, at(0)) == forecast.Ahead(600, 720, 0, 3)
    story.tell("StepDone", 1, step="1.2", note="")
    assert forecast.ahead(story.backout, at(1)) == forecast.Ahead(600 - 210, 720 - 270, 0, 2)


# ── side by side ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_steps_that_name_what_they_wait_for_go_side_by_side() -> None:
    """2 and 3 both wait for 1; 4 for both: the longer way counts, not the sum."""
    story = opened(minutes("1", 1), minutes("2", 9, "1"), minutes("3", 5, "1"), minutes("4", 2, "2 and 3"))
    assert forecast.ahead(story.backout, at(0)).typical_s == (1 + 9 + 2) * 60
    story.tell("StepSkipped", 1, step="2", reason="done by the other team")
    assert forecast.ahead(story.backout, at(1)).typical_s == (1 + 5 + 2) * 60


def test_what_waits_for_a_group_waits_for_all_its_parts() -> None:
    group = Step("2", "Both regions", children=(minutes("2.1", 4), minutes("2.2", 4)))
    story = opened(minutes("1", 1), group, minutes("3", 7, "1"), minutes("4", 1, "2"))
    assert forecast.ahead(story.backout, at(0)).typical_s == (1 + 8 + 1) * 60


def test_a_step_may_wait_for_one_that_stands_behind_it() -> None:
    story = opened(minutes("1", 1, "3"), minutes("2", 2, "3"), minutes("3", 4, "9"))
    assert forecast.ahead(story.backout, at(0)).typical_s == (4 + 2) * 60


def test_steps_that_wait_in_a_circle_are_counted_one_after_the_other() -> None:
    story = opened(minutes("1", 1, "2"), minutes("2", 2, "1"))
    assert forecast.ahead(story.backout, at(0)).typical_s == 3 * 60


# ── watches ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_watches_count_side_by_side_and_at_worst_one_after_the_other() -> None:
    """Only of checks that the verdict needs and that have not passed; one before the backout is over by then."""
    checks = (
        Check("A", "Errors", facts(watch="10 min, every 30 s, at least 10 observations")),
        Check("B", "Lag", facts(watch="4 min")),
        Check("C", "Looks", facts(watch="30 min", optional="")),
        Check("D", "Baseline", facts(watch="30 min", when="before")),
        Check("E", "Once"),
    )
    story = opened(minutes("1", 5), checks=checks)
    assert forecast.ahead(story.backout, at(0)) == forecast.Ahead(15 * 60, 19 * 60, 0, 3)
    story.tell("StepDone", 1, step="1", note="")
    assert forecast.finish(story.backout, at(1)) == at(11)
    story.tell("CheckRecorded", 12, check="A", verdict="pass", note="none for ten minutes")
    assert forecast.ahead(story.backout, at(12)) == forecast.Ahead(4 * 60, 4 * 60, 0, 1)


# ── how it runs ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("took", "left"), [(5, 600), (10, 900), (2, 420), (0.1, 306), (100, 1800), (1000, 1800)])
def test_what_is_left_is_corrected_by_how_this_backout_runs_within_bounds(took: float, left: int) -> None:
    """Ten minutes are left; the first five took so long, beside the five that count as having gone as expected."""
    story = opened(command("1", 5), minutes("2", 10))
    story.run("1", 0, took)
    assert forecast.ahead(story.backout, at(took)) == forecast.Ahead(left, max(left, 600), 0, 1)


def test_a_slow_step_counts_before_it_is_done_and_its_end_changes_nothing() -> None:
    story = opened(command("1", 5), minutes("2", 10))
    story.start("1", 0)
    assert forecast.ahead(story.backout, at(4)).typical_s == 60 + 600
    before = forecast.ahead(story.backout, at(15))
    story.finish("1", 15)
    assert forecast.ahead(story.backout, at(15)).typical_s == before.typical_s == 1200


def test_what_failed_or_was_done_by_hand_says_nothing_of_the_pace() -> None:
    story = opened(command("1", 5), command("2", 5), minutes("3", 10))
    story.run("1", 0, 30, exit_code=1)
    story.tell("StepWorkedAround", 31, step="1", reason="scaled by hand")
    story.tell("StepDone", 60, step="2", note="by hand", against_program=True)
    assert forecast.ahead(story.backout, at(60)).typical_s == 600


# ── silence ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("estimate", "quiet", "silent"),
    [("1 min", 120, False), ("1 min", 121, True), ("5-8 min", 240, False), ("5-8 min", 241, True), ("", 300, False),
     ("", 301, True)],
)  # fmt: skip
def test_a_running_step_is_silent_after_two_minutes_or_half_its_bad_case(
    estimate: str, quiet: int, silent: bool
) -> None:
    story = opened(Step("1", "Roll back", facts(estimate=estimate) if estimate else (), (fence("true"),)))
    story.start("1", 0)
    step = story.backout.steps["1"]
    assert forecast.is_silent(step, at(0), at(0) + timedelta(seconds=quiet)) is silent
    story.finish("1", 60)
    assert not forecast.is_silent(story.backout.steps["1"], at(0), at(60))


# ── what holds for every plan ─────────────────────────────────────────────────────────────────────────────────────


@given(nights())
@settings(max_examples=examples(few=50), deadline=None)
def test_settling_a_step_never_moves_the_finish_later(story: Story) -> None:
    """At the same moment: by the program or by hand, skipped, not needed."""
    folded = Backout(fold.number_of(LOG))
    for event in story.events:
        before, folded = folded, fold.apply(folded, event)
        if folded.settled > before.settled:
            earlier, later = forecast.ahead(before, event.when), forecast.ahead(folded, event.when)
            assert later.typical_s <= earlier.typical_s, event.kind
            assert later.bad_s <= earlier.bad_s, event.kind
            assert later.unknown <= earlier.unknown


@given(nights(), st.integers(0, 10_000))
@settings(max_examples=examples(few=40), deadline=None)
def test_the_time_ahead_is_never_negative_and_the_bad_case_never_better(story: Story, later: int) -> None:
    left = forecast.ahead(story.backout, at(story.minute + later / 60))
    assert 0 <= left.typical_s <= left.bad_s
    assert left.unknown >= 0
    assert left.known >= 0


@given(nights(), st.integers(1, 600))
@settings(max_examples=examples(few=40), deadline=None)
def test_an_estimate_for_a_step_of_which_nothing_was_known_never_makes_it_earlier(story: Story, estimate: int) -> None:
    backout, now = story.backout, at(story.minute)
    before = forecast.ahead(backout, now)
    for number, step in backout.steps.items():
        if step.kind != "group" and number not in forecast.expected_times(backout, NO_PAST) and not step.settled:
            more = {**backout.steps, number: replace(step, estimate=Estimate(estimate, 2 * estimate))}
            after = forecast.ahead(replace(backout, steps=more), now)
            assert after.typical_s >= before.typical_s
            assert after.bad_s >= before.bad_s
            assert after.unknown == before.unknown - 1


@given(st.lists(st.one_of(st.none(), st.integers(0, 90)), max_size=12))
def test_when_nothing_is_known_it_is_the_plain_sum(estimates: list[int | None]) -> None:
    """No past, nothing run, a plain chain."""
    steps = [minutes(str(number), one) for number, one in enumerate(estimates, start=1)]
    known = [one for one in estimates if one is not None]
    total, missing = sum(known) * 60, len(estimates) - len(known)
    assert forecast.ahead(opened(*steps).backout, at(0)) == forecast.Ahead(total, total, missing, len(known))


def test_no_plan_can_say_more_than_a_calendar_holds() -> None:
    story = opened(Step("1", "Wait", facts(estimate="999999 d")), Step("2", "Wait", facts(estimate="999999 d")))
    assert forecast.finish(story.backout, at(0)) == moments.later(at(0), 2 * 999_999 * 86_400)


# ── moments ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_how_long_a_step_took_is_the_monotonic_clocks_word() -> None:
    steps = scenes.verifying().backout.steps
    assert (forecast.took_s(steps["3"]), forecast.took_s(steps["4"]), forecast.took_s(steps["1"])) == (22, 240, None)


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


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("01:50", at(-70)),
        ("03:00", at(0)),
        ("03:01", at(1 - 24 * 60)),
        ("20 min ago", at(-20)),
        ("1 h 5 min ago", at(-65)),
        ("2026-11-22T01:50:00Z", at(-70)),
        ("2026-11-22 02:50 Europe/Paris", at(-70)),
        ("20 min", None),
        ("ago", None),
        ("25:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_moment_behind_us_is_an_hour_a_span_or_a_whole_time(said: str, moment: datetime | None) -> None:
    assert moments.moment_behind(said, at(0), UTC) == moment


def test_the_window_ends_so_long_after_the_deploy() -> None:
    assert forecast.window_closes(scenes.fresh().backout) == at(50)


def test_the_time_of_the_deploy_said_at_the_start_counts_more_than_the_plans() -> None:
    assert forecast.window_closes(replace(scenes.fresh().backout, deployed_at=at(0))) == at(120)


def test_what_was_said_of_the_deploy_tonight_counts_most_and_that_nobody_knows_takes_nothing_away() -> None:
    story = Story(list(scenes.fresh().events))
    story.tell("DeployedAtSet", 1, deployed_at="2026-11-22T02:10:00.000000Z")
    story.tell("DeployedAtSet", 2)
    assert forecast.window_closes(story.backout) == at(70)
    assert story.backout.deployment_asked


@pytest.mark.parametrize("window", ["", "soon", "2h", "until the batch starts"])
def test_a_window_that_is_not_understood_is_not_known(window: str) -> None:
    fresh = scenes.fresh().backout
    plan = replace(fresh.plan, facts=facts(window=window, deployed="2026-11-22 01:50 Europe/London"))
    assert forecast.window_closes(replace(fresh, plan=plan)) is None


def test_a_window_without_a_deploy_is_not_known() -> None:
    fresh = scenes.fresh().backout
    plan = replace(fresh.plan, facts=facts(window="2h after deploy"))
    assert forecast.window_closes(replace(fresh, plan=plan)) is None


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
    assert forecast.no_way_back_at(_five(kind)) == expected
