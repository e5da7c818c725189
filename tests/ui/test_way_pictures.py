"""Pictures of options that are open, and folded away; of a condition that is asked; of steps side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests import scenes, way_scenes
from tests.scenes import Scene
from tests.ui.doubles import FakeOperator, Seat, dashboard_of

Compare = Callable[..., bool]

pytestmark = pytest.mark.usefixtures("plain_environment")
SHOWN: list[tuple[str, Callable[[], Scene], tuple[int, int], tuple[str, ...]]] = [
    ("open-80x24", scenes.options_open, (80, 24), ("2",)),
    ("open-120x40", scenes.options_open, (120, 40), ("2",)),
    ("folded-80x24", scenes.options, (80, 24), ("2",)),
    ("folded-120x40", scenes.options, (120, 40), ("2",)),
    ("condition-80x24", way_scenes.asked, (80, 24), ("2", "r")),
    ("side-by-side-80x24", way_scenes.side_by_side, (80, 24), ("2",)),
    ("side-by-side-60x20", way_scenes.side_by_side, (60, 20), ("2",)),
]


@pytest.mark.parametrize(("scene", "size", "keys"), [one[1:] for one in SHOWN], ids=[one[0] for one in SHOWN])
def test_ways(scene: Callable[[], Scene], size: tuple[int, int], keys: tuple[str, ...], snap_compare: Compare) -> None:
    operator = FakeOperator(scene())
    app, dashboard = dashboard_of(operator)

    async def pressed(pilot: Pilot[Any]) -> None:
        seat = Seat(app, dashboard, operator, pilot)
        await seat.rest()
        await seat.press(*keys)

    try:
        assert snap_compare(app, terminal_size=size, run_before=pressed)
    finally:
        dashboard.link.close()
