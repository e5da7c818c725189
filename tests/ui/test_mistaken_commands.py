"""Through keys: what nothing sets is asked for, and what the check calls an error in a command wants a reason."""

from __future__ import annotations

import pytest

from backout_tui.domain.plan.plan import Check, Part, Step
from backout_tui.domain.values import replace
from backout_tui.engine.verbs import attempt_verbs
from tests import scenes
from tests.sample_plan import PLAN, expect, facts, fence
from tests.scenes import Scene
from tests.story import Story
from tests.ui.doubles import Seat, begin_without_a_supervisor, seated

FREE = Step("1", "Roll back", facts(estimate="5 min"), (fence("undo 9.9.9"),))
UNSET = Step("1", "Empty it", facts(estimate="5 min"), (fence('rm -rf "$NOBODY_SETS_IT/data"'),))
CHECK = Check("A", "It answers", (), (fence("answers 9.9.9"), expect("`yes`")))


@pytest.fixture(autouse=True)
def _no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run is recorded as begun, and nothing runs."""
    monkeypatch.setattr(attempt_verbs, "begin", begin_without_a_supervisor)


def scene(*steps: Step) -> Scene:
    story = Story()
    story.open(replace(PLAN, parts=(Part("", "", steps),), checks=(CHECK,)))
    story.tell("ProblemLogged", 1, problem="P1", severity="critical", kind="fault", seen="after", title="5xx")
    story.tell("Decided", 2, kind="back-out", by="release manager", named_authoriser=True, reason="errors above 2 %")
    return scenes._seen(story, 3)


def words(seat: Seat) -> str:
    return " ".join(seat.text.replace("│", " ").split())


async def test_r_says_what_the_check_finds_and_a_reason_lifts_it() -> None:
    async with seated(scene(FREE)) as seat:
        await seat.press("2", "home", "r")
        assert "plan check finds an error in step 1: `9.9.9` is neither" in words(seat)
        await seat.press("escape")
        assert seat.kinds == []
        await seat.press("r")
        await seat.type("9.9.9 is the tool's own number", "enter")
        assert "plan check finds in the command" in words(seat)
        await seat.confirm()
        assert seat.kinds == ["StepStarted"]
        assert seat.new_events[0].data["despite_why"] == "9.9.9 is the tool's own number"


async def test_what_one_reason_lifts_is_shown_together() -> None:
    """Otherwise the reason for the one would lift the other unseen."""
    later = replace(FREE, number="2", title="Then this")
    async with seated(scene(replace(FREE, blocks=(fence("true"),)), later)) as seat:
        await seat.press("2", "home", "down", "r")
        assert "plan check finds an error in step 2" in words(seat)
        assert "Step 1 comes first" in words(seat)


async def test_r_asks_for_the_value_of_a_variable_that_nothing_sets() -> None:
    async with seated(scene(UNSET)) as seat:
        await seat.press("2", "home", "r")
        assert "Nothing gives these a value" in words(seat)
        assert "NOBODY_SETS_IT" in words(seat)
        await seat.press("enter")
        assert seat.kinds == []
        await seat.type("/srv/shop", "enter")
        assert seat.kinds == ["VariableSet"]
        await seat.confirm()
        assert seat.kinds == ["VariableSet", "StepStarted"]


async def test_v_asks_why_a_check_with_an_error_is_run_all_the_same() -> None:
    async with seated(scene(FREE)) as seat:
        await seat.press("3", "home", "v")
        assert "plan check finds an error in check A" in words(seat)
        await seat.type("9.9.9 is the tool's own number", "enter")
        await seat.confirm()
        assert seat.kinds == ["CheckStarted"]
        assert seat.new_events[0].data["despite_why"] == "9.9.9 is the tool's own number"
