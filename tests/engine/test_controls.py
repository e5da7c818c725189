"""The controls change hands: one real database, several people, several terminals, each a session of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from backout_tui.domain.controls import Holder
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import controls, decisions, notes, problems
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.verify import verify_log
from tests.engine.desks import Room, kinds, log_of, nothing_written, refusal, settled


def dashboard(room: Room, op: Operator, name: str = "sam") -> Operator:
    """A dashboard of its own."""
    return Operator.open(room.desk(name), op.backout.id, is_dashboard=True)


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
    assert refusal(second, notes.add, "hello").reason.startswith("You have the controls in another terminal since ")
    assert second.take_controls() is False
    controls.take_over(second)
    notes.add(second, "here now")
    taken = log_of(sam)[-2]
    assert (taken.lease, taken.data["from_terminal"], "reason" in taken.data) == (2, "another", False)
    assert refusal(sam, notes.add, "from the old terminal").reason.startswith("You have the controls in another")
    assert sound(sam)


def test_a_command_acts_under_whichever_dashboard_of_its_person_has_the_controls(room: Room, sam: Operator) -> None:
    second, command = dashboard(room, sam), room.other(sam)
    notes.add(command, "under the first")
    controls.take_over(second)
    notes.add(command, "under the second")
    assert [event.lease for event in log_of(sam) if event.kind == "NoteAdded"] == [1, 2]
    assert kinds(sam).count("ControlsTaken") == 2


def test_when_the_second_dashboard_is_left_the_first_goes_on_under_a_number_of_its_own(
    room: Room, sam: Operator
) -> None:
    second = dashboard(room, sam)
    controls.take_over(second)
    second.close()
    notes.add(sam, "back in the first")
    assert numbers(sam)[-2:] == [3, 3]
    assert sound(sam)


# ── asking and agreeing ───────────────────────────────────────────────────────────────────────────────────────────


def test_who_asks_gets_the_controls_when_the_holder_agrees(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    controls.ask(kim, "you are on the phone")
    assert kim.standing.asks is not None
    assert refusal(kim, notes.add, "not yet").reason.startswith("sam has the controls")
    sam.refresh()
    asking = sam.standing.asked_by
    assert asking is not None
    assert (asking.actor.name, asking.why) == ("kim", "you are on the phone")
    controls.agree(sam)
    assert refusal(sam, notes.add, "still me").reason.startswith("sam gave the controls to kim")
    kim.refresh()
    assert kim.take_what_is_given()
    assert not kim.take_what_is_given()
    assert kim.standing.mine
    assert kinds(sam)[-3:] == ["ControlsAsked", "ControlsAgreed", "ControlsTaken"]
    assert numbers(sam)[-3:] == [1, 1, 2]
    assert log_of(sam)[-1].data == {"session": kim.session.id, "agreed_by": "sam"}
    assert sound(sam)


def test_an_asking_lapses_with_the_session_that_asked(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    controls.ask(kim)
    sam.refresh()
    assert is_asked(sam)
    kim.close()
    assert not is_asked(sam)
    assert refusal(sam, controls.agree).reason == "Nobody asks for the controls."


def test_of_several_who_ask_the_newest_that_is_there_is_agreed_to(room: Room, sam: Operator) -> None:
    kim, lee = dashboard(room, sam, "kim"), dashboard(room, sam, "lee")
    controls.ask(kim)
    controls.ask(lee)
    lee.close()
    controls.agree(sam)
    assert log_of(sam)[-1].data["to"] == "kim"


def test_who_keeps_the_controls_says_so_and_the_next_asking_is_a_new_one(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    controls.ask(kim)
    controls.keep(sam)
    kim.refresh()
    assert kim.standing.asks is None
    assert refusal(sam, controls.keep).reason == "Nobody asks for the controls."
    controls.ask(kim)
    sam.refresh()
    assert sam.standing.asked_by is not None


def test_a_command_asks_too_and_its_person_has_them_once_agreed(room: Room, sam: Operator) -> None:
    """It has no session to lapse with; a command of the holder agrees under the holder's dashboard."""
    command = room.other(sam, "kim")
    controls.ask(command)
    command.close()
    controls.agree(room.other(sam))
    notes.add(room.other(sam, "kim"), "mine now")
    assert kinds(sam)[-4:] == ["ControlsAsked", "ControlsAgreed", "ControlsTaken", "NoteAdded"]
    assert refusal(room.other(sam, "lee"), notes.add, "hello").reason.startswith("kim has the controls")


def test_nobody_is_asked_where_nobody_has_them(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    assert "Nobody has to be asked" in refusal(dashboard(room, sam), controls.ask).reason
    sam.session.end(left=False)
    assert "nobody to ask" in refusal(kim, controls.ask).reason
    controls.take_over(kim, "sam lost the line")
    assert "Nobody has to be asked" in refusal(kim, controls.ask).reason


def test_an_answer_that_came_too_late_gives_nothing_away(room: Room, sam: Operator) -> None:
    """Lee took the controls while sam was thinking about kim's asking."""
    kim, lee = dashboard(room, sam, "kim"), dashboard(room, sam, "lee")
    controls.ask(kim)
    sam.refresh()
    controls.take_over(lee, "it burns meanwhile")
    assert refusal(sam, controls.agree).reason.startswith("lee has the controls")
    assert refusal(lee, controls.agree).reason == "Nobody asks for the controls."
    kim.refresh()
    assert kim.standing.asks is None


# ── taking over ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_from_somebody_who_is_there_they_are_taken_with_a_reason_and_that_is_marked(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    with nothing_written(kim), pytest.raises(BackoutError, match="reason is missing"):
        controls.take_over(kim, " ")
    controls.take_over(kim, "orders are lost every second")
    data = log_of(sam)[-1].data
    assert (data["from"], data["holder_lived"], data["reason"]) == ("sam", True, "orders are lost every second")
    assert refusal(kim, controls.take_over, "again").reason == "You have the controls already."


def test_a_session_that_ended_without_leaving_is_taken_over_with_a_reason(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    sam.session.end(left=False)
    assert kim.holder_in(kim.backout) is Holder.GONE
    assert "their session is gone" in refusal(kim, notes.add, "hello").reason
    assert kim.take_controls() is False
    controls.take_over(kim, "sam lost the line")
    data = log_of(kim)[-1].data
    assert (data["from"], data["holder_lived"]) == ("sam", False)
    notes.add(kim, "going on")
    assert sound(kim)


def test_who_comes_back_after_a_cut_line_goes_on_without_a_word(room: Room, sam: Operator) -> None:
    sam.session.end(left=False)
    again = dashboard(room, sam)
    assert again.take_controls()
    notes.add(again, "back")
    assert numbers(sam)[-1] == 1
    assert kinds(sam).count("ControlsTaken") == 1
    again.close()
    assert dashboard(room, sam, "kim").take_controls()


def test_controls_that_were_left_are_anybodys(room: Room, sam: Operator) -> None:
    kim = dashboard(room, sam, "kim")
    sam.close()
    assert kim.take_controls()
    assert set(log_of(kim)[-1].data) == {"session"}


def test_a_file_that_somebody_else_locked_does_not_change_who_we_are(room: Room, sam: Operator) -> None:
    """A session of another login under our name is closed to us: the controls are taken anew."""
    path = room.database.with_name(room.database.name + ".d") / "sessions" / sam.session.id
    sam.session.end(left=False)
    path.unlink()
    path.mkdir()
    again = dashboard(room, sam)
    own = again.session.id
    assert again.session.id == own
    notes.add(again, "under a new number")
    assert (again.session.id, numbers(again)[-1]) == (own, 2)


# ── handing over ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_handed_to_somebody_is_theirs_without_a_word_and_wants_a_reason_of_anybody_else(
    room: Room, sam: Operator
) -> None:
    kim, lee = dashboard(room, sam, "kim"), dashboard(room, sam, "lee")
    controls.hand_over(sam, " kim ")
    for other in (sam, lee):
        assert refusal(other, notes.add, "hello").reason.startswith("sam gave the controls to kim at")
        with nothing_written(sam), pytest.raises(BackoutError, match="reason is missing"):
            controls.take_over(other)
    assert refusal(sam, controls.hand_over, "lee").reason.startswith("sam gave the controls to kim")
    notes.add(kim, "mine")
    assert kinds(sam)[-3:] == ["ControlsHandedOver", "ControlsTaken", "NoteAdded"]
    assert log_of(sam)[-2].data["handed_by"] == "sam"
    assert numbers(sam)[-3:] == [1, 2, 2]
    assert sound(sam)


def test_what_was_handed_to_somebody_who_does_not_come_is_taken_with_a_reason(room: Room, sam: Operator) -> None:
    lee = dashboard(room, sam, "lee")
    controls.hand_over(sam, "kim")
    controls.take_over(lee, "kim does not come")
    assert lee.standing.mine


def test_what_is_handed_to_whoever_comes_is_free(room: Room, sam: Operator) -> None:
    lee = dashboard(room, sam, "lee")
    controls.hand_over(sam)
    assert refusal(sam, controls.hand_over).reason == "The controls are handed over already."
    notes.add(lee, "mine")
    assert lee.standing.mine


@pytest.mark.parametrize(
    ("to", "error"), [("sam", "you have the controls yourself"), ("  sam ", "you have the controls yourself")]
)
def test_nobody_hands_over_to_themselves(sam: Operator, to: str, error: str) -> None:
    with nothing_written(sam), pytest.raises(BackoutError, match=error):
        controls.hand_over(sam, to)


def test_who_has_not_had_them_last_hands_nothing_over(room: Room, sam: Operator) -> None:
    sam.close()
    assert "nothing to hand over" in refusal(room.other(sam, "kim"), controls.hand_over, "lee").reason


def test_a_command_hands_over_what_its_dashboard_has(room: Room, sam: Operator) -> None:
    controls.hand_over(room.other(sam), "kim")
    sam.refresh()
    assert not sam.has_controls
    assert not sam.standing.mine


@pytest.mark.parametrize("verb", [controls.take_over, controls.ask, controls.agree, controls.keep, controls.hand_over])
def test_a_closed_backout_has_no_controls_to_give(room: Room, verb: Callable[..., object]) -> None:
    op = room.decided()
    decisions.close(op, outcome="failed", reason="the snapshot is restored by hand")
    assert "closed" in refusal(op, verb).reason


# ── old numbers ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_decided_under_an_old_number_is_not_written(room: Room, sam: Operator) -> None:
    """Sam's dashboard has not looked since kim took over: the gate is asked in the transaction, not before."""
    kim = dashboard(room, sam, "kim")
    assert sam.why_not_act() is None
    controls.take_over(kim, "sam sleeps")
    assert sam.why_not_act() is None
    with nothing_written(kim), pytest.raises(Refused, match="kim has the controls"):
        notes.add(sam, "late")


def test_an_outcome_is_recorded_under_its_own_number_whoever_has_the_controls_by_then(room: Room) -> None:
    from backout_tui.engine.verbs import running
    from tests.engine.desks import HEAD

    text = HEAD + "## Steps\n\n### 1. Wait\n\n```sh\nuntil [ -e go ]; do sleep 0.02; done\n```\n"
    started = room.start(text)
    sam = dashboard(room, started)
    problems.log(sam, "5xx")
    decisions.decide(sam, by="release manager", reason="errors above two percent")
    running.run(sam, "1")
    kim = dashboard(room, sam, "kim")
    controls.take_over(kim, "sam lost the line")
    notes.add(kim, "waiting for step 1")
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
        op = Operator.open(replace(room.desk(name)), sam.backout.id, is_dashboard=True)
        try:
            for number in range(10):
                rounds.wait(30)
                try:
                    controls.take_over(op, f"round {number} of {name}")
                except Refused as refused:
                    assert refused.reason == "You have the controls already."  # noqa: PT017 - any other is an error
                try:
                    notes.add(op, f"{number} of {name}")
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
