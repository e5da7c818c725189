"""The list of backouts and plans, through keys, on a real database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backout_tui.domain.plan.fences import FORMER
from backout_tui.domain.plan.plan_line import QUESTIONS, PlanHead, PlanLine
from backout_tui.domain.values import replace
from backout_tui.engine import listing, plans, starting
from backout_tui.engine.listing import BackoutLine
from backout_tui.engine.operator import Operator
from backout_tui.engine.starting import Start
from backout_tui.ui.desk import list_rows
from backout_tui.ui.desk.actions.start_actions import how_of
from backout_tui.ui.dialogs.moments_said import moment_past
from backout_tui.ui.widgets.columns import Cell
from tests.ui.list_seat import NOW, ListSeat, desk_on, listed_in

PLAN = """# Backout plan: web 2.0

- release: web 2.0
- returns to: 1.9
- environment: production
- authoriser: release manager

## Variables
- REGION: eu-west (asked at start)

## Steps

### 1. Freeze
"""


def with_plan(folder: Path, text: str = PLAN, *, approved: bool = True) -> None:
    """A database that holds one plan."""
    desk = desk_on(folder)
    plan_file = folder / "web.md"
    plan_file.write_text(text, encoding="utf-8")
    revision = plans.keep(desk, plans.find(desk, str(plan_file)))
    if approved:
        plans.approve(desk, revision, "release manager")
    desk.close()


def with_backout(folder: Path) -> int:
    """The same, and a backout of it."""
    with_plan(folder)
    desk = desk_on(folder)
    operator = starting.start(desk, "1", Start(variables={"REGION": "eu-west"}))
    operator.close()
    return operator.backout.id


async def test_without_anything_it_says_how_to_begin(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        assert "No backout yet." in seat.text
        assert "backout-tui plan import FILE" in seat.text


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
async def test_it_names_the_backouts_and_the_plans_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    with_backout(tmp_path)
    async with listed_in(tmp_path, size) as seat:
        assert "1 open of 1" in seat.text
        assert seat.text.count("web 2.0") == 2
        assert "Enter Open" in seat.text


async def test_enter_chooses_the_backout_under_the_cursor(tmp_path: Path) -> None:
    number = with_backout(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("enter")
        assert seat.chosen == number


async def test_q_leaves_without_a_choice(tmp_path: Path) -> None:
    with_backout(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.pilot.press("q")
        await seat.pilot.pause()
        assert seat.chosen is None
        assert seat.app.return_code == 0


async def test_enter_on_a_plan_shows_its_text(tmp_path: Path) -> None:
    with_plan(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("2", "enter")
        assert "# Backout plan: web 2.0" in seat.text
        await seat.press("q")
        assert seat.app.screen is seat.screen


async def test_s_starts_a_backout_with_what_the_plan_asks_for(tmp_path: Path) -> None:
    with_plan(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("s", "tab")
        await seat.type("01:50", "tab")
        assert "REGION" in seat.text
        await seat.press("enter")
        assert seat.chosen == 1
    desk = desk_on(tmp_path)
    found = Operator.open(desk, 1).backout
    assert found.deployed_at == datetime(2026, 11, 22, 1, 50, tzinfo=UTC)
    assert found.variables["REGION"] == "eu-west"
    desk.close()


async def test_a_rehearsal_is_started_by_one_more_key(tmp_path: Path) -> None:
    with_plan(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("s", "right", "ctrl+s")
        assert seat.chosen == 1
    desk = desk_on(tmp_path)
    assert listing.backouts(desk)[0].mode == "rehearsal"
    desk.close()


async def test_a_rehearsal_elsewhere_runs_what_says_so(tmp_path: Path) -> None:
    with_plan(tmp_path, PLAN + "- rehearse: run\n\n```sh\ntrue\n```\n")
    async with listed_in(tmp_path) as seat:
        await seat.press("s", "right", "tab")
        assert "rehearsed in" in seat.text
        await seat.type("production", "ctrl+s")
        assert "production is the plan's own environment" in seat.text
        assert listing.backouts(desk_on(tmp_path)) == ()
        await seat.press("s", "right", "tab")
        await seat.type("staging", "ctrl+s")
        assert seat.chosen == 1
    desk = desk_on(tmp_path)
    assert Operator.open(desk, 1).backout.rehearsed_in == "staging"
    desk.close()


async def test_what_is_read_otherwise_than_when_it_was_approved_is_shown_and_confirmed(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as then:
        then.setattr(plans, "READING", FORMER)
        with_plan(tmp_path, f"{PLAN}\n### 2. By the former reading\n```\necho one\n```\n")
    async with listed_in(tmp_path) as seat:
        await seat.press("s", "ctrl+s")
        assert "it ran, and is only" in " ".join(seat.text.split())
        await seat.press("escape")
        assert listing.backouts(desk_on(tmp_path)) == ()
        await seat.press("s", "ctrl+s")
        await seat.confirm()
        assert seat.chosen == 1
    desk = desk_on(tmp_path)
    assert desk.reader.events_after("backout:1", 0)[0].data["read_otherwise"]
    desk.close()


async def test_approving_with_errors_wants_a_reason_that_stands_on_the_plans_screen(tmp_path: Path) -> None:
    with_plan(tmp_path, f"{PLAN}\n### 2. Curly\n```sh\necho “one”\n```\n", approved=False)
    async with listed_in(tmp_path, (120, 40)) as seat:
        await seat.press("2", "enter", "A", "enter")
        assert "curly-quote at step 2" in " ".join(seat.text.split())
        await seat.type("they are printed so", "enter")
        assert "Although plan check finds" in seat.text
        await seat.confirm()
        assert "they are printed so" in seat.text
        assert "Approved by" in seat.text


async def test_a_draft_is_rehearsed_without_approval_and_without_the_glass(tmp_path: Path) -> None:
    with_plan(tmp_path, approved=False)
    async with listed_in(tmp_path) as seat:
        await seat.press("s", "right", "ctrl+s")
        assert seat.chosen == 1
    desk = desk_on(tmp_path)
    backout = Operator.open(desk, 1).backout
    assert (backout.live, backout.glass, backout.ref.approved) == (False, (), False)
    desk.close()


async def test_a_plan_that_is_not_approved_is_started_by_breaking_the_glass(tmp_path: Path) -> None:
    with_plan(tmp_path, approved=False)
    async with listed_in(tmp_path) as seat:
        assert "not approved" in seat.text
        await seat.press("s")
        assert "A rehearsal needs no approval" in seat.text
        await seat.press("ctrl+s")
        assert "Break the glass" in seat.text
        await seat.type("the service is down", "ctrl+s")
        assert seat.chosen == 1
    desk = desk_on(tmp_path)
    assert Operator.open(desk, 1).backout.glass
    desk.close()


async def test_a_second_backout_of_the_same_release_is_asked_about(tmp_path: Path) -> None:
    with_backout(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("2", "s", "ctrl+s")
        assert "Start a second backout" in seat.text
        assert seat.chosen is None
        await seat.type("the other region", "enter")
        assert seat.chosen == 2


async def test_n_starts_without_a_plan(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await seat.press("n")
        await seat.type("web 2.0", "tab")
        await seat.type("1.9", "ctrl+s")
        assert seat.chosen == 1


async def test_a_filter_shows_what_holds_a_text(tmp_path: Path) -> None:
    with_backout(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("slash")
        await seat.type("no such", "enter")
        assert "/no such: 0 of 1" in seat.text


async def test_a_filter_finds_words_of_a_plans_text_and_team(tmp_path: Path) -> None:
    with_plans(tmp_path, 3)
    async with listed_in(tmp_path) as seat:
        await seat.press("slash")
        await seat.type("TEAM-2 drain", "enter")
        assert "/TEAM-2 drain: 1 of 3" in seat.text
        assert "web 2 · production" in seat.text
        assert "web 3" not in seat.text
        await seat.press("slash", "ctrl+u", "enter")
        assert seat.text.count("· production") == 3


async def test_plans_are_read_as_they_come_into_view(tmp_path: Path) -> None:
    with_plans(tmp_path, 40)
    async with listed_in(tmp_path, (60, 20)) as seat:
        assert seat.text.count("··3·5····") == len(seat.screen.plans.list.in_view)
        assert len(read_in(seat)) < 20
        await seat.press("2", "end")
        assert "web 1 " in seat.text
        assert seat.text.count("··3·5····") == len(seat.screen.plans.list.in_view)
        assert len(read_in(seat)) < 30
        await seat.pilot.resize_terminal(80, 40)
        await seat.rest()
        assert seat.text.count("··3·5····") == len(seat.screen.plans.list.in_view) > 12


def with_plans(folder: Path, count: int) -> None:
    """A database with the plans of web 1, web 2, and so on, each of a team of its own."""
    desk = desk_on(folder)
    for number in range(1, count + 1):
        release = f"- release: web {number}\n- team: team-{number}"
        text = PLAN.replace("- release: web 2.0", release) + "\nDrain the queue.\n"
        (folder / "plan.md").write_text(text, encoding="utf-8")
        plans.keep(desk, plans.find(desk, str(folder / "plan.md")))
    desk.close()


def read_in(seat: ListSeat) -> list[int]:
    """The plans that were read."""
    return [plan.id for plan in seat.screen.listing.plans if isinstance(plan, PlanLine)]


async def test_what_others_start_and_store_appears_and_what_is_looked_for_is_still_looked_for(tmp_path: Path) -> None:
    with_plan(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("slash")
        await seat.type("freeze", "enter")
        await asyncio.sleep(1.2)  # until it has looked once
        await asyncio.to_thread(_start_elsewhere, tmp_path)
        await asyncio.sleep(1.5)
        await seat.rest()
        assert "/freeze: 0 of 1" in seat.text
        assert "/freeze: 1 of 2" in seat.text
        await seat.press("slash", "ctrl+u", "enter")
        assert "1 open of 1" in seat.text


def _start_elsewhere(folder: Path) -> None:
    desk = desk_on(folder)
    starting.start(desk, "1", Start(variables={"REGION": "eu-west"})).close()
    (folder / "other.md").write_text("# Backout plan: web 3.0\n\n- release: web 3.0\n", encoding="utf-8")
    plans.keep(desk, plans.find(desk, str(folder / "other.md")))


def words_of(line: BackoutLine) -> str:
    """A row as it reads."""
    return "  ".join(cell.text if isinstance(cell, Cell) else cell for cell in list_rows.backout_row(line, NOW).cells)


def test_a_row_says_what_is_open_and_what_came_of_what_is_closed() -> None:
    line = BackoutLine(3, "web 2.0", "1.9", "production", "backing_out", "live", NOW - timedelta(hours=1), "sam", "")
    for word in ("3", "web 2.0 → 1.9", "production", "backing out", "02:00", "sam"):
        assert word in words_of(line)
    old = BackoutLine(2, "web 1.9", "", "production", "closed", "rehearsal", NOW - timedelta(days=9), "kim", "failed")
    for word in ("2", "rehearsal · web 1.9", "failed", "13 Nov", "kim"):
        assert word in words_of(old)


def test_a_plan_row_says_whether_it_can_be_trusted() -> None:
    head = ("7", "web 2.0 · production")
    line = PlanLine(7, "web", "2.0", "production", "payments", 2, "Backout plan: web", approved=False)
    for answered, answers, tone in (
        (QUESTIONS, "123456789", ""),
        ((*QUESTIONS[:4], "Q6", "Q7", "Q9"), "1234·67·9", "warning"),
        ((), "·" * 9, "warning"),
    ):
        one = replace(line, answered_ids=answered)
        assert said_of(one) == (*head, answers, "not approved")
        assert list_rows.plan_row(one).cells[3] == Cell(answers, tone)
    assert said_of(replace(line, approved=True))[-1] == "approved"
    assert list_rows.plan_row(replace(line, unconfirmed=3)).cells[4] == Cell("3 to confirm", "warning")


def test_a_plan_row_leaves_open_what_was_not_read_yet() -> None:
    assert said_of(PlanHead(7, "web", "2.0", "production", "", 2)) == ("7", "web 2.0 · production", "…", "")


def said_of(plan: PlanHead) -> tuple[str, ...]:
    """A plan's row as it reads."""
    return tuple(cell.text if isinstance(cell, Cell) else cell for cell in list_rows.plan_row(plan).cells)[1:]


def test_the_moment_of_deployment_is_the_last_one_of_that_hour() -> None:
    assert moment_past("01:50", NOW) == datetime(2026, 11, 22, 1, 50, tzinfo=UTC)
    assert moment_past("04:10", NOW) == datetime(2026, 11, 21, 4, 10, tzinfo=UTC)
    assert moment_past("25 min ago", NOW) == NOW - timedelta(minutes=25)
    assert moment_past("2026-11-22 01:50 Europe/London", NOW) == datetime(2026, 11, 22, 1, 50, tzinfo=UTC)
    for nonsense in ("", "soon", "10 min", "25:00"):
        assert moment_past(nonsense, NOW) is None


def test_answers_become_the_way_to_start() -> None:
    how = how_of({"mode": "rehearsal", "variable REGION": "eu", "deployed": ""}, NOW)
    assert (how.rehearsal, dict(how.variables), how.deployed_at) == (True, {"REGION": "eu"}, None)
