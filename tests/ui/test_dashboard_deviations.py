"""Deviations through keys: who agreed, which problem, the difference, the comparison, the thin reasons."""

from __future__ import annotations

import pytest

from backout_tui.engine.planning import foldback
from backout_tui.engine.planning.foldback import Undealt
from backout_tui.errors import Refused
from tests import scenes
from tests.ui.doubles import Seat, seated

KEYS = {"s": "skipped", "w": "worked_around", "N": "not_needed"}


async def start_of_plan(seat: Seat) -> None:
    """The first step that is open, in a fresh backout."""
    await seat.press("2", "home")


@pytest.mark.parametrize("key", KEYS)
async def test_a_key_a_reason_and_enter_are_enough(key: str) -> None:
    async with seated(scenes.deciding()) as seat:
        await start_of_plan(seat)
        await seat.type(f"{key}already drained", "enter")
        (one,) = seat.backout.deviations
        assert (one.kind, one.reason, one.agreed, one.problem) == (KEYS[key], "already drained", "", "")


@pytest.mark.parametrize("key", KEYS)
async def test_tab_leads_to_who_agreed_and_to_the_problem(key: str) -> None:
    async with seated(scenes.deciding()) as seat:
        await start_of_plan(seat)
        await seat.press(key)
        assert "Tab say more" in seat.text
        await seat.type("already drained", "tab", "down", "tab")
        await seat.type("p2", "enter")
        (one,) = seat.backout.deviations
        assert (one.agreed, one.problem) == ("release manager", "P2")


async def test_a_problem_that_is_not_there_is_told_in_place_and_nothing_is_recorded() -> None:
    async with seated(scenes.deciding()) as seat:
        await start_of_plan(seat)
        await seat.press("s")
        await seat.type("already drained", "tab", "tab")
        await seat.type("P9", "enter")
        assert "There is no problem P9. There are: P1, P2." in seat.text
        assert seat.kinds == []
        await seat.press("backspace", "1", "enter")
        assert seat.backout.deviations[0].problem == "P1"


@pytest.mark.parametrize("key", ["c", "a", "o"])
async def test_whatever_is_made_other_says_first_that_it_is_this_backout_only(key: str) -> None:
    for size in ((80, 24), (60, 20), (120, 40)):
        async with seated(scenes.deciding(), size) as seat:
            await start_of_plan(seat)
            await seat.press(key)
            first = next(line for line in seat.lines if "This backout only" in line)
            assert "This backout only: the plan stays as it is." in first
            assert seat.lines.index(first) < next(at for at, line in enumerate(seat.lines) if "why" in line)


async def test_where_no_plan_has_steps_nothing_is_said_of_one() -> None:
    async with seated(scenes.empty_plan()) as seat:
        await seat.press("2", "a")
        assert "This backout only" not in seat.text


async def test_what_is_changed_is_shown_as_a_difference_before_it_runs() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("c", "tab", "end")
        await seat.type(" --to=41", "tab", "tab", "tab")
        await seat.type("undo alone goes too far", "enter")
        assert seat.kinds == ["StepChanged"]
        assert "in this backout only. r shows the difference" in seat.said
        await seat.press("r")
        for words in ("Changed in this backout", "- kubectl -n", "+ kubectl -n", "--to=41"):
            assert words in seat.text
        assert "Type" not in seat.text


async def test_a_step_as_planned_shows_no_difference() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("r")
        assert "Changed in this backout" not in seat.text


async def test_out_of_order_who_agreed_is_asked_with_the_reason() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("end", "d")
        await seat.type("they wait for deployments", "tab")
        await seat.type("kim", "enter")
        (one,) = [one for one in seat.backout.deviations if one.kind == "reordered"]
        assert one.agreed == "kim"


async def test_equals_shows_the_order_as_run_and_enter_one_step_whole() -> None:
    async with seated(scenes.closed(), (100, 30)) as seat:
        await seat.press("equals_sign")
        for words in ("5 deviations", "changed (command): undo alone", "(not in the plan)", "worked around: scaled"):
            assert words in seat.text
        await seat.press("down", "down", "down", "down", "enter")
        for words in (
            "Step 4", "changed (command): undo alone went to a broken revision", "command: - as planned, + as run",
            '- kubectl -n "$NAMESPACE" rollout undo', "--to-revision=41", "sam at 03:16, event",
        ):  # fmt: skip
            assert words in seat.text
        await seat.press("escape")
        assert "5 deviations" in seat.text
        await seat.press("equals_sign")
        assert not seat.is_asked()


async def test_moved_and_reordered_steps_say_where_the_plan_had_them() -> None:
    async with seated(scenes.step_failed(), (100, 30)) as seat:
        await seat.press("end", "d")
        await seat.type("they wait for deployments", "enter")
        await seat.press("end", "up", "o")
        await seat.type("5", "enter")
        await seat.type("workers first, says the lead", "enter")
        await seat.press("equals_sign")
        assert "reordered (planned after 8): they wait" in seat.text
        assert "moved (planned after 7): workers first" in seat.text
        rows = [line.split()[0] for line in seat.lines[2:13]]
        assert rows == ["1", "2", "3", "4", "9", "5", "8", "6", "6.1", "6.2", "7"]


async def test_another_way_than_the_plans_first_has_a_row_of_its_own() -> None:
    async with seated(scenes.options_open()) as seat:
        await seat.press("2", "down", "r")
        await seat.press("b", "tab")
        await seat.type("the image is gone", "enter")
        await seat.press("equals_sign")
        assert "B: by hand: the image is gone" in seat.text
        await seat.press("down", "enter")
        assert "planned      A: roll back" in seat.text
        assert "chosen       B: by hand" in seat.text


async def test_a_thin_reason_is_named_at_closing() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("X", "tab")
        await seat.type("check B is for the morning", "ctrl+s")
        await seat.press("X")
        assert "the reason for skipping step 2 is thin: “already drained” (event" in " ".join(seat.text.split())


async def test_a_completed_reason_is_shown_beside_the_first() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("ctrl+p")
        await seat.type("thin", "enter")
        assert "skipping step 2: already drained (event" in seat.text
        await seat.press("tab")
        await seat.type("drained at 02:50 by the batch", "enter")
        assert seat.kinds == ["ReasonCompleted"]
        await seat.press("equals_sign", "down", "down", "enter")
        assert "skipped: drained at 02:50 by the batch" in seat.text
        assert "first: already drained" in seat.text


async def test_without_a_deviation_there_is_nothing_to_fold_back() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("ctrl+p")
        await seat.type("fold", "enter")
        assert "it followed its plan" in seat.text


async def test_who_looks_on_folds_nothing_back() -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press("ctrl+p")
        await seat.type("fold", "enter")
        assert "kim has the controls" in seat.text


async def test_from_a_closed_backout_deviations_are_dismissed_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    left = Undealt(3, scenes.closed().backout.deviations)
    told: list[str] = []

    def dismiss(_desk: object, number: int, reason: str, into: str = "") -> Undealt:
        assert into
        told.append(f"{number}: {reason}")
        return left

    monkeypatch.setattr(foldback, "undealt_of", lambda _desk, _number: left)
    monkeypatch.setattr(foldback, "copies_of", lambda _desk, _plan: ())
    monkeypatch.setattr(foldback, "dismiss", dismiss)
    async with seated(scenes.closed()) as seat:
        await seat.press("ctrl+p")
        await seat.type("fold", "enter")
        assert "Fold back 5 deviations of backout 3" in seat.text
        assert "step 4, changed: undo alone went to a broken revision" in seat.text
        await seat.press("right", "enter")
        await seat.type("a night of its own", "enter")
        assert told == ["3: a night of its own"]
        assert seat.said == "Dismissed: 5 deviations of backout 3."


async def test_what_was_dealt_with_is_refused_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_desk: object, _number: int) -> Undealt:
        raise Refused("The deviations of backout 3 were dismissed already.")

    monkeypatch.setattr(foldback, "undealt_of", refuse)
    async with seated(scenes.closed()) as seat:
        await seat.press("ctrl+p")
        await seat.type("fold", "enter")
        assert seat.said == "The deviations of backout 3 were dismissed already."


async def test_going_before_open_steps_names_them_and_is_recorded_with_them() -> None:
    async with seated(scenes.step_failed(), (100, 30)) as seat:
        await seat.press("end", "d")
        assert "Going out of order needs a reason: step 4 has failed, and steps 5, 6.1," in seat.text
        assert "6.2, 7 and 8 come first." in seat.text
        await seat.type("they wait for deployments", "enter")
        assert seat.backout.deviations[-1].ahead_of == ("4", "5", "6.1", "6.2", "7", "8")
        await seat.press("equals_sign", "down", "down", "down", "down", "down", "enter")
        assert "before steps 4, 5, 6.1, 6.2 and 2 more" in " ".join(seat.text.split())


async def test_the_verdicts_dialog_says_which_checks_are_older_and_the_closing_what_was_done_after_it() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("X")
        assert "older than" not in seat.text
        await seat.press("escape")
        seat.operator.tell("StepReopened", step="2", reason="not drained after all")
        seat.operator.tell("StepDone", step="2", note="")
        await seat.rest()
        await seat.press("3")
        assert "older than step 2" in seat.text
        await seat.press("X")
        assert "Check A passed, and is older than step 2." in " ".join(seat.text.split())
        await seat.press("escape")
        seat.operator.tell("VerdictGiven", outcome="with-residue", reason="check B is for the morning")
        seat.operator.tell("StepReopened", step="9", reason="the bot did not lift it")
        seat.operator.tell("StepDone", step="9", note="")
        await seat.rest()
        await seat.press("2", "end")
        assert "after the verdict" in seat.text
        await seat.press("X")
        assert "Step 9 was done after the verdict." in " ".join(seat.text.split())
