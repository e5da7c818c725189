"""A criterion that cannot be read, through keys: r says why nothing runs, c mends it, and then r runs by it."""

from __future__ import annotations

from backout_tui.domain.plan.plan import Block, Check, Part, Step
from backout_tui.domain.values import replace
from tests import scenes
from tests.sample_plan import PLAN, facts, fence
from tests.scenes import Scene
from tests.story import Story
from tests.ui.doubles import seated

STEP = Step("1", "Roll back", facts(estimate="5 min"), (fence("undo"), Block("text", "Expect: ok", line=41)))
CHECK = Check("A", "It answers", (), (fence("true", "sh timeout=soon"),))


def scene() -> Scene:
    story = Story()
    story.open(replace(PLAN, parts=(Part("", "", (STEP,)),), checks=(CHECK,)))
    story.tell("ProblemLogged", 1, problem="P1", severity="critical", kind="fault", seen="after", title="5xx")
    story.tell("Decided", 2, kind="back-out", by="release manager", named_authoriser=True, reason="errors above 2 %")
    return scenes._seen(story, 3)


async def test_r_says_at_which_line_and_c_mends_it() -> None:
    async with seated(scene(), (120, 40)) as seat:
        await seat.press("2", "home", "r")
        assert "line 41: this `Expect:` has neither a code span nor a pattern" in " ".join(seat.said.split())
        assert seat.kinds == []
        await seat.press("c", "tab", "tab")
        await seat.type("/(/", "tab", "tab")
        await seat.type("the plan lacks the backticks", "ctrl+s")
        assert "pattern cannot be" in " ".join(seat.text.replace("│", " ").split()), seat.text
        await seat.press("escape", "c", "tab", "tab", "ctrl+u")
        await seat.type("rolled back", "ctrl+s")
        assert seat.kinds == ["StepChanged"]
        assert "must print `rolled back`" in " ".join(seat.said.split())
        await seat.press("r")
        assert "Done when it ends with exit 0 and prints" in seat.text


async def test_v_runs_no_check_that_would_prove_nothing() -> None:
    async with seated(scene(), (120, 40)) as seat:
        await seat.press("3", "home", "V")
        await seat.rest()
        if seat.is_asked():
            await seat.confirm("enter")
        assert "CheckStarted" not in seat.kinds


async def test_the_next_line_offers_to_change_it_and_the_refusal_is_said_whole() -> None:
    async with seated(scene(), (80, 24)) as seat:
        assert seat.next.startswith("Next: step 1 cannot be run as it is written: r tells why, c changes it")
        await seat.press("2", "home", "r")
        assert "or fix the plan." in " ".join(seat.text.split())
