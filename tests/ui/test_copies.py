"""A copy on the dashboard, through keys, on real files: it says what it is, is only read, and T adopts it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decision_verbs, problem_verbs
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.night.dashboard import Dashboard
from backout_tui.ui.night.link import Link
from tests.engine.desks import HEAD, Room
from tests.ui.doubles import FakeOperator, Seat

PLAN = HEAD + "## Steps\n\n### 1. Freeze\n\n### 2. Roll back\n\n```sh\nsleep 60\n```\n"


@asynccontextmanager
async def seated_at(room: Room) -> AsyncIterator[Seat]:
    """Sam at the dashboard of the room's backout, with everything real below it."""
    desk = room.desk("sam")
    link = Link(lambda: Operator.open(desk, 1, is_dashboard=True))
    link.start()
    dashboard = Dashboard(link, await asyncio.to_thread(link.opened), desk.clock.now)
    app = BackoutApp(dashboard, look="dark", signs="unicode")
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            seat = Seat(app, dashboard, cast("FakeOperator", None), pilot)
            await seat.rest()
            yield seat
    finally:
        await asyncio.to_thread(link.close)


async def test_a_copy_says_what_it_is_and_is_adopted_by_one_key_and_a_reason(tmp_path: Path) -> None:
    (original := tmp_path / "original").mkdir()
    (copied := tmp_path / "copied").mkdir(mode=0o700)
    first = Room(original)
    op = first.start(PLAN)
    problem_verbs.log(op, "5xx")
    decision_verbs.decide(op, by="release manager", reason="errors above two percent")
    op.close()
    shutil.copy(first.database, copied / "backout.sqlite")
    before = (copied / "backout.sqlite").read_bytes()
    room = Room(copied)
    async with seated_at(room) as seat:
        assert "A COPY: it is only read; T adopts it" in seat.text
        assert "sam had the controls" in seat.text or "controls: nobody" in seat.text
        assert seat.next.startswith("Looking on:")
        assert seat.next.endswith("press T")
        await seat.press("n")
        assert "This is a copy of a database: it is only read" in seat.said
        assert (copied / "backout.sqlite").read_bytes() == before
        assert list(copied.iterdir()) == [copied / "backout.sqlite"]
        await seat.press("T")
        assert "Adopt this copy" in "\n".join(seat.lines)
        await seat.type("the jump host is gone", "enter")
        assert seat.said.startswith("It is a database of its own now")
        assert "A COPY" not in seat.text
    with_reason = room.desk("sam").reader.events_after("backout:1", 0)[-1]
    room.close()
    assert (with_reason.kind, with_reason.data["reason"]) == ("DatabaseAdopted", "the jump host is gone")
