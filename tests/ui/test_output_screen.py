"""`/` in what is open searches all that is kept of its output, through keys."""

from __future__ import annotations

import asyncio

import pytest

from tests import scenes
from tests.scenes import Scene
from tests.ui.doubles import Seat, seated

LINES = [
    "WARNING: block 20000 was skipped",
    *(f"copied block {n}" for n in range(2, 20_001)),
    "x" * 300 + "far",
    "done",
]


def printed(scene: Scene, text: str) -> dict[str, str]:
    """What step 4 printed in the scene."""
    return {scene.backout.steps["4"].attempts[-1].intent: text}


async def searched(seat: Seat, text: str) -> None:
    """Open step 4, press `/`, type, Enter."""
    await seat.press("enter", "slash")
    assert "Search: output of step 4" in seat.text
    await seat.type(text, "enter")
    for _ in range(40):
        if "Reading it." not in seat.text:
            return
        await asyncio.sleep(0.05)
        await seat.rest()


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)], ids=str)
async def test_a_line_that_the_pane_has_forgotten_is_found(size: tuple[int, int]) -> None:
    scene = scenes.step_failed()
    async with seated(scene, size, outputs=printed(scene, "\n".join(LINES) + "\n")) as seat:
        await seat.press("enter")
        assert "/ search   Esc back" in seat.text
        assert "WARNING" not in seat.text
        await seat.press("escape")
        await searched(seat, "warning")
        assert "Output of step 4" in seat.text
        assert "/warning: 1 of 20,002" in seat.text
        assert "1 WARNING: block 20000 was skipped" in seat.text
        await seat.press("enter")  # what stands around it
        assert "20,002 lines" in seat.text
        assert "2 copied block 2" in seat.text
        await seat.press("escape")
        assert not seat.is_asked()
        assert seat.dashboard.opened == ("step", "4")


async def test_searching_again_and_reading_a_long_line_to_its_end() -> None:
    scene = scenes.step_failed()
    async with seated(scene, outputs=printed(scene, "\n".join(LINES) + "\n")) as seat:
        await searched(seat, "no such words")
        assert "No line holds it. / searches again." in seat.text
        await seat.press("slash", "ctrl+u")
        await seat.type("xfar", "enter")
        assert "/xfar: 1 of 20,002" in seat.text
        assert "xfar" not in "".join(seat.lines[1:])  # cut at the edge
        await seat.press("enter", "enter")
        assert "line 20,001" in seat.text
        assert "xfar" in seat.text
        await seat.press("escape", "end")
        assert "20,002 done" in seat.text


async def test_nothing_typed_shows_every_line() -> None:
    scene = scenes.step_failed()
    async with seated(scene, outputs=printed(scene, "one\n\ntwo\n")) as seat:
        await searched(seat, "")
        assert "3 lines" in seat.text
        assert "      3 two" in seat.text


async def test_a_command_that_runs_is_searched_as_it_goes_on() -> None:
    scene = scenes.step_running()
    async with seated(scene, outputs=printed(scene, "one\n")) as seat:
        await searched(seat, "t")
        assert "/t: 0 of 1" in seat.text
        seat.operator.outputs.update(printed(scene, "one\ntwo\nthree\n"))
        for _ in range(60):
            if "/t: 2 of 3" in seat.text:
                return
            await asyncio.sleep(0.05)
            await seat.rest()
        raise AssertionError(seat.text)


async def test_what_printed_nothing_or_was_not_run_says_so() -> None:
    scene = scenes.step_failed()
    async with seated(scene) as seat:
        await searched(seat, "")
        assert "It printed nothing." in seat.text
        await seat.press("escape", "escape", "home", "enter", "slash")  # a step by hand: the rows are filtered
        assert "Filter" in seat.text
        await seat.press("escape", "escape")
        seat.dashboard.action_command("output")
        assert "Nothing was run for what the cursor is on" in seat.said


async def test_nothing_in_an_output_acts_on_the_terminal() -> None:
    scene = scenes.step_failed()
    async with seated(scene, outputs=printed(scene, "a\x1b]0;x\x07[bold]b[/x]\u202e\tc\n")) as seat:
        await searched(seat, "bold")
        assert "\x1b" not in seat.text
        assert "[bold]b[/x]" in seat.text
