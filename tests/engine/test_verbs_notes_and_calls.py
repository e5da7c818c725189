"""Notes, reasons that are completed, phone calls with a follow-up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backout_tui.domain.rules.next_wish import next_wish
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import call_verbs, note_verbs, step_verbs
from backout_tui.errors import BackoutError
from tests.engine.desks import Room, kinds, log_of, nothing_written
from tests.story import THREE_AM


def test_a_note_is_written_as_it_was_said(op: Operator) -> None:
    receipt = note_verbs.add(op, "  the graph\nlooks wrong ")
    assert receipt.event is not None
    assert receipt.event.data == {"text": "the graph\nlooks wrong"}
    with nothing_written(op), pytest.raises(BackoutError, match="the note is missing"):
        note_verbs.add(op, "\n")


def test_a_note_of_hostile_bytes_comes_back_as_it_went_in(op: Operator) -> None:
    text = "a\x1b[31m\udcff\u202e\x00b"
    note_verbs.add(op, text)
    assert log_of(op)[-1].data["text"] == text


def test_a_reason_is_completed_beside_the_one_that_was_given(op: Operator) -> None:
    seq = step_verbs.skip(op, "2", "no time").backout.seq
    assert op.backout.thin == (seq,)
    completed = note_verbs.complete_reason(op, seq, "the desk was closed at that hour").backout
    assert completed.thin == ()
    assert log_of(op)[seq - 1].data["reason"] == "no time"


@pytest.mark.parametrize("seq", [0, -1, 99])
def test_a_reason_belongs_to_an_event_that_is_there(op: Operator, seq: int) -> None:
    with nothing_written(op), pytest.raises(BackoutError, match="no event"):
        note_verbs.complete_reason(op, seq, "because of that")


def test_a_thin_reason_for_the_order_or_against_the_program_is_thin_too(decided: Operator) -> None:
    order = step_verbs.done(decided, "2", reason="hurry").backout.seq
    step_verbs.fail(decided, "1", "the bot is down")
    against = step_verbs.done(decided, "1", "did it").backout.seq
    assert decided.backout.thin == (order, against)


def test_a_call_comes_back_in_the_next_line_when_its_time_has_come(op: Operator) -> None:
    receipt = call_verbs.log(op, " web lead ", "voicemail", " asked to ring back ", THREE_AM + timedelta(minutes=10))
    assert receipt.created == "C1"
    (call,) = receipt.backout.calls
    assert (call.name, call.result, call.note) == ("web lead", "voicemail", "asked to ring back")
    before, after = THREE_AM + timedelta(minutes=9), THREE_AM + timedelta(minutes=11)
    assert "call web lead again" not in next_wish(op.backout, before).words
    assert "call web lead again" in next_wish(op.backout, after).words
    assert call_verbs.log(op, "web lead", "reached").created == "C2"
    assert "call web lead again" not in next_wish(op.backout, after).words


@pytest.mark.parametrize(("name", "result"), [(" ", "reached"), ("kim", "hung-up")])
def test_a_call_to_nobody_or_without_a_result_is_not_logged(op: Operator, name: str, result: str) -> None:
    with nothing_written(op), pytest.raises(BackoutError):
        call_verbs.log(op, name, result)


def test_notes_and_calls_need_the_controls_alone(room: Room) -> None:
    op = room.start()
    note_verbs.add(op, "no decision yet")
    call_verbs.log(op, "kim", "no-answer")
    assert kinds(op, 2) == ["NoteAdded", "CallLogged"]
