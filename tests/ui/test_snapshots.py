"""Pictures of the screens in the sizes that people have; `--snapshot-update` draws them anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from backout_tui.domain.plan.plan_line import QUESTIONS, PlanLine
from backout_tui.engine.desk import Desk
from backout_tui.engine.listing import BackoutLine
from backout_tui.settings import Settings
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.desk.list_screen import ListScreen
from backout_tui.ui.desk.office import Listing, Office
from backout_tui.ui.night.dashboard import Dashboard
from backout_tui.ui.widgets.output_view import OutputView
from tests.scenes import SCENES
from tests.story import SAM
from tests.ui.doubles import FakeOperator, Seat, dashboard_of

pytestmark = pytest.mark.usefixtures("plain_environment")
Compare = Callable[..., bool]

SIZES = [(80, 24), (120, 40), (60, 20)]
NAMES = ["fresh", "step_running", "step_failed", "beyond_return", "in_doubt", "verifying", "closed", "rehearsal"]
ELSEWHERE = "rehearsal_elsewhere"
MOODS = ["calm", "tight", "late", "time_unknown", "no_way_back"]
STAGES = ("stopping", "starting", "ready")
OUTPUT = "".join(f"replica {number} of 3: {stage}\n" for number in (1, 2, 3) for stage in STAGES)
NOW = datetime(2026, 11, 22, 3, 12, tzinfo=UTC)


@contextmanager
def showing(name: str) -> Iterator[tuple[BackoutApp, Callable[..., Awaitable[None]]]]:
    """The dashboard of a scene, with what its commands printed; and what waits until it stands still."""
    scene = SCENES[name]()
    attempts = [attempt for step in scene.backout.leaves for attempt in step.attempts]
    operator = FakeOperator(scene, outputs={attempt.intent: OUTPUT for attempt in attempts})
    app, dashboard = dashboard_of(operator)

    async def stand_still(pilot: Pilot[Any], *keys: str) -> None:
        seat = Seat(app, dashboard, operator, pilot)
        await seat.rest()
        await seat.press(*keys)
        await seat.until(lambda: not any(view._due for view in dashboard.query(OutputView)))  # it comes in batches

    try:
        yield app, stand_still
    finally:
        dashboard.link.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", NAMES)
def test_the_dashboard(name: str, size: tuple[int, int], snap_compare: Compare) -> None:
    with showing(name) as (app, stand_still):
        assert snap_compare(app, terminal_size=size, run_before=stand_still)


def test_a_rehearsal_elsewhere_says_so_and_what_runs(snap_compare: Compare) -> None:
    with showing(ELSEWHERE) as (app, stand_still):

        async def asked(pilot: Pilot[Any]) -> None:
            await stand_still(pilot)
            await pilot.press("2", "r")
            await pilot.pause(0.3)

        assert snap_compare(app, terminal_size=(80, 24), run_before=asked)


def test_who_looks_on_in_a_large_terminal(snap_compare: Compare) -> None:
    with showing("observer") as (app, stand_still):
        assert snap_compare(app, terminal_size=(120, 40), run_before=stand_still)


@pytest.mark.parametrize(
    ("name", "size"),
    [*((mood, SIZES[0]) for mood in MOODS), ("tight", SIZES[1]), ("tight", SIZES[2])],
    ids=lambda value: value if isinstance(value, str) else f"{value[0]}x{value[1]}",
)
def test_the_head_in_each_mood_of_the_clock(name: str, size: tuple[int, int], snap_compare: Compare) -> None:
    with showing(name) as (app, stand_still):
        assert snap_compare(app, terminal_size=size, run_before=stand_still)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("problem_logged", ("1", "c")),
        ("deciding", ("D",)),
        ("step_failed", ("r",)),
        ("step_failed", ("enter",)),
        ("verifying", ("m",)),
        ("observer", ()),
        ("observer", ("T",)),
        ("observer", ("ctrl+p", "b", "r", "i", "e", "f", "enter")),
        ("asked_for", ()),
        ("step_running", ("T",)),
        ("closed", ("l",)),
        ("closed", ("equals_sign",)),
        ("fresh", ("question_mark",)),
        ("fresh", ("ctrl+p",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value) or "as-it-is",
)
def test_what_keys_open(name: str, keys: tuple[str, ...], snap_compare: Compare) -> None:
    with showing(name) as (app, stand_still):

        async def pressed(pilot: Pilot[Any]) -> None:
            await stand_still(pilot, *keys)

        assert snap_compare(app, run_before=pressed)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_list(size: tuple[int, int], tmp_path: Path, snap_compare: Compare) -> None:
    office = Office(Desk(tmp_path / "none.sqlite", SAM, Settings(), {}, tmp_path, "test"))
    try:
        app = BackoutApp(ListScreen(office, LISTING, lambda: NOW), look="dark", signs="unicode")
        assert snap_compare(app, terminal_size=size)
    finally:
        office.close()


def _line(number: int, version: str, phase: str, hours: float, outcome: str = "", mode: str = "live") -> BackoutLine:
    opened = NOW - timedelta(hours=hours)
    return BackoutLine(number, f"payments-api {version}", "4.11.3", "production", phase, mode, opened, "sam", outcome)


def _plan(
    number: int, name: str, version: str, answered: tuple[str, ...], *, approved: bool = False, unconfirmed: int = 0
) -> PlanLine:
    return PlanLine(number, name, version, "production", name, 1, "Backout plan", approved, answered, unconfirmed)


LISTING = Listing(
    (
        _line(3, "4.12.0", "backing_out", 0.2),
        _line(4, "4.12.0", "deciding", 0.1, mode="rehearsal"),
        _line(2, "4.10.2", "closed", 26, "backed-out"),
        _line(1, "4.9.0", "closed", 24 * 40, "partly"),
    ),
    (
        _plan(9, "payments-api", "4.13.0", QUESTIONS[:8], unconfirmed=12),
        _plan(8, "payments-api", "4.12.0", QUESTIONS, approved=True),
        _plan(7, "ledger", "2.1.0", (*QUESTIONS[:4], "Q6", "Q7")),
    ),
    3,
)


def test_no_cursor_blinks_in_a_picture() -> None:
    """A picture of a dialog must be the same twice, and an idle one sends nothing."""
    with showing("fresh") as (app, stand_still):

        async def asked() -> bool:
            async with app.run_test() as pilot:
                await stand_still(pilot, "p")
                assert isinstance(app.first, Dashboard)
                return bool(app.screen.query("Input").first().cursor_blink)  # type: ignore[attr-defined] # an Input

        assert not asyncio.run(asked())
