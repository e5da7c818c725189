"""Checks, messages, calls, notes, the end and the controls, through keys only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backout_tui.domain.backout.states import MessageStatus
from backout_tui.engine.verbs import attempt_verbs
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.moments_said import moment_to_come
from backout_tui.ui.night.actions.call_actions import phone_book
from tests import scenes
from tests.sample_plan import CONTACTS
from tests.ui.doubles import begin_without_a_supervisor, seated


@pytest.fixture(autouse=True)
def _no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run or sent is recorded as begun, and nothing runs."""
    monkeypatch.setattr(attempt_verbs, "begin", begin_without_a_supervisor)


# ── checks ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_v_runs_a_command_check_after_it_was_shown() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("3", "home", "v")
        assert "Run check A" in seat.text
        await seat.confirm()
        assert seat.kinds == ["CheckStarted"]


async def test_enter_on_a_check_for_eyes_records_what_is_seen() -> None:
    async with seated(scenes.verifying()) as seat:
        assert "look at check B" in seat.next
        await seat.press("enter", "right", "tab")
        await seat.type("two of ten differ", "enter")
        assert seat.backout.checks["B"].verdict == "fail"
        assert seat.said == "Check B: fail."


async def test_a_check_needs_words() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("enter", "ctrl+s")
        assert seat.kinds == []
        assert "is needed" in seat.text


async def test_enter_on_a_check_that_passed_tells_its_observations() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("home", "enter")
        assert "Seen so far:" in seat.text
        assert "fail" in seat.text


async def test_all_due_checks_are_run_by_one_confirmation() -> None:
    async with seated(scenes.step_failed()) as seat:
        for step in seat.backout.leaves:
            if not step.settled:
                seat.operator.tell("StepSkipped", step=step.number, reason="for this test")
        await seat.pilot.pause(0.4)
        await seat.press("3", "V")
        assert "Run check A" in seat.text
        await seat.confirm()
        assert seat.kinds[-1] == "CheckStarted"


async def test_when_no_check_is_due_the_key_says_so() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("V")
        assert seat.said == "No check that the program can run is due."


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_m_offers_what_is_due_and_shows_who_gets_what_before_it_leaves() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("m")
        assert "due now" in seat.text
        await seat.press("enter")
        assert "Subject:" in seat.text
        assert "IST there" in seat.text
        assert seat.kinds == []
        await seat.confirm()
        assert seat.kinds == ["MessageSending"]
        assert "is being sent" in seat.said


async def test_what_everybody_has_is_not_sent_again() -> None:
    async with seated(scenes.verifying()) as seat:
        seat.dashboard.point_at(("message", "M1"))
        await seat.press("4", "home", "m", "enter")
        assert "was sent to everyone" in seat.said
        assert seat.kinds == []


async def test_a_message_is_written_on_the_spot_previewed_and_sent() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("m", "end", "enter")
        await seat.type("payments lead", "tab")
        await seat.type("Nearly there", "tab")
        await seat.type("Two checks left.", "ctrl+s")
        assert seat.kinds == ["MessageWritten"]
        assert "Send “Nearly there”" in seat.text
        await seat.confirm()
        assert seat.kinds == ["MessageWritten", "MessageSending"]


async def test_a_message_that_was_written_and_not_sent_stays_a_draft() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("m", "end", "enter")
        await seat.type("payments lead", "tab")
        await seat.type("Nearly there", "tab")
        await seat.type("Two checks left.", "ctrl+s", "escape")
        assert [one.state for one in seat.backout.messages.values()].count(MessageStatus.DRAFT) >= 1
        assert seat.kinds == ["MessageWritten"]


async def test_a_rehearsal_sends_nothing() -> None:
    async with seated(scenes.rehearsal()) as seat:
        await seat.press("m", "end", "up", "enter")
        assert "It is only shown: nothing is sent." in seat.text
        await seat.confirm()
        assert seat.kinds == ["MessageShown"]


async def test_a_message_in_doubt_is_asked_about_by_enter() -> None:
    async with seated(scenes.told()) as seat:
        doubtful = next(one for one in seat.backout.messages.values() if one.state == "in_doubt")
        assert "is in doubt" in seat.next
        await seat.press("enter", "tab", "tab")
        await seat.type("she read it to me", "enter")
        assert seat.kinds == ["MessageResolved"]
        assert not any(one.state == "in_doubt" for one in seat.backout.messages[doubtful.id].recipients)


# ── calls and notes ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_call_is_logged_and_comes_back_when_it_is_due() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("1", "k")
        assert "release manager: +44 20 7946 0000" in seat.text
        await seat.type("payments lead", "tab", "right", "tab")
        await seat.type("left word", "tab")
        await seat.type("10 min", "enter")
        assert seat.backout.calls[-1].result == "voicemail"
        seat.operator.clock.pass_by(11 * 60)
        seat.dashboard.at = seat.operator.clock.now()
        await seat.press("escape")
        assert "runs past its estimate" in seat.next or "call payments lead again" in seat.next


async def test_a_follow_up_that_is_no_time_is_said_below_its_field() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("1", "k")
        await seat.type("payments lead", "tab", "tab", "tab")
        await seat.type("soon", "enter")
        assert "Say 10 min, or a time like 03:40." in seat.text
        assert seat.kinds == []


async def test_the_call_that_is_due_is_offered() -> None:
    async with seated(scenes.deciding()) as seat:
        assert "call release manager again" in seat.next
        await seat.press("k")
        assert "release manager" in "".join(line for line in seat.lines if "who" in line)


async def test_a_note_goes_into_the_log() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("n")
        await seat.type("the pager was silent", "enter")
        assert seat.new_events[-1].data["text"] == "the pager was silent"


def test_follow_ups_are_moments_to_come_on_the_operators_clock() -> None:
    now = datetime(2026, 11, 22, 3, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert moment_to_come("10 min", now) == now + timedelta(minutes=10)
    assert moment_to_come("03:40", now) == now + timedelta(minutes=40)
    assert moment_to_come("02:00", now) == now + timedelta(hours=23)
    for nonsense in ("", "soon", "25:00", "3:99", "-5 min", "2020-01-01T00:00:00Z"):
        assert moment_to_come(nonsense, now) is None


def test_the_phone_book_says_the_number_and_the_hour_there() -> None:
    at_night = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert phone_book(CONTACTS, at_night) == ["release manager: +44 20 7946 0000, 03:00 GMT, quiet hours"]


# ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_x_says_what_speaks_against_backed_out_and_takes_a_reason() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("X")
        assert "Required checks have not passed: B" in seat.text
        await seat.press("tab")
        await seat.type("the ledger team looked", "enter")
        assert seat.kinds == ["VerdictGiven"]
        await seat.press("X")
        assert "Left open:" in seat.text
        await seat.type("the rest in the morning", "ctrl+s")
        assert seat.kinds == ["VerdictGiven", "BackoutClosed"]
        assert seat.next.startswith("Next: closed.")


async def test_when_everybody_was_told_the_close_is_asked_for_at_once() -> None:
    async with seated(scenes.empty_plan()) as seat:
        await seat.press("2", "d", "X", "ctrl+s")
        assert seat.kinds == ["StepDone", "VerdictGiven"]
        assert "Close the backout" in seat.text
        assert "P1 is assigned to nobody" in seat.text


async def test_backed_out_without_a_reason_is_refused_while_checks_are_open() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("X", "ctrl+s")
        assert seat.kinds == []
        assert "Give a reason to say so anyway." in seat.text
        assert isinstance(seat.app.screen, Ask)  # what was chosen stays
        await seat.type("the ledger team looked", "enter")
        assert seat.kinds == ["VerdictGiven"]


async def test_the_verdict_stands_when_the_close_is_left() -> None:
    async with seated(scenes.verifying()) as seat:
        await seat.press("X", "tab")
        await seat.type("the ledger team looked", "enter")
        assert seat.kinds == ["VerdictGiven"]
        await seat.press("X", "escape", "X")
        assert "Close the backout" in seat.text


async def test_nothing_is_closed_without_a_word_about_what_is_left_open() -> None:
    async with seated(scenes.empty_plan()) as seat:
        await seat.press("2", "d", "X", "ctrl+s", "ctrl+s")
        assert seat.kinds == ["StepDone", "VerdictGiven"]
        assert "is needed" in seat.text


async def test_a_closed_backout_is_reopened_with_a_reason() -> None:
    async with seated(scenes.closed()) as seat:
        await seat.press("p")
        assert seat.said == "This backout is closed. Reopen it with a reason to change it."
        await seat.press("u")
        await seat.type("the errors are back", "enter")
        assert seat.kinds[-1] == "BackoutReopened"


async def test_a_thin_reason_is_completed_from_the_palette() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("D")
        await seat.type("release manager", "enter")
        await seat.type("bad", "tab", "tab")
        await seat.type("by phone", "ctrl+s")
        thin = seat.backout.thin
        await seat.press("ctrl+p")
        await seat.type("thin", "enter")
        await seat.press("tab")
        await seat.type("errors above two percent for ten minutes", "enter")
        assert len(thin) == 1
        assert seat.backout.thin == ()
