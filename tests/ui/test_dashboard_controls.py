"""The controls, through keys only: observing, asking, agreeing, keeping, taking over, handing over, the brief."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backout_tui.domain.values import replace
from tests import night, scenes
from tests.scenes import Scene
from tests.story import KIM, SAM, Story, at
from tests.ui.doubles import Seat, seated

BRIEF = "─ Brief ─"


def scene_of(story: Story, minute: float) -> Scene:
    """What was told so far, looked at then."""
    return Scene(tuple(story.events), story.backout, at(minute))


def handed(to: str) -> Callable[[], Scene]:
    """Kim had the controls, and gave them away."""

    def scene() -> Scene:
        story = night.at_step_four()
        story.tell("ControlsTaken", 12.1, actor=KIM, session="4b1d", reason="sam lost the line")
        story.tell("ControlsHandedOver", 12.2, actor=KIM, to=to)
        return scene_of(story, 12.5)

    return scene


async def told(seat: Seat) -> None:
    """Let what another process wrote come to the screen."""
    await seat.pilot.pause(0.4)
    await seat.rest()


# ── looking on ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_somebody_who_looks_on_sees_who_acts_and_the_key() -> None:
    async with seated(scenes.observer()) as seat:
        assert seat.next.startswith("Looking on:")
        assert "kim has the controls since 03:12 UTC" in seat.next
        assert "controls: kim" in seat.text
        await seat.press("p")
        assert seat.said.startswith("kim has the controls since 03:12 UTC. Ask for them (T)")


async def test_the_same_person_at_another_terminal_takes_them_with_one_key() -> None:
    async with seated(scenes.step_running(), elsewhere=True) as seat:
        assert "You have the controls in another terminal since 03:00 UTC (pts/3)" in seat.next
        assert "controls: pts/3" in seat.text
        await seat.press("T")
        assert not seat.is_asked()
        assert seat.kinds == ["ControlsTaken"]
        assert seat.new_events[0].data["from_terminal"] == "pts/3"
        assert seat.said == "You have the controls."
        assert seat.next.startswith("Next:")


async def test_the_dashboard_whose_controls_ended_says_so_at_once() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.operator.tell("ControlsTaken", actor=KIM, session="4b1d", reason="sam lost the line")
        await told(seat)
        assert seat.said == "Your controls ended at 03:12 UTC: kim has them now."
        assert seat.next.startswith("Looking on:")
        await seat.press("p")
        assert "kim has the controls" in seat.said


async def test_and_names_the_other_terminal_when_it_is_the_same_person() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.operator.tell("ControlsTaken", actor=replace(SAM, tty="/dev/pts/9"), session="77aa")
        await told(seat)
        assert seat.said == "Your controls ended at 03:12 UTC: You have them in pts/9 now."


# ── taking ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_from_somebody_who_is_there_t_asks_first() -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press("T")
        assert "Ask kim for the controls" in seat.text
        assert "there is no answer within 60 s, T takes them with a reason" in seat.text
        await seat.type("you are on the phone", "enter")
        assert seat.kinds == ["ControlsAsked"]
        assert seat.new_events[0].data["why"] == "you are on the phone"
        assert "You are told here" in seat.said
        assert "you asked kim for the controls at 03:12 UTC; T takes them from 03:13:30 on" in seat.next


async def test_and_asking_needs_no_word() -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press("T", "ctrl+s")
        assert seat.kinds == ["ControlsAsked"]
        assert "why" not in seat.new_events[0].data


async def test_whoever_does_not_answer_within_a_minute_is_taken_over_and_the_brief_is_shown() -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press("T", "ctrl+s")
        seat.operator.clock.pass_by(61)
        await told(seat)
        assert "no answer, so T takes them with a reason" in seat.next
        await seat.press("T", "enter")
        assert "why is needed" in seat.text
        assert "kim was asked 1:01 ago, and has not answered" in seat.text
        await seat.type("orders are lost", "enter")
        assert seat.kinds == ["ControlsAsked", "ControlsTaken"]
        data = seat.new_events[1].data
        assert (data["from"], data["holder_lived"], data["unanswered_s"]) == ("kim", True, 61)
        assert data["reason"] == "orders are lost"
        assert BRIEF in seat.text
        assert "step 4 Roll the deployment back" in seat.text
        await seat.confirm()
        assert not seat.is_asked()
        assert seat.next.startswith("Next:")


async def test_who_has_asked_already_is_told_how_long_is_still_to_wait() -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press("T", "ctrl+s")
        seat.operator.clock.pass_by(20)
        await told(seat)
        await seat.press("T")
        assert not seat.is_asked()
        assert seat.said.startswith("kim was asked 20 s ago. Wait another 40 s for an answer")
        assert seat.kinds == ["ControlsAsked"]


async def test_a_holder_who_cannot_be_asked_is_declared_gone_and_the_controls_are_taken() -> None:
    async with seated(scenes.observer(), unseen=True) as seat:
        assert "kim has the controls since 03:12 UTC on ops-1, out of reach from here" in seat.next
        assert "controls: kim" in seat.text
        await seat.press("T")
        assert "Take over the controls of kim" in seat.text
        await seat.type("web-7 is down", "enter", "down", "enter")
        assert seat.kinds == ["SessionDeclaredGone", "ControlsTaken"]
        assert [event.data["reason"] for event in seat.new_events] == ["web-7 is down", "web-7 is down"]
        assert BRIEF in seat.text


async def test_who_is_declared_gone_and_is_there_is_told() -> None:
    async with seated(scenes.step_running()) as seat:
        lease = seat.operator.backout.lease
        assert lease is not None
        seat.operator.tell(
            "SessionDeclaredGone", actor=KIM, session=lease.session, holder="sam", reason="web-7 is down"
        )
        await told(seat)
        assert seat.said.startswith("kim declared your session gone: web-7 is down. You have the controls until")


async def test_whose_session_is_gone_is_taken_over_with_a_reason() -> None:
    async with seated(scenes.observer(), gone=True) as seat:
        assert "kim had the controls; their session is gone" in seat.next
        assert "kim, gone" in seat.text
        await seat.press("T", "enter")
        assert "why is needed" in seat.text
        await seat.type("kim lost the line", "enter")
        data = seat.new_events[0].data
        assert (data["holder_lived"], data["reason"]) == (False, "kim lost the line")
        assert BRIEF in seat.text


@pytest.mark.parametrize("scene", [scenes.observer, scenes.fresh])
async def test_free_controls_are_taken_by_the_first_write_and_not_by_opening(scene: Callable[[], Scene]) -> None:
    async with seated(scene(), holder_lives=False, elsewhere=True) as seat:
        await seat.rest()
        assert seat.kinds == []
        assert "the controls are free" in seat.text or "controls: free" in seat.text
        assert seat.next.startswith("Next:")
        await seat.press("n")
        await seat.type("I look on no more", "enter")
        assert seat.kinds == ["ControlsTaken", "NoteAdded"]
        assert "controls: you" in seat.text


async def test_free_controls_are_taken_by_their_key_too() -> None:
    async with seated(scenes.observer(), holder_lives=False) as seat:
        await seat.press("T")
        assert seat.kinds == ["ControlsTaken"]


async def test_who_was_not_the_first_to_write_is_told_so_and_looks_on() -> None:
    async with seated(scenes.fresh(), holder_lives=False, elsewhere=True) as seat:
        seat.operator.lives = True
        seat.operator.tell("ControlsTaken", actor=KIM, session="4b1d")
        await told(seat)
        assert seat.said.startswith("kim has the controls since 03:00 UTC.")
        assert seat.next.startswith("Looking on:")


async def test_the_controls_of_a_session_of_mine_that_was_killed_are_there_to_go_on_with() -> None:
    async with seated(scenes.step_running(), (120, 40), gone=True, elsewhere=True) as seat:
        assert "you had the controls" in seat.text
        assert seat.next.startswith("Next:")


# ── being asked ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_who_is_asked_cannot_miss_it(size: tuple[int, int]) -> None:
    async with seated(scenes.asked_for(), size) as seat:
        assert "T agrees, Esc keep" in seat.lines[1]
        assert "kim asks" in seat.lines[1]
        assert "T Agree" in seat.text


async def test_an_asking_is_said_when_it_comes() -> None:
    async with seated(scenes.step_running()) as seat:
        seat.operator.tell("ControlsAsked", actor=KIM, session="4b1d", why="you are on the phone")
        await told(seat)
        assert seat.said.startswith("kim asks for the controls: you are on the phone. T agrees, Esc keeps them;")
        assert seat.said.endswith("answer by 03:13:43 UTC.")


async def test_whoever_is_asked_sees_until_when_an_answer_is_wanted_and_when_it_is_too_late() -> None:
    async with seated(scenes.asked_for()) as seat:
        asking = seat.operator.backout.askings[0]
        assert f"until {asking.answer_by:%H:%M:%S UTC}" in seat.lines[1]
        seat.operator.clock.pass_by(61)
        await told(seat)
        assert "kim may take the controls now: T agrees, Esc keeps" in seat.lines[1]


async def test_t_agrees_with_one_key() -> None:
    async with seated(scenes.asked_for()) as seat:
        await seat.press("T")
        assert not seat.is_asked()
        assert seat.kinds == ["ControlsAgreed"]
        assert seat.new_events[0].data["session"] == "4b1d"
        assert seat.said == "kim has the controls now. You look on."
        assert "sam gave the controls to kim" in seat.next


async def test_esc_keeps_them_after_it_closed_what_is_open() -> None:
    async with seated(scenes.asked_for()) as seat:
        await seat.press("enter", "escape")
        assert seat.kinds == []
        await seat.press("escape")
        assert seat.kinds == ["ControlsKept"]
        assert "kim asks" not in seat.text
        await seat.press("escape")
        assert seat.kinds == ["ControlsKept"]


async def test_the_palette_keeps_them_too() -> None:
    async with seated(scenes.asked_for()) as seat:
        await seat.press("ctrl+p")
        await seat.type("keep the controls", "enter")
        assert seat.kinds == ["ControlsKept"]


async def test_an_asking_whose_session_ended_is_gone_from_the_screen() -> None:
    async with seated(scenes.asked_for()) as seat:
        seat.operator.asker_lives = False
        await told(seat)
        assert "kim asks" not in seat.text
        await seat.press("escape")
        assert seat.kinds == []


async def test_who_asked_is_told_the_answer_and_gets_the_brief() -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press("T", "ctrl+s")
        number, session = seat.new_events[0].seq, seat.operator.session.id
        seat.operator.tell("ControlsAgreed", actor=KIM, asked=number, to="sam", session=session)
        await told(seat)
        assert seat.kinds == ["ControlsAsked", "ControlsAgreed", "ControlsTaken"]
        assert seat.new_events[-1].data["agreed_by"] == "kim"
        assert BRIEF in seat.text
        await seat.confirm()
        assert seat.said == "You have the controls now, as you asked."


async def test_who_asked_and_does_not_get_them_is_told_too() -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press("T", "ctrl+s")
        seat.operator.tell("ControlsKept", actor=KIM, asked=seat.new_events[0].seq, to="sam")
        await told(seat)
        assert seat.said == "kim keeps the controls."
        assert "you asked" not in seat.next


# ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_has_them_hands_them_over_below_the_brief() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("T")
        assert "Hand over the controls" in seat.text
        assert "Running" in seat.text
        await seat.press("pagedown")
        assert "Log head" in seat.text
        await seat.type("kim", "enter")
        assert seat.kinds == ["ControlsHandedOver"]
        assert seat.new_events[0].data["to"] == "kim"
        assert seat.said == "Handed over to kim: they take the controls with T."
        assert "sam gave the controls to kim at 03:12 UTC" in seat.next
        assert "controls: kim" in seat.text


async def test_to_nobody_leaves_them_free() -> None:
    async with seated(scenes.step_running()) as seat:
        await seat.press("ctrl+p")
        await seat.type("hand over", "enter")
        await seat.press("enter")
        assert seat.new_events[0].data["to"] == ""
        assert seat.said == "The controls are free."


async def test_who_comes_to_what_was_given_to_them_reads_the_brief_first_and_takes_it_by_writing() -> None:
    async with seated(handed("sam")()) as seat:
        assert BRIEF in seat.text
        await seat.confirm()
        assert seat.kinds == []
        assert "kim gives you the controls: T takes them" in seat.lines[1]
        await seat.press("n")
        await seat.type("I go on", "enter")
        assert seat.kinds == ["ControlsTaken", "NoteAdded"]
        assert seat.new_events[0].data["handed_by"] == "kim"
        assert "gives you the controls" not in seat.text


async def test_and_to_a_dashboard_that_is_open_already() -> None:
    async with seated(scenes.observer()) as seat:
        seat.operator.tell("ControlsHandedOver", actor=KIM, to="sam")
        await told(seat)
        assert "kim gives you the controls: T takes them" in seat.lines[1]
        await seat.press("T")
        assert seat.kinds == ["ControlsHandedOver", "ControlsTaken"]
        assert BRIEF in seat.text


async def test_what_is_given_to_another_wants_a_reason() -> None:
    async with seated(handed("lee")()) as seat:
        assert "kim gave the controls to lee" in seat.next
        await seat.press("T")
        assert "Take over the controls of lee" in seat.text
        await seat.type("lee does not come", "enter")
        assert seat.kinds == ["ControlsTaken"]


async def test_only_who_has_them_can_hand_them_over() -> None:
    async with seated(scenes.observer()) as seat:
        await seat.press("ctrl+p")
        await seat.type("hand over", "enter")
        assert seat.kinds == []
        assert seat.said.startswith("kim has the controls")


async def test_the_brief_is_there_at_any_time_even_when_all_is_over() -> None:
    for scene in (scenes.observer(), scenes.closed(), scenes.fresh()):
        async with seated(scene) as seat:
            await seat.press("ctrl+p")
            await seat.type("brief", "enter")
            assert BRIEF in seat.text
            await seat.press("end")
            assert "Log head" in seat.text


async def test_t_in_a_closed_backout_says_why_not() -> None:
    async with seated(scenes.closed()) as seat:
        await seat.press("T")
        assert seat.said.startswith("This backout is closed.")
