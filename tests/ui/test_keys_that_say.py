"""A key that does nothing says so, and why that may be: on the dashboard, the list, in dialogs, in fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from backout_tui.ui.terminal.keys import CAME_APART
from tests import scenes
from tests.ui.doubles import seated
from tests.ui.list_seat import listed_in


@pytest.mark.parametrize("key", [*"PRSMKJAFC"])
async def test_a_capital_that_is_no_key_asks_for_caps_lock(key: str) -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press(key)
        assert seat.said == f"{key} is no key here: is Caps Lock on?"
        await seat.press("j")
        assert seat.said == ""


async def test_a_letter_of_another_layout_asks_for_it() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.type("к")
        assert seat.said == "к is no key here: is another keyboard layout on?"


async def test_alt_and_a_letter_says_that_esc_may_have_come_with_it() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("alt+p")
        assert seat.said.startswith("Alt+P is no key here. Esc and a letter that come together")
        await seat.press("n")
        await seat.type("half", "alt+n")
        assert "Alt+N is no key here." in seat.text
        assert "halfn" not in seat.text
        await seat.type("x")
        assert "halfx" in seat.text
        assert "Alt+N" not in seat.text


async def test_ctrl_c_closes_a_dialog_and_says_on_the_dashboard_what_leaves() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("ctrl+c")
        assert "q leaves" in seat.said
        assert "x stops" in seat.said
        await seat.press("n")
        await seat.type("half a note", "ctrl+c")
        assert not seat.is_asked()
        await seat.press("n")
        assert "half a note" in seat.text


@pytest.mark.parametrize(
    "keys", [("l",), ("equals_sign",), ("question_mark",), ("r",), ("m",), ("l", "slash", "escape")]
)
async def test_every_screen_says_it(keys: tuple[str, ...]) -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press(*keys)
        await seat.type("Ж")
        assert "Ж is no key here" in seat.text
        await seat.press("down")
        assert "Ж is no key here" not in seat.text


async def test_the_list_says_it(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await seat.press("P")
        assert "P is no key here: is Caps Lock on?" in seat.text


async def test_an_escape_that_came_apart_is_said() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.app.on_escape_came_apart()
        await seat.rest()
        assert seat.said == CAME_APART
