"""A new plan from the nine questions, through keys, on a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from backout_tui.domain.plan.questionnaire import PAGES
from backout_tui.domain.plan.readiness import questions
from backout_tui.engine import plans
from backout_tui.engine.planning.questions import new_plan
from backout_tui.ui.desk.questions_screen import QuestionsScreen
from backout_tui.ui.terminal.keys import SETTLE_S
from tests.ui.list_seat import ListSeat, desk_on, listed_in

NAMED = frozenset({"enter", "tab", "shift+tab", "alt+left", "escape", "ctrl+s", "ctrl+b", "ctrl+l", "ctrl+n"})


async def send(seat: ListSeat, *typed: str) -> None:
    """Type texts and press keys without waiting for what each brings about, as fast hands do."""
    for one in typed:
        for key in [one] if one in NAMED else one:
            named = key if key in NAMED else _character_to_key(key)
            seat.app.post_message(events.Key(named, None if key in NAMED else key))
    quiet = 0
    for _ in range(200):
        await asyncio.wrap_future(seat.screen.office.do(lambda _: None))
        await seat.pilot.pause()
        quiet = 0 if seat.app._waiting or getattr(seat.app.screen, "is_busy", False) else quiet + 1
        if quiet == 2:
            return
    raise AssertionError("the keys do not come to their end")


async def at_the_end(seat: ListSeat) -> None:
    """The release said, and every question left open."""
    await send(seat, "p", "web 2.0", "ctrl+s", *["ctrl+l"] * 9)


def stored(folder: Path) -> list[plans.Found]:
    """Every plan, as it is stored now."""
    desk = desk_on(folder)
    rows = desk.reader.plan_revisions() if desk.exists else []
    found = [plans.stored(desk, row) for row in rows]
    desk.close()
    return found


def answered(found: plans.Found) -> list[str]:
    return [one.id for one in questions(found.plan) if one.answered]


async def test_answers_typed_into_the_questions_become_a_stored_plan(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await send(seat, "p", "web 2.0", "enter", "1.9", "enter", "production", "ctrl+s")
        await send(seat, "errors", "enter", "a mismatch", "tab", "calm for an hour", "ctrl+s")
        await send(seat, "2h after deploy", "enter", "release manager", "enter", "enter", "enter")
        await send(seat, "Freeze (2 min)", "enter", "$ echo frozen", *["ctrl+s"] * 5)
        assert "Q1 When            errors; a mismatch · calm for an hour" in seat.text
        assert "Q4 Performer       OPEN" in seat.text
        assert "✔✔✔○✔○✔○○" in seat.text
        await send(seat, "enter")
        assert "Stored as plan 1, revision 1: web 2.0." in seat.text
        assert "web 2.0" in seat.text.split("2 Plans")[1]
    (found,) = stored(tmp_path)
    assert answered(found) == ["Q1", "Q2", "Q3", "Q5", "Q7"]
    assert [step.commands[0].text for step in found.plan.top_steps()] == ["echo frozen"]


async def test_typing_ahead_loses_no_key_to_a_command(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await send(seat, "p", "qweb 2.0 p/?", "ctrl+s", "jkq", "ctrl+b")
        assert "qweb 2.0 p/?" in seat.text
        await send(seat, "ctrl+s")
        assert "jkq" in seat.text


async def test_every_question_is_asked_in_order_with_why_and_an_example_on_the_smallest_screen(tmp_path: Path) -> None:
    async with listed_in(tmp_path, (60, 20)) as seat:
        await send(seat, "p", "web 2.0")
        for page in PAGES:
            words = " ".join(seat.text.split())
            assert (f"{page.id} of 9" if page.id else page.title) in words
            assert page.text in words
            assert page.why in words
            assert all(line in words for blank in page.blanks for line in blank.example)
            assert "Ctrl+S Next" in words
            screen = seat.app.screen
            assert isinstance(screen, QuestionsScreen)
            fields = screen.pages[screen.at].inputs
            assert all(one.region.height and screen.region.contains_region(one.region) for one in fields)
            await send(seat, "ctrl+s")
        assert "What it comes to" in seat.text


async def test_going_back_keeps_what_was_typed(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await send(seat, "p", "web 2.0", "ctrl+s", "errors", "ctrl+b")
        assert "The release" in seat.text
        assert "web 2.0" in seat.text
        await send(seat, "ctrl+b", "ctrl+s", "!")
        assert "Q1 of 9" in seat.text
        assert "errors!" in seat.text


async def test_a_release_is_needed_and_no_other_answer(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await send(seat, "p", "ctrl+s")
        assert "release is needed." in seat.text
        await send(seat, "web", "ctrl+s")
        assert "Say its name and its version" in seat.text
        await send(seat, " 2.0", "ctrl+s")
        assert "Q1 of 9" in seat.text


async def test_leaving_a_question_open_never_throws_away_what_was_typed(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await send(seat, "p", "web 2.0", "ctrl+s", "ctrl+l")
        assert "Q2 of 9" in seat.text
        await send(seat, "2h", "ctrl+l")
        assert "Something is typed here" in seat.text
        assert "Q2 of 9" in seat.text
        assert "2h" in seat.text


async def test_after_escape_the_questions_go_on_where_they_were_left(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await send(seat, "p", "escape")
        assert "No backout yet." in seat.text
        await send(seat, "p", "web 2.0", "ctrl+s", "5xx above 2 %", "escape")
        assert "the same key brings it back" in seat.text
        await send(seat, "p")
        assert "5xx above 2 %" in seat.text
        await send(seat, "alt+left")
        assert "web 2.0" in seat.text
        await send(seat, "ctrl+n")
        assert "thrown away" in seat.text
        await asyncio.sleep(SETTLE_S + 0.05)
        await send(seat, "enter")
        assert "The release" in seat.text
        assert "web 2.0" not in seat.text
        await send(seat, "web 3.0", "escape")
    async with listed_in(tmp_path) as seat:  # another program on the same, in which nothing was stored yet
        await send(seat, "p")
        assert "web 3.0" in seat.text
        await send(seat, "ctrl+s", *["ctrl+l"] * 9, "enter")
        assert "Stored as plan 1" in seat.text
    async with listed_in(tmp_path) as seat:
        await send(seat, "p")
        assert "web 3.0" not in seat.text


@pytest.mark.parametrize("key", ["ctrl+b", "alt+left", "shift+tab"])
async def test_more_than_one_key_goes_back(tmp_path: Path, key: str) -> None:
    """Of tmux with its usual prefix Ctrl+B never arrives."""
    async with listed_in(tmp_path) as seat:
        await send(seat, "p", "web 2.0", "ctrl+s")
        assert "Q1 of 9" in seat.text
        assert "Alt+← Back" in seat.text
        await send(seat, key)
        assert "web 2.0" in seat.text


async def test_a_plan_with_steps_is_begun_anew_for_a_reason_only_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    new_plan(desk, {"release": "web 2.0", "steps": "Freeze"})
    desk.close()
    async with listed_in(tmp_path) as seat:
        await at_the_end(seat)
        await send(seat, "enter")
        assert "plan edit 1" in " ".join(seat.text.split())
        await send(seat, "escape")
        assert "What it comes to" in seat.text
        await send(seat, "enter", "another product", "enter")
        assert "Stored as plan 1, revision 2" in seat.text


async def test_what_cannot_be_stored_is_not_lost(tmp_path: Path) -> None:
    """Everybody may write to the state folder, until that is mended."""
    folder = tmp_path / "state"
    folder.mkdir()
    folder.chmod(0o777)
    async with listed_in(folder) as seat:
        await at_the_end(seat)
        await send(seat, "enter")
        assert "The plan is not stored" in seat.text
        await asyncio.sleep(SETTLE_S + 0.05)
        await send(seat, "enter")
        assert "What it comes to" in seat.text
        folder.chmod(0o700)
        await send(seat, "enter")
        assert "Stored as plan 1" in seat.text


async def test_what_is_typed_is_inert_and_becomes_no_structure(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await send(seat, "p", "web [/x] 2.0", "ctrl+s", "## Steps", "enter", "### 1. Drop it", *["ctrl+s"] * 9)
        assert "web [/x] 2.0" in seat.text
        await send(seat, "enter")
    (found,) = stored(tmp_path)
    assert list(found.plan.top_steps()) == []
    assert answered(found) == ["Q1"]
