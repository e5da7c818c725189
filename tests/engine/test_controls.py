"""The controls change hands: one real database, several people, several terminals, each a session of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from backout_tui.domain.backout.holders import Holder
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import control_verbs, decision_verbs, doubt_verbs, note_verbs, problem_verbs
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.clock import SystemClock
from backout_tui.store.log.verify import verify_log
from tests.engine.desks import (
    ANOTHER_MACHINE,
    Room,
    SetClock,
    kinds,
    log_of,
    nothing_written,
    refusal,
    settled,
)


def dashboard(room: Room, op: Operator, name: str = "sam") -> Operator:
    """A dashboard of its own."""
    return Operator.open(room.desk(name), op.backout.id, is_dashboard=True)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """One database, and a clock that is put on."""
    found = Room(tmp_path, SetClock())
    yield found
    found.close()


@pytest.fixture
def sam(room: Room) -> Operator:
    """Sam's dashboard, which has the controls."""
    started = room.start()
    sam = dashboard(room, started)
    assert sam.take_controls()
    return sam


def numbers(op: Operator) -> list[int]:
    """The lease's number of every record."""
    return [event.lease for event in log_of(op)]


def is_asked(op: Operator) -> bool:
    """Whether somebody asks this session for the controls."""
    return op.standing.asked_by is not None


def sound(op: Operator) -> bool:
    """Whether the log is what verify wants, the numbers included."""
    return verify_log(op.desk.database, op.log_id).ok


# ── the same person in two terminals ──────────────────────────────────────────────────────────────────────────────


def test_a_second_dashboard_of_the_same_person_observes_and_takes_over_without_a_word(
    room: Room, sam: Operator
) -> None:
    second = dashboard(room, sam)
    assert refusal(second, note_verbs.add, "hello").reason.startswith(
        "You have the controls in another terminal since "
    )
    assert second.take_controls() is False
    control_verbs.take_over(second)
    note_verbs.add(second, "here now")
    taken = log_of(sam)[-2]
    assert (taken.lease, taken.data["from_terminal"], "reason" in taken.data) == (2, "another", False)
    assert refusal(sam, note_verbs.add, "from the old terminal").reason.startswith("You have the controls in another")
    assert sound(sam)


def test_a_command_acts_under_whichever_dashboard_of_its_person_has_the_controls(room: Room, sam: Operator) -> None:
    second, command = dashboard(room, sam), room.other(sam)
    note_verbs.add(command, "under the first")
    control_verbs.take_over(second)
    note_verbs.add(command, "under the second")
    assert [event.lease for event in log_of(sam) if event.kind == "NoteAdded"] == [1, 2]
    assert kinds(sam).count("ControlsTaken") == 2


def test_when_the_second_dashboard_is_left_the_first_goes_on_under_a_number_of_its_own(
    room: Room, sam: Operator
) -> None:
    second = dashboard(room, sam)
    control_verbs.take_over(second)
    second.close()
    note_verbs.add(sam, "back in the first")
    assert numbers(sam)[-2:] == [3, 3]
    assert sound(sam)


# ── asking and agreeing ───────────────────────────────────────────────────────────────────────────────────────────


def test_who_asks_gets_the_controls_when_the_holder_agrees(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    control_verbs.ask(kim, "you are on the phone")
    assert kim.standing.asks is not None
    assert refusal(kim, note_verbs.add, "not yet").reason.startswith("sam has the controls")
    sam.refresh()
    asking = sam.standing.asked_by
    assert asking is not None
    assert (asking.actor.name, asking.why) == ("kim", "you are on the phone")
    control_verbs.agree(sam)
    assert refusal(sam, note_verbs.add, "still me").reason.startswith("sam gave the controls to kim")
    kim.refresh()
    assert kim.take_what_is_given()
    assert not kim.take_what_is_given()
    assert kim.standing.mine
    assert kinds(sam)[-3:] == ["ControlsAsked", "ControlsAgreed", "ControlsTaken"]
    assert numbers(sam)[-3:] == [1, 1, 2]
    assert log_of(sam)[-1].data == {**kim.begun_session(), "agreed_by": "sam"}
    assert sound(sam)


def test_an_asking_lapses_with_the_session_that_asked(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    control_verbs.ask(kim)
    sam.refresh()
    assert is_asked(sam)
    kim.close()
    assert not is_asked(sam)
    assert refusal(sam, control_verbs.agree).reason == "Nobody is asking for the controls."


def test_of_several_who_ask_the_newest_that_is_there_is_agreed_to(room: Room, sam: Operator) -> None:
    kim, lee = dashboard(room, sam, "kim"), dashboard(room, sam, "lee")
    control_verbs.ask(kim)
    control_verbs.ask(lee)
    lee.close()
    control_verbs.agree(sam)
    assert log_of(sam)[-1].data["to"] == "kim"


def test_who_keeps_the_controls_says_so_and_the_next_asking_is_a_new_one(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    control_verbs.ask(kim)
    control_verbs.keep(sam)
    kim.refresh()
    assert kim.standing.asks is None
    assert refusal(sam, control_verbs.keep).reason == "Nobody is asking for the controls."
    control_verbs.ask(kim)
    sam.refresh()
    assert sam.standing.asked_by is not None


def test_a_command_asks_too_and_its_person_has_them_once_agreed(room: Room, sam: Operator) -> None:
    """It has no session to lapse with; a command of the holder agrees under the holder's dashboard."""
    command = room.other(sam, "kim")
    control_verbs.ask(command)
    command.close()
    control_verbs.agree(room.other(sam))
    note_verbs.add(room.other(sam, "kim"), "mine now")
    assert kinds(sam)[-4:] == ["ControlsAsked", "ControlsAgreed", "ControlsTaken", "NoteAdded"]
    assert refusal(room.other(sam, "lee"), note_verbs.add, "hello").reason.startswith("kim has the controls")


def test_nobody_is_asked_where_nobody_has_them(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    assert "You can take the controls without asking" in refusal(dashboard(room, sam), control_verbs.ask).reason
    sam.session.end(left=False)
    assert "nobody to ask" in refusal(kim, control_verbs.ask).reason
    control_verbs.take_over(kim, "sam lost the line")
    assert "You can take the controls without asking" in refusal(kim, control_verbs.ask).reason


def test_an_answer_that_came_too_late_gives_nothing_away(room: Room, sam: Operator) -> None:
    """Lee took the controls while sam was thinking about kim's asking."""
    kim, lee = dashboard(room, sam, "kim"), dashboard(room, sam, "lee")
    control_verbs.ask(kim)
    sam.refresh()
    room.unanswered(lee)
    control_verbs.take_over(lee, "it burns meanwhile")
    assert refusal(sam, control_verbs.agree).reason.startswith("lee has the controls")
    assert refusal(lee, control_verbs.agree).reason == "Nobody is asking for the controls."
    kim.refresh()
    assert kim.standing.asks is None


# ── taking over ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_is_there_is_asked_first_and_has_a_minute_to_answer(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    refused = refusal(kim, control_verbs.take_over, "orders are lost every second").reason
    assert refused.startswith("sam has the controls. Ask for them first (T, or take-over --ask)")
    room.unanswered(kim, 20)
    refused = refusal(kim, control_verbs.take_over, "orders are lost every second").reason
    assert refused.startswith("sam was asked 20 s ago. Wait another 40 s for an answer")
    room.unanswered(kim, 39)
    assert "Wait another 1 s" in refusal(kim, control_verbs.take_over, "orders are lost").reason, (
        "asking again costs nothing"
    )


def test_an_answer_that_keeps_them_is_one_and_the_minute_begins_anew(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    room.unanswered(kim)
    control_verbs.keep(sam)
    assert refusal(kim, control_verbs.take_over, "orders are lost").reason.startswith("sam has the controls. Ask")
    room.unanswered(kim, 59)
    assert "Wait another 1 s" in refusal(kim, control_verbs.take_over, "orders are lost").reason


def test_a_clock_that_jumps_makes_no_minute(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    control_verbs.ask(kim)
    jumped = Room(room.place, SystemClock())
    op = Operator.open(jumped.desk("kim"), sam.backout.id)
    assert op.desk.clock.now() > SetClock().now() + timedelta(minutes=1)
    assert "Wait another 1 min" in refusal(op, control_verbs.take_over, "orders are lost").reason
    jumped.close()


def test_from_somebody_who_does_not_answer_they_are_taken_with_a_reason_and_that_is_marked(
    room: Room, sam: Operator
) -> None:
    kim = dashboard(room, sam, "kim")
    room.unanswered(kim)
    with nothing_written(kim), pytest.raises(BackoutError, match="reason is missing"):
        control_verbs.take_over(kim, " ")
    control_verbs.take_over(kim, "orders are lost every second")
    data = log_of(sam)[-1].data
    assert (data["from"], data["holder_lived"], data["reason"]) == ("sam", True, "orders are lost every second")
    assert data["unanswered_s"] == 61
    assert refusal(kim, control_verbs.take_over, "again").reason == "You have the controls already."


def test_a_session_that_ended_without_leaving_is_taken_over_with_a_reason(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    sam.session.end(left=False)
    assert kim.holder_in(kim.backout) is Holder.GONE
    assert "their session is gone" in refusal(kim, note_verbs.add, "hello").reason
    assert kim.take_controls() is False
    control_verbs.take_over(kim, "sam lost the line")
    data = log_of(kim)[-1].data
    assert (data["from"], data["holder_lived"]) == ("sam", False)
    note_verbs.add(kim, "going on")
    assert sound(kim)


def test_who_comes_back_after_a_cut_line_goes_on_without_a_word(room: Room, sam: Operator) -> None:
    sam.session.end(left=False)
    again = dashboard(room, sam)
    assert again.take_controls()
    note_verbs.add(again, "back")
    assert numbers(sam)[-1] == 1
    assert kinds(sam).count("ControlsTaken") == 1
    again.close()
    assert dashboard(room, sam, "kim").take_controls()


def test_controls_that_were_left_are_anybodys(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    sam.close()
    assert kim.take_controls()
    assert set(log_of(kim)[-1].data) == {"session", "lock", "machine"}


def test_a_file_that_somebody_else_locked_does_not_change_who_we_are(room: Room, sam: Operator) -> None:
    """A session of another login under our name is closed to us: the controls are taken anew."""
    path = room.database.with_name(room.database.name + ".d") / "sessions" / sam.session.id
    sam.session.end(left=False)
    path.unlink()
    path.mkdir()
    again = dashboard(room, sam)
    own = again.session.id
    assert again.session.id == own
    note_verbs.add(again, "under a new number")
    assert (again.session.id, numbers(again)[-1]) == (own, 2)


# ── whose session cannot be asked ─────────────────────────────────────────────────────────────────────────────────


class OfAnotherBoot(SystemClock):
    """The clock of the room, as another machine has it."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """The moment, which is the same everywhere."""
        return self._clock.now()

    def boot_id(self) -> str:
        """A boot of another kernel."""
        return "5f1c6a9e-0000-4000-8000-000000000009"


@pytest.fixture
def far(room: Room) -> Operator:
    """Sam's dashboard on another machine, whose lock is not here."""
    started = room.start()
    desk = room.desk("sam", host="web-7", machine=ANOTHER_MACHINE, clock=OfAnotherBoot(room.clock))
    far = Operator.open(desk, started.backout.id, is_dashboard=True)
    assert far.take_controls()
    (room.place / "backout.sqlite.d" / "sessions" / far.session.id).unlink()
    return far


def test_a_holder_on_another_machine_is_asked_or_declared_gone_with_a_reason(room: Room, far: Operator) -> None:
    kim = dashboard(room, far, "kim")
    assert kim.holder_in(kim.backout) is Holder.AWAY
    assert "on web-7, out of reach from here" in refusal(kim, note_verbs.add, "hello").reason
    assert "Ask for them first" in refusal(kim, control_verbs.take_over, "web-7 is down").reason
    with nothing_written(kim), pytest.raises(BackoutError, match="reason is missing"):
        doubt_verbs.session(kim, "sam", " ")
    with nothing_written(kim), pytest.raises(BackoutError, match="lee does not have the controls"):
        doubt_verbs.session(kim, "lee", "web-7 is down")
    doubt_verbs.session(kim, far.session.id, "web-7 is down")
    assert kim.holder_in(kim.backout) is Holder.GONE
    assert "kim declared it gone: web-7 is down" in refusal(kim, note_verbs.add, "hello").reason
    assert "is gone already" in refusal(kim, doubt_verbs.session, "sam", "web-7 is down").reason
    control_verbs.take_over(kim, "web-7 is down")
    note_verbs.add(kim, "going on")
    assert log_of(kim)[-2].data["holder_lived"] is False
    assert "kim has the controls" in refusal(far, note_verbs.add, "I was there").reason
    assert sound(kim)


def test_who_was_declared_gone_and_is_there_goes_on_until_somebody_takes_the_controls(
    room: Room, far: Operator
) -> None:
    kim = dashboard(room, far, "kim")
    doubt_verbs.session(kim, "SAM", "web-7 is down")
    note_verbs.add(far, "I am here")
    assert log_of(far)[-1].lease == 1
    assert sound(far)


def test_a_holder_on_another_machine_who_does_not_answer_is_taken_over_too(room: Room, far: Operator) -> None:
    kim = dashboard(room, far, "kim")
    room.unanswered(kim)
    control_verbs.take_over(kim, "no answer from web-7")
    data = log_of(kim)[-1].data
    assert (data["holder_lived"], data["unanswered_s"]) == (None, 61)


def test_a_session_that_can_be_asked_is_not_declared_gone(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    assert "The session of sam lives here" in refusal(kim, doubt_verbs.session, "sam", "nobody answers").reason
    sam.session.end(left=False)
    assert "is gone already" in refusal(kim, doubt_verbs.session, "sam", "nobody answers").reason
    control_verbs.take_over(kim, "sam lost the line")
    control_verbs.hand_over(kim)
    assert "free to take" in refusal(kim, doubt_verbs.session, "kim", "nobody answers").reason


# ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_handed_to_somebody_is_theirs_without_a_word_and_wants_a_reason_of_anybody_else(
    room: Room, sam: Operator
) -> None:
    kim, lee = dashboard(room, sam, "kim"), dashboard(room, sam, "lee")
    control_verbs.hand_over(sam, " kim ")
    for other in (sam, lee):
        assert refusal(other, note_verbs.add, "hello").reason.startswith("sam gave the controls to kim at")
        with nothing_written(sam), pytest.raises(BackoutError, match="reason is missing"):
            control_verbs.take_over(other)
    assert refusal(sam, control_verbs.hand_over, "lee").reason.startswith("sam gave the controls to kim")
    note_verbs.add(kim, "mine")
    assert kinds(sam)[-3:] == ["ControlsHandedOver", "ControlsTaken", "NoteAdded"]
    assert log_of(sam)[-2].data["handed_by"] == "sam"
    assert numbers(sam)[-3:] == [1, 2, 2]
    assert sound(sam)


def test_what_was_handed_to_somebody_who_does_not_come_is_taken_with_a_reason(room: Room, sam: Operator) -> None:
    lee = dashboard(room, sam, "lee")
    control_verbs.hand_over(sam, "kim")
    control_verbs.take_over(lee, "kim does not come")
    assert lee.standing.mine


def test_what_is_handed_to_whoever_comes_is_free(room: Room, sam: Operator) -> None:
    lee = dashboard(room, sam, "lee")
    control_verbs.hand_over(sam)
    assert refusal(sam, control_verbs.hand_over).reason == "You have already handed over the controls."
    note_verbs.add(lee, "mine")
    assert lee.standing.mine


@pytest.mark.parametrize(
    ("to", "error"), [("sam", "you have the controls yourself"), ("  sam ", "you have the controls yourself")]
)
def test_nobody_hands_over_to_themselves(sam: Operator, to: str, error: str) -> None:
    with nothing_written(sam), pytest.raises(BackoutError, match=error):
        control_verbs.hand_over(sam, to)


def test_who_has_not_had_them_last_hands_nothing_over(room: Room, sam: Operator) -> None:
    sam.close()
    assert "nothing to hand over" in refusal(room.other(sam, "kim"), control_verbs.hand_over, "lee").reason


def test_a_command_hands_over_what_its_dashboard_has(room: Room, sam: Operator) -> None:
    control_verbs.hand_over(room.other(sam), "kim")
    sam.refresh()
    assert not sam.has_controls
    assert not sam.standing.mine


@pytest.mark.parametrize(
    "verb",
    [control_verbs.take_over, control_verbs.ask, control_verbs.agree, control_verbs.keep, control_verbs.hand_over],
)
def test_a_closed_backout_has_no_controls_to_give(room: Room, verb: Callable[..., object]) -> None:
    op = room.decided()
    decision_verbs.close(op, outcome="failed", reason="the snapshot is restored by hand")
    assert "closed" in refusal(op, verb).reason


# ── old numbers ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_decided_under_an_old_number_is_not_written(room: Room, sam: Operator) -> None:
    """Sam's dashboard has not looked since kim took over: the gate is asked in the transaction, not before."""
    kim = dashboard(room, sam, "kim")
    assert sam.why_not_act() is None
    room.unanswered(kim)
    control_verbs.take_over(kim, "sam sleeps")
    assert sam.why_not_act() is None
    with nothing_written(kim), pytest.raises(Refused, match="kim has the controls"):
        note_verbs.add(sam, "late")


def test_an_outcome_is_recorded_under_its_own_number_whoever_has_the_controls_by_then(room: Room) -> None:
    from backout_tui.engine.verbs import run_verbs
    from tests.engine.desks import HEAD

    text = HEAD + "## Steps\n\n### 1. Wait\n\n```sh\nuntil [ -e go ]; do sleep 0.02; done\n```\n"
    started = room.start(text)
    sam = dashboard(room, started)
    problem_verbs.log(sam, "5xx")
    decision_verbs.decide(sam, by="release manager", reason="errors above two percent")
    run_verbs.run(sam, "1")
    kim = dashboard(room, sam, "kim")
    room.unanswered(kim)
    control_verbs.take_over(kim, "sam lost the line")
    note_verbs.add(kim, "waiting for step 1")
    (room.place / "go").touch()
    settled(kim)
    finished = log_of(kim)[-1]
    assert (finished.kind, finished.lease, kim.backout.leases) == ("StepFinished", 1, 2)
    assert sound(kim)


def test_two_dashboards_that_fight_for_the_controls_never_write_under_an_old_number(room: Room, sam: Operator) -> None:
    """Each in a thread of its own, on connections of its own, taking over and writing as fast as it can."""
    wrong: list[BaseException] = []
    rounds = threading.Barrier(2)

    def fight(name: str) -> None:
        op = Operator.open(room.desk(name), sam.backout.id, is_dashboard=True)
        try:
            for number in range(10):
                rounds.wait(30)
                with contextlib.suppress(Refused):  # who has them need not ask
                    room.unanswered(op)
                try:
                    control_verbs.take_over(op, f"round {number} of {name}")
                except Refused as refused:  # they are here already, or the other was faster and is to be asked anew
                    expected = ("You have the controls already.", "Ask for them first")
                    assert any(one in refused.reason for one in expected)  # noqa: PT017 - any other is an error
                try:
                    note_verbs.add(op, f"{number} of {name}")
                except Refused as refused:
                    assert "has the controls since" in refused.reason  # noqa: PT017 - as above
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            wrong.append(error)
        finally:
            op.close()

    threads = [threading.Thread(target=fight, args=(name,)) for name in ("kim", "lee")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
    newest = 0
    for event in log_of(sam):
        newest += event.kind == "ControlsTaken"
        assert event.lease == newest
    assert newest >= 10
    assert sound(sam)
