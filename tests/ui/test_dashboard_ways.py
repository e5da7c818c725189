"""Conditions, options, loops and steps side by side, through keys only."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.states import StepStatus
from backout_tui.engine.verbs import attempt_verbs
from tests import scenes, way_scenes
from tests.ui.doubles import Seat, begin_without_a_supervisor, seated


@pytest.fixture(autouse=True)
def _no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run is recorded as begun, and nothing runs."""
    monkeypatch.setattr(attempt_verbs, "begin", begin_without_a_supervisor)


def state(seat: Seat, number: str) -> StepStatus:
    """What is true of a step."""
    return seat.backout.steps[number].state


# ── only if ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_next_line_names_the_condition_and_r_asks_it_before_it_goes_on() -> None:
    async with seated(way_scenes.asked()) as seat:
        assert "step 2 only if pods are stuck: does it hold?" in seat.next
        assert "press r" in seat.next
        await seat.press("r")
        assert "Does the condition of step 2 hold?" in seat.text
        assert "Only if: pods are stuck" in seat.text
        await seat.press("enter")
        assert seat.kinds == ["ConditionAnswered"]
        assert "kubectl delete pod x" in seat.text
        await seat.confirm()
        assert seat.kinds == ["ConditionAnswered", "StepStarted"]


async def test_no_is_not_needed_without_a_deviation_and_nothing_more_is_asked() -> None:
    async with seated(way_scenes.asked()) as seat:
        await seat.press("r", "n", "enter")
        assert not seat.is_asked()
        assert state(seat, "2") is StepStatus.NOT_NEEDED
        assert seat.backout.deviations == ()
        assert seat.said == "The condition of step 2: no."
        assert seat.dashboard.situation.on == ("step", "3")


async def test_esc_answers_nothing_and_begins_nothing() -> None:
    async with seated(way_scenes.asked()) as seat:
        await seat.press("r", "escape")
        assert (seat.kinds, seat.is_asked()) == ([], False)


async def test_d_asks_before_a_step_by_hand_is_done() -> None:
    async with seated(way_scenes.asked()) as seat:
        await seat.press("r", "n", "enter")
        assert "step 3 only if the queue is long: does it hold?" in seat.next
        await seat.press("d", "enter")
        assert seat.kinds == ["ConditionAnswered", "ConditionAnswered", "StepDone"]
        assert state(seat, "3") is StepStatus.DONE


async def test_what_cannot_be_begun_anyway_is_said_and_not_asked() -> None:
    async with seated(way_scenes.side_by_side()) as seat:
        await seat.press("2", "g", "down", "down", "d")
        assert not seat.is_asked()
        assert seat.said == "Step 2 is still running."


async def test_a_phase_is_asked_once_then_a_steps_own_condition() -> None:
    async with seated(way_scenes.in_the_phase()) as seat:
        assert "phase Caches only if the cache holds the new format" in seat.next
        await seat.press("r")
        assert "Does the condition of phase Caches hold?" in seat.text
        assert "phase Caches and all its steps are not needed" in " ".join(seat.text.split())
        await seat.press("enter")
        await seat.confirm()
        assert seat.kinds == ["ConditionAnswered", "StepStarted"]
        assert seat.new_events[0].data["part"] == "phase Caches"
        assert dict(seat.backout.part_conditions) == {"phase Caches": "yes"}


async def test_a_phase_whose_condition_does_not_hold_is_behind_us_with_one_answer() -> None:
    async with seated(way_scenes.in_the_phase()) as seat:
        await seat.press("r", "n", "enter")
        assert (state(seat, "6"), state(seat, "7")) == (StepStatus.NOT_NEEDED, StepStatus.NOT_NEEDED)
        assert "step" not in seat.next


async def test_a_condition_is_answered_anew_from_the_palette() -> None:
    async with seated(way_scenes.asked()) as seat:
        await seat.press("r", "enter", "escape", "ctrl+p")
        await seat.type("condition", "enter")
        assert "(x) yes" in seat.text
        await seat.press("n", "enter")
        assert state(seat, "2") is StepStatus.NOT_NEEDED


# ── options ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_choice_is_asked_with_its_reason_and_the_same_key_goes_on() -> None:
    async with seated(scenes.options_open()) as seat:
        assert "choose an option" in seat.next
        await seat.press("r", "tab")
        await seat.type("the image is still there", "enter")
        assert "rollout undo" in seat.text
        await seat.confirm()
        assert seat.kinds == ["OptionChosen", "StepStarted"]


async def test_d_asks_the_choice_too() -> None:
    async with seated(scenes.options_open()) as seat:
        await seat.press("d")
        assert "Choose one way" in seat.text
        await seat.press("tab")
        await seat.type("the image is still there", "enter")
        assert "add a note" in seat.text
        await seat.type("undone in the console", "enter")
        assert seat.kinds == ["OptionChosen", "StepDone"]


async def test_with_another_way_chosen_the_cursor_goes_to_it_and_nothing_runs() -> None:
    async with seated(scenes.options_open()) as seat:
        await seat.press("r", "down", "tab")
        await seat.type("the image is gone", "enter")
        assert (seat.kinds, seat.is_asked()) == (["OptionChosen"], False)
        assert seat.said == "The way is B: by hand."
        assert "run step B1" in seat.next
        assert seat.dashboard.situation.on == ("step", "B1")


async def test_what_was_not_chosen_is_one_line_that_enter_unfolds_and_folds() -> None:
    async with seated(scenes.options()) as seat:
        await seat.press("2")
        assert "Option B: by hand: not chosen, 1 step" in seat.text
        assert "Scale the old replica set" not in seat.text
        assert "2 of 5" in seat.text
        await seat.press("end", "up", "up", "enter")
        assert "Scale the old replica set" in seat.text
        assert not seat.is_asked()
        await seat.press("enter")
        assert "Scale the old replica set" not in seat.text


async def test_a_filter_finds_what_is_folded_away() -> None:
    async with seated(scenes.options()) as seat:
        await seat.press("2", "slash")
        await seat.type("replica", "enter")
        assert "Scale the old replica set" in seat.text


async def test_a_step_that_was_not_chosen_is_not_begun() -> None:
    async with seated(scenes.options()) as seat:
        await seat.press("2", "end", "up", "up", "d")
        assert "this step belongs to B: by hand" in seat.said


# ── for each, until, capture, side by side ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_an_item_stands_with_its_whole_number(size: tuple[int, int]) -> None:
    async with seated(way_scenes.asked(), size) as seat:
        await seat.press("2")
        assert "4[node-1] Drain the node: node-1" in seat.text


async def test_the_confirmation_of_an_item_says_which_it_is() -> None:
    async with seated(way_scenes.asked()) as seat:
        await seat.press("r", "n", "enter", "d", "n", "enter", "r")
        assert "Run step 4[node-1]" in seat.text
        assert "with ITEM=node-1" in seat.text
        await seat.confirm()
        assert seat.new_events[-1].data["item"] == "node-1"


async def test_skipping_the_group_skips_every_item() -> None:
    async with seated(way_scenes.asked()) as seat:
        await seat.press("2", "g", "down", "down", "down", "s")
        await seat.type("both are drained already", "enter")
        assert [state(seat, number).value for number in ("4[node-1]", "4[node-2]")] == ["skipped", "skipped"]


async def test_a_step_that_waits_for_nothing_that_runs_may_be_begun_beside_it() -> None:
    async with seated(way_scenes.side_by_side()) as seat:
        assert "run step 5, Wait for the pods · step 2 runs" in " ".join(seat.next.split())
        await seat.press("r")
        assert "repeats every 10 s until it succeeds, for up to 10 min" in seat.text
        await seat.confirm()
        assert [state(seat, number).value for number in ("2", "5")] == ["running", "running"]
        assert "wait for step" in seat.next
        assert seat.text.count("▶ 2 ") == 1
        assert seat.text.count("▶ 5 ") == 1


async def test_x_stops_the_one_under_the_cursor() -> None:
    async with seated(way_scenes.side_by_side()) as seat:
        await seat.press("r")
        await seat.confirm()
        seat.dashboard.point_at(("step", "5"))
        await seat.press("x")
        assert "Stop step 5" in seat.text


async def test_the_story_of_a_step_has_its_tries_and_what_it_captured() -> None:
    async with seated(way_scenes.in_the_phase(), (120, 40)) as seat:
        await seat.press("2", "g", "enter")
        assert "IMAGE = payments:4.11.3" in seat.text
        await seat.press("escape")
        seat.dashboard.point_at(("step", "5"))
        await seat.press("enter")
        assert "7 tries" in seat.text
