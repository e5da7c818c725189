"""A plan whose backout departed from it: F in its screen, its review, and the warning when it is copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import copying
from backout_tui.engine.plans import Found
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import decision_verbs, problem_verbs, run_verbs, step_verbs
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.ui.desk.review_screen import ReviewScreen
from tests.engine.desks import BY_HAND, settled
from tests.ui.list_seat import ListSeat, desk_on, listed_in

PLAN = BY_HAND.replace("### 2. Tell the desk", "### 2. Tell the desk\n\n```sh\necho told\n```")


def departed(desk: Desk) -> None:
    """A plan, and a backout of it in which a step was changed, one added, and both run, and one skipped."""
    revision = plans.keep(desk, Found(PLAN, read_plan(PLAN), "a file"))
    plans.approve(desk, revision, "release manager")
    op = starting.start(desk, "1", Start())
    step_verbs.change(op, "2", command="echo told twice", reason="once is not enough")
    step_verbs.add(op, "Tell ops", after="2", command="echo ops", reason="they asked for it")
    problem_verbs.log(op, "5xx everywhere")
    decision_verbs.decide(op, by="release manager", reason="errors above two percent")
    step_verbs.done(op, "1")
    for number in ("2", "2a"):
        run_verbs.run(op, number)
        settled(op)
    step_verbs.skip(op, "4", "the bot lifts it")
    op.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with such a database."""
    desk = desk_on(tmp_path)
    departed(desk)
    desk.close()
    return tmp_path


async def open_plan(seat: ListSeat) -> None:
    """The plan's screen."""
    await seat.press("2", "enter")


async def test_the_plans_screen_says_what_is_not_folded_back_and_f_folds_it_back(folder: Path) -> None:
    async with listed_in(folder, (100, 40)) as seat:
        await open_plan(seat)
        assert "3 deviations of backout 1 are neither folded back nor dismissed (F)" in seat.text
        await seat.press("F")
        assert "step 2, changed: once is not enough" in seat.text
        await seat.press("enter")
        for words in ("Plan 1, revision 2: 4 items to confirm", "plan 1 · revision 2", "4 of 4 folded back items"):
            assert words in seat.text
        assert "neither folded back" not in seat.text
        await seat.press("F")
        assert "Every deviation of this plan's backouts" in seat.text


async def test_the_review_shows_the_deviation_beside_the_item_and_confirms_one_by_one(folder: Path) -> None:
    async with listed_in(folder, (100, 40)) as seat:
        await open_plan(seat)
        await seat.press("F", "enter", "r")
        assert isinstance(seat.app.screen, ReviewScreen)
        for words in (
            "command 2 · Tell the desk", "- echo told", "+ echo told twice", "Folded back from backout 1",
            "changed: once is not enough (sam)",
        ):  # fmt: skip
            assert words in seat.text
        await seat.press("a")
        assert "Nothing here can be confirmed unseen" in seat.text
        await seat.press("c", "c", "c", "c")
        assert "everything is confirmed" in seat.text
        await seat.press("escape", "A")
        assert "Who approves this plan?" in seat.text


async def test_an_added_step_is_dropped_in_the_review_as_any_other(folder: Path) -> None:
    async with listed_in(folder, (100, 40)) as seat:
        await open_plan(seat)
        await seat.press("F", "enter", "r", "c")
        await seat.press("d")
        assert "step 2a is dropped" in seat.text
    desk = desk_on(folder)
    assert [item.label for item in plans.find(desk, "1").unconfirmed] == ["step 4"]
    desk.close()


async def test_dismissing_wants_a_reason(folder: Path) -> None:
    async with listed_in(folder, (100, 40)) as seat:
        await open_plan(seat)
        await seat.press("F", "right", "enter", "enter")
        assert "why is needed." in seat.text
        await seat.type("a night of its own", "enter")
        assert "Dismissed: 3 deviations of backout 1." in seat.text
        assert "neither folded back" not in seat.text
        assert "plan 1 · revision 1" in seat.text


async def test_leaving_the_dialog_leaves_everything_as_it_is(folder: Path) -> None:
    async with listed_in(folder, (100, 40)) as seat:
        await open_plan(seat)
        await seat.press("F", "escape")
        assert "3 deviations of backout 1 are neither folded back" in seat.text


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_copying_such_a_plan_says_so_in_the_dialog(folder: Path, size: tuple[int, int]) -> None:
    async with listed_in(folder, size) as seat:
        await seat.press("2", "c")
        assert "3 deviations of backout 1" in " ".join(seat.text.split())


async def test_of_several_backouts_one_is_chosen(folder: Path) -> None:
    desk = desk_on(folder)
    op = starting.start(desk, "1", Start(rehearsal=True))
    step_verbs.skip(op, "1", "nothing is to be frozen")
    op.close()
    desk.close()
    async with listed_in(folder, (100, 40)) as seat:
        await open_plan(seat)
        assert "1 deviation of backout 2, 3 deviations of backout 1 are neither" in seat.text
        await seat.press("F")
        assert "backout 2, step 1, skipped: nothing is to be frozen" in seat.text
        await seat.press("enter", "enter")
        assert "Plan 1, revision 2: 1 item to confirm" in seat.text
        assert "3 deviations of backout 1 are neither" in seat.text


async def test_the_copy_that_was_made_already_takes_them_as_well(folder: Path) -> None:
    desk = desk_on(folder)
    copying.copy(desk, plans.find(desk, "1"), "web 2.1", returns_to="2.0")
    desk.close()
    async with listed_in(folder, (100, 40)) as seat:
        await open_plan(seat)
        assert "plan 2 · revision 1" in seat.text
        await seat.press("F", "enter")
        assert "Plan 2, revision 2: 4 items to confirm" in seat.text
        await seat.press("escape", "j", "enter")
        assert "3 deviations of backout 1 are neither folded back nor dismissed (F)" in seat.text
