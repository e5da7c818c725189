"""Pictures of the screens about plans; `--snapshot-update` draws them anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from backout_tui.domain.questionnaire import BLANKS
from backout_tui.engine.desk import Desk
from backout_tui.settings import Settings
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.list_screen import ListScreen
from backout_tui.ui.office import Listing, Office
from backout_tui.ui.questions_screen import QuestionsScreen
from tests.story import SAM
from tests.ui.list_seat import NOW, ListSeat
from tests.ui.test_questions_screen import send

Compare = Callable[..., bool]
OPEN = ("performer", "message-to", "message-by", "message-when", "message-text", "rehearsals")
SAID = {name: "\n".join(blank.example) for name, blank in BLANKS.items() if name not in OPEN}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures do not hang on the terminal that the tests run in."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TEXTUAL_THEME", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


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
