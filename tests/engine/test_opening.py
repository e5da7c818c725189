"""Opening: settled by whoever may write, shown as settling would leave it to whoever may not; pictures of long logs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.codec import decode, encode
from backout_tui.engine import opening, pictures
from backout_tui.engine.attempts import beginning
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import note_verbs, step_verbs
from backout_tui.errors import BackoutError
from tests.engine.desks import HEAD, Room, kinds, log_of, refusal
from tests.hands import by_hand
from tests.scenes import SCENES
from tests.users import acting_as, as_root, open_folder

PLAN = HEAD + "## Steps\n\n### 1. Say it\n\n```sh\necho it\n```\n\n### 2. By hand\n"


def left_behind(room: Room) -> Operator:
    """Sam claimed step 1, and went away before anything began."""
    op = room.decided(PLAN)
    intent = "ab" * 16
    _, lock = beginning.make_attempt(op.desk.database, intent, {"log": op.log_id, "after": op.backout.seq})
    op.append(lambda _: [Draft("StepStarted", {"step": "1", "attempt": 1, "command": "x"}, event_id=intent)])
    os.close(lock)
    return op


def test_an_unknown_backout_is_said_to_be_none(room: Room) -> None:
    room.start()
    with pytest.raises(BackoutError, match="there is no backout 7"):
        Operator.open(room.desk(), 7)


def test_whoever_opens_it_settles_what_was_left_behind(room: Room) -> None:
    left_behind(room)
    kim = Operator.open(room.desk("kim"), 1)
    assert kim.backout.steps["1"].state is StepStatus.PENDING
    assert kim.backout.unrecorded == ()
    assert kinds(kim)[-1] == "StepNotStarted"


def test_what_cannot_be_recorded_now_is_shown_all_the_same_and_recorded_later(room: Room) -> None:
    """Others keep the database locked while it is opened."""
    left_behind(room)
    desk = room.desk()
    desk.journal()._patience_s = 0.1
    with by_hand(room.database) as other:
        other.execute("BEGIN IMMEDIATE")
        again = Operator.open(desk, 1)
        assert again.backout.steps["1"].state is StepStatus.PENDING
        assert len(again.backout.unrecorded) == 1
        assert "locked" in again.not_recorded
        with pytest.raises(BackoutError, match="locked"):
            again.refresh()
        other.execute("ROLLBACK")
    assert again.refresh().unrecorded == ()
    assert kinds(again)[-1] == "StepNotStarted"
    note_verbs.add(again, "went on")


@as_root
def test_somebody_who_may_only_read_sees_the_same_and_writes_nothing() -> None:
    with open_folder() as place:
        room = Room(place)
        op = left_behind(room)
        room.database.chmod(0o644)
        before = (room.database.read_bytes(), sorted(place.rglob("*")))
        Path(f"{room.database}.d").chmod(0o755)
        Path(f"{room.database}.d/spool").chmod(0o755)
        with acting_as(4001):
            kim = Operator.open(room.desk("kim"), 1)
            assert kim.backout.steps["1"].state is StepStatus.RUNNING  # sam's attempt is closed to kim
            assert kim.backout is kim.refresh()
            assert "you may read this database" in str(kim.why_not_act()).lower()
            assert kim.take_controls() is False
            with pytest.raises(BackoutError, match="belongs to another user"):
                note_verbs.add(kim, "hello")
        assert (room.database.read_bytes(), sorted(place.rglob("*"))) == before
        assert op.refresh().steps["1"].state is StepStatus.PENDING
        room.close()


@as_root
def test_an_outcome_that_a_reader_finds_is_shown_as_not_recorded_until_somebody_records_it() -> None:
    """The spool can be read by the other user here; the database cannot be written by them."""
    with open_folder() as place:
        room = Room(place)
        op = left_behind(room)
        room.database.chmod(0o644)
        for path in (Path(f"{room.database}.d"), *Path(f"{room.database}.d").rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        with acting_as(4001):
            kim = Operator.open(room.desk("kim"), 1)
            assert kim.backout.steps["1"].state is StepStatus.PENDING
            assert len(kim.backout.unrecorded) == 1
            assert "not write to it" in kim.not_recorded
            assert kim.backout is kim.refresh()  # nothing to paint anew
        assert "StepNotStarted" not in kinds(op)
        op.refresh()
        with acting_as(4001):
            assert kim.refresh().unrecorded == ()
            assert kim.backout == opening.recorded(kim.desk, 1)
        room.close()


def test_a_database_of_a_newer_program_is_only_read(room: Room) -> None:
    op = room.decided()
    room.close()
    with by_hand(room.database) as other:
        other.execute("PRAGMA user_version = 99")
    later = Operator.open(room.desk(), 1)
    assert later.backout == op.backout
    refusal = later.why_not_act()
    assert refusal is not None
    assert "newer backout-tui" in refusal.words
    with pytest.raises(BackoutError, match="newer backout-tui"):
        step_verbs.done(later, "1")


def test_a_refusal_of_another_terminal_leaves_the_view_as_it_was(room: Room) -> None:
    op = room.decided()
    kim = room.other(op, "kim")
    seen = kim.backout
    refusal(kim, note_verbs.add, "hello")
    assert kim.backout is seen


def test_every_change_of_another_terminal_is_seen_and_nothing_is_painted_without_one(room: Room) -> None:
    op = room.decided()
    kim = room.other(op, "kim")
    seen = kim.refresh()
    assert kim.refresh() is seen
    step_verbs.done(op, "1")
    assert kim.refresh().steps["1"].state is StepStatus.DONE
    assert kim.backout == op.backout
    assert [event.seq for event in kim.events(after=kim.backout.seq - 1)] == [kim.backout.seq]


# ── pictures ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_is_the_fold_it_was_made_of(name: str) -> None:
    """Every value of the state survives being stored, whatever the night was like."""
    backout = SCENES[name]().backout
    assert decode(Backout, json.loads(json.dumps(encode(backout)))) == backout


def test_a_long_log_opens_from_its_picture_and_reads_the_same(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "EVERY", 10)
    op = room.decided()
    for number in range(12):
        note_verbs.add(op, f"note {number}")
    desk = room.desk("kim")
    assert pictures.stored(desk.reader, desk.tool, "backout:1") is not None
    assert Operator.open(desk, 1).backout == op.backout


def test_a_picture_that_is_not_of_this_log_is_passed_over(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "EVERY", 5)
    op = room.decided()
    for number in range(3):
        note_verbs.add(op, f"note {number}")
    op.desk.journal().save_picture("backout:1", 4, "00" * 32, '{"id": 1}', "backout-tui test form 1")
    desk = room.desk("kim")
    assert pictures.stored(desk.reader, desk.tool, "backout:1") is None
    assert Operator.open(desk, 1).backout == op.backout


def test_a_picture_of_another_version_is_made_anew(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a long log would open slowly from the day of an update until it has grown by hundreds of events."""
    monkeypatch.setattr(pictures, "EVERY", 5)
    op = room.decided()
    op.desk.journal().save_picture("backout:1", op.backout.seq, op.backout.hash, "{}", "an older version")
    note_verbs.add(op, "the phones ring")
    note_verbs.add(op, "and ring")
    assert pictures.stored(op.desk.reader, op.desk.tool, "backout:1") is not None


def test_a_damaged_picture_is_passed_over(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "EVERY", 5)
    op = room.decided()
    note_verbs.add(op, "the phones ring")
    for state in ("{", "[]", '{"steps": {"1": {}}}'):
        op.desk.journal().save_picture("backout:1", op.backout.seq, op.backout.hash, state, "backout-tui test form 1")
        assert pictures.stored(op.desk.reader, op.desk.tool, "backout:1") is None


def test_a_picture_that_cannot_be_kept_does_not_make_what_was_recorded_undone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is told that nothing was recorded does it again."""
    monkeypatch.setattr(pictures, "EVERY", 1)
    op = room.start()

    def full(*_: object) -> None:
        raise BackoutError("the disk is full; nothing was recorded")

    monkeypatch.setattr(op.desk.journal(), "save_picture", full)
    assert note_verbs.add(op, "hello").event is not None
    assert log_of(op)[-1].kind == "NoteAdded"
