"""Somebody at the list of backouts and plans, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from backout_tui.engine.desk import Desk
from backout_tui.settings import Settings
from backout_tui.store.clock import Clock, SystemClock
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.desk.desk_screen import DeskScreen
from backout_tui.ui.desk.list_screen import ListScreen
from backout_tui.ui.desk.office import Office, listed
from backout_tui.ui.terminal.keys import SETTLE_S
from tests.story import SAM

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


_in_use: list[Desk] = []


def desk_on(folder: Path, clock: Clock | None = None) -> Desk:
    """A desk on a database in `folder`, closed when the test is over."""
    desk = Desk(folder / "backout.sqlite", SAM, Settings(), {}, folder, "test", clock or SystemClock())
    _in_use.append(desk)
    return desk


def close_desks() -> None:
    """Let go of every desk that the test was given."""
    while _in_use:
        _in_use.pop().close()


@dataclass
class ListSeat:
    """Somebody at the list."""

    app: BackoutApp
    screen: ListScreen
    pilot: Pilot[Any]

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await self.rest()

    async def type(self, text: str, *then: str) -> None:
        for character in text:
            self.app.post_message(events.Key(_character_to_key(character), character))
        await self.rest()
        await self.press(*then)

    async def confirm(self) -> None:
        """Read the dialog, then press Enter: not sooner than it counts."""
        await asyncio.sleep(SETTLE_S + 0.05)
        await self.press("enter")

    async def rest(self) -> None:
        """Wait until nothing is under way on the screen on top, or something is asked."""
        for turn in range(200):
            await asyncio.wrap_future(self.screen.office.do(lambda _: None))
            await self.pilot.pause()
            top = self.app.screen
            if turn > 2 and not (isinstance(top, DeskScreen) and (top.is_busy or _looks_up(top))):
                return
        raise AssertionError("an action does not come to its end")

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def chosen(self) -> int | None:
        return self.screen.chosen


def _looks_up(screen: DeskScreen) -> bool:
    """Whether something is still looked up that the screen shows."""
    return any(not worker.is_finished for worker in screen.workers if worker.group in ("past", "view"))


@asynccontextmanager
async def listed_in(folder: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[ListSeat]:
    """Somebody at the list of the database in `folder`."""
    office = Office(desk_on(folder))
    screen = ListScreen(office, office.do(listed).result(), lambda: NOW)
    app = BackoutApp(screen, look="dark", signs="unicode")
    try:
        async with app.run_test(size=size) as pilot:
            seat = ListSeat(app, screen, pilot)
            await seat.rest()
            yield seat
    finally:
        await asyncio.to_thread(office.close)
