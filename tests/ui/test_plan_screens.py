"""A plan, its review and what it changes, through keys, on a real database."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding
from textual.screen import Screen

from backout_tui.engine import plans
from backout_tui.engine.planning import copying
from backout_tui.engine.plans import Found
from backout_tui.ui.desk.desk_keys import TABLE
from backout_tui.ui.desk.diff_screen import DiffScreen
from backout_tui.ui.desk.findings_screen import FindingsScreen
from backout_tui.ui.desk.list_screen import ListScreen
from backout_tui.ui.desk.nearest_screen import NearestScreen
from backout_tui.ui.desk.plan_screen import PlanScreen
from backout_tui.ui.desk.questions_screen import QuestionsScreen
from backout_tui.ui.desk.review_screen import ReviewScreen
from backout_tui.ui.dialogs.flow_screen import PATIENCE_S
from backout_tui.ui.night.commands import NAMED_KEYS
from tests.engine.desks import BY_HAND
from tests.ui.list_seat import ListSeat, desk_on, listed_in

WRONG = BY_HAND.replace(" after 10 min", "").replace("### 2. Tell the desk", "### 2. Tell the desk\nThat 1.9 is back.")
SCREENS: dict[str, type[Screen[Any]]] = {
    "The list": ListScreen,
    "The plans near to a release": NearestScreen,
    "A plan": PlanScreen,
    "The review of a plan": ReviewScreen,
    "The check of a plan": FindingsScreen,
    "The changes of a plan": DiffScreen,
    "A new plan": QuestionsScreen,
}


def prepared(folder: Path, text: str = BY_HAND) -> None:
    """A plan of web 2.0, and its copy for 2.1."""
    desk = desk_on(folder)
    path = folder / "web.md"
    path.write_text(text, encoding="utf-8")
    plans.keep(desk, plans.find(desk, str(path)))
    copying.copy(desk, plans.find(desk, "1"), "web 2.1", returns_to="2.0")
    desk.close()


def now(folder: Path, number: str = "2") -> Found:
    """The plan as it is stored."""
    desk = desk_on(folder)
    try:
        return plans.find(desk, number)
    finally:
        desk.close()


def editor(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's editor, and a screen that steps aside without a terminal."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(
        "backout_tui.engine.planning.editing.command_of", lambda _env, file, _line: [str(path), str(file)]
    )
    monkeypatch.setattr("textual.app.App.suspend", lambda _app: _Aside())


class _Aside:
    def __enter__(self) -> None:
        """Without a terminal there is none to give up."""

    def __exit__(self, *_: object) -> None:
        """Nor to take back."""


async def open_plan(seat: ListSeat) -> None:
    """The copy, which stands first among the plans."""
    await seat.press("2", "enter")


async def test_without_an_editor_no_draft_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    async with listed_in(tmp_path, (100, 40)) as seat:
        await open_plan(seat)
        await seat.press("e")
        assert "There is no editor vi here" in seat.text
    assert not list(tmp_path.rglob("drafts/*"))


async def test_a_plan_says_how_ready_it_is_what_it_came_from_and_what_to_confirm(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path, (100, 40)) as seat:
        await open_plan(seat)
        for words in (
            "web 2.1 → 2.0 · production", "plan 2 · revision 1", "Not approved", "9 of 9 inherited items to confirm",
            "Derived from web 2.0 (plan 1, revision 1)", "of 9 answered", "○ Q7 Duration", "open", "sam  copied",
        ):  # fmt: skip
            assert words in seat.text
        await seat.press("escape")
        assert seat.app.screen is seat.screen


async def test_approving_is_refused_with_the_list_while_something_is_unconfirmed(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path, (120, 40)) as seat:
        await open_plan(seat)
        await seat.press("A")
        assert (
            "9 items are not confirmed: authoriser, proxy, step 1, step 2, step 3, step 4, contact release manager"
            in seat.text
        )


async def test_one_key_confirms_and_goes_on_to_the_next(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await open_plan(seat)
        await seat.press("r")
        assert "9 to confirm" in seat.text
        await seat.press("c")
        assert "authoriser is confirmed; 8 left." in seat.text
        await seat.press(*"cccccccc")
        assert "everything is confirmed" in seat.text
        await seat.press("c")
        assert "is confirmed already" in seat.text
    assert now(tmp_path).unconfirmed == ()


async def test_from_the_review_to_the_approval_by_keys(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await open_plan(seat)
        await seat.press("r", "a")
        assert "Confirm 9 as they are" in seat.text
        assert "authoriser · release manager" in seat.text
        assert len(now(tmp_path).unconfirmed) == 9
        await seat.confirm()
        assert "9 confirmed; 0 left. u takes that back." in seat.text
        await seat.press("escape", "A")
        assert "Who approves this plan?" in seat.text
        await seat.press("enter")
        assert "release manager approves exactly this text" in seat.text
        await seat.confirm()
        assert "Approved by release manager" in seat.text
        assert now(tmp_path).approved
        await seat.press("r", "u")
        assert "The plan is not approved any more." in seat.text
    assert not now(tmp_path).approved


async def test_nothing_is_confirmed_at_once_unless_that_is_agreed_to(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await open_plan(seat)
        await seat.press("r", "a", "escape")
        assert "9 to confirm" in seat.text
    assert len(now(tmp_path).unconfirmed) == 9


async def test_what_was_confirmed_last_is_taken_back_by_one_key(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await open_plan(seat)
        await seat.press("r", "c", "a")
        await seat.confirm()
        assert now(tmp_path).unconfirmed == ()
        await seat.press("u")
        assert "8 left." in seat.text
        await seat.press("u")
        assert "Taken back: the answer for authoriser. 9 left." in seat.text
        await seat.press("u")
        assert "confirmed and dropped nothing" in seat.text


async def test_a_word_of_the_other_release_is_answered_by_one_key(tmp_path: Path) -> None:
    prepared(tmp_path, BY_HAND.replace("### 2. Tell the desk", "### 2. Tell the desk\nSee CHG-4711; web 2.0 goes."))
    async with listed_in(tmp_path, (110, 30)) as seat:
        await open_plan(seat)
        await seat.press("r", "a")
        assert "Confirm 8 as they are" in seat.text
        assert "Left open, to be looked at: 2" in seat.text
        await seat.confirm()
        assert {item.label for item in now(tmp_path).unconfirmed} == {"step 2", "warning 1"}
        await seat.press("end", "n")
        assert "warning 1 is not right: it stays open. e changes it." in seat.text
        await seat.press("end", "y")
        assert "warning 1 is confirmed; 1 left." in seat.text
        await seat.press("escape", "A")
        assert "1 item is not confirmed: step 2" in seat.text


async def test_a_plan_is_handed_over_by_keys_and_says_so(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path, (110, 30)) as seat:
        await open_plan(seat)
        await seat.press("H")
        await seat.type("ops", "ctrl+s")
        assert "Handed over to ops by sam, not accepted yet" in seat.text
        await seat.press("H", "tab")
        await seat.type("robin", "ctrl+s")
        assert "Handed over to ops by sam, accepted by robin" in seat.text
        await seat.press("s")
        assert "The plan was handed over to ops by sam, accepted by robin." in seat.text


async def test_one_key_drops_and_one_takes_it_back(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await open_plan(seat)
        await seat.press("r", "j", "j", "j", "d")
        assert "step 2 is dropped" in seat.text
        assert "Tell the desk" not in seat.text
        await seat.press("u")
        assert "What was dropped last is back." in seat.text
        assert "Tell the desk" in seat.text
        await seat.press("u")
        assert "dropped nothing" in seat.text


async def test_the_editor_is_one_key_and_its_change_makes_a_confirmation_lapse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(tmp_path)
    editor(tmp_path, "sed -i 's/Restore/Restore it all/' \"$1\"", monkeypatch)
    async with listed_in(tmp_path) as seat:
        await open_plan(seat)
        await seat.press("r", "a")
        await seat.confirm()
        await seat.press("e")
        assert "Why is it changed?" in seat.text
        await seat.type("more is stored now", "enter")
        assert "1 to confirm" in seat.text
        assert "changed" in seat.text
        assert "Stored as revision 2." in seat.text
    note = now(tmp_path).record.revisions[-1]
    assert (note.what, note.reason) == ("edited", "more is stored now")


async def test_what_does_not_parse_is_shown_and_edited_again_or_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(tmp_path)
    tries = shlex.quote(str(tmp_path / "tries"))
    script = f"echo x >> {tries}; sed -i 's/^### 2/### 1. Again\\n\\n&/' \"$1\""
    editor(tmp_path, script, monkeypatch)
    async with listed_in(tmp_path, (100, 30)) as seat:
        await open_plan(seat)
        await seat.press("e", "enter")
        assert "This does not parse, and is not stored" in seat.text
        assert "step 1 is already" in seat.text
        await seat.confirm()
        assert "Why is it changed?" in seat.text
        await seat.press("enter", "escape")
        assert "What you typed is kept in" in seat.text
    assert (tmp_path / "tries").read_text(encoding="utf-8") == "x\nx\n"
    assert now(tmp_path).revision is not None
    assert len(now(tmp_path).record.revisions) == 1
    (draft,) = (tmp_path / "backout.sqlite.d" / "drafts").iterdir()
    assert draft.read_text(encoding="utf-8").count("### 1. Again") == 2


async def test_an_item_is_read_whole_with_what_it_was_before(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await open_plan(seat)
        await seat.press("r")
        assert "it was never run" in seat.text
        assert "web 2.0 (plan 1): the same" in seat.text
        await seat.press("enter")
        assert "Esc back" in seat.text
        assert "step 4" not in seat.text
        await seat.press("escape")
        assert "step 4" in seat.text
        await seat.press("a")
        await seat.confirm()
        await seat.press("tab")
        assert "Nothing is left to confirm." in seat.text


async def test_what_a_copy_changes_is_shown_by_item(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path, (110, 30)) as seat:
        await open_plan(seat)
        await seat.press("equals_sign")
        assert "against plan 1, revision 1" in seat.text
        assert "1 added, 2 changed, 0 removed" in seat.text
        assert "- web 2.0" in seat.text
        assert "+ web 2.1" in seat.text
        await seat.press("equals_sign", "escape", "j", "enter", "equals_sign")
        assert "was not made from another" in seat.text


async def test_a_plan_is_copied_from_the_list_and_the_copy_is_shown(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("c")
        assert "Go to the plans (2)" in seat.text or "Copy the plan" in seat.text
        await seat.press("escape") if "Copy the plan" in seat.text else None
    async with listed_in(tmp_path) as seat:
        await seat.press("2", "c")
        assert "Copy the plan of web 2.1" in seat.text
        await seat.type("3.0", "tab")
        await seat.type("2.1", "ctrl+s")
        assert "web 3.0 → 2.1" in seat.text
        assert "9 of 9 inherited items to confirm" in seat.text
    assert now(tmp_path, "3").plan.fact("derived from") == "web 2.1 (plan 2, revision 1)"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
async def test_every_screen_of_a_plan_fits_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path, size) as seat:
        await open_plan(seat)
        assert "web 2.1" in seat.text
        await seat.press("r")
        assert "c Confirm" in seat.text
        assert "Freeze" in seat.text
        await seat.press("escape", "equals_sign")
        assert "changed" in seat.text


async def test_what_the_check_finds_is_read_mended_and_silenced_by_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(tmp_path, WRONG)
    async with listed_in(tmp_path, (100, 30)) as seat:
        await open_plan(seat)
        assert "The check finds 1 error" in seat.text
        await seat.press("v")
        assert "1 to mend" in seat.text
        assert "other-version" in seat.text
        assert "`1.9` is neither 2.1 nor 2.0" in seat.text
        assert "That 1.9 is back." in seat.text
        await seat.press("s")
        assert "Why is it meant?" in seat.text
        await seat.type("the desk knows it by that", "enter")
        assert "Silenced; stored as revision 2." in seat.text
        assert "nothing wrong · 1 silenced" in seat.text
        assert "Silenced: the desk knows it by that" in seat.text
        await seat.press("s")
        assert "a finding that is not silenced yet" in seat.text
        await seat.press("escape")
        assert "The check finds nothing wrong" in seat.text
    assert "<!-- silence other-version at step 2: the desk knows it by that -->" in now(tmp_path).text


async def test_a_dialog_that_is_read_for_long_is_no_slow_disk(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("2", "c")
        await asyncio.sleep(PATIENCE_S + 0.3)
        await seat.rest()
        assert "Copy the plan" in seat.text
        assert "slow" not in seat.text


async def test_escape_shows_all_rows_again_and_leaves_nothing(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path) as seat:
        await seat.press("slash")
        await seat.type("nothing like it", "enter")
        assert "Nothing holds that. Esc shows all again." in seat.text
        await seat.press("escape")
        assert "web 2.1" in seat.text
        await seat.press("escape")
        assert "q leaves." in seat.text
        assert seat.app.return_code is None


async def test_confirming_what_the_check_finds_wrong_says_so(tmp_path: Path) -> None:
    prepared(tmp_path, WRONG)
    async with listed_in(tmp_path, (110, 30)) as seat:
        await open_plan(seat)
        await seat.press("r", "j", "j", "j", "c")
        assert "step 2 is confirmed, although the check finds 1 error in it" in seat.text


async def test_a_finding_is_mended_in_the_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(tmp_path, WRONG)
    editor(tmp_path, "sed -i 's/That 1.9/That 2.0/' \"$1\"", monkeypatch)
    async with listed_in(tmp_path, (100, 30)) as seat:
        await open_plan(seat)
        await seat.press("v", "e", "enter")
        assert "nothing wrong" in seat.text
        await seat.press("L")
        assert "links and programs asked" in seat.text


async def test_a_plan_is_written_to_a_file_and_read_from_one_by_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(tmp_path)
    monkeypatch.chdir(tmp_path)
    async with listed_in(tmp_path, (100, 30)) as seat:
        await open_plan(seat)
        await seat.press("x", "enter")
        assert "web-2.1.md" in seat.text
        assert (tmp_path / "web-2.1.md").read_text(encoding="utf-8") == now(tmp_path).text
        await seat.press("escape", "i")
        await seat.type("missing.md", "enter")
        assert "no such file" in seat.text
        await seat.confirm()
        (tmp_path / "theirs.md").write_text(BY_HAND.replace("web 2.0", "shop 3.0"), encoding="utf-8")
        await seat.press("i", "ctrl+u")  # what was typed wrongly is there again
        await seat.type("theirs.md", "enter")
        assert "4 steps, 0 checks, 0 messages, 3 contacts" in seat.text
        await seat.confirm()
        assert "shop 3.0 → 1.9" in seat.text
    assert now(tmp_path, "3").text == (tmp_path / "theirs.md").read_text(encoding="utf-8")


async def test_whether_a_plan_exists_is_found_out_by_one_key_and_it_is_copied_by_another(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path, (100, 30)) as seat:
        await seat.press("f")
        await seat.type("web", "enter")
        assert "Say its name and its version." in seat.text
        await seat.type(" 2.2", "enter")
        assert "For web 2.2" in seat.text
        assert "2 plans near" in seat.text
        assert "same service" in seat.text
        assert "never run" in seat.text
        await seat.press("c")
        assert "web 2.2" in seat.text
        await seat.press("tab")
        await seat.type("2.1", "ctrl+s")
        assert "web 2.2 → 2.1" in seat.text
    assert now(tmp_path, "3").unconfirmed


async def test_where_no_plan_is_near_the_questions_are_one_key_away(tmp_path: Path) -> None:
    async with listed_in(tmp_path) as seat:
        await seat.press("f")
        await seat.type("web 2.2", "enter")
        assert "No plan is near to it." in seat.text
        await seat.press("p")
        assert "New plan" in seat.text
        assert "web 2.2" in seat.text
        assert "Ctrl+S Next" in seat.text
        assert "What it comes to" not in seat.text, "the questions begin at the first"


async def test_every_key_of_these_screens_is_bound_where_the_table_says_and_told_by_the_help(tmp_path: Path) -> None:
    prepared(tmp_path)
    async with listed_in(tmp_path, (120, 80)) as seat:
        await seat.press("question_mark")
        for keys in TABLE.values():
            for one in keys:
                assert one.help[:60] in seat.text
    for name, screen in SCREENS.items():
        bound = {one.key for base in screen.__mro__ for one in _bindings(base)}
        wanted = {NAMED_KEYS.get(one.key, _as_bound(one.key)) for one in TABLE[name]}
        assert wanted - {"j k"} <= bound, name


def _as_bound(key: str) -> str:
    """A key of the table in Textual's notation: `Ctrl+S`, `Alt+←`."""
    return key.replace("←", "left").lower() if "+" in key else key


def _bindings(base: type) -> list[Binding]:
    """The bindings that one class declares, each key apart."""
    declared = [one for one in vars(base).get("BINDINGS", ()) if isinstance(one, Binding)]
    return [made for one in declared for made in Binding.make_bindings([one])]
