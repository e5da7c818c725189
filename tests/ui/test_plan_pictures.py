"""Pictures of the screens about plans; `--snapshot-update` draws them anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import backout_tui
from backout_tui.domain.plan.questionnaire import BLANKS
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import copying
from backout_tui.engine.plans import Found
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.settings import Settings
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.desk.list_screen import ListScreen
from backout_tui.ui.desk.office import Listing, Office, listed
from backout_tui.ui.desk.questions_screen import QuestionsScreen
from tests.engine.desks import SetClock
from tests.story import SAM
from tests.ui.list_seat import NOW, ListSeat, desk_on
from tests.ui.test_questions_screen import send

pytestmark = pytest.mark.usefixtures("plain_environment")
Compare = Callable[..., bool]
OPEN = ("performer", "message-to", "message-by", "message-when", "message-text", "rehearsals")
SAMPLE = Path(backout_tui.__file__).parent / "sample" / "payments-api.md"
SAID = {name: "\n".join(blank.example) for name, blank in BLANKS.items() if name not in OPEN}


@pytest.mark.parametrize(
    ("question", "size", "answers"),
    [
        (1, (80, 24), {"release": "payments-api 4.12.0"}),
        (6, (80, 24), SAID),
        (10, (80, 24), SAID),
        (5, (120, 40), SAID),
        (5, (60, 20), SAID),
    ],
    ids=["Q1", "Q6", "summary", "Q5-high", "Q5-low"],
)
def test_the_questions(
    question: int, size: tuple[int, int], answers: dict[str, str], tmp_path: Path, snap_compare: Compare
) -> None:
    office = Office(Desk(tmp_path / "none.sqlite", SAM, Settings(), {}, tmp_path, "test"))
    screen = ListScreen(office, Listing(), lambda: NOW)
    app = BackoutApp(screen, look="dark", signs="unicode")

    async def asked(pilot: Pilot[Any]) -> None:
        questions = QuestionsScreen(answers)
        await app.push_screen(questions)
        await send(ListSeat(app, screen, pilot), *["ctrl+b"] * (questions.at - question))

    try:
        assert snap_compare(app, terminal_size=size, run_before=asked)
    finally:
        asyncio.run(asyncio.to_thread(office.close))


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        (("2", "enter"), (80, 24)),
        (("2", "enter"), (120, 40)),
        (("2", "enter", "r", "a"), (80, 24)),
        (("2", "enter", "r", "a"), (120, 40)),
        (("2", "enter", "r", "a"), (60, 20)),
        (("2", "enter", "equals_sign"), (80, 24)),
        (("2", "enter", "v"), (80, 24)),
        (("2", "enter", "v"), (120, 40)),
        (("2",), (80, 24)),
        (("question_mark",), (80, 24)),
    ],
    ids=lambda value: "-".join(value) if isinstance(value[0], str) else f"{value[0]}x{value[1]}",
)
def test_the_plans(keys: tuple[str, ...], size: tuple[int, int], tmp_path: Path, snap_compare: Compare) -> None:
    """Tonight's plan, the release's before, and the next one's that was copied from it: in the list, and opened."""
    desk = desk_on(tmp_path, SetClock())
    sample = SAMPLE.read_text(encoding="utf-8")
    for text in (sample.replace("4.11.3", "4.11.0").replace("4.12.0", "4.11.3"), sample):
        revision = plans.keep(desk, Found(text, read_plan(text), "a file"))
        plans.approve(desk, revision, "release manager")
    copying.copy(desk, plans.find(desk, "2"), "payments-api 4.13.0", returns_to="4.12.0")
    desk.close()
    office = Office(desk)
    screen = ListScreen(office, office.do(listed).result(), lambda: NOW)
    app = BackoutApp(screen, look="dark", signs="unicode")

    async def pressed(pilot: Pilot[Any]) -> None:
        seat = ListSeat(app, screen, pilot)
        await seat.rest()
        await seat.press(*keys)

    try:
        assert snap_compare(app, terminal_size=size, run_before=pressed)
    finally:
        asyncio.run(asyncio.to_thread(office.close))
