"""`python -m tests.pictures [FOLDER]`: the pictures in `screenshots/`, made by the running program.

The real dashboard on the shipped sample, with real commands, driven by keys; only the people are made up.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from backout_tui.domain.values import replace

os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"})
os.environ.pop("NO_COLOR", None)

from textual.pilot import Pilot

from backout_tui.domain.backout.events import Actor
from backout_tui.engine import demonstration, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import problem_verbs
from backout_tui.settings import Settings, operator_environment
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.desk.list_screen import ListScreen
from backout_tui.ui.desk.office import Office, listed
from backout_tui.ui.night.dashboard import Dashboard
from backout_tui.ui.night.link import Link

ROOT = Path(__file__).parent.parent
LOW, BROAD = (80, 24), (120, 40)
Keys = Callable[["Night"], Awaitable[None]]


@dataclass
class Night:
    """The running dashboard, and what drives it."""

    pilot: Pilot[Any]
    folder: Path
    database: Path = Path()

    async def press(self, *keys: str) -> None:
        """Press keys one by one, as a person does."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause(0.35)

    async def type(self, text: str) -> None:
        """Type into a field."""
        await self.pilot.press(*("space" if char == " " else char for char in text))
        await self.pilot.pause(0.1)

    async def until(self, state: Callable[[Dashboard], bool]) -> None:
        """Wait until the backout is so."""
        screen = self.pilot.app.screen_stack[0]
        assert isinstance(screen, Dashboard)
        for _ in range(600):
            if state(screen):
                return
            await self.pilot.pause(0.05)
        raise TimeoutError

    async def settled(self, number: str) -> None:
        """Wait until a step's command has ended."""
        await self.until(lambda screen: screen.backout.steps[number].state.value not in ("pending", "running"))
        await self.pilot.pause(0.3)

    def picture(self, name: str) -> None:
        """Keep what is on the screen now."""
        width, height = self.pilot.app.size
        path = self.folder / f"{name}-{width}x{height}.svg"
        path.write_text(self.pilot.app.export_screenshot(title="backout-tui", simplify=True), encoding="utf-8")
        print(path.name)


async def problem_and_decision(night: Night) -> None:
    """Two problems and the decision, up to step 2."""
    await night.press("p")
    await night.type("5xx on /charge at 8 %")
    await night.press("enter")
    await night.press("p")
    await night.type("ledger lags by 40 s")
    await night.press("enter", "D")
    await night.type("release manager")
    await night.press("tab")
    await night.type("8 % of charges fail, rising")
    await night.press("tab", "tab")
    await night.type("by phone")
    await night.press("ctrl+s", "d")
    await night.press("space", "enter")
    await night.press("r", "enter")
    await night.settled("2")


async def whole(night: Night) -> None:
    """The pictures of one night, in its order."""
    night.picture("fresh")
    await problem_and_decision(night)
    await night.press("s")
    await night.type("the batch jobs are off tonight")
    await night.press("enter")
    await night.press("r")
    night.picture("confirm")
    await night.press("enter")
    await night.pilot.pause(4)
    night.picture("step-running")
    await night.settled("4")
    await night.press("r", "enter")
    await night.settled("5")
    night.picture("step-failed")
    await night.press("r", "enter")
    await night.settled("5")
    await night.press("m", "enter")
    night.picture("message")
    await night.press("escape", "escape", "l")
    night.picture("log")
    await night.press("escape", "equals_sign")
    night.picture("compare")


async def doubtful(night: Night) -> None:
    """The supervisor of step 4 is killed: what is in doubt is the first thing shown."""
    await problem_and_decision(night)
    await night.press("s")
    await night.type("the batch jobs are off tonight")
    await night.press("enter", "r", "enter")
    await night.pilot.pause(4)
    (started,) = night.database.with_name(f"{night.database.name}.d").glob("spool/*/started.json")
    os.kill(json.loads(started.read_bytes())["pid"], signal.SIGKILL)
    await night.settled("4")
    await night.pilot.pause(1.5)
    night.picture("in-doubt")


async def rehearsed(night: Night) -> None:
    """A rehearsal says so all the time."""
    await problem_and_decision(night)
    night.picture("rehearsal")


def night_desk(folder: Path) -> Desk:
    """A desk with made-up people."""
    return Desk(
        database=folder / "unused.sqlite",
        actor=Actor("sam", "sam", 1000, "jump-1", "pts/3", "192.0.2.7"),
        settings=Settings(),
        environment=operator_environment(),
        cwd=folder,
        tool="backout-tui",
    )


async def drive(folder: Path, size: tuple[int, int], keys: Keys, *, rehearsal: bool = False) -> None:
    """Open the sample at `size`, and press the keys."""
    with tempfile.TemporaryDirectory(prefix="payments-") as place:
        desk = night_desk(Path(place))
        sample = resources.files("backout_tui").joinpath("sample", "payments-api.md").read_text(encoding="utf-8")
        op = demonstration.opened(desk, Path(place), sample)
        if rehearsal:
            how = Start(rehearsal=True, deployed_at=desk.clock.now() - timedelta(minutes=70))
            op = starting.start(op.desk, "1", how)
        number, at = op.backout.id, op.desk
        at.close()
        await _drive_at(at, number, folder, size, keys)


async def _drive_at(at: Desk, number: int, folder: Path, size: tuple[int, int], keys: Keys) -> None:
    link = Link(lambda: Operator.open(at, number))
    link.start()
    zone = ZoneInfo("Europe/London")
    screen = Dashboard(link, link.opened(), lambda: at.clock.now().astimezone(zone))
    try:
        async with BackoutApp(screen, look="dark", signs="unicode").run_test(size=size) as pilot:
            await pilot.pause(1.5)
            await keys(Night(pilot, folder, at.database))
    finally:
        link.close()


async def draw_copies(folder: Path, size: tuple[int, int]) -> None:
    """A copy of the database, which is only read; and one in which somebody changed an event."""
    with tempfile.TemporaryDirectory(prefix="payments-") as place:
        desk = night_desk(Path(place))
        sample = resources.files("backout_tui").joinpath("sample", "payments-api.md").read_text(encoding="utf-8")
        op = demonstration.opened(desk, Path(place), sample)
        problem_verbs.log(op, "5xx on /charge at 8 %")
        number, at = op.backout.id, op.desk
        at.close()
        copied = replace(at, database=Path(place) / "copied" / "backout.sqlite")
        copied.database.parent.mkdir(mode=0o700)
        shutil.copy(at.database, copied.database)
        await _drive_at(copied, number, folder, size, a_copy)
        _forge(at.database)
        await _drive_at(at, number, folder, size, not_sound)


def _forge(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE event SET record = CAST(replace(CAST(record AS TEXT), 'at 8 %', 'at 2 %') AS BLOB)"
            " WHERE log_id LIKE 'backout:%' AND instr(record, CAST('at 8 %' AS BLOB)) > 0"
        )


async def a_copy(night: Night) -> None:
    """T asks why it is adopted."""
    await night.press("T")
    night.picture("copy")


async def not_sound(night: Night) -> None:
    """What is wrong stands above everything; what the event speaks of is marked, and in the log the event itself."""
    await night.pilot.pause(2)
    night.picture("not-sound-row")
    await night.press("l")
    night.picture("not-sound")


async def draw_plans(folder: Path) -> None:
    """The list, and the plan of the next release: copied, reviewed, checked, compared; and the nine questions."""
    with tempfile.TemporaryDirectory(prefix="payments-") as place:
        desk = night_desk(Path(place))
        sample = resources.files("backout_tui").joinpath("sample", "payments-api.md").read_text(encoding="utf-8")
        op = demonstration.opened(desk, Path(place), sample)
        problem_verbs.log(op, "5xx on /charge at 8 %")
        at = op.desk
        demonstration.add_other_plans(at, Path(place), sample)
        at.close()
        for size in (LOW, BROAD):
            await _drive_list(folder, at, size)


async def _drive_list(folder: Path, at: Desk, size: tuple[int, int]) -> None:
    office = Office(at)
    try:
        first = office.do(listed).result()
        screen = ListScreen(office, first, lambda: at.clock.now().astimezone(ZoneInfo("Europe/London")))
        async with BackoutApp(screen, look="dark", signs="unicode").run_test(size=size) as pilot:
            await pilot.pause(1)
            await plans_of(Night(pilot, folder))
    finally:
        office.close()


async def plans_of(night: Night) -> None:
    """The screens about plans, one after the other."""
    await night.press("2")
    night.picture("list")
    await night.press("enter")
    night.picture("plan")
    await night.press("r")
    await night.pilot.pause(0.5)
    night.picture("review")
    await night.press("escape", "v")
    night.picture("check")
    await night.press("escape", "equals_sign")
    night.picture("changes")
    await night.press("escape", "escape", "f")
    await night.type("payments-api 4.14.0")
    await night.press("enter")
    await night.pilot.pause(0.5)
    night.picture("nearest")
    await night.press("p", "ctrl+s", "ctrl+s", "ctrl+s", "ctrl+s", "ctrl+s", "ctrl+s")
    night.picture("questions")


async def main() -> None:
    """Every picture."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "screenshots"
    await draw_plans(folder)
    for size in (LOW, BROAD):
        await drive(folder, size, whole)
        await drive(folder, size, doubtful)
        await draw_copies(folder, size)
    await drive(folder, LOW, rehearsed, rehearsal=True)


if __name__ == "__main__":
    asyncio.run(main())
