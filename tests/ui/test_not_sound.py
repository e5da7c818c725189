"""A log that is not what was written: the banner is never cut, the event's row is marked, other backouts still open."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from backout_tui.engine.soundness import Fault
from backout_tui.ui.desk.list_rows import WHAT_TO_DO
from tests import scenes
from tests.cli.test_verify import forging
from tests.ui.doubles import Seat, seated
from tests.ui.list_seat import listed_in
from tests.ui.test_list_screen import with_backout

FAULT = Fault(
    "event 3 does not match its hash; from event 3 on nothing here can be relied on, whatever it says of steps",
    {3: "event 3 does not match its hash"},
)
BANNER = f"THE LOG IS NOT SOUND: {FAULT.words}"


async def distrusting(seat: Seat) -> None:
    """The check in the background has found it."""
    await seat.dashboard.do(lambda operator: operator.distrust(FAULT))
    await seat.rest()


def words_of(seat: Seat) -> str:
    """What is on the screen, on one line."""
    return " ".join(seat.text.split())


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
async def test_the_banner_is_never_cut(size: tuple[int, int]) -> None:
    async with seated(scenes.step_running(), size) as seat:
        assert "NOT SOUND" not in seat.text
        await distrusting(seat)
        assert BANNER in words_of(seat)


async def test_the_log_and_the_comparison_say_it_first_and_the_row_of_the_event_itself_is_marked() -> None:
    async with seated(scenes.step_running(), (100, 30)) as seat:
        await distrusting(seat)
        await seat.press("l")
        assert BANNER in words_of(seat)
        marked = [line for line in seat.lines if "NOT SOUND (event 3 does not match its hash): " in line]
        assert len(marked) == 1
        await seat.press("escape", "equals_sign")
        assert BANNER in words_of(seat)


async def test_a_log_that_is_open_when_it_is_found_says_it_then() -> None:
    async with seated(scenes.step_running(), (100, 30)) as seat:
        await seat.press("l")
        assert "NOT SOUND" not in seat.text
        await distrusting(seat)
        for _ in range(100):
            if BANNER in words_of(seat):
                break
            await asyncio.sleep(0.1)
        assert BANNER in words_of(seat)


async def test_a_damaged_backout_is_a_row_that_says_so_when_it_is_opened(tmp_path: Path) -> None:
    with_backout(tmp_path)
    with forging(tmp_path / "backout.sqlite") as forger:
        forger.execute("UPDATE event SET record = CAST('{}' AS BLOB) WHERE log_id = 'backout:1' AND seq = 1")
    async with listed_in(tmp_path) as seat:
        assert "damaged at event 1 of backout 1" in seat.text
        await seat.press("enter")
        assert seat.chosen is None
        assert WHAT_TO_DO.split(".")[0] in " ".join(seat.text.split())


async def test_the_row_of_what_a_forged_event_speaks_of_is_marked_and_says_so_when_it_is_opened() -> None:
    """The step that a changed record calls done, and no other."""
    scene = scenes.step_running()
    done = next(event for event in scene.events if event.data.get("step") == "2")
    async with seated(scene, (100, 30)) as seat:
        await seat.dashboard.do(lambda operator: operator.distrust(Fault("event 3", {done.seq: "it was changed"})))
        await seat.rest()
        marked = [line for line in seat.lines if "NOT SOUND · " in line]
        assert len(marked) == 1
        assert marked[0].lstrip("│ ").startswith("! 2 ")
        seat.dashboard.point_at(("step", "2"))
        await seat.press("enter")
        assert "NOT SOUND: it was changed. What stands here may not be what happened." in words_of(seat)
