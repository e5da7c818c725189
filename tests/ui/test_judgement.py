"""What the plan says for judgement, through keys only: in the decision, before the first step, verdict, close."""

from __future__ import annotations

from typing import Any

import pytest

from backout_tui.domain.backout.prerequisites import prerequisites
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.plan import Section
from backout_tui.domain.values import replace
from backout_tui.engine.verbs import attempt_verbs
from tests import scenes
from tests.sample_plan import facts
from tests.scenes import Scene
from tests.ui.doubles import Seat, begin_without_a_supervisor, seated

BEFORE = Section("Before you start", items=("the VPN is up", "you are the only one who deploys"))
SIZES = [(80, 24), (60, 20), (120, 40)]


@pytest.fixture(autouse=True)
def _no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run is recorded as begun, and nothing runs."""
    monkeypatch.setattr(attempt_verbs, "begin", begin_without_a_supervisor)


def of(scene: Scene, **changes: Any) -> Scene:
    """The scene with a plan that says more."""
    return replace_plan(scene, before=BEFORE, **changes)


def replace_plan(scene: Scene, **changes: Any) -> Scene:
    return Scene(scene.events, replace(scene.backout, plan=replace(scene.backout.plan, **changes)), scene.now)


async def at_the_first_step(seat: Seat) -> None:
    """Decide, and do the step that may come before the decision, which asks nothing."""
    await seat.press("D")
    await seat.type("release manager", "enter")
    await seat.type("errors above 2 percent", "tab", "tab")
    await seat.type("by phone", "ctrl+s")
    await seat.press("d")
    assert seat.kinds[-1] == "StepDone"
    assert "run step 2" in seat.next


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_decision_shows_the_criteria_and_everything_that_is_affected(size: tuple[int, int]) -> None:
    plan = scenes.deciding().backout.plan
    more = (*plan.facts, *facts(affects="search (search desk), mail"))
    async with seated(replace_plan(scenes.deciding(), facts=more), size=size) as seat:
        await seat.press("D")
        for words in ("Back out when:", "5xx on /charge above 2 %", "any ledger mismatch", "Affects: ledger"):
            assert words in seat.text
        assert "search (search desk); mail" in " ".join(seat.text.replace("│", "").split())
        assert "decided by" in seat.text


async def test_many_criteria_leave_room_for_the_fields_and_say_how_many_more() -> None:
    when = Section("When to back out", items=tuple(f"sign number {n}" for n in range(1, 10)))
    async with seated(replace_plan(scenes.deciding(), when=when)) as seat:
        await seat.press("D")
        assert "sign number 3" in seat.text
        assert "sign number 4" not in seat.text
        assert "and 6 more" in seat.text
        assert "agreed how" in seat.text


async def test_r_on_the_first_step_confirms_only_what_is_ticked() -> None:
    async with seated(of(scenes.problem_logged())) as seat:
        await at_the_first_step(seat)
        await seat.press("r")
        for words in ("affects ledger", "kubectl scale", "[ ] the VPN is up", "[ ] you are the only one"):
            assert words in seat.text
        await seat.confirm()
        assert "Not ticked: 1, 2." in seat.text
        assert seat.kinds[-1] == "StepDone"
        await seat.press("tab", "space", "space")
        assert "[x] the VPN is up" in seat.text
        assert "[x] you are the only one" in seat.text
        await seat.confirm()
        assert seat.kinds[-3:] == ["PrerequisiteAnswered", "PrerequisiteAnswered", "StepStarted"]
        assert all(one.holds for one in prerequisites(seat.backout))
        assert seat.backout.steps["2"].state is StepStatus.RUNNING


async def test_a_reason_stands_for_what_is_not_ticked() -> None:
    async with seated(of(scenes.problem_logged())) as seat:
        await at_the_first_step(seat)
        await seat.press("r")
        await seat.confirm("space")
        assert "Not ticked: 2." in seat.text
        await seat.type("nobody else is awake")
        await seat.confirm()
        assert seat.kinds[-3:] == ["PrerequisiteAnswered", "PrerequisitesLeft", "StepStarted"]
        without = seat.backout.started_without
        assert without is not None
        assert (without.left, without.reason) == ((2,), "nobody else is awake")


async def test_no_letter_ticks_anything_and_esc_records_nothing() -> None:
    async with seated(of(scenes.problem_logged())) as seat:
        await at_the_first_step(seat)
        before = len(seat.kinds)
        await seat.press("r")
        await seat.type("xy1")
        assert "[x]" not in seat.text
        await seat.press("escape")
        assert len(seat.kinds) == before


async def test_what_was_ticked_and_typed_is_there_again_after_esc() -> None:
    async with seated(of(scenes.problem_logged())) as seat:
        await at_the_first_step(seat)
        await seat.press("r")
        await seat.confirm("space")
        await seat.type("nobody else is awake")
        await seat.press("escape")
        assert seat.kinds[-1] == "StepDone"
        await seat.press("r")
        assert "[x] the VPN is up" in seat.text
        assert "[ ] you are the only one" in seat.text
        assert "nobody else is awake" in seat.text
        await seat.confirm()
        assert seat.kinds[-3:] == ["PrerequisiteAnswered", "PrerequisitesLeft", "StepStarted"]


async def test_a_tick_typed_ahead_of_the_picture_does_not_count() -> None:
    async with seated(of(scenes.problem_logged())) as seat:
        await at_the_first_step(seat)
        await seat.type("r ")
        assert "[x]" not in seat.text
        assert "came too soon" in seat.text


async def test_d_on_a_first_step_by_hand_asks_the_same_in_its_confirmation() -> None:
    scene = of(scenes.problem_logged())
    steps = {**scene.backout.steps, "1": replace(scene.backout.steps["1"], facts=())}
    async with seated(Scene(scene.events, replace(scene.backout, steps=steps), scene.now)) as seat:
        await seat.press("D")
        await seat.type("release manager", "enter")
        await seat.type("errors above 2 percent", "tab", "tab")
        await seat.type("by phone", "ctrl+s")
        await seat.press("d")
        assert "Mark step 1 as done" in seat.text
        assert "Set the freeze in the deploy channel" in seat.text
        await seat.confirm("space", "space")
        assert seat.kinds[-3:] == ["PrerequisiteAnswered", "PrerequisiteAnswered", "StepDone"]
        await seat.press("r")
        assert "Before you start" not in seat.text  # only the first step asks


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_ticks_and_the_reason_fit_whatever_the_size(size: tuple[int, int]) -> None:
    scene = of(scenes.problem_logged())
    long = Section("Before you start", items=tuple(f"{n} {'a long line that goes on ' * 4}" for n in range(8)))
    async with seated(replace_plan(scene, before=long), size=size) as seat:
        await at_the_first_step(seat)
        await seat.press("r")
        assert "or why not" in seat.text
        assert "Space tick" in seat.text
        await seat.press(*["down"] * 7)
        assert "[ ] 7 a long line" in seat.text


async def test_the_verdict_shows_when_it_is_a_success() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("X")
        assert "It is a success when:" in seat.text
        assert "error rate below 0.2 % for 30 minutes" in seat.text


async def test_the_close_shows_what_comes_after_the_backout() -> None:
    after = Section("After the backout", items=("file the defects", "plan the fix"))
    async with seated(replace_plan(scenes.told(), after=after)) as seat:
        await seat.press("ctrl+p")
        await seat.type("close", "enter")
        assert "After the backout:" in seat.text
        assert "- file the defects" in seat.text
        assert "- plan the fix" in seat.text
