"""Pictures of deviations: as planned beside as run, what is confirmed, and the review of what was folded back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from backout_tui.engine.planning import foldback
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.desk.list_screen import ListScreen
from backout_tui.ui.desk.office import Office, listed
from tests.engine.desks import SetClock
from tests.ui.list_seat import NOW, ListSeat, desk_on
from tests.ui.test_plan_folding_back import departed
from tests.ui.test_snapshots import showing

pytestmark = pytest.mark.usefixtures("plain_environment")
Compare = Callable[..., bool]
CHANGED = ("c", "tab", "end", *"=41", "tab", "tab", "tab", *"too-far", "enter", "r")


@pytest.mark.parametrize(
    ("name", "keys", "size"),
    [
        ("closed", ("equals_sign",), (120, 40)),
        ("closed", ("equals_sign", *["down"] * 4, "enter"), (80, 24)),
        ("step_failed", ("c",), (80, 24)),
        ("step_failed", CHANGED, (80, 24)),
    ],
    ids=["compared-high", "one-compared", "change", "confirm-a-difference"],
)
def test_on_the_dashboard(name: str, keys: tuple[str, ...], size: tuple[int, int], snap_compare: Compare) -> None:
    with showing(name) as (app, stand_still):

        async def pressed(pilot: Pilot[Any]) -> None:
            await stand_still(pilot, *keys)

        assert snap_compare(app, terminal_size=size, run_before=pressed)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desk with a plan into which what a backout departed in was folded back."""
    desk = desk_on(tmp_path, SetClock())
    departed(desk)
    foldback.fold_back(desk, 1)
    desk.close()
    made = Office(desk)
    yield made
    asyncio.run(asyncio.to_thread(made.close))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_review_of_what_was_folded_back(size: tuple[int, int], office: Office, snap_compare: Compare) -> None:
    screen = ListScreen(office, office.do(listed).result(), lambda: NOW)
    app = BackoutApp(screen, look="dark", signs="unicode")

    async def pressed(pilot: Pilot[Any]) -> None:
        seat = ListSeat(app, screen, pilot)
        await seat.rest()
        await seat.press("2", "enter", "r")

    assert snap_compare(app, terminal_size=size, run_before=pressed)
