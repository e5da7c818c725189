"""Steps through keys only: run, done, left out, changed, added, moved, stopped, resolved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules import gates
from backout_tui.engine.verbs import attempt_verbs
from backout_tui.ui.night.footer import KeyLine
from tests import scenes
from tests.scenes import Scene
from tests.ui.doubles import Seat, begin_without_a_supervisor, seated


@pytest.fixture(autouse=True)
def _no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run is recorded as begun, and nothing runs."""
    monkeypatch.setattr(attempt_verbs, "begin", begin_without_a_supervisor)


def state(seat: Seat, number: str) -> StepStatus:
    """What is true of a step."""
    return seat.backout.steps[number].state


async def decided(seat: Seat) -> None:
    """Somebody decides to back out."""
    await seat.press("D")
    await seat.type("release manager", "enter")
    await seat.type("errors above 2 percent", "tab", "tab")
    await seat.type("by phone", "ctrl+s")


# ── running ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_r_shows_exactly_what_runs_and_where_and_enter_runs_it() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("r")
        for words in ("rollout undo deployment/payments-api", "on ops-1 as sam, in /srv/deploy", "affects ledger"):
            assert words in seat.text
        assert seat.kinds == []
        await seat.confirm()
        assert seat.kinds == ["StepStarted"]
        assert state(seat, "4") is StepStatus.RUNNING
        assert seat.backout.steps["4"].attempts[-1].number == 2
        assert "wait for step 4" in seat.next


async def test_an_exit_code_is_explained_in_the_row_below_it_and_in_the_steps_story() -> None:
    meaning = "exit code 137: SIGKILL, killed from outside, often because memory ran out"
    async with seated(scenes.step_failed()) as seat:
        await seat.press("r")
        await seat.confirm()
        intent = seat.backout.steps["4"].attempts[-1].intent
        seat.operator.tell(
            "StepFinished", step="4", intent=intent, attempt=2, result="failed", exit_code=137, why=meaning
        )
        await seat.pilot.pause(0.4)
        await seat.rest()
        assert "failed: exit code 137: SIGKILL" in seat.text
        await seat.press("enter")
        told = " ".join(seat.text.split())
        assert meaning in told.partition("Run 2")[2]
        assert "exit 137" not in told


async def test_in_a_rehearsal_elsewhere_r_runs_what_says_so_by_its_own_or_its_rehearsal_command() -> None:
    async with seated(scenes.rehearsal_elsewhere()) as seat:
        assert "A rehearsal in staging: only what says “rehearse” runs" in seat.text
        assert "run step 2" in seat.next
        await seat.press("r")
        assert "Run step 2" in seat.text
        assert "only shown" not in seat.text
        await seat.confirm()
        seat.operator.tell("StepDone", step="2", note="")
        await seat.rest()
        await seat.press("r")
        assert "batchctl stop --dry-run" in seat.text
        await seat.confirm()
        assert seat.kinds == ["StepStarted", "StepDone", "StepStarted"]
        seat.operator.tell("StepDone", step="3", note="")
        await seat.rest()
        await seat.press("r")
        assert "it is only shown" in seat.text
        await seat.confirm()
        assert seat.kinds[-1] == "StepShown"


async def test_the_key_that_confirms_does_not_count_at_once() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.pilot.press("r", "enter")
        await seat.rest()
        assert seat.kinds == []
        assert seat.is_asked()


async def test_esc_runs_nothing() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("r", "escape")
        assert seat.kinds == []


async def test_what_cannot_be_undone_needs_its_number_typed() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("w")
        await seat.type("scaled by hand", "enter")
        await seat.press("r")
        assert "This cannot be undone. Type 5 to run:" in seat.text
        await seat.confirm()
        assert seat.kinds == ["StepWorkedAround"]
        await seat.confirm("5")
        assert seat.kinds == ["StepWorkedAround", "StepStarted"]


async def test_out_of_order_a_reason_is_asked_and_recorded() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("end", "d")
        assert "Going out of order needs a reason" in seat.text
        await seat.type("they wait for deployments", "enter")
        assert seat.new_events[-1].data.get("out_of_order") == "they wait for deployments"
        assert [one.kind for one in seat.backout.deviations][-1] == "reordered"


async def test_before_the_decision_running_breaks_the_glass() -> None:
    async with seated(scenes.deciding()) as seat:
        await seat.press("2", "down", "r")
        assert "Break the glass" in seat.text
        assert "Nobody has decided to back out yet" in seat.text
        await seat.type("orders are lost every second", "enter")
        assert seat.kinds == []
        await seat.confirm()
        assert seat.kinds == ["GlassBroken", "MessageWritten", "StepStarted"]
        assert "glass broken" in seat.text


async def test_a_manual_step_is_not_run_and_the_reason_is_said() -> None:
    async with seated(scenes.deciding()) as seat:
        await seat.press("2", "r")
        assert seat.said == "Step 1 is done by hand: do it, then say done (d)."
        assert not seat.is_asked()


async def test_a_rehearsal_shows_and_runs_nothing() -> None:
    async with seated(scenes.rehearsal()) as seat:
        assert "A rehearsal: nothing runs, nothing is sent" in seat.text
        await seat.press("r")
        assert "This is a rehearsal" in seat.text
        await seat.confirm()
        assert seat.kinds == ["StepShown"]
        assert "nothing ran" in seat.said


async def test_a_command_with_a_gap_is_refused_before_anything_is_confirmed() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("c", "tab")
        await seat.pilot.press("ctrl+a", "ctrl+k")
        await seat.type("deploy <tag>", "tab", "tab", "tab")
        await seat.type("undo goes too far", "ctrl+s")
        assert seat.kinds == ["StepChanged"]
        await seat.press("r")
        assert "<tag>" in seat.said
        assert not seat.is_asked()


async def test_a_secret_is_asked_for_without_echo_and_is_nowhere_on_the_screen_or_in_the_log() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("c", "tab")
        await seat.pilot.press("ctrl+a", "ctrl+k")
        await seat.type('login --token "$TOKEN"', "tab", "tab", "tab")
        await seat.type("the old one needs a token", "ctrl+s")
        await seat.press("r")
        assert "TOKEN" in seat.text
        await seat.type("hunter2")
        assert "hunter2" not in seat.text
        await seat.press("enter")
        assert "login --token" in seat.text
        await seat.confirm()
        assert seat.kinds == ["StepChanged", "StepStarted"]
        assert "hunter2" not in seat.text
        assert not any("hunter2" in str(event) for event in seat.operator.story.events)


async def test_x_stops_what_runs_after_it_said_what_that_means() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("1", "x")
        assert "Stop step 4" in seat.text
        await seat.press("escape")
        assert seat.kinds == []


async def test_an_open_choice_is_made_first() -> None:
    async with seated(scenes.options_open()) as seat:
        await seat.press("2", "r")
        assert "Choose one way" in seat.text
        await seat.press("tab")
        await seat.type("the image is still there", "enter")
        assert seat.backout.chosen_option == "A: roll back"
        assert state(seat, "B1") is StepStatus.NOT_NEEDED


# ── by a person's word ────────────────────────────────────────────────────────────────────────────────────────────


async def test_d_on_a_manual_step_is_done_at_once_and_the_cursor_goes_on() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await decided(seat)
        await seat.press("d")
        assert seat.kinds == ["Decided", "StepDone"]
        assert seat.dashboard.situation.on == ("step", "2")
        assert seat.said == "Step 1 is done."


async def test_d_on_a_command_needs_a_note_against_the_program() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("d")
        assert "against the program, add a note" in seat.text
        await seat.type("scaled by hand, three pods are up", "enter")
        assert state(seat, "4") is StepStatus.DONE
        assert seat.backout.deviations[-1].kind == "worked_around"


@pytest.mark.parametrize(
    ("key", "then"), [("s", StepStatus.SKIPPED), ("w", StepStatus.WORKED_AROUND)], ids=["skip", "work around"]
)
async def test_a_step_is_left_out_with_a_reason(key: str, then: StepStatus) -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press(key)
        await seat.type("the old version is up", "enter")
        assert state(seat, "4") is then
        assert seat.backout.steps["4"].reason == "the old version is up"


async def test_a_reason_may_be_typed_ahead() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.pilot.press("s", "n", "o", "enter")
        await seat.rest()
        assert seat.backout.steps["4"].reason == "no"


async def test_without_a_reason_nothing_is_left_out() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("s", "enter", "escape")
        assert seat.kinds == []


async def test_f_says_that_a_step_has_failed() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await decided(seat)
        await seat.press("f")
        await seat.type("the bot does not answer", "enter")
        assert state(seat, "1") is StepStatus.FAILED
        assert "step 1 failed" in seat.next


async def test_u_opens_again_what_was_skipped() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.dashboard.point_at(("step", "2"))
        await seat.press("u")
        await seat.type("they came back", "enter")
        assert state(seat, "2") is StepStatus.PENDING


async def test_what_is_not_needed_is_said_from_the_palette() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.dashboard.point_at(("step", "7"))
        await seat.press("ctrl+p")
        await seat.type("not needed", "enter")
        await seat.type("the batch runs at noon only", "enter")
        assert state(seat, "7") is StepStatus.NOT_NEEDED


@pytest.mark.parametrize(("moves", "then"), [(0, StepStatus.DONE), (1, StepStatus.FAILED), (2, StepStatus.PENDING)])
async def test_what_is_in_doubt_is_asked_about_by_enter(moves: int, then: StepStatus) -> None:
    async with seated(scenes.in_doubt()) as seat:
        assert seat.next.startswith("! Next:")
        await seat.press("enter")
        assert "its outcome is unknown" in seat.text
        await seat.press(*["right"] * moves, "tab")
        await seat.type("looked on the cluster", "enter")
        assert state(seat, "4") is then


# ── other than planned ────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_changes_only_what_was_changed() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("c", "end")
        await seat.type(" by hand", "tab", "tab", "tab", "tab")
        await seat.type("undo goes too far", "ctrl+s")
        assert dict(seat.new_events[-1].data).keys() == {"step", "title", "reason"}
        assert seat.backout.steps["4"].title == "Roll the deployment back by hand"
        assert seat.backout.steps["4"].origin == "changed"


async def test_a_adds_a_step_behind_the_one_under_the_cursor() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("a")
        await seat.type("Scale the old set", "tab", "tab")
        await seat.type("undo does not work", "ctrl+s")
        assert seat.backout.steps["4a"].title == "Scale the old set"
        assert seat.dashboard.situation.on == ("step", "4a")


async def test_without_a_plan_steps_are_added_as_they_are_done() -> None:
    async with seated(scenes.empty_plan()) as seat:
        await seat.press("2", "a")
        await seat.type("Point the traffic back", "ctrl+s")
        assert seat.kinds == ["StepAdded"]
        assert not seat.backout.deviations


async def test_o_moves_a_step_and_says_what_is_no_place() -> None:
    async with seated(scenes.step_failed()) as seat:
        seat.dashboard.point_at(("step", "7"))
        await seat.press("o")
        await seat.type("99", "tab")
        await seat.type("the jobs first", "enter")
        assert "There is no step 99." in seat.text
        await seat.press("backspace", "backspace", "9", "ctrl+s")
        assert list(seat.backout.steps)[-1] == "7"


async def test_a_variable_is_set_from_the_palette() -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("ctrl+p")
        await seat.type("variable", "enter")
        assert "NAMESPACE = payments" in seat.text
        await seat.press("tab")
        await seat.type("payments-2", "ctrl+s")
        assert seat.backout.variables["NAMESPACE"] == "payments-2"


# ── together with others ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["p", "D", "r", "d", "f", "s", "w", "c", "a", "o", "u", "m", "k", "n", "X"])
async def test_who_looks_on_is_told_why_a_key_does_nothing(key: str) -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press(key)
        assert "kim has the controls" in seat.said
        assert not seat.is_asked()
        assert seat.kinds == []


async def test_what_runs_is_seen_to_end_and_the_cursor_goes_on() -> None:
    async with seated(scenes.step_running()) as seat:
        attempt = seat.backout.steps["4"].attempts[-1]
        await seat.press("2")
        seat.operator.tell("StepFinished", step="4", intent=attempt.intent, attempt=1, result="done", exit_code=0)
        await seat.rest()
        assert seat.dashboard.situation.on == ("step", "5")
        assert "run step 5" in seat.next


async def test_the_cursor_stays_where_the_operator_went() -> None:
    async with seated(scenes.step_running()) as seat:
        attempt = seat.backout.steps["4"].attempts[-1]
        await seat.press("down", "down", "down")
        there = seat.dashboard.situation.on
        seat.operator.tell("StepFinished", step="4", intent=attempt.intent, attempt=1, result="done", exit_code=0)
        await seat.rest()
        assert seat.backout.steps["4"].state is StepStatus.DONE
        assert seat.dashboard.situation.on == there


@pytest.mark.parametrize("scene", [scenes.step_running, scenes.step_failed], ids=["running", "failed"])
async def test_the_output_of_what_runs_or_failed_is_on_the_screen(scene: Callable[[], Scene]) -> None:
    seen = scene()
    attempt = seen.backout.steps["4"].attempts[-1]
    output = "".join(f"line {number} of the output\n" for number in range(50))
    async with seated(seen, outputs={attempt.intent: output}) as seat:
        await seat.until(lambda: "line 49 of the output" in seat.text)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that the gate of `d` is asked. The footer asks it too, wherever the cursor goes: it is left out."""
    asked: list[str] = []
    finishing = gates.against_finishing

    def counted(backout: Backout, number: str, *, note: str = "") -> tuple[Refusal, ...]:
        asked.append(number)
        return finishing(backout, number, note=note)

    monkeypatch.setattr(KeyLine, "offer", lambda *_, **__: None)
    monkeypatch.setattr(gates, "against_finishing", counted)
    return asked


async def test_the_gate_is_asked_once_by_the_key_and_once_in_the_transaction(asked: list[str]) -> None:
    async with seated(scenes.step_failed()) as seat:
        await seat.press("d")
        assert state(seat, "4") is StepStatus.FAILED
        await seat.type("seen by eye", "enter")
        assert state(seat, "4") is StepStatus.DONE
        assert asked == ["4"] * 3  # the key, its dialog, the transaction


async def test_where_nothing_stands_against_it_the_key_alone_asks_the_gate(asked: list[str]) -> None:
    async with seated(scenes.problem_logged()) as seat:
        await decided(seat)
        asked.clear()
        await seat.press("d")
        assert asked == ["1"] * 2  # the key, the transaction
        assert state(seat, "1") is StepStatus.DONE
