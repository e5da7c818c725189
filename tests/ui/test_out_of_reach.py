"""A step runs on another machine that cannot be asked: through keys it is declared in doubt, resolved, and left."""

from __future__ import annotations

from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.backout.whereabouts import OutOfReach
from tests import scenes
from tests.ui.doubles import Seat, seated

WEB = OutOfReach("web-7", "web-7 is another machine, and its lock cannot be seen from here")


async def out_of_reach(seat: Seat) -> None:
    """Step 4 goes on running on web-7, which cannot be asked."""
    attempt = seat.operator.backout.steps["4"].attempt
    assert attempt is not None
    seat.operator.away[attempt.intent] = WEB
    seat.operator.tell("NoteAdded", text="the line to web-7 is down")
    await seat.pilot.pause(0.4)
    await seat.rest()


async def test_enter_on_a_step_that_is_out_of_reach_declares_it_in_doubt_and_then_says_what_is_true() -> None:
    async with seated(scenes.step_running()) as seat:
        await out_of_reach(seat)
        assert "step 4 runs on web-7, out of reach: see what can be done" in seat.next
        await seat.press("2", "enter")
        if not seat.is_asked():
            await seat.press("enter")
        words = " ".join(" ".join(line.split("│")[1] for line in seat.lines if line.count("│") == 2).split())
        assert "Declare step 4 in doubt" in seat.text
        assert "Nobody can see from here how it stands: web-7 is another machine" in words
        assert "This stops nothing: it may still run there." in words
        await seat.type("web-7 does not answer", "enter")
        assert seat.kinds[-1] == "StepDeclaredInDoubt"
        assert seat.operator.backout.steps["4"].state is StepStatus.IN_DOUBT
        assert "step 4 is in doubt: say what is true" in seat.next


async def test_without_a_reason_nothing_is_declared() -> None:
    async with seated(scenes.step_running()) as seat:
        await out_of_reach(seat)
        before = list(seat.kinds)
        await seat.press("2", "enter")
        if not seat.is_asked():
            await seat.press("enter")
        await seat.press("enter")
        assert seat.is_asked()
        await seat.press("escape")
        assert seat.kinds == before
        assert seat.operator.backout.steps["4"].state is StepStatus.RUNNING
