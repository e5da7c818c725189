"""Looking around on the dashboard through keys: panes, what is opened, sizes, hostile texts, other screens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from textual import events

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.errors import BackoutError
from backout_tui.ui.terminal.keys import InRead
from backout_tui.ui.widgets.title_line import title_line
from tests import scenes
from tests.scenes import SCENES, Scene
from tests.story import KIM
from tests.ui.doubles import Seat, seated

SIZES = [(60, 20), (80, 24), (110, 34), (120, 40), (200, 60)]
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def titles(seat: Seat) -> list[str]:
    """The lines that name a pane."""
    return [line for line in seat.lines if re.match(r"^[─┌│] ?\S? ?[1-4] ", line)]


# ── sizes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", ["fresh", "step_running", "in_doubt", "closed", "rehearsal", "observer"])
async def test_every_size_names_the_release_the_panes_the_next_thing_and_the_help(
    name: str, size: tuple[int, int]
) -> None:
    async with seated(SCENES[name](), size) as seat:
        assert "payments-api 4.12.0" in seat.lines[0]
        await seat.press("escape")  # what is in doubt comes before the panes
        for pane in ("1 Problems", "2 Plan", "3 Verification", "4 Communication"):
            assert pane in seat.text
        assert "Next: " in seat.text or "Looking on: " in seat.text
        assert "? Help" in seat.lines[-1]
        assert all(len(line) <= size[0] for line in seat.lines)


async def test_where_there_is_little_room_one_pane_is_open_and_the_others_are_titles_with_counts() -> None:
    async with seated(scenes.step_running()) as seat:
        assert "Roll the deployment back" in seat.text
        assert "5xx on /charge" not in seat.text
        assert "2 open, 1 unassigned" in seat.text
        await seat.press("1")
        assert "5xx on /charge" in seat.text
        assert "Roll the deployment back" not in seat.text
        assert "3 of 10" in seat.text


async def test_where_there_is_room_all_four_are_open() -> None:
    async with seated(scenes.step_running(), (120, 40)) as seat:
        for words in ("5xx on /charge", "Roll the deployment back", "Ten charges looked at", "Started → stakeholders"):
            assert words in seat.text


async def test_the_layout_follows_the_terminal() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.pilot.resize_terminal(120, 40)
        await seat.rest()
        assert "5xx on /charge" in seat.text
        assert "┌ 2 Plan" in seat.text
        await seat.pilot.resize_terminal(60, 20)
        await seat.rest()
        assert "5xx on /charge" not in seat.text
        assert "─ 2 Plan" in seat.text


@pytest.mark.parametrize("framed", [False, True])
@pytest.mark.parametrize("counts", ["", "3 of 9", "3 of 9, in doubt"])
@pytest.mark.parametrize("width", [10, 20, 40, 80])
def test_a_title_fills_its_line_whatever_it_says(width: int, counts: str, *, framed: bool) -> None:
    assert len(title_line("2 Plan", counts, width, framed=framed)) == width


# ── panes and what is opened ──────────────────────────────────────────────────────────────────────────────────────


async def test_the_keys_1_to_4_and_tab_go_from_pane_to_pane() -> None:
    async with seated(scenes.step_running()) as seat:
        for key, pane in (("1", "problems"), ("2", "plan"), ("3", "checks"), ("4", "messages"), ("tab", "problems")):
            await seat.press(key)
            assert seat.dashboard.pane == pane
        await seat.press("shift+tab")
        assert seat.dashboard.pane == "messages"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_enter_opens_what_the_cursor_is_on_and_esc_goes_back(size: tuple[int, int]) -> None:
    async with seated(scenes.step_running(), size) as seat:
        await seat.press("home", "enter")
        assert "Set the freeze in the deploy channel" in seat.text
        assert "Esc back" in seat.text
        await seat.press("escape")
        assert "Esc back" not in seat.text
        assert seat.dashboard.situation.on == ("step", "1")


async def test_keys_act_on_what_is_opened() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("enter", "s")
        assert "Skip step 4" in seat.text


async def test_after_reading_the_cursor_goes_on_to_the_next_thing() -> None:
    async with seated(scenes.step_running()) as seat:
        attempt = seat.backout.steps["4"].attempts[-1]
        await seat.press("enter")
        seat.operator.tell("StepFinished", step="4", intent=attempt.intent, attempt=1, result="done", exit_code=0)
        await seat.rest()
        assert seat.backout.steps["4"].state is StepStatus.DONE
        assert seat.dashboard.opened == ("step", "4")
        await seat.press("escape")
        assert seat.dashboard.situation.on == ("step", "5")


async def test_j_and_k_move_and_a_while_later_k_logs_a_call() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("j", "j", "k")
        assert seat.dashboard.situation.on == ("step", "5")
        assert not seat.is_asked()
        await seat.press("up", "k")
        assert "Log a call" in seat.text


async def test_while_something_is_read_j_and_k_scroll_it() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("enter", "k", "j", "k")
        assert not seat.is_asked()
        assert seat.dashboard.opened is not None


async def test_a_filter_shows_the_rows_that_hold_a_text_and_esc_shows_all() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("slash")
        await seat.type("warm", "enter")
        assert "Warm the caches" in seat.text
        assert "Freeze deployments" not in seat.text
        assert "/warm: 3 of 11" in seat.text
        await seat.press("escape")
        assert "/warm" not in seat.text
        await seat.press("home")
        assert "Freeze deployments" in seat.text


async def test_y_copies_the_story_of_what_the_cursor_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    async with seated(scenes.step_running()) as seat:
        await seat.press("home", "y")
        assert "Set the freeze in the deploy channel" in seat.app.clipboard
        assert seat.said.startswith("Step 1 is copied")


async def test_a_click_on_a_title_opens_its_pane() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.pilot.click("#problems TitleLine")
        await seat.rest()
        assert seat.dashboard.pane == "problems"


# ── other screens ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_help_names_the_keys_and_q_comes_back() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("question_mark")
        assert "Log what is wrong; a title is enough." in seat.text
        await seat.press("q")
        assert not seat.is_asked()


async def test_as_planned_stands_beside_as_run() -> None:
    async with seated(scenes.closed()) as seat:
        await seat.press("equals_sign")
        assert "5 deviations" in seat.text
        assert "(not in the plan)" in seat.text
        assert "skipped: already drained" in seat.text
        await seat.press("escape")
        assert not seat.is_asked()


async def test_the_log_is_shown_filtered_and_each_record_whole() -> None:
    async with seated(scenes.closed()) as seat:
        await seat.press("l")
        assert "closed the backout as backed-out" in seat.text
        await seat.press("slash")
        await seat.type("skipped", "enter")
        assert "/skipped: 1 of " in seat.text
        await seat.press("enter")
        assert "before" in seat.text
        assert '"reason": "already drained"' in seat.text
        await seat.press("escape", "escape")
        assert not seat.is_asked()


async def test_the_log_grows_while_it_is_open() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("l")
        seat.operator.tell("NoteAdded", actor=KIM, text="seen from afar")
        await seat.until(lambda: "seen from afar" in seat.text)


async def test_the_palette_does_what_was_chosen_or_says_why_not() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("ctrl+p")
        await seat.type("note into", "enter")
        assert "Write a note" in seat.text
        await seat.press("escape", "ctrl+p")
        await seat.type("stop the command", "enter")
        assert seat.said == "No step is running."


async def test_q_leaves_at_once_and_what_runs_goes_on() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.pilot.press("q")
        await seat.pilot.pause()
        assert seat.app.return_code == 0
        assert seat.kinds == []


# ── what must not happen ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("pane", "1234")
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
async def test_hostile_texts_are_shown_and_never_act(pane: str, size: tuple[int, int]) -> None:
    async with seated(scenes.hostile(), size) as seat:
        for key in (pane, "enter", "y", "escape", "l", "enter", "escape", "escape", "equals_sign", "escape"):
            await seat.press(key)
            assert not UNSAFE.search(seat.text.replace("\n", ""))


@pytest.mark.parametrize("key", ["c", "s", "m", "X", "T", "a", "o"])
async def test_hostile_texts_in_dialogs_are_shown_and_never_act(key: str) -> None:
    async with seated(scenes.hostile(), holder_lives=False) as seat:
        await seat.press("2", "end", key)
        assert not UNSAFE.search(seat.text.replace("\n", ""))


async def test_several_keys_in_one_read_do_nothing_and_it_is_said() -> None:
    async with seated(scenes.step_failed()) as seat:
        for index, key in enumerate("rrr"):
            event = events.Key(key, key)
            vars(event)["in_read"] = InRead(index, 3, 1, begins_burst=True)
            seat.app.post_message(event)
        await seat.rest()
        assert not seat.is_asked()
        assert "they were ignored" in seat.said


async def test_what_is_wrong_outside_is_told_once_in_a_dialog_and_the_log_goes_on() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.operator.trouble = BackoutError("the disk is full", where="/var", todo="Free some space.")
        await seat.until(lambda: "The disk is full." in seat.text)
        seat.operator.trouble = None
        await seat.rest()
        assert "Free some space." in seat.text
        await asyncio.sleep(0.2)
        await seat.press("enter", "n")
        await seat.type("still here", "enter")
        assert seat.kinds == ["NoteAdded"]


async def test_trouble_while_something_is_done_is_told_and_nothing_is_taken_for_done() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("n")
        await seat.type("lost?")
        seat.operator.trouble = BackoutError("the database is locked")
        await seat.pilot.press("enter")
        await seat.until(lambda: "The database is locked." in seat.text)
        seat.operator.trouble = None
        assert seat.kinds == []


async def test_a_refusal_that_came_too_late_for_the_gate_is_said() -> None:
    """Between the key and the transaction somebody else was faster."""
    async with seated(scenes.step_failed()) as seat:
        await seat.press("s")
        seat.operator.story.tell("StepSkipped", actor=KIM, step="4", reason="kim was faster")
        await seat.type("mine", "enter")
        assert "Step 4 was skipped" in seat.said
        assert seat.backout.steps["4"].reason == "kim was faster"


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
async def test_every_scene_can_be_walked_through(scene: Callable[[], Scene]) -> None:
    async with seated(scene()) as seat:
        for pane in "1234":
            await seat.press(pane, "end", "enter")
            await seat.press("escape", "escape")
        assert not seat.is_asked()
        assert isinstance(seat.dashboard.truth, Backout)


async def test_a_running_clock_ticks_and_a_standing_one_paints_nothing() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.operator.clock.pass_by(10)
        await asyncio.sleep(1.2)
        await seat.rest()
        assert "0:53" in seat.next
    async with seated(scenes.problem_logged()) as seat:
        before = seat.dashboard.at
        seat.operator.clock.pass_by(10)
        await asyncio.sleep(1.2)
        assert seat.dashboard.at == before
